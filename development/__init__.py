"""What `make run`, `make test` and `make bench` need; nothing of it is part of the portal."""
