"""Buttons and pages for staff."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from core.models import AuditEvent
from integrations.errors import NotReadyToSend
from integrations.models import Dispatch, PlatformHealth, RemoteId
from integrations.services import send_order
from integrations.services.bulk import SEND
from orders.models import Order, OrderStatus
from orders.services.reserve_many import Allotment, reserve_allotments
from tests.factories import DispatchFactory, DocumentFactory, OrderFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def page(row, action="change"):
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{action}", args=[row.pk])


@pytest.fixture
def stuck():
    order = OrderFactory(routed=True)
    dispatch = send_order(order)
    Dispatch.objects.update(
        state="needs_help", error="It costs more.", missing="warehouse:ONT1", asked={"price": "9"}
    )
    order.move_to(OrderStatus.PROBLEM, problem="It costs more.")
    dispatch.refresh_from_db()
    return dispatch


def test_the_order_page_sends(boss):
    order = OrderFactory(routed=True)

    boss.post(page(order, "send"))

    order.refresh_from_db()
    assert order.status == OrderStatus.SENDING
    assert order.dispatches.get().reference in boss.get(page(order)).text


def test_many_are_sent_and_each_refusal_says_why():
    fine, early = OrderFactory(routed=True), OrderFactory(ready=True)

    answers = SEND.act_many([fine, early], {})

    assert answers[fine.pk].message.startswith("To be sent to Veeqo as ")
    assert answers[early.pk].message.startswith(f"Order {early} cannot be sent: it is “Ready”")
    forecast = dict(SEND.forecast(Order.objects.all(), {}))
    assert forecast["not routed, or on their way already"] == 2


def test_an_order_reserved_in_two_places_without_parts_is_not_sent_as_one():
    order = OrderFactory(routed=True, lines={"MUG": 1, "CAP": 1})
    for line, place in zip(order.lines.all(), ("RNO1", "LAS1"), strict=True):
        warehouse = WarehouseFactory(code=place, stock={line.sku: 5})
        level = warehouse.stock_levels.get()
        reserve_allotments([Allotment(line.pk, level.pk, 1, order.number)])

    with pytest.raises(NotReadyToSend, match="reserved in LAS1, RNO1"):
        send_order(order)


def test_a_refused_resend_is_told_beside_the_form(boss):
    order = OrderFactory(routed=True)
    send_order(order)

    response = boss.post(page(order, "resend"), {"reason": "Again"})

    assert response.status_code == 400
    assert "Cancel it at the platform first" in response.text


def test_what_needs_help_comes_first_in_the_queue(boss, stuck):
    for _ in range(2):
        DispatchFactory(state="done")

    rows = boss.get("/admin/integrations/dispatch/").context["cl"].result_list

    assert rows[0] == stuck


def test_retrying_and_approving_go_through_the_services(boss, stuck):
    boss.post(page(stuck, "approve"), {"reason": "Customer pays"})

    stuck.refresh_from_db()
    assert (stuck.state, stuck.allowed) == ("waiting", {"price": "9"})
    assert boss.post(page(stuck, "retry")).status_code == 400


def test_a_mapping_made_by_hand_replays_what_waited(boss, stuck):
    data = {"platform": "veeqo", "kind": "warehouse", "ours": "ONT1", "theirs": "7"}

    boss.post("/admin/integrations/remoteid/add/", data)

    stuck.refresh_from_db()
    assert RemoteId.objects.get().theirs == "7"
    assert stuck.state == "waiting"


def test_a_platform_is_paused_with_a_reason(boss):
    boss.get("/admin/integrations/platformhealth/")
    health = PlatformHealth.objects.get(platform="veeqo")

    boss.post(page(health, "pause"), {"reason": "Talks"})

    health.refresh_from_db()
    assert (health.pause_reason, health.paused_by.username) == ("Talks", "boss")
    assert "Paused" in boss.get("/admin/integrations/platformhealth/").text


def test_a_label_is_downloaded_as_a_file_and_on_the_record(boss):
    paper = DocumentFactory()

    response = boss.post(page(paper, "download"))

    assert response.content == paper.content
    named = f'attachment; filename="{paper.shipment.reference}'
    assert response["Content-Disposition"].startswith(named)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.get().action == "download_document"


def test_who_may_only_look_downloads_no_label(client):
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_document"))
    client.force_login(looker)

    assert client.post(page(DocumentFactory(), "download")).status_code == 403
