"""Drift on pages, through the API and on the command line: who sees it, who may act."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from rest_framework.test import APIClient

from config.roles import ensure_roles
from core.tokens import issue_token
from integrations.drift.jobs import reconcile_all
from integrations.models import DriftFinding
from integrations.services import ignore_drift
from tests.factories import (
    DriftFindingFactory,
    OrderFactory,
    PlatformHealthFactory,
    ReconciliationFactory,
    ShipmentFactory,
    UserFactory,
)
from tests.integrations.drift_case import behind, reconciled, sent

pytestmark = pytest.mark.django_db
LIST = "admin:integrations_driftfinding_changelist"


@pytest.fixture
def as_role(client):
    ensure_roles()

    def login(role):
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return login


@pytest.fixture
def reader(db):
    return token_client("dispatch:read")


def token_client(*scopes):
    _token, text = issue_token(name="t", client="bridge", scopes=scopes)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def page(finding, action):
    return reverse(f"admin:integrations_driftfinding_{action}", args=[finding.pk])


def several():
    """One in each state; by state."""
    now, order = timezone.now(), OrderFactory(number="SO-77")
    done = {"state": "resolved", "settled": "agreed", "settled_at": now}
    return {
        "open": DriftFindingFactory(order=order, reference="XD-OPEN"),
        "ignored": DriftFindingFactory(
            ignored_until=now + timedelta(days=1), reason="Moves", reference="XD-IGNORED"
        ),
        "settling": DriftFindingFactory(
            state="settling", kind="duplicate", field="order", reference="XD-SETTLING"
        ),
        "resolved": DriftFindingFactory(platform="easyship", reference="XD-RESOLVED", **done),
    }


# --- Pages ----------------------------------------------------------------------------------------


def test_the_list_shows_both_values_of_what_is_open(as_role):
    several()
    client = as_role("Viewer")

    shown = client.get(reverse(LIST)).content.decode()
    for words in ("XD-OPEN", "SO-77", "Reno", "Elko", "Address: city", "XD-SETTLING"):
        assert words in shown
    assert "XD-IGNORED" not in shown
    assert "XD-RESOLVED" not in shown
    for state in ("ignored", "settling", "resolved"):
        shown = client.get(reverse(LIST), {"show": state}).content.decode()
        assert f"XD-{state.upper()}" in shown
        assert "XD-OPEN" not in shown
    assert "XD-OPEN" in client.get(reverse(LIST), {"show": "all"}).content.decode()


def queries(client, address):
    client.get(address)  # what is made at the first visit is there now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_lists_cost_the_same_however_long(as_role):
    client = as_role("Viewer")
    addresses = [reverse(LIST), reverse("admin:integrations_platformhealth_changelist")]
    counts = []
    for number in (2, 12):
        for shipment in ShipmentFactory.create_batch(number):
            DriftFindingFactory(order=shipment.order, shipment=shipment)
        counts.append([queries(client, address) for address in addresses])

    assert counts[0] == counts[1]
    assert counts[0][0] <= 9


def test_the_order_page_shows_its_drift_at_the_same_cost(as_role):
    order = OrderFactory()
    address = reverse("admin:orders_order_change", args=[order.pk])
    client = as_role("Viewer")
    DriftFindingFactory(order=order, theirs="Winnemucca")
    few = queries(client, address)

    DriftFindingFactory.create_batch(15, order=order)

    assert "Winnemucca" in client.get(address).content.decode()
    assert queries(client, address) == few


def test_rounds_are_shown_with_what_failed(as_role):
    ReconciliationFactory(error="Veeqo cannot be reached.", failed=3)
    address = reverse("admin:integrations_reconciliation_changelist")

    assert "cannot be reached" in as_role("Viewer").get(address).content.decode()


@pytest.mark.parametrize("action", ["adopt", "push", "ignore", "heed"])
def test_a_viewer_may_look_but_settle_nothing(as_role, action):
    finding = DriftFindingFactory()
    client = as_role("Viewer")

    assert client.get(page(finding, "change")).status_code == 200
    for method in (client.get, client.post):
        assert method(page(finding, action)).status_code == 403
    assert DriftFinding.objects.get().state == "open"


def test_a_get_asks_and_a_post_acts(as_role):
    shipment = ShipmentFactory()
    finding = DriftFindingFactory(order=shipment.order, shipment=shipment)
    client = as_role("Router")

    assert client.get(page(finding, "adopt")).status_code == 200
    assert DriftFinding.objects.get().state == "open"
    client.post(page(finding, "adopt"), {"reason": "They called"})

    shipment.order.refresh_from_db()
    assert (DriftFinding.objects.get().state, shipment.order.city) == ("resolved", "Elko")


def test_a_refusal_is_shown_beside_the_form(as_role):
    finding = DriftFindingFactory(kind="lines", field="MUG", order=OrderFactory())

    answer = as_role("Router").post(page(finding, "adopt"), {"reason": "They called"})

    assert answer.status_code == 400
    assert "what the customer ordered" in answer.content.decode()


def test_ignoring_many_at_once_and_heeding_one(as_role):
    findings = DriftFindingFactory.create_batch(3)
    client = as_role("Router")
    day = timezone.localdate() + timedelta(days=3)
    chosen = {"action": "ignore_selected", "_selected_action": [each.pk for each in findings]}
    values = {"confirmed": "yes", "until": day.isoformat(), "reason": "Known"}

    assert "Until" in client.post(reverse(LIST), chosen).content.decode()
    client.post(reverse(LIST), chosen | values)

    assert DriftFinding.objects.ignored(timezone.now()).count() == 3
    client.post(page(findings[0], "heed"))
    assert DriftFinding.objects.ignored(timezone.now()).count() == 2


def test_only_what_can_be_decided_is_offered(as_role):
    client, findings = as_role("Router"), several()

    def offered(state):
        shown = client.get(page(findings[state], "change")).content.decode()
        acts = ("adopt", "push", "ignore", "heed")
        return [act for act in acts if page(findings[state], act) in shown]

    assert offered("open") == ["adopt", "push", "ignore"]
    assert offered("ignored") == ["adopt", "push", "ignore", "heed"]
    assert offered("resolved") == []


def test_many_are_adopted_and_each_refusal_is_said(as_role):
    shipment = ShipmentFactory()
    good = DriftFindingFactory(order=shipment.order, shipment=shipment)
    bad = DriftFindingFactory(kind="lines", field="MUG", order=shipment.order)
    data = {
        "action": "adopt_selected",
        "_selected_action": [good.pk, bad.pk],
        "confirmed": "yes",
        "reason": "They called",
    }

    shown = as_role("Router").post(reverse(LIST), data, follow=True).content.decode()

    assert "1 adopted." in shown
    assert "what the customer ordered" in shown
    assert DriftFinding.objects.unsettled().get() == bad


def test_reconcile_now_queues_a_job_for_whoever_may(as_role, django_capture_on_commit_callbacks):
    health = PlatformHealthFactory()
    address = reverse("admin:integrations_platformhealth_reconcile_now", args=[health.pk])

    assert as_role("Viewer").post(address).status_code == 403
    client = as_role("Integrator")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(address).status_code == 200
    assert OrmQ.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert OrmQ.objects.count() == 1


def test_each_hour_every_platform_is_compared(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        reconcile_all()
        reconcile_all()
    assert len(queued) == 2


def test_drift_is_counted_on_the_first_page_and_beside_its_platform(as_role):
    several()
    PlatformHealthFactory(platform="veeqo")
    client = as_role("Viewer")

    tiles = {
        tile.title: tile
        for _title, tiles in client.get("/admin/").context["sections"]
        for tile in tiles
    }
    shown = client.get(reverse("admin:integrations_platformhealth_changelist"))

    assert int(tiles["Drift"].count) == 2
    assert tiles["Drift"].url == reverse(LIST) + "?"
    counts = {row.platform: row.drifting for row in shown.context["cl"].result_list}
    assert counts == {"veeqo": 2, "easyship": None}


# --- API ------------------------------------------------------------------------------------------


def test_the_api_lists_findings_with_both_values(reader):
    finding = several()["open"]

    newest, *_, oldest = reader.get("/api/v1/drift").json()["results"]

    assert newest["settled"] == "agreed"
    assert oldest["order"] == {
        "id": finding.order.pk,
        "number": "SO-77",
        "url": f"/api/v1/orders/{finding.order.pk}",
    }
    assert (oldest["kind"], oldest["field"]) == ("address", "city")
    assert (oldest["ours"], oldest["theirs"], oldest["state"]) == ("Reno", "Elko", "open")
    assert oldest["age_seconds"] >= 0


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ({"state": "open"}, ["OPEN"]),
        ({"state": ["ignored", "settling"]}, ["IGNORED", "SETTLING"]),
        ({"state": "resolved"}, ["RESOLVED"]),
        ({"platform": "easyship"}, ["RESOLVED"]),
        ({"kind": "duplicate"}, ["SETTLING"]),
        ({"reference": "XD-OPEN"}, ["OPEN"]),
    ],
)
def test_the_api_filters(reader, query, references):
    several()

    results = reader.get("/api/v1/drift", query).json()["results"]

    assert sorted(each["reference"] for each in results) == [f"XD-{each}" for each in references]


def test_the_api_filters_by_order_and_pages_by_cursor(reader, django_assert_num_queries):
    order = OrderFactory()
    DriftFindingFactory.create_batch(5, order=order)
    DriftFindingFactory(order=OrderFactory())
    reader.get("/api/v1/drift")

    with django_assert_num_queries(4):
        first = reader.get("/api/v1/drift", {"order": order.pk, "page_size": 3}).json()
    second = reader.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (3, 2, None)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "lunar"},
        {"state": "closed"},
        {"order": "x"},
        {"order": 2**70},
        {"platform": "ebay"},
        {"colour": "red"},
        {"reference": "a\0b"},
    ],
)
def test_a_bad_filter_of_the_api_is_named(reader, query):
    answer = reader.get("/api/v1/drift", query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == next(iter(query))


def test_the_api_needs_its_scope_and_writes_nothing(reader):
    assert token_client("orders:read").get("/api/v1/drift").status_code == 403
    assert APIClient().get("/api/v1/drift").status_code == 401
    assert reader.post("/api/v1/drift", {}).status_code in (403, 405)


# --- Command --------------------------------------------------------------------------------------


def test_the_command_prints_what_is_open(case, capsys):
    _order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "edit", changes={"deliver_to": {"city": "Elko\x1b[31m"}})

    call_command("reconcile", "--platform", "veeqo")

    printed = capsys.readouterr().out
    assert "Veeqo: 1 compared, 0 agree" in printed
    assert "Drift: 1 open (1 new, 0 resolved)" in printed
    assert "San Francisco" in printed
    assert "\x1b" not in printed


def test_the_commands_json_is_as_documented(case, capsys, acting):
    order, shipment = sent(case.start(), "easyship")
    behind(case, shipment, "edit", changes={"destination_address": {"city": "Elko"}})
    reconciled("easyship")
    ignore_drift(DriftFindingFactory(), timezone.now() + timedelta(days=1), "Known")

    call_command("reconcile", "--json")
    told = json.loads(capsys.readouterr().out)

    assert set(told) == {"veeqo", "easyship"}
    assert set(told["easyship"]) == {
        "platform",
        "looked",
        "agreed",
        "in_flight",
        "opened",
        "still_open",
        "resolved",
        "open",
        "ignored",
        "failed",
        "is_complete",
        "error",
        "last_success_at",
        "findings",
    }
    assert (told["easyship"]["open"], told["easyship"]["still_open"]) == (1, 1)
    (finding,) = told["easyship"]["findings"]
    assert (finding["order"], finding["field"], finding["theirs"]) == (order.number, "city", "Elko")


def test_the_command_fails_when_the_platform_cannot_be_asked(case, capsys):
    case.start(faults="500@veeqo")

    with pytest.raises(CommandError, match="Veeqo: not everything was compared"):
        call_command("reconcile", "--json")

    told = json.loads(capsys.readouterr().out)
    assert "failing" in told["veeqo"]["error"]
    assert told["easyship"]["is_complete"]
