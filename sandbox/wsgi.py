"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

# Not `setdefault`: whoever starts us may have the portal's settings in the environment.
os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
application = get_wsgi_application()
