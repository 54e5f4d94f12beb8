"""Real worker processes, killed at random while the network loses answers.

CI runs it small; benchmarks/dispatch_crashes.py runs the same code large.
"""

import pytest
from django.db import connection

from orders.models import Shipment
from tests.integrations.dispatch_crashes import FAULTS, Plan, crash

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_killed_workers_lose_nothing_and_send_nothing_twice(case):
    plan = Plan(orders=8, kills=4, workers=3 if connection.vendor == "postgresql" else 1)

    verdict = crash(case.start_apart(), plan)

    assert (verdict.lost, verdict.repeated) == ([], [])
    assert verdict.kills == plan.kills
    assert Shipment.objects.count() == plan.orders
    struck = {name for each in verdict.statistics.values() for name in each["faults"]}
    assert struck == {fault.split(":")[0] for fault in FAULTS.split(",")}
