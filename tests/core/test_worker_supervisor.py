"""The supervisor over a clock and clusters that exist only here."""

from dataclasses import dataclass, field
from functools import partial
from signal import SIGINT, SIGTERM

import pytest

from core.worker.queues import Queue
from core.worker.supervisor import Supervisor

QUEUE = Queue(name="ops", workers=2, queue_limit=2, bulk=1, timeout=60, retry=200)
WELL = ["guarded", "asked"]
WORKS = ["guarded", "took a", "done a"]
FROZEN = ["guarded", "took a"]


class Clock:
    def __init__(self):
        self.now = 0.0
        self.plans = []

    def at(self, second, act):
        self.plans.append((second, act))

    def sleep(self, seconds):
        self.now += seconds
        for plan in [plan for plan in self.plans if plan[0] <= self.now]:
            self.plans.remove(plan)
            plan[1]()


@dataclass
class FakeCluster:
    """Says the same reports in every round until it freezes or ends."""

    says: list[str]
    pid: int = 7
    exit_code: int | None = None
    ends_when_asked: bool = True
    signals: list[str] = field(default_factory=list)

    def reports(self):
        return self.says

    def ask_to_stop(self):
        self.signals.append("TERM")
        if self.ends_when_asked:
            self.exit_code = 0

    def kill(self):
        self.signals.append("KILL")


class FakePulse:
    def __init__(self, answers=True):
        self.answers = answers
        self.beats = []
        self.ended = False

    def beat(self, moved_at, restarts):
        self.beats.append(restarts)
        return self.answers

    def end(self):
        self.ended = True


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def supervise(clock, settings):
    settings.WORKER_STALL_SECONDS = 10
    settings.WORKER_CANARY_SECONDS = 15
    settings.WORKER_RESTART_LIMIT = 3

    def build(*clusters):
        coming = iter(clusters)
        supervisor = Supervisor(
            QUEUE, start=lambda _name: next(coming), clock=lambda: clock.now, sleep=clock.sleep
        )
        supervisor.pulse = FakePulse()
        return supervisor

    return build


def test_a_frozen_cluster_is_killed_and_another_one_started(supervise, clock):
    frozen, fresh = FakeCluster(FROZEN), FakeCluster(WORKS)
    supervisor = supervise(frozen, fresh)
    clock.at(100, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 0
    assert frozen.signals == ["KILL"]
    assert fresh.signals == ["TERM", "KILL"]
    assert supervisor.restarts == 1


def test_a_freeze_is_left_alone_until_a_job_may_have_taken_all_its_time(supervise, clock):
    supervisor = supervise(FakeCluster(FROZEN), FakeCluster(WORKS))
    seen = {}
    clock.at(69, lambda: seen.update(before=supervisor.restarts))
    clock.at(72, lambda: seen.update(after=supervisor.restarts))
    clock.at(73, partial(supervisor.request_stop, SIGTERM))

    supervisor.run()

    assert seen == {"before": 0, "after": 1}


@pytest.mark.parametrize("code", [0, 1, -9])
def test_a_cluster_that_ends_by_itself_is_started_again_whatever_its_exit_code(
    supervise, clock, code
):
    supervisor = supervise(FakeCluster(WELL, exit_code=code), FakeCluster(WORKS))
    clock.at(5, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 0
    assert supervisor.restarts == 1


def test_restarts_in_vain_end_with_an_error(supervise):
    supervisor = supervise(*(FakeCluster([], exit_code=1) for _ in range(4)))

    assert supervisor.run() == 1
    assert supervisor.restarts == 4


def test_each_restart_in_vain_waits_longer_than_the_one_before(supervise, clock):
    started = []
    supervisor = supervise()
    supervisor._start = lambda _name: started.append(clock.now) or FakeCluster([], exit_code=1)

    supervisor.run()

    assert started == [0, 0, 1, 3]


def test_one_finished_job_wipes_out_the_restarts_in_vain(supervise, clock):
    broken = [FakeCluster([], exit_code=1) for _ in range(3)]
    supervisor = supervise(*broken, FakeCluster(WORKS))
    clock.at(60, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 0
    assert supervisor.fruitless == 0


def test_nobody_is_blamed_while_the_database_is_away(supervise, clock):
    supervisor = supervise(FakeCluster(FROZEN))
    supervisor.pulse = FakePulse(answers=False)
    clock.at(600, partial(supervisor.request_stop, SIGTERM))

    supervisor.run()

    assert supervisor.restarts == 0


def test_a_canary_goes_out_at_once_and_then_at_every_beat(supervise, clock):
    supervisor = supervise(FakeCluster(WORKS))
    clock.at(44, partial(supervisor.request_stop, SIGTERM))

    supervisor.run()

    assert len(supervisor.pulse.beats) == 3
    assert supervisor.pulse.ended


def test_the_parent_alone_is_asked_to_stop_and_given_time(supervise, clock):
    slow = FakeCluster(WORKS, ends_when_asked=False)
    supervisor = supervise(slow)
    clock.at(5, partial(supervisor.request_stop, SIGTERM))
    clock.at(120, lambda: setattr(slow, "exit_code", 0))

    assert supervisor.run() == 0
    assert slow.signals == ["TERM", "KILL"]
    assert clock.now >= 120


def test_a_stop_that_takes_too_long_is_cut_short_and_says_so(supervise, clock):
    endless = FakeCluster(WORKS, ends_when_asked=False)
    supervisor = supervise(endless)
    clock.at(5, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 1
    assert clock.now == pytest.approx(5 + QUEUE.stop_seconds, abs=1.5)


def test_a_cluster_that_freezes_while_stopping_is_not_waited_for(supervise, clock):
    frozen = FakeCluster(FROZEN, ends_when_asked=False)
    supervisor = supervise(frozen)
    clock.at(5, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 1
    assert clock.now < 75


def test_ctrl_c_and_the_signal_that_follows_it_are_one_wish(supervise, clock):
    slow = FakeCluster(WORKS, ends_when_asked=False)
    supervisor = supervise(slow)
    clock.at(5, partial(supervisor.request_stop, SIGINT))
    clock.at(5, partial(supervisor.request_stop, SIGTERM))
    clock.at(30, lambda: setattr(slow, "exit_code", 0))

    assert supervisor.run() == 0
    assert clock.now >= 30


def test_a_second_signal_ends_the_patience(supervise, clock):
    supervisor = supervise(FakeCluster(WORKS, ends_when_asked=False))
    clock.at(5, partial(supervisor.request_stop, SIGTERM))
    clock.at(9, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 1
    assert clock.now < 11


def test_a_stop_between_two_clusters_starts_no_third(supervise, clock):
    supervisor = supervise(*(FakeCluster([], exit_code=1) for _ in range(3)))
    clock.at(2, partial(supervisor.request_stop, SIGTERM))

    assert supervisor.run() == 0
    assert supervisor.restarts == 3
