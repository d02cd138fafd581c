"""How gunicorn serves the portal: `gunicorn perkeso.wsgi --config python:perkeso.web_server`."""

import os
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from perkeso.logs import MaskingFormatter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
workers = settings.WEB_PROCESSES
worker_class = "perkeso.web_worker.BufferingWorker"
# Short, because a browser asks again and a bank sends again.
graceful_timeout = 10
# It would be a socket in the home folder, which a container may not have.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Masks what gunicorn writes itself, too: a request that it cannot read, with its address."""
    for handler in server.log.error_log.handlers:
        handler.setFormatter(MaskingFormatter())


def worker_exit(server: Any, worker: Any) -> None:
    """Closes the database pool, whose own threads would hold a leaving worker for seconds."""
    for connection in connections.all():
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()
