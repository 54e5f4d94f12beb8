"""Every setting of Crossdock. Production by default; a `.env` file makes it a development site.

A missing variable stops the start with its name, and values are never printed.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.api_schema import SCHEMA
from config.logs import configure_logs
from config.sidebar import THEME

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = environ.Env()
# A container passes real variables; a checkout keeps them in a file.
env.read_env(BASE_DIR / env.str("ENV_FILE", default=".env"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS") if not DEBUG else env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "routing",
    "integrations",
    "orders",
    "warehouses",
    "core",
    "unfold.apps.BasicAppConfig",  # styles only; the site is ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.CrossdockAdminConfig",  # Django's admin with our site; after the theme
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_q",
    "axes",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",  # last, because it gives other apps' rows pages of our own
]

MIDDLEWARE = [
    "core.middleware.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "core.middleware.ProgramPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its authors ask
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ]
        },
    }
]

# --- Database and cache -------------------------------------------------------------------------

(BASE_DIR / "var").mkdir(exist_ok=True)
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'crossdock.sqlite3'}")
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A deferred transaction that upgrades to a write fails at once whatever the timeout says;
    # IMMEDIATE takes its turn instead.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by every process on every host: a table by default, Redis when there is one.
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    }
}

# --- Jobs ---------------------------------------------------------------------------------------

# One worker serves every queue on an embedded database; a queue each, with a worker each, past it.
ONE_QUEUE = env.bool(
    "ONE_QUEUE", default=DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
)
# Our own rows retry, so django-q never does: a failed task is acknowledged and kept as a failure.
# retry >= (ceil((queue_limit + bulk) / workers) + 1) x (timeout + 5), or a slow task runs twice.
Q_WORKERS = env.int("Q_WORKERS", default=2)
Q_CLUSTER = {
    "name": "ops",
    "orm": "default",
    "workers": Q_WORKERS,
    "queue_limit": Q_WORKERS,
    "bulk": 1,
    "timeout": 60,
    "retry": 200,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 250,
    "recycle": 200,
    "poll": 0.5,
    "label": "Background jobs",
    # A queue each for what must not wait for the other: `manage.py run_worker --queue bulk`.
    "ALT_CLUSTERS": {
        "bulk": {"timeout": 900, "retry": 2800, "workers": 1, "queue_limit": 1},
        "veeqo": {"timeout": 60, "retry": 200},
        "easyship": {"timeout": 60, "retry": 200},
    },
}
if env.bool("Q_REDIS", default=False):
    # Redis hands a task out once and forgets it; after a crash our sweeps find the row.
    Q_CLUSTER = {k: v for k, v in Q_CLUSTER.items() if k != "orm"} | {"redis": env.str("REDIS_URL")}

# The supervisor of `run_worker`: how often it proves that a queue moves, how long beyond a queue's
# `timeout` nothing may be finished, and how many restarts in a row may be in vain.
WORKER_CANARY_SECONDS = env.int("WORKER_CANARY_SECONDS", default=15)
WORKER_STALL_SECONDS = env.int("WORKER_STALL_SECONDS", default=10)
WORKER_RESTART_LIMIT = env.int("WORKER_RESTART_LIMIT", default=5)
# Jobs that run in the supervisor of the main queue itself: their paths, and every how many seconds.
WORKER_TICKERS: dict[str, float] = {"integrations.tasks.poke_due": 15}

# --- Platforms ----------------------------------------------------------------------------------

# Production names its accounts; a development site talks to the sandbox unless told otherwise.
_SANDBOX, _UNSET = "http://127.0.0.1:8765", (env.NOTSET, env.NOTSET)
VEEQO_BASE_URL = env.str("VEEQO_BASE_URL", default=f"{_SANDBOX}/veeqo" if DEBUG else env.NOTSET)
VEEQO_API_KEY = env.str("VEEQO_API_KEY", default="sandbox-veeqo-key" if DEBUG else env.NOTSET)
VEEQO_CHANNEL_ID = env.str("VEEQO_CHANNEL_ID", default="")
EASYSHIP_BASE_URL = env.str(
    "EASYSHIP_BASE_URL", default=f"{_SANDBOX}/easyship/2024-09" if DEBUG else env.NOTSET
)
_TOKEN, _SECRET = ("sandbox-easyship-token", "sandbox-webhook-secret") if DEBUG else _UNSET
EASYSHIP_API_TOKEN = env.str("EASYSHIP_API_TOKEN", default=_TOKEN)
EASYSHIP_WEBHOOK_SECRET = env.str("EASYSHIP_WEBHOOK_SECRET", default=_SECRET)
# The platforms' documented limits; how they are kept: integrations/dispatching/pacing.py.
VEEQO_CALLS_PER_SECOND = env.float("VEEQO_CALLS_PER_SECOND", default=5)
VEEQO_BURST = env.float("VEEQO_BURST", default=45)
EASYSHIP_CALLS_PER_MINUTE = env.float("EASYSHIP_CALLS_PER_MINUTE", default=60)
EASYSHIP_CALLS_PER_SECOND = env.float("EASYSHIP_CALLS_PER_SECOND", default=10)
# A label dearer than the estimate by more than this is not bought before a person agrees.
PRICE_MARGIN_PERCENT = env.int("PRICE_MARGIN_PERCENT", default=25)
DISPATCH: dict[str, Any] = {}  # differs in tests only: integrations/dispatching/policy.py

# --- Orders -------------------------------------------------------------------------------------

# Two orders with the same recipient and lines are shown as possible duplicates within these days.
DUPLICATE_WINDOW_DAYS = env.int("DUPLICATE_WINDOW_DAYS", default=30)

# `migrate` fills an empty ZIP table from the file that comes with the product.
ZIPS_AFTER_MIGRATE = env.bool("ZIPS_AFTER_MIGRATE", default=True)
# Asked before a file is parsed; 100,000 orders of a Shopify export are about 64 MB.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=200_000_000)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=1_000_000)

# What staff may do with many orders at once, in the order of the list's menu.
BULK_ACTIONS = [
    *map("routing.services.bulk.{}".format, ("ROUTE", "APPROVE", "REROUTE", "UNROUTE")),
    *map("integrations.services.bulk.{}".format, ("SEND", "RESEND", "CANCEL", "RETRY", "APPROVE")),
    *map(
        "orders.services.bulk.actions.{}".format,
        ("HOLD", "RELEASE", "CANCEL", "CHECK", "ADD_TAG", "REMOVE_TAG"),
    ),
]
# A job of a run ends after this and queues itself again: far below every queue's timeout.
BULK_SLICE_SECONDS = 35.0
# Longer than one chunk may take; renewed with every chunk. After it, a killed job loses its turn.
BULK_LEASE_SECONDS = 120

# --- People -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 60 * 60
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# --- Look ---------------------------------------------------------------------------------------

UNFOLD = THEME

# --- Security -----------------------------------------------------------------------------------

SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not DEBUG)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
SECURE_HSTS_PRELOAD = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    # Only behind a proxy that removes this header from what clients send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=1)

# unfold's Alpine evaluates expressions, hence 'unsafe-eval'; no inline script is allowed.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": BASE_DIR / "var" / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Changing these two needs a look at what the lists and bulk pages post.
# The review of a paste sends 500 orders with 2,000 lines at most.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
# What staff see; the database keeps UTC.
TIME_ZONE = env.str("TIME_ZONE", default="America/Los_Angeles")
FORMAT_MODULE_PATH = "config.formats"

# --- Logs ---------------------------------------------------------------------------------------

LOGGING = configure_logs(level=env.str("LOG_LEVEL", default="INFO"), as_json=not DEBUG)

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.ScopePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.SharedThrottle"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.NewestFirstPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.CrossdockSchema",
    "EXCEPTION_HANDLER": "core.api.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
}
# Requests per minute and burst for each token or signed-in person.
API_RATE_PER_MINUTE = env.int("API_RATE_PER_MINUTE", default=600)
API_BURST = env.int("API_BURST", default=100)
SPECTACULAR_SETTINGS = SCHEMA | {"VERSION": VERSION}

# --- Checks at start ----------------------------------------------------------------------------

if not DEBUG and SECRET_KEY.startswith("development-only"):
    raise ImproperlyConfigured("SECRET_KEY is the one of .env.example. Set a secret of your own.")
for _name in ("BASE_URL", "API_KEY"):
    if not globals()[f"VEEQO_{_name}"]:
        raise ImproperlyConfigured(f"VEEQO_{_name} is set, but empty. Give it a value.")
for _name in ("BASE_URL", "API_TOKEN", "WEBHOOK_SECRET"):
    if not globals()[f"EASYSHIP_{_name}"]:
        raise ImproperlyConfigured(f"EASYSHIP_{_name} is set, but empty. Give it a value.")
