import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from orders.models import Order, OrderEvent, OrderStatus
from tests.factories import FindingFactory, HoldFactory, OrderFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def page(order, action="change"):
    return reverse(f"admin:orders_order_{action}", args=[order.pk])


def inline_forms(response):
    """The management fields of the inlines, as the browser would send them back."""
    return {
        f"{formset.formset.prefix}-{name}": value
        for formset in response.context["inline_admin_formsets"]
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }


def edit(client, order, **changes):
    opened = client.get(page(order))
    form = opened.context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    values |= inline_forms(opened) | changes
    return client.post(page(order), values, follow=True)


def shown(response):
    return [str(message) for message in response.context["messages"]]


def test_an_edit_goes_through_the_service_and_into_the_history(boss):
    order = OrderFactory(city="Reno")

    edit(boss, order, city="Sparks")

    order.refresh_from_db()
    assert order.city == "Sparks"
    event = OrderEvent.objects.get(order=order, kind="edit")
    assert event.actor_label == "boss"


def test_an_edit_of_a_stale_page_is_refused_with_a_sentence_and_saves_nothing(boss):
    order = OrderFactory(city="Reno")
    Order.objects.filter(pk=order.pk).update(version=5)

    response = edit(boss, order, city="Sparks", version="1")

    assert "changed by someone else" in " ".join(shown(response))
    order.refresh_from_db()
    assert order.city == "Reno"


def test_an_order_that_is_on_its_way_cannot_be_edited(boss):
    order = OrderFactory(status=OrderStatus.CANCELLED)

    assert boss.post(page(order), {"city": "Sparks"}).status_code == 403


def test_a_mistyped_country_is_named_beside_its_field(boss):
    order = OrderFactory()

    response = edit(boss, order, country="us")

    assert "two-letter country code" in response.text
    order.refresh_from_db()
    assert order.version == 1


def test_holding_asks_for_a_reason_first(boss):
    order = OrderFactory()

    assert "Reason" in boss.get(page(order, "hold")).text
    assert not order.holds.exists()


def test_a_hold_without_a_reason_is_refused_beside_the_field(boss):
    order = OrderFactory()

    response = boss.post(page(order, "hold"), {"type": "fraud", "reason": ""})

    assert response.status_code == 400
    assert "This field is required" in response.text
    assert not order.holds.exists()


def test_a_hold_names_who_placed_it(boss):
    order = OrderFactory()

    boss.post(page(order, "hold"), {"type": "fraud", "reason": "card was stolen"})

    hold = order.holds.get()
    assert (hold.reason, hold.placed_by.username) == ("card was stolen", "boss")


def test_releasing_ends_every_open_hold(boss):
    hold = HoldFactory()

    response = boss.post(page(hold.order, "release"), follow=True)

    assert shown(response) == ["1 hold released."]
    hold.refresh_from_db()
    assert not hold.is_open


def test_a_refused_rule_is_shown_beside_the_form_and_changes_nothing(boss):
    order = OrderFactory(status=OrderStatus.CANCELLED)

    response = boss.post(page(order, "cancel"), {"reason": "twice"})

    assert response.status_code == 400
    assert "cannot become" in response.text


@pytest.mark.parametrize(
    ("filter_value", "wanted"), [("held", {"HELD"}), ("errors", {"WRONG"}), ("review", {"REVIEW"})]
)
def test_the_attention_filter_finds_what_waits_for_a_person(boss, filter_value, wanted):
    OrderFactory(number="FINE")
    HoldFactory(order=OrderFactory(number="HELD"))
    FindingFactory(order=OrderFactory(number="WRONG"), severity="error")
    OrderFactory(number="REVIEW", status=OrderStatus.NEEDS_REVIEW)

    response = boss.get(LIST, {"attention": filter_value})

    assert {order.number for order in response.context["cl"].result_list} == wanted


def test_units_stay_right_under_search(boss):
    OrderFactory(number="SO-77", lines={"MUG": 2, "CAP": 3})

    (order,) = boss.get(LIST, {"q": "SO-77"}).context["cl"].result_list

    assert order.units == 5


def test_what_a_customer_wrote_is_shown_as_text(boss):
    order = OrderFactory(recipient_name="<script>alert(1)</script>", original_text="<b>hi</b>")

    for response in (boss.get(LIST), boss.get(page(order))):
        assert "<script>alert(1)</script>" not in response.text
        assert "<b>hi</b>" not in response.text


def test_the_page_begins_with_the_status_and_what_keeps_it_from_going_on(boss):
    order = OrderFactory(status="problem", problem="The parcel <b>came back</b>.")
    HoldFactory(order=order)

    page = boss.get(f"/admin/orders/order/{order.pk}/change/").text

    top = page[page.index('aria-label="Status"') :].split("</section>")[0]
    assert [word in top for word in ("Problem", "On hold")] == [True, True]
    assert "The parcel &lt;b&gt;came back&lt;/b&gt;." in top
