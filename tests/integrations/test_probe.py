"""Settings that are wrong are named, and a sandbox is never taken for the real thing."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from integrations.services import pause_platform
from integrations.services.pretended import is_pretended, pretended_platforms
from integrations.services.probe import probe_platform

pytestmark = pytest.mark.django_db


def failed(platform):
    return [check.words for check in probe_platform(platform).checks if check.code]


@pytest.mark.parametrize(
    ("platform", "setting", "value"),
    [
        ("veeqo", "VEEQO_API_KEY", "wrong"),
        ("veeqo", "VEEQO_API_KEY", "no header\ncarries this"),
        ("veeqo", "VEEQO_BASE_URL", "/v2"),
        ("veeqo", "VEEQO_BASE_URL", "http://127.0.0.1:9/veeqo"),
        ("veeqo", "VEEQO_BASE_URL", "veeqo"),
        ("veeqo", "VEEQO_CHANNEL_ID", "999999"),
        ("easyship", "EASYSHIP_API_TOKEN", "wrong"),
        ("easyship", "EASYSHIP_BASE_URL", "/../2023-01"),
        ("easyship", "EASYSHIP_BASE_URL", "http://127.0.0.1:9"),
    ],
)
def test_a_wrong_setting_is_named(case, platform, setting, value):
    case.start()
    before = getattr(case.settings, setting)
    setattr(case.settings, setting, before + value if value.startswith("/") else value)

    (words,) = failed(platform) or [probe_platform(platform).checks[0].words]

    assert setting in words
    assert "tried again" not in words, "nobody tries a check again"


def test_a_platform_in_trouble_is_no_fault_of_the_settings(case):
    case.start(faults="429@easyship")

    (words,) = failed("easyship")

    assert "check again later" in words
    assert "EASYSHIP" not in words


def test_a_paused_platform_is_called_by_its_name(case):
    case.start()
    pause_platform("veeqo", "Stocktaking")

    (words,) = failed("veeqo")

    assert words.startswith("Calls to Veeqo are paused: Stocktaking.")


def test_the_command_says_that_it_is_a_sandbox(case, capsys):
    case.start()
    call_command("check_platforms")

    assert capsys.readouterr().out.count("(a sandbox: nothing ships)") == 2

    case.settings.VEEQO_BASE_URL = "not an address"
    with pytest.raises(CommandError):
        call_command("check_platforms")
    assert "Veeqo at no address\n" in capsys.readouterr().out

    case.settings.VEEQO_BASE_URL = "https://ops:s3cret@platform.example.com/veeqo"
    with pytest.raises(CommandError):
        call_command("check_platforms")
    said = capsys.readouterr().out
    assert "Veeqo at platform.example.com" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("address", "key", "pretended"),
    [
        ("https://public-api.easyship.com/2024-09", "prod_x", False),
        ("https://public-api.easyship.com/2024-09", "sand_x", True),
        ("https://public-api-sandbox.easyship.com/2024-09", "prod_x", True),
        ("https://public-api.easyship.com/2024-09", "sandbox-easyship-token", False),
        ("http://127.0.0.1:8765/easyship/2024-09", "prod_x", True),
        ("http://[::1]:8765/easyship/2024-09", "prod_x", True),
        ("http://platforms:8765/easyship/2024-09", "prod_x", True),
        ("https://training.example.com/easyship/2024-09", "sandbox-easyship-token", True),
        ("https://egress.example.com/easyship", "prod_x", False),
    ],
)
def test_a_sandbox_is_known_by_its_address_or_its_key(settings, address, key, pretended):
    settings.EASYSHIP_BASE_URL, settings.EASYSHIP_API_TOKEN = address, key

    assert is_pretended("easyship") is pretended


@pytest.fixture
def real(settings):
    settings.VEEQO_BASE_URL = "https://api.veeqo.com"
    settings.EASYSHIP_BASE_URL = "https://public-api.easyship.com/2024-09"


def mark(page):
    """The words of the label in the page's head."""
    found = re.search(r"<span class=[^>]*bg-orange-100[^>]*>\s*([^<]*?)\s*</span>", page.text)
    return found[1] if found else ""


PAGES = [
    "/admin/",
    "/admin/orders/order/",
    "/admin/orders/order/from-text/",
    "/admin/password_change/",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_marked_while_a_platform_is_pretended(client, page):
    client.force_login(User.objects.create_superuser("boss", password="x"))

    assert mark(client.get(page)) == "Sandbox"


def test_with_real_platforms_no_page_is_marked_and_with_one_it_is_named(client, real, settings):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    assert pretended_platforms() == []
    assert mark(client.get("/admin/")) == ""

    settings.VEEQO_BASE_URL = "http://localhost:8765/veeqo"
    assert mark(client.get("/admin/")) == "Veeqo sandbox"
