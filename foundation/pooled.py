"""The connections of a web process's pool."""

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

T = TypeVar("T")
# A frozen server keeps its connections open and says nothing, for ever. No statement of a page may
# take longer, so that whoever waits is told 503 instead.
ANSWERS_WITHIN_SECONDS = 5.0
# Of an idle connection nothing is asked: below the pool's own patience, so that another is found.
IDLE_ANSWERS_WITHIN_SECONDS = 1.0


class PooledConnection(psycopg.Connection[Any]):
    """Found dead by its pool, it has the others dropped as well; found mute, it is closed.

    A restart of PostgreSQL ends all at once. The pool alone finds them one after the other, resting
    0, 1, 2, 4 seconds between two, and gives up before it has a new one.
    """

    _pool: ConnectionPool[Any] | None
    _is_idle = False  # True while the pool looks whether it lives

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Waits for an answer, and not for ever.

        The socket is watched here, not by the kernel: that works on a unix socket as on TCP. It is
        closed without a word, for a cancel would be one more question to a server that is mute.
        """
        most = IDLE_ANSWERS_WITHIN_SECONDS if self._is_idle else ANSWERS_WITHIN_SECONDS
        try:
            return super().wait(gen, interval, timeout or most)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise

    def execute(self, *query: Any, **options: Any) -> psycopg.Cursor[Any]:
        """Of a pool's connection only the pool's own check comes by here: Django has cursors."""
        self._is_idle = True
        try:
            return super().execute(*query, **options)
        except psycopg.OperationalError:
            if self.closed and self._pool is not None:
                self._pool.drain()
            raise
        finally:
            self._is_idle = False
