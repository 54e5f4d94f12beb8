"""Every way to fail says whether to try again, and what to do, in one or two sentences."""

import subprocess
import sys
from pathlib import Path

import pytest

from integrations.platforms import connect, errors
from integrations.platforms.base import Account
from integrations.platforms.calls import Hooks
from integrations.platforms.errors import PlatformError
from integrations.platforms.faults import waiting_time
from tests.integrations.samples import KEY

ROOT = Path(__file__).resolve().parents[2]
CLASSES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, PlatformError)
]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("ambiguous", [False, True])
def test_every_error_is_a_sentence_with_a_next_step(kind, ambiguous):
    error = kind("no stock", status=418, is_ambiguous=ambiguous)
    error.platform = "Veeqo"

    sentence = str(error)

    assert "Veeqo" in sentence
    assert "no stock" in sentence
    assert sentence.endswith(".")
    assert ".." not in sentence
    assert "{" not in sentence
    assert ("look it up" in sentence) is ambiguous
    assert kind is PlatformError or len(sentence.split(". ")) >= 2


def test_an_error_without_words_says_the_status():
    assert "HTTP 503, no reason given" in str(errors.Unavailable(status=503))


def test_codes_are_kept_in_rows_and_so_must_not_change():
    assert {kind.code: kind.is_retryable for kind in CLASSES if kind is not errors.Retryable} == {
        "platform_error": False,
        "unavailable": True,
        "rate_limited": True,
        "busy": True,
        "out_of_budget": True,
        "paused": True,
        "refused": False,
        "not_found": False,
        "payment_needed": False,
        "allowance_spent": False,
        "bad_credentials": False,
        "unsendable": False,
        "several_matches": False,
        "unintelligible": False,
        "garbled": True,
        "redirected": False,
    }


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:26:00 GMT"}, 0.0),
        ({"Retry-After": "999999"}, 3600.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "٣"}, None),
        ({"X-RateLimit-Reset": "1792567625"}, 5.0),
        ({"X-RateLimit-Reset": "0"}, 0.0),
        ({"Retry-After": "2", "X-RateLimit-Reset": "1792567679"}, 2.0),
    ],
)
def test_the_wait_is_read_from_what_the_platform_sends(headers, seconds):
    assert waiting_time(headers, now=1792567620.0) == seconds


@pytest.mark.parametrize("kind", ["veeqo", "easyship"])
def test_every_kind_can_be_connected_without_a_call(kind):
    account = Account("https://api.example", KEY)

    platform = connect(kind, account, Hooks(), "9.9")

    assert platform.kind == kind
    assert KEY not in repr(account)


def test_an_unknown_kind_is_said_to_be():
    with pytest.raises(ValueError, match="No platform is called 'alder'"):
        connect("alder", Account("https://api.example", KEY), Hooks(), "9.9")


def test_the_adapters_need_no_django():
    code = "import sys; sys.modules['django'] = None; import integrations.platforms"

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


PURE = [
    *("calls", "errors", "matches", "numbers", "outbound", "reading", "redaction", "remote"),
    *("veeqo.answers", "veeqo.allocations", "veeqo.bodies", "veeqo.catalogue", "veeqo.journeys"),
    *("veeqo.rates", "easyship.addresses", "easyship.answers", "easyship.bodies"),
    *("easyship.catalogue", "easyship.documents", "easyship.journeys", "easyship.webhooks"),
]


def test_building_and_reading_need_no_network_library():
    blocked = "import sys; sys.modules['django'] = sys.modules['requests'] = None"
    # The package itself connects; the pure modules are loaded beside it.
    package = "import types; p = types.ModuleType('integrations.platforms')"
    place = "p.__path__ = ['integrations/platforms']; sys.modules['integrations.platforms'] = p"
    names = [f"import integrations.platforms.{name}" for name in PURE]

    code = "; ".join([blocked, package, place, *names])

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
