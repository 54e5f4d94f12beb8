"""The product's own settings, with what a test run needs."""

import os
import tempfile
import zlib
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789")
os.environ["DEBUG"] = "false"
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["ENV_FILE"] = ".env.of-no-test"
os.environ["SECURE_SSL_REDIRECT"] = "false"
os.environ["SECURE_COOKIES"] = "false"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.pop("REDIS_URL", None)
# Nobody answers there; a test that talks to a platform starts a sandbox of its own.
os.environ["VEEQO_BASE_URL"] = "http://127.0.0.1:9/veeqo"
os.environ["VEEQO_API_KEY"] = "sandbox-veeqo-key"
os.environ["EASYSHIP_BASE_URL"] = "http://127.0.0.1:9/easyship/2024-09"
os.environ["EASYSHIP_API_TOKEN"] = "sandbox-easyship-token"
os.environ["EASYSHIP_WEBHOOK_SECRET"] = "sandbox-webhook-secret"

from config.settings import *  # noqa: F403 — the variables above must be set first
from config.settings import BASE_DIR, DATABASES, STORAGES

# A name of its own for each checkout, so that two runs never share a database.
_mark = f"{zlib.crc32(str(BASE_DIR).encode()):08x}"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, because threads and processes must see the same database.
    _folder = BASE_DIR / "var" / "tests"
    _folder.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_crossdock_{_mark}"}
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    # The manifest storage wants collectstatic first.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tempfile.mkdtemp(prefix="crossdock-files-")},
    },
}
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="crossdock-static-"))
AXES_ENABLED = False
# Tests make the few ZIP codes they need.
ZIPS_AFTER_MIGRATE = False
API_RATE_PER_MINUTE = 1_000_000
API_BURST = 1_000_000
