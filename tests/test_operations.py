"""The operators' page knows every variable there is."""

import re
from pathlib import Path

from django.conf import settings

from core.worker.heartbeat import longest_silence
from core.worker.queues import queue_named

PROJECT = Path(settings.BASE_DIR)
READERS = {
    "config/settings.py": r'env\.\w+\(\s*"([A-Z_]+)"',
    "config/gunicorn.py": r'environ\.get\("([A-Z_]+)"',
    "compose.yaml": r"\$\{([A-Z_]+)",
}


def described():
    page = (PROJECT / "docs/operations.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def read_by_the_code():
    return {
        name
        for path, pattern in READERS.items()
        for name in re.findall(pattern, (PROJECT / path).read_text())
    }


def test_every_variable_is_described():
    assert read_by_the_code() - described() == set()


def test_no_variable_is_described_that_nobody_reads():
    # gunicorn itself reads the one about proxies.
    assert described() - read_by_the_code() == {"FORWARDED_ALLOW_IPS"}


def test_the_stated_times_are_those_of_the_settings():
    page = (PROJECT / "docs/operations.md").read_text()
    ops, bulk = queue_named("ops"), queue_named("bulk")

    assert f"{ops.stop_seconds:.0f} s, for `bulk`\n{bulk.stop_seconds:,.0f} s" in page
    silence = [longest_silence(queue).total_seconds() for queue in (ops, bulk)]
    assert f"({silence[0]:.0f} s; `bulk` {silence[1]:.0f} s)" in page
    assert f"({ops.retry} s; `bulk` {bulk.retry:,} s)" in page
