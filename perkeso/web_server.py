"""How gunicorn serves the portal: `gunicorn perkeso.wsgi --config python:perkeso.web_server`."""

workers = 2
threads = 4
worker_class = "gthread"
# Short, because a browser asks again and a bank sends again.
graceful_timeout = 10
# It would be a socket in the home folder, which a container may not have.
control_socket_disable = True
