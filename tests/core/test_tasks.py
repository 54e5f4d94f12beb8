import pytest
from django.db import transaction
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ

from core.actor import SYSTEM, current_actor
from core.correlation import correlation_id
from core.tasks import NotATask, TaskTriedToExit, enqueue, path_of, run, task

seen: list[object] = []


@task
def remember(*args: int | str) -> str:
    seen.append((args, correlation_id.get(), current_actor.get()))
    return "remembered"


@task
def leave() -> None:
    raise SystemExit(3)


@task
def take_too_long() -> None:
    raise TimeoutException


def not_marked() -> None: ...


@pytest.fixture(autouse=True)
def _forget():
    seen.clear()


@pytest.mark.django_db(transaction=True)
def test_a_job_is_queued_only_when_the_transaction_commits():
    with transaction.atomic():
        enqueue(remember, 7)
        assert OrmQ.objects.count() == 0

    queued = OrmQ.objects.get().task
    assert queued["func"] == "core.tasks.run"
    assert queued["args"][0] == path_of(remember)
    assert queued["args"][2:] == (7,)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_queues_nothing():
    with transaction.atomic():
        enqueue(remember, 7)
        transaction.set_rollback(True)

    assert OrmQ.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_can_name_its_queue(settings):
    settings.ONE_QUEUE = False
    enqueue(remember, 7, queue="bulk")

    assert OrmQ.objects.get().key == "bulk"


@pytest.mark.django_db(transaction=True)
def test_one_worker_serves_every_queue_where_there_is_only_one(settings):
    settings.ONE_QUEUE = True
    enqueue(remember, 7, queue="bulk")

    assert OrmQ.objects.get().key == settings.Q_CLUSTER["name"]


def test_a_queue_nobody_serves_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        enqueue(remember, 7, queue="nowhere")


def test_a_function_that_is_no_job_is_refused():
    with pytest.raises(NotATask):
        enqueue(not_marked)


def test_the_worker_runs_nothing_but_our_jobs():
    with pytest.raises(NotATask):
        run("os.getcwd", "")


def test_a_job_carries_the_clicks_correlation_id_and_acts_as_the_system():
    assert run(path_of(remember), "click-0001", 7) == "remembered"
    assert seen == [((7,), "click-0001", SYSTEM)]
    assert correlation_id.get() == ""


def test_a_job_without_a_click_gets_an_id_of_its_own():
    run(path_of(remember), "")

    assert seen[0][1]


def test_a_job_that_exits_is_recorded_as_a_failure():
    with pytest.raises(TaskTriedToExit, match="leave"):
        run(path_of(leave), "")


def test_the_workers_own_time_limit_passes_through():
    with pytest.raises(TimeoutException):
        run(path_of(take_too_long), "")
