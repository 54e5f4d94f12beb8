from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from core.models import WorkerHeartbeat
from orders.models import OrderStatus
from tests.factories import HoldFactory, OrderFactory, StockLevelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def numbers(client):
    sections = client.get("/admin/").context["sections"]
    return {tile.title: int(tile.count) for _title, tiles in sections for tile in tiles}


def test_the_first_page_counts_what_waits_for_a_person(boss):
    OrderFactory(status=OrderStatus.NEEDS_REVIEW)
    OrderFactory(status=OrderStatus.READY, promise_date=timezone.localdate() - timedelta(days=1))
    HoldFactory()
    StockLevelFactory(on_hand=0)

    found = numbers(boss)

    assert found["Needs review"] == 1
    assert found["Past its promise"] == 1
    assert found["On hold"] == 1
    assert found["To route"] == 1
    assert found["Nothing free"] == 1


def test_every_number_leads_to_its_list(boss):
    for _title, tiles in boss.get("/admin/").context["sections"]:
        for tile in tiles:
            assert boss.get(tile.url).status_code == 200


def test_the_first_page_costs_the_same_queries_however_many_orders(
    boss, django_assert_max_num_queries
):
    OrderFactory.create_batch(20, status=OrderStatus.NEEDS_REVIEW)

    with django_assert_max_num_queries(20):
        boss.get("/admin/")


def test_a_person_without_a_role_is_told_what_to_do(client):
    client.force_login(User.objects.create_user("new", is_staff=True))

    assert "Ask a supervisor" in client.get("/admin/").text


@pytest.mark.parametrize(
    ("age", "sentence"),
    [(None, "No worker has run yet"), (600, "stand still (ops)"), (5, None)],
)
def test_the_first_page_says_when_background_jobs_stand_still(boss, age, sentence):
    if age is not None:
        WorkerHeartbeat.objects.create(queue="ops", at=timezone.now() - timedelta(seconds=age))

    text = boss.get("/admin/").context["worker"]

    assert (sentence in text) if sentence else text == ""
