"""What staff see of findings and duplicates, and the buttons that answer them."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from config.roles import ensure_roles
from core.models import AuditEvent
from orders.models import AddressOverride, DuplicatePair, Order
from orders.services import check_orders
from tests.factories import (
    AddressOverrideFactory,
    FindingFactory,
    OrderFactory,
    OrderLineFactory,
    ProductFactory,
    UserFactory,
    ZipCentroidFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def zips():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")


@pytest.fixture
def clerk(client):
    ensure_roles()
    client.force_login(UserFactory(username="clerk", groups=["Clerk"]))
    return client


@pytest.fixture
def viewer(client):
    ensure_roles()
    client.force_login(UserFactory(username="viewer", groups=["Viewer"]))
    return client


def checked(**given):
    order = OrderFactory(**given)
    check_orders([order.pk])
    order.refresh_from_db()
    return order


def pair():
    checked(email="a@example.com")
    checked(email="b@example.com")
    return DuplicatePair.objects.get()


def page(row, action="change"):
    return reverse(f"admin:orders_{row._meta.model_name}_{action}", args=[row.pk])


def fresh(row):
    row.refresh_from_db()
    return row


def test_the_order_page_shows_what_was_found_and_what_is_proposed(clerk):
    order = checked(state="NV")

    text = clerk.get(page(order)).text

    assert "ZIP 94105 lies in San Francisco, CA, not in NV." in text
    assert "Accept CA, or correct the ZIP." in text
    assert "<del" in text
    assert page(order, "accept") in text
    assert page(order, "vouch") in text
    assert page(order.findings.get(), "override") in text


def test_a_clean_order_has_nothing_to_look_at(clerk):
    text = clerk.get(page(order := checked())).text

    assert "To look at" not in text
    assert page(order, "accept") not in text


def test_who_may_only_look_sees_no_button(viewer):
    order = checked(state="NV", lines={"MUG": 1})

    text = viewer.get(page(order)).text

    assert "ZIP 94105 lies in" in text
    for action in ("accept", "vouch", "check_again", "change_line", "remove_line"):
        assert page(order, action) not in text
    assert page(order.findings.get(), "override") not in text


def test_accepting_asks_first_and_corrects_on_post(clerk):
    order = checked(state="NV")

    assert clerk.get(page(order, "accept")).status_code == 200
    assert fresh(order).state == "NV"

    clerk.post(page(order, "accept"))
    assert (fresh(order).state, order.status) == ("CA", "ready")


def test_vouching_needs_a_reason(clerk):
    order = checked(state="NV")

    assert clerk.post(page(order, "vouch"), {"reason": ""}).status_code == 400
    assert not AddressOverride.objects.exists()

    clerk.post(page(order, "vouch"), {"reason": "They said so."})
    assert fresh(order).address_verdict == "ok"
    assert AddressOverride.objects.get().created_by.username == "clerk"


def test_checking_again_says_what_is_left(clerk):
    order = OrderFactory(recipient_name="")

    response = clerk.post(page(order, "check_again"), follow=True)

    assert f"Order {order} is checked: 1 finding to look at." in response.text
    assert fresh(order).status == "needs_review"


def test_overriding_a_finding_leads_back_to_its_order(clerk):
    order = checked(state="NV")

    response = clerk.post(page(order.findings.get(), "override"), {"reason": "We asked."})

    assert response.url == page(order)
    assert fresh(order).status == "ready"


def test_a_finding_that_cannot_be_overridden_says_why(clerk):
    finding = checked(lines={}).findings.get()

    response = clerk.post(page(finding, "override"), {"reason": "Send it."})

    assert response.status_code == 400
    assert "This cannot be overridden" in response.text


def test_a_line_is_changed_from_the_finding_about_it(clerk):
    order = OrderFactory(lines={})
    OrderLineFactory(order=order, sku="MUGG", product=None)
    ProductFactory(sku="MUG")
    check_orders([order.pk])
    link = f"{page(order, 'change_line')}?line=1"
    assert link in clerk.get(page(order)).text

    form = clerk.get(link).context["form"]
    values = {"position": form["position"].value(), "version": form["version"].value()}
    clerk.post(link, values | {"sku": "MUG"})

    assert fresh(order).status == "ready"
    assert order.lines.get().sku == "MUG"


def test_a_line_is_added_and_removed(clerk):
    order = checked()
    ProductFactory(sku="CAP")

    clerk.post(page(order, "add_line"), {"version": 2, "sku": "CAP", "quantity": 2})
    assert [line.sku for line in order.lines.all()] == ["MUG", "CAP"]

    clerk.post(page(order, "remove_line"), {"version": 3, "position": 1})
    assert [line.sku for line in order.lines.all()] == ["CAP"]


def test_a_line_form_of_a_stale_page_changes_nothing(clerk):
    order = checked()
    Order.objects.filter(pk=order.pk).update(version=9)

    response = clerk.post(page(order, "remove_line"), {"version": 2, "position": 1})

    assert response.status_code == 400
    assert "changed by someone else" in response.text
    assert order.lines.count() == 1


def test_a_pair_is_shown_side_by_side_with_what_differs(clerk):
    twins = pair()

    response = clerk.get(page(twins))

    differing = [row["label"] for row in response.context["rows"] if row["differs"]]
    assert differing == ["Email"]
    for text in (twins.first.number, twins.second.number, "a@example.com", "b@example.com"):
        assert text in response.text
    for action in ("keep_both", "merge", "cancel_newer", "cancel_older"):
        assert page(twins, action) in response.text


@pytest.mark.parametrize(
    ("action", "state", "statuses"),
    [
        ("keep_both", "kept", ("ready", "ready")),
        ("merge", "merged", ("ready", "cancelled")),
        ("cancel_newer", "cancelled", ("ready", "cancelled")),
        ("cancel_older", "cancelled", ("cancelled", "ready")),
    ],
)
def test_each_decision_has_its_button(clerk, action, state, statuses):
    twins = pair()

    clerk.get(page(twins, action))
    assert fresh(twins).state == "open"

    clerk.post(page(twins, action), {"reason": "We asked."})
    twins = DuplicatePair.objects.get()
    assert twins.state == state
    assert (twins.first.status, twins.second.status) == statuses


def test_a_decided_pair_has_no_buttons_and_leaves_the_open_list(clerk):
    twins = pair()
    clerk.post(page(twins, "keep_both"), {"reason": "We asked."})

    assert page(twins, "merge") not in clerk.get(page(twins)).text
    listed = reverse("admin:orders_duplicatepair_changelist")
    assert list(clerk.get(listed).context["cl"].result_list) == []
    assert list(clerk.get(listed, {"state": "all"}).context["cl"].result_list) == [twins]


@pytest.mark.parametrize("action", ["keep_both", "merge", "cancel_newer", "cancel_older"])
def test_who_may_only_look_decides_nothing(viewer, action):
    twins = pair()

    assert viewer.post(page(twins, action), {"reason": "Mine."}).status_code == 403
    assert fresh(twins).state == "open"


def test_a_finding_about_a_duplicate_leads_to_the_pair(clerk):
    twins = pair()

    assert page(twins) in clerk.get(page(twins.second)).text


def test_a_vouched_address_is_forgotten_with_a_reason_in_the_audit_trail(clerk):
    override = AddressOverrideFactory()

    clerk.post(page(override, "forget"), {"reason": "Came back."})

    assert not AddressOverride.objects.exists()
    event = AuditEvent.objects.get(action="forget")
    assert (event.reason, event.actor_label) == ("Came back.", "clerk")


def test_what_a_customer_wrote_is_shown_as_text(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    finding = FindingFactory(message="“<b>hi</b>” is odd.", next_step="<i>Look</i>")

    text = client.get(page(finding.order)).text

    assert "<b>hi</b>" not in text
    assert "<i>Look</i>" not in text
