"""Settings of the outside world, read from the environment; none is shared with the portal.

Our modules import this one as it is: the type checker knows only the portal's `django.conf`.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR.parent / "var"))).resolve()
STORE_DIR = DATA_DIR / "sandbox"

# --- Where it listens ----------------------------------------------------------------------
# Only this machine, unless a container says otherwise.
HOST = env.str("HOST", "127.0.0.1")
SANDBOX_PORT = env.int("SANDBOX_PORT", 8100)
SMTP_PORT = env.int("SMTP_PORT", 1025)
ALLOWED_HOSTS = env.list("SANDBOX_HOSTS", default=["localhost", "127.0.0.1", "sandbox"])

# --- The seller that the exchange knows ----------------------------------------------------
PORTAL_URL = env.str("PORTAL_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
FPX_DIRECT_URL = env.str("FPX_DIRECT_URL", f"{PORTAL_URL}/bayaran/fpx/langsung/")
FPX_INDIRECT_URL = env.str("FPX_INDIRECT_URL", f"{PORTAL_URL}/bayaran/fpx/kembali/")
FPX_SELLER_EX_ID = env.str("FPX_SELLER_EX_ID", "EX00009999")
FPX_SELLER_ID = env.str("FPX_SELLER_ID", "SE00009999")
FPX_MODELS = env.list("FPX_MODELS", default=["01"])
SELLER_CERTIFICATE = env.str("SELLER_CERTIFICATE", str(DATA_DIR / "keys" / "seller.cer"))
FPX_PRIVATE_KEY = env.str("FPX_PRIVATE_KEY", str(DATA_DIR / "keys" / "fpx.key"))
FPX_WRONG_KEY = env.str("FPX_WRONG_KEY", str(DATA_DIR / "keys" / "fpx_wrong.key"))
# Banks have hosts of their own, to which the exchange redirects.
BANK_URL = env.str("BANK_URL", f"http://127.0.0.1:{SANDBOX_PORT}").rstrip("/")

# --- How the exchange behaves --------------------------------------------------------------
FPX_DIRECT_TIMEOUT = env.float("FPX_DIRECT_TIMEOUT", 5.0)
# FPX's own schedule is not public.
FPX_REPEATS = env.int("FPX_REPEATS", 3)
FPX_REPEAT_SECONDS = env.float("FPX_REPEAT_SECONDS", 60.0)
FPX_CLOCK_TOLERANCE_HOURS = env.int("FPX_CLOCK_TOLERANCE_HOURS", 24)
BANK_SESSION_SECONDS = env.float("BANK_SESSION_SECONDS", 900.0)
SMS_KEY = env.str("SMS_KEY", "")

# --- Django --------------------------------------------------------------------------------
# Nothing is signed that outlives the process.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
INSTALLED_APPS = ["sandbox"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sandbox.middleware.strict_pages",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "sandbox.urls"
WSGI_APPLICATION = "sandbox.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STORE_DIR / "sandbox.sqlite3",
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
LANGUAGE_CODE = "ms"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Asia/Kuala_Lumpur"
SECURE_REFERRER_POLICY = "same-origin"
# The browser carries the indirect answer there.
RETURN_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(FPX_INDIRECT_URL))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    # The mail server would tell of every line, with the addresses in it.
    "loggers": {"mail.log": {"level": "WARNING"}},
}
