"""The connections of a web process's pool."""

from typing import Any

import psycopg
from psycopg_pool import ConnectionPool


class PooledConnection(psycopg.Connection[Any]):
    """Found dead by its pool, it has the others dropped as well.

    A restart of PostgreSQL ends all at once. The pool alone finds them one after the other, resting
    0, 1, 2, 4 seconds between two, and gives up before it has a new one.
    """

    _pool: ConnectionPool[Any] | None

    def execute(self, *query: Any, **options: Any) -> psycopg.Cursor[Any]:
        """Of a pool's connection only the pool's own check comes by here: Django has cursors."""
        try:
            return super().execute(*query, **options)
        except psycopg.OperationalError:
            if self.closed and self._pool is not None:
                self._pool.drain()
            raise
