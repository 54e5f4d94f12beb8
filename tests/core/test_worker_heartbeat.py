from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from core.models import WorkerHeartbeat
from core.tasks import path_of
from core.worker import pulse as pulse_module
from core.worker.canary import Canary, beat
from core.worker.heartbeat import (
    WorkerUnwell,
    check_worker,
    longest_silence,
    record_beat,
    silent_queues,
    this_host,
)
from core.worker.pulse import Pulse
from core.worker.queues import queue_named
from tests.factories import WorkerHeartbeatFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@pytest.fixture
def ops():
    return queue_named("ops")


def test_a_canary_writes_the_heartbeat_of_the_host_that_ran_it():
    beat("ops")

    heartbeat = WorkerHeartbeat.objects.get()
    assert (heartbeat.queue, heartbeat.host) == ("ops", this_host())
    assert timezone.now() - heartbeat.at < timedelta(seconds=10)


def test_a_canary_leaves_the_count_of_restarts_to_the_supervisor():
    record_beat("ops", NOW, restarts=3)

    beat("ops")

    assert WorkerHeartbeat.objects.get().restarts == 3


def test_two_hosts_beat_side_by_side():
    WorkerHeartbeatFactory(queue="ops", host="elsewhere")

    beat("ops")

    assert WorkerHeartbeat.objects.filter(queue="ops").count() == 2


def test_canaries_never_pile_up():
    canary = Canary("bulk")

    for _ in range(5):
        canary.send()

    waiting = OrmQ.objects.get()
    assert waiting.key == "bulk"
    assert waiting.task["func"] == "core.tasks.run"
    assert waiting.task["args"][0] == path_of(beat)
    assert waiting.task["args"][2:] == ("bulk",)


def test_a_canary_takes_no_place_among_the_finished_jobs():
    Canary("ops").send()

    assert OrmQ.objects.get().task["save"] is False


def test_a_recalled_canary_leaves_other_jobs_alone():
    other = Canary("ops")
    other.send()
    canary = Canary("ops")
    canary.send()

    canary.recall()

    assert OrmQ.objects.get().pk == other._place


@pytest.mark.django_db(transaction=True)
def test_a_heartbeat_is_written_only_for_what_moved(ops):
    pulse = Pulse(ops)

    assert pulse.beat(moved_at=5.0, restarts=1)
    first = WorkerHeartbeat.objects.get()
    assert pulse.beat(moved_at=5.0, restarts=1)

    assert WorkerHeartbeat.objects.get().at == first.at
    assert first.restarts == 1
    pulse.beat(moved_at=6.0, restarts=1)
    assert WorkerHeartbeat.objects.get().at > first.at


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_reported_and_survived(ops, monkeypatch, caplog):
    def fail(*_args, **_changes):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(pulse_module, "record_beat", fail)

    assert Pulse(ops).beat(moved_at=5.0, restarts=0) is False
    assert "waits for the database" in caplog.text


def test_a_fresh_heartbeat_is_health(ops):
    WorkerHeartbeatFactory(queue="ops", at=NOW - timedelta(seconds=30), host="a")

    assert check_worker(ops, NOW, host="a") == timedelta(seconds=30)


def test_another_hosts_heartbeat_says_nothing_about_this_one(ops):
    WorkerHeartbeatFactory(queue="ops", at=NOW, host="a")

    with pytest.raises(WorkerUnwell, match="queue ops on b has finished"):
        check_worker(ops, NOW, host="b")


def test_the_freshest_host_speaks_for_the_queue(ops):
    WorkerHeartbeatFactory(queue="ops", at=NOW - timedelta(days=1), host="a")
    WorkerHeartbeatFactory(queue="ops", at=NOW - timedelta(seconds=2), host="b")

    assert check_worker(ops, NOW) == timedelta(seconds=2)


def test_an_old_heartbeat_is_said_with_its_age_and_the_limit(ops):
    WorkerHeartbeatFactory(queue="ops", at=NOW - timedelta(seconds=200))

    with pytest.raises(WorkerUnwell, match=r"200 s ago; more than 100 s is too long"):
        check_worker(ops, NOW)


def test_a_job_at_its_longest_is_not_taken_for_silence():
    assert longest_silence(queue_named("bulk")) > timedelta(seconds=900)


def test_silent_queues_are_named_each_by_its_own_limit():
    WorkerHeartbeatFactory(queue="ops", host="gone", at=NOW - timedelta(days=3))
    WorkerHeartbeatFactory(queue="ops", host="here", at=NOW - timedelta(seconds=120))
    WorkerHeartbeatFactory(queue="bulk", at=NOW - timedelta(seconds=120))

    assert silent_queues(NOW) == ["ops"]


def test_the_command_is_silent_about_nothing():
    with pytest.raises(CommandError, match="No worker of queue bulk on"):
        call_command("worker_health", "--queue", "bulk")


def test_the_command_takes_any_host_when_asked(capsys):
    WorkerHeartbeatFactory(queue="ops", host="elsewhere")

    call_command("worker_health", "--any-host")

    assert "finished something 0 s ago" in capsys.readouterr().out
