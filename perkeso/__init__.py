"""The portal's project: settings, routes, and the floor that the apps stand on."""

from perkeso.celery import app as celery_app

__all__ = ["celery_app"]
