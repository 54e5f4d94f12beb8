import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "ops.example.com",
    "ENV_FILE": ".env.of-no-test",
    "VEEQO_BASE_URL": "https://api.veeqo.com",
    "VEEQO_API_KEY": "v" * 32,
    "EASYSHIP_BASE_URL": "https://public-api.easyship.com/2024-09",
    "EASYSHIP_API_TOKEN": "e" * 32,
    "EASYSHIP_WEBHOOK_SECRET": "w" * 32,
}
NEEDED = sorted(set(GOOD) - {"ENV_FILE"})


def start(**variables):
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=kept | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_starts_with_its_variables():
    assert start(**GOOD).returncode == 0


@pytest.mark.parametrize("missing", NEEDED)
def test_a_missing_variable_stops_the_start_by_name(missing):
    failed = start(**{k: v for k, v in GOOD.items() if k != missing})

    assert failed.returncode != 0
    assert missing in failed.stderr.splitlines()[-1]


def test_the_example_key_is_refused_in_production():
    failed = start(**GOOD | {"SECRET_KEY": "development-only-key-that-protects-nothing-0123456789"})

    assert "SECRET_KEY" in failed.stderr.splitlines()[-1]


def test_the_example_file_works_as_it_is():
    assert start(ENV_FILE=".env.example").returncode == 0


def test_a_value_is_never_printed():
    failed = start(**GOOD | {"CONN_MAX_AGE": "hunter22"})

    assert failed.returncode != 0
    assert "k" * 60 not in failed.stderr


def test_a_platform_variable_that_is_empty_counts_as_missing():
    failed = start(**GOOD | {"EASYSHIP_API_TOKEN": ""})

    assert "EASYSHIP_API_TOKEN" in failed.stderr.splitlines()[-1]


def test_an_unset_platform_is_the_sandbox_in_development():
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings;"
            "print(settings.VEEQO_BASE_URL, settings.EASYSHIP_BASE_URL, settings.VEEQO_API_KEY)",
        ],
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "ENV_FILE": ".env.example"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert asked.stdout.split() == [
        "http://127.0.0.1:8765/veeqo",
        "http://127.0.0.1:8765/easyship/2024-09",
        "sandbox-veeqo-key",
    ]
