"""From the list's menu to the results: what staff see of a bulk run."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import BulkRun, BulkRunRow, BulkState, Order, OrderStatus
from orders.services.bulk.leases import claim
from tests.factories import BulkRunFactory, BulkRunRowFactory, OrderFactory, TagFactory
from tests.orders.bulk import allow, counts, start, work

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss", password="x")
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def dana(client, acting):
    """May look and hold, but not cancel."""
    allow(acting, "view_order", "view_bulkrun", "change_bulkrun", "hold_order")
    client.force_login(acting)
    return client


def choose(client, action, orders=(), query="", **posted):
    """Tick the orders, or all that match, and choose from the menu."""
    ticked = [order.pk for order in orders] or [0]
    posted = {"select_across": "0" if orders else "1"} | posted
    return client.post(f"{LIST}?{query}", {"action": action, "_selected_action": ticked} | posted)


def confirm(client, question, action, orders=(), query="", **values):
    """Send the confirm page's form as the browser would."""
    frozen = {name: question.context[name] for name in ("token", "highest_id")}
    return choose(client, action, orders, query, confirmed="1", **frozen, **values)


def page(run, name="change"):
    return reverse(f"admin:orders_bulkrun_{name}", args=[run.pk])


# --- asking ---------------------------------------------------------------------------------------


def test_the_question_shows_how_many_which_and_what_will_be_refused(boss):
    fine, shipped = OrderFactory(number="FINE"), OrderFactory(number="GONE", status="shipped")

    question = choose(boss, "cancel", [fine, shipped])

    assert "2 orders</strong>" in question.text
    assert "FINE" in question.text
    assert "1 will be refused: already shipped or delivered." in question.text
    assert not BulkRun.objects.exists()


def test_the_answer_starts_a_run_and_shows_its_page(boss):
    orders = OrderFactory.create_batch(2)
    question = choose(boss, "cancel", orders)

    response = confirm(boss, question, "cancel", orders, reason="customer called")

    run = BulkRun.objects.get()
    assert response.url == page(run)
    assert (run.actor, run.parameters) == (boss.user, {"reason": "customer called"})
    assert set(run.rows.values_list("order", flat=True)) == {order.pk for order in orders}
    assert not Order.objects.filter(status=OrderStatus.CANCELLED).exists()


def test_sending_the_answer_twice_starts_one_run_and_says_so(boss):
    orders = OrderFactory.create_batch(2)
    question = choose(boss, "cancel", orders)
    first = confirm(boss, question, "cancel", orders, reason="x")

    second = confirm(boss, question, "cancel", orders, reason="y")

    assert BulkRun.objects.count() == 1
    assert second.url == first.url
    assert "started before" in boss.get(second.url).text


def test_an_answer_without_a_reason_is_asked_again_with_the_same_token(boss):
    orders = [OrderFactory()]
    question = choose(boss, "cancel", orders)

    again = confirm(boss, question, "cancel", orders, reason="")

    assert again.status_code == 400
    assert again.context["token"] == question.context["token"]
    assert "This field is required" in again.text
    assert not BulkRun.objects.exists()


def test_all_that_match_are_frozen_when_the_question_is_shown(boss):
    OrderFactory.create_batch(60, state="NV")
    OrderFactory(state="CA")
    question = choose(boss, "cancel", query="state=NV")
    assert "60 orders</strong>" in question.text
    OrderFactory(state="NV")

    confirm(boss, question, "cancel", query="state=NV", reason="x")

    run = BulkRun.objects.get()
    work(run)
    assert counts(run) == (60, 60, 0, 0)


def test_ticked_orders_stay_chosen_when_they_leave_the_lists_filter(boss):
    orders = OrderFactory.create_batch(2)
    question = choose(boss, "cancel", orders, "status__exact=new")
    Order.objects.filter(pk=orders[0].pk).update(status=OrderStatus.READY)

    confirm(boss, question, "cancel", orders, "status__exact=new", reason="x")

    assert BulkRun.objects.get().total == 2


def test_a_confirmation_nobody_asked_for_is_asked_first(boss):
    response = choose(boss, "cancel", [OrderFactory()], confirmed="1", token="x", reason="y")

    assert response.status_code == 200
    assert not BulkRun.objects.exists()


def test_a_chosen_tag_is_kept_by_its_name(boss):
    TagFactory(name="gift")
    orders = [OrderFactory()]
    question = choose(boss, "add_tag", orders)

    confirm(boss, question, "add_tag", orders, tag="gift")

    assert BulkRun.objects.get().parameters == {"tag": "gift"}


def test_an_action_needs_its_own_permission(dana):
    orders = [OrderFactory()]

    choose(dana, "cancel", orders, confirmed="1", token="0" * 32, highest_id=9, reason="x")

    assert not BulkRun.objects.exists()
    assert choose(dana, "hold", orders).status_code == 200


# --- the run's page -------------------------------------------------------------------------------


@pytest.fixture
def finished(boss, acting):
    """Two held, one refused; `acting` asked for it."""
    allow(acting, "hold_order", "view_order")
    orders = [OrderFactory(), OrderFactory(number="GONE", status="shipped"), OrderFactory()]
    run = start("hold", orders, type="other", reason="=1+1", until=None)
    work(run)
    return run


def test_what_went_wrong_comes_first_with_a_link_to_the_order(boss, finished):
    response = boss.get(page(finished))

    (row,) = response.context["rows"]
    assert row.label == "GONE"
    assert reverse("admin:orders_order_change", args=[row.order_id]) in response.text
    assert "a hold would stop nothing" in response.text


@pytest.mark.parametrize(
    ("show", "count"), [("problems", 1), ("done", 2), ("pending", 0), ("all", 3), ("odd", 1)]
)
def test_results_can_be_filtered(boss, finished, show, count):
    assert len(boss.get(page(finished), {"show": show}).context["rows"]) == count


def test_progress_is_told_to_who_may_see_runs_and_to_nobody_else(boss, client, finished):
    assert boss.get(page(finished, "progress")).json() == {
        "is_finished": True,
        "state": "Done",
        "percent": 100,
        "note": "",
        "handled": "3",
        "done": "2",
        "review": "0",
        "refused": "1",
        "failed": "0",
        "problems": "1",
        "pending": "0",
        "all": "3",
    }
    client.force_login(User.objects.create_user("outsider", is_staff=True))
    assert client.get(page(finished, "progress")).status_code == 403
    assert client.get(page(finished, "csv")).status_code == 403


def test_results_leave_as_a_csv_that_no_spreadsheet_runs(boss, finished):
    finished.rows.filter(label="GONE").update(message="=HYPERLINK(1)", label="-1+2")

    text = boss.get(page(finished, "csv")).getvalue().decode("utf-8-sig")

    head, *rows = csv.reader(io.StringIO(text))
    assert head == ["Order", "Result", "Message"]
    assert rows[1] == ["'-1+2", "Refused", "'=HYPERLINK(1)"]
    assert len(rows) == 3


def test_only_failures_are_retried_from_the_page(boss, finished):
    assert "Retry only failures" in boss.get(page(finished)).text

    response = boss.post(page(finished, "retry"))

    again = BulkRun.objects.get(parent=finished)
    assert response.url == page(again)
    assert (again.actor, again.parameters) == (boss.user, finished.parameters)
    assert "Retry only failures" not in boss.get(page(finished)).text


def test_the_rest_is_cancelled_from_the_page(boss, acting):
    allow(acting, "cancel_order")
    run = start("cancel", OrderFactory.create_batch(2), reason="x")
    assert "Cancel the rest" in boss.get(page(run)).text

    boss.post(page(run, "cancel_rest"))

    run.refresh_from_db()
    assert run.state == BulkState.CANCELLED
    assert "Cancel the rest" not in boss.get(page(run)).text


def test_cancelling_a_finished_run_is_refused_with_a_sentence(boss, finished):
    assert "nothing left to cancel" in boss.post(page(finished, "cancel_rest")).text


def test_who_may_not_do_the_action_may_neither_stop_nor_repeat_it(dana):
    run = BulkRunFactory(action="cancel", permission="orders.cancel_order")

    for button in ("cancel_rest", "retry"):
        assert dana.post(page(run, button)).status_code == 403
    assert "Cancel the rest" not in dana.get(page(run)).text


def test_a_waiting_run_says_what_it_waits_for(boss):
    run = BulkRunFactory()

    assert "Waiting for a worker." in boss.get(page(run)).text
    claim(run.pk)
    assert boss.get(page(run, "progress")).json()["state"] == "Running"


def test_what_somebody_typed_is_shown_as_text(boss):
    run = BulkRunFactory(parameters={"reason": "<script>alert(1)</script>"}, total=1)
    BulkRunRowFactory(run=run, label="<b>1</b>")

    text = boss.get(page(run)).text

    assert "<script>alert(1)" not in text
    assert "<b>1</b>" not in text


def test_the_page_costs_the_same_queries_for_three_results_as_for_thirty(boss):
    run = BulkRunFactory(total=33)

    def cost(count):
        BulkRunRowFactory.create_batch(count, run=run)
        with CaptureQueriesContext(connection) as queries:
            assert boss.get(page(run)).status_code == 200
        return len(queries)

    cost(1)
    assert cost(2) == cost(30)


def test_the_question_costs_the_same_queries_for_three_orders_as_for_fifty(boss):
    def cost(count):
        orders = OrderFactory.create_batch(count)
        with CaptureQueriesContext(connection) as queries:
            assert choose(boss, "cancel", orders).status_code == 200
        return len(queries)

    cost(1)
    assert cost(3) == cost(50)


def test_long_results_are_paged(boss):
    run = BulkRunFactory(total=120)
    orders = Order.objects.bulk_create(Order(source="x", number=f"N{n}") for n in range(120))
    BulkRunRow.objects.bulk_create(
        BulkRunRow(run=run, order=order, label=order.number) for order in orders
    )

    last = boss.get(page(run), {"show": "all", "page": "99"})

    assert len(last.context["rows"]) == 20
    assert "Page 3 of 3" in last.text
