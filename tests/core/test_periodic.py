import pydoc
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Schedule, Task
from django_q.scheduler import scheduler

from core.actor import SYSTEM, current_actor
from core.correlation import correlation_id
from core.models import PeriodicRun, WorkerHeartbeat
from core.periodic import (
    Entry,
    claim_slot,
    every_of,
    match_schedules,
    prune_history,
    scheduled,
    slot_of,
)
from core.tasks import TaskTriedToExit, path_of, run
from tests.factories import PeriodicRunFactory, WorkerHeartbeatFactory

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 3, 8, 12, 30, 40, tzinfo=UTC)
# The nights on which Nevada and California skip 02:30 and see 01:30 twice.
CHANGES = [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)]

done: list[tuple[str, str]] = []


@scheduled(every=DAY)
def nightly():
    done.append((correlation_id.get(), current_actor.get().label))
    return "done"


@scheduled(every=MINUTE)
def sweep():
    done.append(("sweep", ""))


@scheduled(every=DAY)
def leave():
    raise SystemExit(3)


@pytest.fixture(autouse=True)
def _forget():
    done.clear()


@pytest.mark.django_db
def test_a_slot_is_claimed_once():
    assert claim_slot("sweep", MINUTE, NOW)
    assert not claim_slot("sweep", MINUTE, NOW + timedelta(seconds=19))
    assert claim_slot("sweep", MINUTE, NOW + timedelta(seconds=20))


@pytest.mark.django_db
def test_jobs_do_not_take_each_others_slots():
    assert claim_slot("one", DAY, NOW)
    assert claim_slot("two", DAY, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("night", CHANGES)
@pytest.mark.parametrize("every", [timedelta(minutes=15), timedelta(hours=1), DAY])
def test_daylight_saving_neither_skips_nor_repeats_a_slot(night, every):
    pacific = ZoneInfo("America/Los_Angeles")
    moments = [(night + timedelta(minutes=5 * n)).astimezone(pacific) for n in range(24 * 12)]

    claimed = sum(claim_slot("job", every, moment) for moment in moments)

    assert claimed == DAY // every


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_slot():
    gate, won = threading.Barrier(8), []

    def claim():
        gate.wait()
        won.append(claim_slot("job", DAY, NOW))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False] * 7 + [True]


@pytest.mark.django_db
def test_a_scheduled_job_runs_as_it_stands_with_an_id_of_its_own():
    assert nightly() == "done"

    [(correlation, actor)] = done
    assert len(correlation) == 32
    assert actor == SYSTEM.label
    assert correlation_id.get() == ""


@pytest.mark.django_db
def test_a_scheduled_job_is_done_once_a_slot_however_it_is_called():
    nightly()

    assert nightly() == "done already"
    assert run(path_of(nightly), "") == "done already"
    assert len(done) == 1


@pytest.mark.django_db
def test_a_scheduled_job_that_exits_is_recorded_as_a_failure():
    with pytest.raises(TaskTriedToExit, match="leave"):
        leave()


def test_a_function_that_is_not_scheduled_has_no_place_in_the_timetable():
    with pytest.raises(TypeError, match="not marked with @scheduled"):
        every_of(claim_slot)


TIMETABLE = [
    Entry("Nightly", nightly, offset=timedelta(hours=4, minutes=10)),
    Entry("Sweep", sweep),
]


def rows():
    return list(Schedule.objects.order_by("name").values())


@pytest.mark.django_db
def test_the_schedules_come_from_the_timetable():
    match_schedules(TIMETABLE, NOW)

    nightly_row, sweep_row = rows()
    assert nightly_row["func"] == path_of(nightly)
    assert nightly_row["next_run"] == datetime(2026, 3, 9, 4, 10, tzinfo=UTC)
    assert sweep_row["next_run"] == datetime(2026, 3, 8, 12, 31, tzinfo=UTC)
    assert not any(row["args"] or row["kwargs"] or row["hook"] for row in rows())


@pytest.mark.django_db
def test_matching_again_changes_nothing():
    match_schedules(TIMETABLE, NOW)
    before = rows()

    changes = match_schedules(TIMETABLE, NOW + timedelta(hours=3))

    assert str(changes) == "0 created, 0 changed, 0 removed"
    assert rows() == before


@pytest.mark.django_db
def test_what_was_changed_by_hand_is_put_right():
    match_schedules(TIMETABLE, NOW)
    Schedule.objects.filter(name="Sweep").update(
        func="os.system", args="('id',)", minutes=5, repeats=2, cron="* * * * *", cluster="bulk"
    )
    Schedule.objects.filter(name="Nightly").update(next_run=NOW)

    changes = match_schedules(TIMETABLE, NOW)

    assert changes.changed == 2
    nightly_row, sweep_row = rows()
    assert nightly_row["next_run"] == datetime(2026, 3, 9, 4, 10, tzinfo=UTC)
    assert (sweep_row["func"], sweep_row["args"], sweep_row["minutes"]) == (
        path_of(sweep),
        None,
        1,
    )
    assert (sweep_row["repeats"], sweep_row["cron"], sweep_row["cluster"]) == (-1, None, None)


@pytest.mark.django_db
def test_what_the_timetable_does_not_know_is_removed_and_doubles_with_it():
    match_schedules(TIMETABLE, NOW)
    Schedule.objects.create(name="Old", func="os.getcwd")
    Schedule.objects.create(name=None, func="os.getcwd")
    Schedule.objects.create(name="Sweep", func=path_of(sweep))

    changes = match_schedules(TIMETABLE, NOW)

    assert changes.removed == 3
    assert [row["name"] for row in rows()] == ["Nightly", "Sweep"]


@pytest.mark.django_db
@pytest.mark.parametrize("night", CHANGES)
def test_django_q_keeps_the_hour_in_utc_through_daylight_saving(night):
    match_schedules(TIMETABLE, night - 3 * DAY)
    schedule = Schedule.objects.get(name="Nightly")

    for _ in range(6):
        schedule.next_run = schedule.calculate_next_run()
        assert (schedule.next_run.hour, schedule.next_run.minute) == (4, 10)


@pytest.mark.django_db(transaction=True)
def test_django_q_calls_a_scheduled_job_as_it_stands_and_once_after_a_long_night():
    match_schedules([Entry("Nightly", nightly)], NOW)
    Schedule.objects.update(next_run=timezone.now() - 5 * DAY)

    scheduler(broker=get_broker())
    scheduler(broker=get_broker())

    queued = OrmQ.objects.get().task
    assert (queued["args"], queued["kwargs"]) == ((), {})
    assert pydoc.locate(queued["func"])() == "done"  # as django-q2's worker does
    assert Schedule.objects.get().next_run > timezone.now()


def finished(success, stopped):
    key = f"{Task.objects.count():032}"
    return Task.objects.create(
        id=key, name=key, func="core.tasks.run", started=stopped, stopped=stopped, success=success
    )


@pytest.mark.django_db
def test_pruning_keeps_what_is_young_and_failures_longest():
    now = timezone.now()
    PeriodicRunFactory(name="old", slot=now - 8 * DAY)
    PeriodicRunFactory(name="young", slot=now - 6 * DAY)
    finished(success=True, stopped=now - 8 * DAY)
    kept = {
        finished(success=True, stopped=now - 6 * DAY).pk,
        finished(success=False, stopped=now - 29 * DAY).pk,
    }
    finished(success=False, stopped=now - 31 * DAY)

    assert prune_history() == 3

    names = set(PeriodicRun.objects.values_list("name", flat=True))
    assert names == {"young", path_of(prune_history)}
    assert set(Task.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db
def test_pruning_forgets_vanished_hosts_but_not_that_a_queue_fell_silent():
    now = timezone.now()
    WorkerHeartbeatFactory(queue="ops", host="gone", at=now - 9 * DAY)
    WorkerHeartbeatFactory(queue="ops", host="here", at=now)
    WorkerHeartbeatFactory(queue="bulk", host="gone", at=now - 30 * DAY)
    WorkerHeartbeatFactory(queue="bulk", host="last", at=now - 20 * DAY)

    prune_history()

    left = set(WorkerHeartbeat.objects.values_list("queue", "host"))
    assert left == {("ops", "here"), ("bulk", "last")}


@pytest.mark.django_db
def test_pruning_goes_by_batches_to_the_end(monkeypatch):
    monkeypatch.setattr("core.periodic._BATCH", 10)
    old = timezone.now() - 40 * DAY
    PeriodicRun.objects.bulk_create(
        PeriodicRun(name="sweep", slot=old - MINUTE * n) for n in range(25)
    )

    assert prune_history() == 25


def test_slots_before_and_after_a_boundary_differ():
    midnight = datetime(2026, 3, 9, tzinfo=UTC)

    assert slot_of(midnight - timedelta(microseconds=1), DAY) == midnight - DAY
    assert slot_of(midnight, DAY) == midnight
