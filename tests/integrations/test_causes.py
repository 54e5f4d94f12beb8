"""What needs a person, grouped by cause: fixed once, replayed at once."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Dispatch, PlatformHealth
from integrations.services.causes import Cause, grouped_causes
from orders.models import BulkRun, Order, OrderStatus
from tests.factories import DispatchFactory, OrderFactory, UserFactory
from tests.orders.bulk import counts, work

pytestmark = pytest.mark.django_db
LIST = "/admin/integrations/dispatch/"
UNMAPPED = {
    "error_code": "unmapped_warehouse",
    "missing": "warehouse:RNO1",
    "error": "Warehouse RNO1 has no match at Veeqo.",
}
TOKEN = "0" * 32


def stuck(count=1, **said):
    values = {"error_code": "refused", "error": "Veeqo refused: postcode."} | said
    found = []
    for order in OrderFactory.create_batch(count, routed=True):
        order.move_to(OrderStatus.SENDING)
        order.move_to(OrderStatus.PROBLEM, problem=values["error"])
        found.append(DispatchFactory(order=order, state="needs_help", **values))
    return found


def replay(action="retry", **cause):
    query = "&".join(f"{name}={value}" for name, value in cause.items())
    return f"{LIST}causes/{action}/?{query}"


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


# --- the groups -----------------------------------------------------------------------------------


def test_like_ones_are_one_line_with_the_most_frequent_first():
    stuck(2, error="Veeqo refused: postcode.")
    stuck(1, error="Veeqo refused: phone.")
    stuck(4, **UNMAPPED)
    stuck(1, **UNMAPPED, platform="easyship")
    stuck(2, error_code="price_above_estimate", error="Dear.", asked={"price": "9"})
    DispatchFactory(state="done")

    groups = grouped_causes()

    assert [(one.platform, one.cause.error_code, one.count) for one in groups] == [
        ("Veeqo", "unmapped_warehouse", 4),
        ("Veeqo", "refused", 3),
        ("Veeqo", "price_above_estimate", 2),
        ("Easyship", "unmapped_warehouse", 1),
    ]
    assert [(one.words, one.count) for one in groups[1].sentences] == [
        ("Veeqo refused: postcode.", 2),
        ("Veeqo refused: phone.", 1),
    ]
    assert [one.asking for one in groups] == [0, 0, 2, 0]


def test_many_wordings_are_counted_not_listed():
    for n in range(5):
        stuck(1, error=f"Costs {n}.")

    (group,) = grouped_causes()

    assert (len(group.sentences), group.others) == (3, 2)


# --- the list -------------------------------------------------------------------------------------


def test_each_cause_says_what_to_do(boss):
    PlatformHealth.objects.create(platform="veeqo")
    stuck(2, **UNMAPPED)
    stuck(1, error_code="bad_credentials", error="Wrong key.")
    stuck(1, error_code="price_above_estimate", error="Dear.", asked={"price": "9"})

    page = boss.get(LIST)

    fixes = {one["group"].cause.error_code: one["fix"] for one in page.context["causes"]}
    label, url = fixes["unmapped_warehouse"]
    assert label == "Map it…"
    form = boss.get(url).context["adminform"].form
    assert {name: form[name].value() for name in ("platform", "kind", "ours")} == {
        "platform": "veeqo",
        "kind": "warehouse",
        "ours": "RNO1",
    }
    assert fixes["bad_credentials"][0] == "To the platform"
    assert fixes["price_above_estimate"] is None
    assert page.text.count("Replay all like this…") == 3
    assert page.text.count("Approve all like this…") == 1


def test_the_number_leads_to_exactly_these(boss):
    wanted = stuck(2, **UNMAPPED)
    stuck(1)
    stuck(1, **UNMAPPED, platform="easyship")

    (cause, *_others) = boss.get(LIST).context["causes"]
    shown = boss.get(cause["list_url"])

    assert set(shown.context["cl"].result_list) == set(wanted)
    assert shown.context["causes"] == []


def test_an_empty_queue_shows_no_panel(boss):
    DispatchFactory(state="done")

    assert "by cause" not in boss.get(LIST).text


def test_more_causes_cost_no_more_queries(boss):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            boss.get(LIST)
        return len(queries)

    PlatformHealth.objects.create(platform="veeqo")
    stuck(1, error_code="bad_credentials", error="Wrong key.")
    cost()
    few = cost()
    for n in range(8):
        stuck(2, error_code=f"code_{n}", error=f"Sentence {n}.")

    assert cost() == few


def test_the_page_of_one_tells_of_the_others(boss):
    first, *_more = stuck(3, **UNMAPPED)

    shown = boss.get(f"{LIST}{first.pk}/change/").text

    assert "2 others" in shown
    assert "Map it…" in shown
    assert "Replay all like this…" in shown


# --- replaying ------------------------------------------------------------------------------------


def test_all_of_a_cause_are_replayed_as_a_bulk_run(boss):
    like, other = stuck(3, **UNMAPPED), stuck(1)
    address = replay(platform="veeqo", **UNMAPPED)

    question = boss.get(address)
    answer = boss.post(address, {"token": TOKEN})
    again = boss.post(address, {"token": TOKEN})

    run = BulkRun.objects.get()
    assert "3 dispatches" in question.text
    assert answer.url == again.url == f"/admin/orders/bulkrun/{run.pk}/change/"
    assert Dispatch.objects.filter(state="needs_help").count() == 4
    work(run)
    assert counts(run) == (3, 3, 0, 0)
    assert set(Dispatch.objects.filter(state="waiting")) == set(like)
    assert Order.objects.get(pk=like[0].order_id).status == OrderStatus.SENDING
    assert list(Dispatch.objects.filter(state="needs_help")) == other


def test_what_changed_its_cause_meanwhile_is_left_alone(boss):
    moved, stayed = stuck(2, **UNMAPPED)
    boss.post(replay(platform="veeqo", **UNMAPPED), {"token": TOKEN})
    Dispatch.objects.filter(pk=moved.pk).update(error_code="refused", missing="")

    work(run := BulkRun.objects.get())

    assert counts(run) == (2, 1, 1, 0)
    assert set(Dispatch.objects.filter(state="waiting")) == {stayed}


def test_all_that_ask_are_approved_with_one_reason(boss):
    dear = stuck(2, error_code="price_above_estimate", error="Dear.", asked={"price": "9"})
    address = replay("approve", platform="veeqo", error_code="price_above_estimate", missing="")

    assert boss.post(address, {"token": TOKEN}).status_code == 400
    boss.post(address, {"token": TOKEN, "reason": "Customer pays"})
    work(BulkRun.objects.get())

    for dispatch in dear:
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.allowed) == ("waiting", {"price": "9"})


def test_nothing_happens_by_get_or_to_who_may_not(client):
    stuck(1, **UNMAPPED)
    looker = UserFactory()
    looker.user_permissions.add(Permission.objects.get(codename="view_dispatch"))
    client.force_login(looker)

    for action in ("retry", "approve"):
        address = replay(action, platform="veeqo", **UNMAPPED)
        assert client.get(address).status_code == 403
        assert client.post(address, {"token": TOKEN, "reason": "x"}).status_code == 403
    assert "all like this" not in client.get(LIST).text
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"platform": "dhl"},
        {"platform": "veeqo", "error_code": "x" * 41},
        {"platform": "veeqo", "missing": "%00"},
        {"platform": "veeqo", "error_code": "nothing_like_it"},
        {"platform": "veeqo", "error": "x" * 1001},
    ],
)
def test_an_odd_address_leads_back_to_the_list(boss, query):
    stuck(1, **UNMAPPED)

    for ask in (boss.get, boss.post):
        assert ask(replay(**query)).url == LIST
    assert not BulkRun.objects.exists()


def test_a_made_up_token_starts_nothing(boss):
    stuck(1, **UNMAPPED)

    for token in ("", "x", "\x00", "0" * 64):
        answer = boss.post(replay(platform="veeqo", **UNMAPPED), {"token": token})
        assert answer.status_code == 400
    assert not BulkRun.objects.exists()


def test_a_cause_of_nothing_in_particular_is_everything():
    stuck(1)
    stuck(1, **UNMAPPED)

    assert Cause.of_parameters({"reason": "why"}).dispatches().count() == 2
