import threading

import pytest
from django.core.management import call_command

from core.management.commands import run_worker
from core.tasks import TaskTriedToExit
from core.worker import tickers as tickers_module
from core.worker.supervisor import Supervisor
from core.worker.tickers import Tickers, log_failed_thread

BRIEFLY = 0.01
seen: list[str] = []
again = threading.Event()


def tick():
    seen.append(threading.current_thread().name)
    if len(seen) >= 3:
        again.set()


def stumble_once():
    seen.append("stumble")
    if len(seen) == 1:
        raise LookupError("the first time")
    again.set()


def leave():
    raise SystemExit(3)


def path(function):
    return f"{__name__}.{function.__name__}"


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    seen.clear()
    again.clear()
    # These jobs ask no database; a thread of a test could not close the test's connection.
    monkeypatch.setattr(tickers_module, "close_old_connections", lambda: None)
    monkeypatch.setattr(threading, "excepthook", log_failed_thread)


@pytest.fixture
def running():
    started = []

    def run(function):
        started.append(Tickers({path(function): BRIEFLY}))
        started[-1].start()
        return started[-1]

    yield run
    for tickers in started:
        tickers.end()


def test_a_job_is_done_again_and_again_in_a_thread_of_its_own(running):
    running(tick)

    assert again.wait(5)
    assert set(seen) == {path(tick)}


def test_an_ended_job_is_not_done_any_more(running):
    tickers = running(tick)
    again.wait(5)

    tickers.end()
    count = len(seen)

    assert threading.Event().wait(5 * BRIEFLY) is False
    assert len(seen) == count


def test_a_job_that_fails_is_logged_and_started_again(running, caplog):
    tickers = running(stumble_once)
    for _ in range(500):
        tickers.revive()
        if again.wait(BRIEFLY):
            break

    assert again.is_set()
    assert "a job of the supervisor failed" in caplog.text
    assert "the first time" in caplog.text


def test_a_job_that_exits_is_logged_as_a_failure_too(running, caplog):
    [ticker] = running(leave)._running
    ticker.join(5)

    assert TaskTriedToExit.__name__ in caplog.text


def test_a_job_that_does_not_exist_stops_the_start():
    with pytest.raises(ImportError, match="no_such_job"):
        Tickers({f"{__name__}.no_such_job": 1})


@pytest.mark.parametrize(("queue", "expected"), [("ops", {path(tick): 15}), ("bulk", {})])
def test_only_the_main_queues_supervisor_runs_them(settings, monkeypatch, queue, expected):
    settings.WORKER_TICKERS = {path(tick): 15}
    monkeypatch.setattr(run_worker.signal, "signal", lambda *_signal: None)
    monkeypatch.setattr(run_worker, "Tickers", lambda wanted: wanted)
    given = []
    monkeypatch.setattr(Supervisor, "__init__", lambda self, queue, tickers: given.append(tickers))
    monkeypatch.setattr(Supervisor, "run", lambda self: 0)

    with pytest.raises(SystemExit, match="0"):
        call_command("run_worker", "--queue", queue)

    assert given == [expected]
