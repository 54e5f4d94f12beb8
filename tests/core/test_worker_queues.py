import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.worker.queues import UnknownQueue, queue_named, queue_names


def test_a_queue_keeps_its_own_limits_and_takes_the_rest_from_the_main_one():
    bulk = queue_named("bulk")

    assert (bulk.timeout, bulk.workers) == (900, 1)
    assert bulk.bulk == settings.Q_CLUSTER["bulk"]


def test_a_queue_nobody_knows_is_refused_with_the_names_of_all():
    with pytest.raises(UnknownQueue, match=r"'nowhere'.*bulk, easyship, ops, veeqo"):
        queue_named("nowhere")


def test_the_command_refuses_it_in_the_same_sentence():
    with pytest.raises(CommandError, match="no queue 'nowhere'"):
        call_command("run_worker", "--queue", "nowhere")


def test_patience_is_always_longer_than_the_longest_job(settings):
    settings.WORKER_STALL_SECONDS = 10

    assert all(
        queue_named(name).stall_seconds > queue_named(name).timeout for name in queue_names()
    )


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("name", ["ops", "bulk", "veeqo", "easyship"])
def test_no_job_is_handed_out_twice_because_it_had_to_wait(settings, name, workers):
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"workers": workers, "queue_limit": workers}

    queue = queue_named(name)

    assert queue.retry >= queue.rounds * (queue.timeout + 5)


def test_every_queue_is_known_by_name():
    assert queue_names() == ["ops", "bulk", "veeqo", "easyship"]
