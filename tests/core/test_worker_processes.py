"""Real workers, really killed. CROSSDOCK_KILLS sets how often; CI runs the small size."""

import os
import random
import sys
import time

import psutil
import pytest

from tests.core.running_worker import RunningWorker, is_alive, migrated_database, wait_until

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CROSSDOCK_KILLS", "3"))
# Who adopts the orphans, as the first process of a container does, must also bury them.
AS_PROCESS_ONE = (
    "-c",
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0);"  # PR_SET_CHILD_SUBREAPER
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])",
)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    with migrated_database(tmp_path_factory.mktemp("worker")) as made:
        yield made


@pytest.fixture
def database(migrated):
    migrated.forget()
    return migrated


@pytest.fixture
def log(tmp_path):
    return tmp_path / "worker.log"


def test_every_killed_idle_worker_is_recovered_from_without_a_person(database, log, capsys):
    dice = random.Random(20_260)  # noqa: S311 — chooses victims, keeps no secret
    waits = []
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0, 1.5))
            dice.choice(wait_until(worker.workers)).kill()
            killed_at = time.monotonic()
            worker.wait_for_work()
            waits.append(time.monotonic() - killed_at)
            wait_until(lambda: len(worker.workers()) == 2)
        frozen = worker.restarts()
        assert worker.stop() == 0
    with capsys.disabled():
        print(f"\n{KILLS} kills, {frozen} frozen, slowest recovery {max(waits):.1f} s")  # noqa: T201


def test_a_frozen_cluster_is_started_again(database, log):
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()
        worker.wait_for_work()

        # One of the idle ones holds the queue's lock, and takes it to its grave.
        for process in worker.workers():
            process.kill()
        worker.wait_for_work()

        assert worker.restarts() == 1
        assert worker.events()[-2]["event"] == "worker started"
        assert worker.stop() == 0


@pytest.mark.parametrize("part", ["cluster", "monitor"])
def test_any_killed_process_of_the_cluster_is_recovered_from(database, log, part):
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()

        wait_until(getattr(worker, part)).kill()
        worker.wait_for_work()

        assert worker.stop() == 0


def test_a_graceful_stop_lets_the_running_job_finish(database, log):
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()
        database.send_naps(2, "nap")
        wait_until(lambda: "nap began" in database.marks())
        family = worker.family()

        assert worker.stop() == 0

        assert "nap ended" in database.marks()
        assert [process for process in family if is_alive(process)] == []


def test_jobs_that_take_their_time_are_no_freeze(database, log):
    with RunningWorker(database, log, Q_WORKERS="1") as worker:
        wait_until(database.has_beat)
        # One after the other they take longer than a freeze would be left alone.
        names = ["one", "two", "three", "four"]
        database.send_naps(3, *names)

        wait_until(lambda: {f"{name} ended" for name in names} <= database.marks())

        assert worker.restarts() == 0


def test_nothing_outlives_a_killed_supervisor(database, log):
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()
        family = worker.family()
        assert len(family) >= 6

        worker.supervisor.kill()

        _gone, alive = psutil.wait_procs(family, timeout=10)
        assert [process for process in alive if is_alive(process)] == []


def test_a_cluster_that_never_works_ends_the_supervisor_with_an_error(database, log):
    with RunningWorker(database, log, WORKER_RESTART_LIMIT="2") as worker:
        while worker.supervisor.poll() is None:
            if cluster := worker.cluster():
                cluster.kill()
            time.sleep(0.05)

        assert worker.supervisor.wait(10) == 1
        assert worker.event_names()[-1] == "worker gives up"
        assert worker.restarts() == 3


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has subreapers.")
def test_a_dead_sentinel_leaves_neither_orphans_nor_zombies(database, log):
    with RunningWorker(database, log, launcher=AS_PROCESS_ONE) as worker:
        worker.wait_until_at_work()
        former = worker.family()

        worker.sentinel().kill()

        # A zombie still counts as running. The orphans may finish what they hold, no more.
        wait_until(lambda: not [process for process in former if process.is_running()])
        worker.wait_for_work()
        assert worker.stop() == 0


def test_the_worker_reports_its_health(database, log):
    silent = database.health()
    with RunningWorker(database, log) as worker:
        worker.wait_until_at_work()
        at_work = database.health()
        assert worker.stop() == 0
    time.sleep(1.1)
    too_old = database.health("--max-age", "1")

    assert (silent.returncode, at_work.returncode, too_old.returncode) == (1, 0, 1)
    assert "No worker of queue ops" in silent.stderr
    assert "last finished something" in too_old.stderr
    assert len(too_old.stderr.strip().splitlines()) == 1
