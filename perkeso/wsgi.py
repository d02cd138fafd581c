"""The door that gunicorn opens."""

import os

from django.core.wsgi import get_wsgi_application

from perkeso.keys import refuse_wrong_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
refuse_wrong_keys()
application = get_wsgi_application()
