"""Bulk runs for tests: ask, work, look."""

from django.contrib.auth.models import Permission

from orders.models import BulkRun
from orders.services.bulk import TickedOrders, start_bulk_run
from orders.services.bulk.jobs import work_on_bulk_run


def allow(person, *codenames):
    person.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def ticked(orders):
    return TickedOrders(tuple(order.pk for order in orders))


def start(action, orders, token="click-1", **parameters):
    return start_bulk_run(action, ticked(orders), parameters, token)


def work(run):
    """Do the job as a worker would, slice after slice; the last slice's word."""
    while (said := work_on_bulk_run(run.pk)) == "goes on":
        pass
    run.refresh_from_db()
    return said


def results(run):
    return dict(run.rows.order_by("id").values_list("label", "result"))


def counts(run):
    run = BulkRun.objects.get(pk=run.pk)
    return run.total, run.succeeded, run.refused, run.failed
