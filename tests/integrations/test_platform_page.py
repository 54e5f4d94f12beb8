"""A platform's page: its state in words, its queue, what it allows, what comes next."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrations.dispatching.circuit import health_of
from integrations.models import PlatformHealth
from integrations.platforms.remote import Check, Probe
from tests.factories import ApiCallFactory, DispatchFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.user = User.objects.create_superuser("boss", password="x")
    client.force_login(client.user)
    return client


def page(name="change", platform="veeqo"):
    return reverse(f"admin:integrations_platformhealth_{name}", args=[health_of(platform).pk])


def facts(client):
    return {name: value for name, value, _url in client.get(page()).context["facts"]}


def state(client, **changes):
    health_of("veeqo")
    PlatformHealth.objects.filter(platform="veeqo").update(**changes)
    shown = client.get(page()).context["state"]
    return shown.name, shown.sentence


def test_idle_and_working_differ(boss):
    assert state(boss) == ("Idle", "It may be called, and nothing waits for it.")
    DispatchFactory(state="needs_help", error="No.")
    assert state(boss)[0] == "Idle"
    DispatchFactory(state="waiting")
    assert state(boss) == ("Working", "1 dispatch waits or is in hand.")


def test_paused_says_who_since_when_and_why(boss):
    name, sentence = state(
        boss, paused_at=timezone.now(), paused_by=boss.user, pause_reason="Talks."
    )

    assert name == "Paused"
    assert sentence.startswith("Paused by boss since ")
    assert ": Talks. No call is made until somebody resumes it" in sentence


def test_down_says_what_failed_and_when_it_is_tried_again(boss):
    until = timezone.now() + timedelta(seconds=25)

    name, sentence = state(boss, failures=9, open_until=until, last_error="unavailable")

    assert name == "Down"
    assert sentence.startswith("9 calls in a row failed (unavailable). It is tried again in 2")
    assert state(boss, open_until=timezone.now())[1].count("with the next call") == 1


def test_asked_to_slow_down_is_a_state_of_its_own(boss):
    assert state(boss, slow_until=timezone.now() + timedelta(minutes=2))[0] == "Waiting"
    assert state(boss, slow_until=timezone.now())[0] == "Idle"


def test_the_numbers_are_there(boss):
    now = timezone.now()
    DispatchFactory(
        created_at=now - timedelta(hours=2), next_attempt_at=now + timedelta(minutes=9, seconds=30)
    )
    DispatchFactory(state="needs_help", error="No.")
    DispatchFactory(platform="easyship")
    ApiCallFactory.create_batch(3)
    ApiCallFactory(outcome="unavailable")
    ApiCallFactory(outcome="unavailable", at=now - timedelta(hours=3))
    call_command("ensure_schedules", verbosity=0)

    shown = facts(boss)

    assert (shown["Queue"], shown["Need help"]) == ("1", "1")
    assert shown["Oldest in the queue"] == "2\xa0hours"
    assert shown["Errors in the last hour"] == "25 % of 4 calls"
    assert shown["Budget left"] == "45 of 45 calls, 5 more a second"
    assert shown["Next dispatch"] == "in 9\xa0minutes"
    assert shown["Next question where parcels are"].startswith("in ")
    assert shown["Next sync"].startswith("in ")


def test_nothing_yet_is_said_so(boss):
    shown = facts(boss)

    assert (shown["Last success"], shown["Oldest in the queue"]) == ("–", "–")
    assert shown["Errors in the last hour"] == "no calls"
    assert shown["Next dispatch"] == "nothing waits"
    assert shown["Next sync"] == "not scheduled; start a worker"


def test_nothing_comes_next_while_it_is_paused(boss):
    DispatchFactory()
    state(boss, paused_at=timezone.now(), pause_reason="Talks.")

    shown = facts(boss)

    assert {shown[name] for name in shown if name.startswith("Next")} == {"when it is resumed"}


def test_more_work_costs_no_more_queries(boss):
    def cost(address):
        with CaptureQueriesContext(connection) as queries:
            assert boss.get(address).status_code == 200
        return len(queries)

    addresses = [page(), reverse("admin:integrations_platformhealth_changelist")]
    for address in addresses:
        DispatchFactory()
        cost(address)
        few = cost(address)
        DispatchFactory.create_batch(5)
        assert cost(address) == few


def test_only_the_useful_one_of_pause_and_resume_is_offered(boss):
    def offered():
        shown = boss.get(page()).text
        return [name for name in ("pause", "resume") if page(name) in shown]

    assert offered() == ["pause"]
    state(boss, paused_at=timezone.now(), pause_reason="Talks.")
    assert offered() == ["resume"]


def test_a_probe_tells_what_works_and_what_does_not(boss, monkeypatch):
    checks = (Check("Connection and key", True, "Fine."), Check("Orders", False, "Not allowed."))
    monkeypatch.setattr("integrations.services.probe.platform_named", lambda _name: _Probed(checks))

    assert boss.get(page("probe")).status_code == 200
    told = boss.post(page("probe"), follow=True).context["messages"]

    assert [(one.level_tag, str(one)) for one in told] == [
        ("success", "Connection and key: Fine."),
        ("error", "Orders: Not allowed."),
    ]


def test_after_a_failed_connection_only_that_is_told(boss, monkeypatch):
    checks = (Check("Connection", False, "No answer."), Check("Orders", False, "Not tried."))
    monkeypatch.setattr("integrations.services.probe.platform_named", lambda _name: _Probed(checks))

    told = boss.post(page("probe"), follow=True).context["messages"]

    assert [str(one) for one in told] == ["Connection: No answer."]


def test_who_may_only_look_gets_no_button_and_no_link(client):
    looker = UserFactory()
    looker.user_permissions.add(Permission.objects.get(codename="view_platformhealth"))
    client.force_login(looker)
    DispatchFactory()

    shown = client.get(page())

    assert shown.status_code == 200
    assert not any(url for _name, _value, url in shown.context["facts"])
    for name in ("pause", "resume", "probe", "sync_now"):
        assert page(name) not in shown.text
        assert client.post(page(name), {"reason": "x"}).status_code == 403


class _Probed:
    def __init__(self, checks):
        self.checks = checks

    def probe(self):
        return Probe(self.checks)
