"""How gunicorn serves the outside world: one process, in which mail and courier live too."""

from sandbox import courier, settings
from sandbox.post_office import open_post_office

bind = f"{settings.HOST}:{settings.SANDBOX_PORT}"
workers = 1
threads = 8
worker_class = "gthread"
timeout = 60
graceful_timeout = 3
# It would be a socket in the home folder, which a container may not have.
control_socket_disable = True
worker_tmp_dir = str(settings.STORE_DIR)


def post_worker_init(worker: object) -> None:
    """Opens the post office and starts the courier, once the pages can be served."""
    open_post_office()
    courier.start()
