"""Argon2id at OWASP's minimum cost: Django's default takes 100 MiB and 230 ms for each log-in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane: about 28 ms a hash."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
