"""The one settings file: what differs between machines is read from the environment."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from foundation.pooled import PooledConnection
from perkeso.environment import env
from perkeso.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
KEYS_DIR = DATA_DIR / "keys"

# --- This copy of the portal ---------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
PORT = env.int("PORT", 8000)
SANDBOX_PORT = env.int("SANDBOX_PORT", 8100)
PORTAL_URL = env.str("PORTAL_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
IS_HTTPS = PORTAL_URL.startswith("https://")
# Only a host of the agency may claim to be official; everything else wears the demonstration strip.
OFFICIAL_SITE = env.bool("OFFICIAL_SITE", False)
OPERATORS = env.list("OPERATORS", default=[])
STAFF_PATH = env.str("STAFF_PATH", "staf/")

# --- Parts ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "perkeso.apps.PerkesoConfig",
    "foundation",
    "accounts",
    "registration",
    "contributions",
    "receipts",
    "payments",
    "staff.apps.StaffConfig",
    "staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
]
MIDDLEWARE = [
    "perkeso.middleware.OriginMiddleware",
    "perkeso.middleware.BrowserRulesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "perkeso.middleware.HealthMiddleware",
    "perkeso.readable.ReadableMiddleware",
    "perkeso.middleware.RequestTooLargeMiddleware",
    "perkeso.middleware.GoesOnMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "perkeso.middleware.EnglishMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "perkeso.middleware.ClosedByDefaultMiddleware",
    "perkeso.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "perkeso.urls"
WSGI_APPLICATION = "perkeso.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "perkeso.context.page",
            ],
            "builtins": ["foundation.templatetags.wording"],
        },
    }
]
FORM_RENDERER = "foundation.forms.PortalRenderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database, broker, files ---------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default="postgres:///perkeso")  # pragma: allowlist secret
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
# Of each web process: for pages, and for FPX, the SMS gateway and the health checks alone.
WEB_THREADS = env.int("WEB_THREADS", 4)
WEB_PROCESSES = env.int("WEB_PROCESSES", 2)
GATEWAY_THREADS = 2
if env.bool("DATABASE_POOL", False):
    # One pool a web process; Celery's forked children keep one connection each instead.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "connection_class": PooledConnection,
        "min_size": 1,
        "max_size": WEB_THREADS + GATEWAY_THREADS,
        # Each thread has a connection, so that only a database that is away makes it wait.
        "timeout": 1.5,
        # Beyond this the next request tries, not a timer that has grown to minutes.
        "reconnect_timeout": 2,
    }
    # A server that takes a connection and says nothing keeps no new one waiting for minutes.
    DATABASES["default"]["OPTIONS"]["connect_timeout"] = 5
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
# Celery names a unix socket differently from redis-py.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TIMEZONE = "Asia/Kuala_Lumpur"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A worker that dies gives its tasks back after five minutes; the outbox sweep is sooner.
    "visibility_timeout": 300,
    # A queue that is away, or hangs, must not hold a page: the sweep finds the row.
    "socket_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
}
# A worker takes from each in turn, or from those that it is told: files have one of their own.
CELERY_TASK_QUEUES = [
    Queue(name, routing_key=name) for name in ("clock", "urgent", "celery", "files")
]
CELERY_TASK_PUBLISH_RETRY = False

# Sessions, limits and whatever pages read lie in the database: without Valkey they go on.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

S3_BUCKET = env.str("S3_BUCKET", "")
# Says that no second machine looks for the files that lie on this one's disk.
ONE_MACHINE = env.bool("ONE_MACHINE", False)
# Where officers' browsers reach the storage, by links that live a minute; empty: by the portal.
S3_LINKS_URL = env.str("S3_LINKS_URL", "")
if S3_BUCKET:
    PRIVATE_STORAGE: dict[str, Any] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
            "region_name": env.str("S3_REGION", "us-east-1"),
            "default_acl": "private",
            "querystring_auth": True,
            "signature_version": "s3v4",
            "file_overwrite": False,
        },
    }
else:
    PRIVATE_STORAGE = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "file_permissions_mode": 0o600},
    }
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = env.bool("HASHED_STATIC", True)
STORAGES = {
    "default": PRIVATE_STORAGE,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if S3_BUCKET and S3_LINKS_URL:
    options = PRIVATE_STORAGE["OPTIONS"] | {"endpoint_url": S3_LINKS_URL}
    STORAGES["links"] = {"BACKEND": PRIVATE_STORAGE["BACKEND"], "OPTIONS": options}
# One document may have 10 MB; the rest of the body is a few fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024
REQUEST_MAX_BYTES = DOCUMENT_MAX_BYTES + 1024 * 1024

# --- Who you are ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:log_in"
LOGIN_REDIRECT_URL = "choose_mode"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2Hasher"]
if env.bool("FAST_HASHER", False):
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# `version:base64 of 32 bytes`, the first is the one that encrypts; older ones still decrypt.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
INDEX_KEY = env.str("INDEX_KEY", "")
DECOY_KEY = env.str("DECOY_KEY", "")
CODE_LIFE = timedelta(minutes=5)
RESET_LINK_LIFE = timedelta(hours=4)
# What one phone, attempt, account or network may ask for: (how many, in how long). Waits that
# follow make it grow: each try beyond its number waits so long after the one before it.
LIMITS: dict[str, Any] = {
    # Sends to one number or mailbox, for each purpose; then the other channel is offered.
    "code_per_minute": (1, timedelta(minutes=1)),
    "code_per_hour": (5, timedelta(hours=1)),
    "code_per_day": (10, timedelta(hours=24)),
    # Codes of one attempt that are good at once.
    "live_codes": (3, CODE_LIFE),
    # Wrong codes of one attempt, and of one account: then its owner is told, and mailed codes only.
    "code_tries": (5, timedelta(minutes=15)),
    "wrong_codes": (30, timedelta(hours=24)),
    "wrong_codes_told": (1, timedelta(hours=24)),
    # SMS to numbers that nobody has proved: beyond these the mailbox is proved first, and nobody
    # is refused, for drivers share a carrier's network. Neighbours in a row are the mark of fraud.
    "sign_up_per_network": (60, timedelta(hours=1)),
    "codes_per_prefix": (40, timedelta(minutes=10)),
    # Mails to addresses that nobody has proved; without an end they would be a weapon. Who reads
    # one gives its try back; by network and in all count those without a proved phone.
    "mails_per_mailbox": (6, timedelta(hours=24)),
    # The first link of a sign-up, whose phone is proved: strangers' mails before cannot use it up.
    "first_links_per_mailbox": (6, timedelta(hours=24)),
    "mails_per_network": (30, timedelta(hours=1)),
    "mails_in_all": (1000, timedelta(hours=1)),
    # SMS of a sign-up whose mailbox is proved, when strangers used up those of its number.
    "reserved_codes": (2, timedelta(hours=24)),
    "reserved_codes_in_all": (100, timedelta(minutes=15)),
    "numbers_per_sign_up": (5, timedelta(hours=24)),
    # New phones that one account asks for: whoever is signed in spends our SMS, too.
    "numbers_per_account": (5, timedelta(hours=24)),
    # One device that the account knows, or one network on an account.
    "password_tries": (5, timedelta(hours=24), *(timedelta(minutes=m) for m in (1, 2, 4, 8, 15))),
    # All unknown devices on one account; whoever proves its phone goes on.
    "password_tries_in_all": (100, timedelta(hours=24)),
    # All unknown browsers on one officer's name; a recovery code, or a known browser, goes on.
    "officer_tries_in_all": (50, timedelta(hours=24)),
    # Refused log-ins that the audit trail keeps: of one IC number, and of all together.
    "refusals_noted": (1, timedelta(hours=1)),
    "refusals_noted_in_all": (1000, timedelta(hours=1)),
    "link_per_hour": (3, timedelta(hours=1)),
    # Mailed to who forgot the password when SMS are used up: each link outlives the window, so a
    # stranger who uses them up leaves a good one in the owner's mailbox, and mails twelve a day.
    "reset_links": (2, RESET_LINK_LIFE),
    "unsent_kept": (30, timedelta(hours=1)),
    "name_requests": (3, timedelta(hours=24)),
    "copies_per_day": (3, timedelta(hours=24)),
    "case_per_network": (5, timedelta(hours=1)),
    "ic_per_network": (60, timedelta(hours=1)),
    "exports_per_hour": (5, timedelta(hours=1)),
    "enquiry_per_minute": (1, timedelta(minutes=1)),
    # Messages to FPX's addresses that nobody signed: naming no order of ours, and naming one.
    "stray_kept": (1000, timedelta(days=1)),
    "unverified_kept": (5000, timedelta(days=1)),
    "receipt_code_per_network": (30, timedelta(minutes=15)),
    "upload_per_day": (20, timedelta(days=1)),
    "reading_seconds": (60, timedelta(days=1)),  # of CPU; a photo takes less than one
}
# And so many in a day cost more than a day may cost.
CODES_A_DAY = env.int("CODES_A_DAY", 20_000)
# So many mails to addresses that nobody has proved, in an hour, are an alarm; so are few that were
# used, by the same share.
MAILS_AN_HOUR = env.int("MAILS_AN_HOUR", 100)

# Two copies on one machine share a host name, and cookies know no ports.
COOKIE_PREFIX = "__Host-" if IS_HTTPS else f"p{PORT}-"
SESSION_ENGINE = "accounts.models.session"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sesi"
# Thirty minutes, and the minute by which the renewing of a session may lag.
SESSION_COOKIE_AGE = 31 * 60
SESSION_WARNING_SECONDS = 28 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
CSRF_FAILURE_VIEW = "perkeso.views.csrf_failure"
MESSAGE_STORAGE = "perkeso.notices.NoticeStorage"
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}peranti"
OWNER_COOKIE_NAME = f"{COOKIE_PREFIX}pemilik"

# --- What browsers may do ------------------------------------------------------------------
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = ["^sihat/"]  # asked inside, where nobody speaks https
# How many proxies of our own a request passes; each adds to X-Forwarded-For whom it saw.
PROXY_HOPS = env.int("PROXY_HOPS", 0)
if PROXY_HOPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What Django has no setting for; each on every answer, static files included.
BROWSER_RULES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(self), accelerometer=(), autoplay=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
        "usb=(), xr-spatial-tracking=()"
    ),
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *filter(None, [S3_LINKS_URL])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "upgrade-insecure-requests": IS_HTTPS,
    }
}

# --- Words and time ------------------------------------------------------------------------
LANGUAGE_CODE = "ms"
LANGUAGES = [("ms", _("Bahasa Melayu")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}bahasa"
LOCALE_PATHS = [BASE_DIR / "perkeso" / "locale"]
TIME_ZONE = "Asia/Kuala_Lumpur"
USE_TZ = True
PRIVACY_NOTICE_VERSION = "2026-11"

# --- The outside world ---------------------------------------------------------------------
SANDBOX_URL = f"http://localhost:{SANDBOX_PORT}"
FPX_URL = env.str("FPX_URL", f"{SANDBOX_URL}/FPXMain/")
FPX_SELLER_EX_ID = env.str("FPX_SELLER_EX_ID", "EX00009999")
FPX_SELLER_ID = env.str("FPX_SELLER_ID", "SE00009999")
SETTLEMENT_INBOX = env.str("SETTLEMENT_INBOX", str(DATA_DIR / "settlement"))
FPX_KEY_FILE = env.str("FPX_KEY_FILE", str(KEYS_DIR / "seller.key"))
FPX_CERTIFICATES_DIR = env.str("FPX_CERTIFICATES_DIR", str(KEYS_DIR / "fpx"))
# Of one payment by one person, in ringgit; banks and buyers may have lower ones.
FPX_LIMITS = (Decimal("1.00"), Decimal("30000.00"))
FPX_ABOUT_URL = env.str("FPX_ABOUT_URL", "https://paynet.my/fpx/faq.html")
FPX_TIMEOUT_SECONDS = 10
# A page waits less for FPX than the clock does.
FPX_PAGE_TIMEOUT_SECONDS = 3
# So many pages wait for it at one time, and of one account one: the other threads have work to do.
FPX_PAGE_ENQUIRIES_AT_ONCE = 2
# At a peak 600 payments begin in a minute: so many at a time are in time, at a second an answer.
FPX_ENQUIRIES_AT_ONCE = 16
# What receipts are signed with: a P-256 key, and the certificate that readers of a PDF see.
RECEIPT_KEY_FILE = env.str("RECEIPT_KEY_FILE", str(KEYS_DIR / "receipt.key"))
RECEIPT_CERTIFICATE_FILE = env.str("RECEIPT_CERTIFICATE_FILE", str(KEYS_DIR / "receipt.cer"))
SMS_URL = env.str("SMS_URL", f"{SANDBOX_URL}/sms/api/send")
SMS_KEY = env.str("SMS_KEY", "")
SMS_TIMEOUT_SECONDS = 10
# Whether the gateway tells us when a phone has its text.
SMS_RECEIPTS = env.bool("SMS_RECEIPTS", True)
CLAMAV_URL = env.str("CLAMAV_URL", "")  # tcp://clamav:3310, unix:///run/clamd.ctl; empty is off
vars().update(env.email_url("EMAIL_URL", f"smtp://localhost:{env.int('SMTP_PORT', 1025)}"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", "Caruman Pekerjaan Sendiri <jangan-balas@localhost>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Logs ----------------------------------------------------------------------------------
LOGGING = logging_settings(env.str("LOG_LEVEL", "INFO"))
