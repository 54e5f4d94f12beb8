"""The one way to queue a job. Jobs take ids, may run twice, and are named by their dotted path."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django_q.exceptions import TimeoutException
from django_q.tasks import async_task

from core.actor import SYSTEM, current_actor
from core.correlation import correlation_id, new_correlation_id

logger = logging.getLogger(__name__)

T = TypeVar("T", bound=Callable[..., Any])
_TASK_MARK = "_is_crossdock_task"


class NotATask(Exception):
    """The queue named something that is not one of our jobs."""


class TaskTriedToExit(Exception):
    """A job called exit(), which would have ended the worker without a trace."""


def task(function: T) -> T:
    """Allow this function to be run by a worker."""
    setattr(function, _TASK_MARK, True)
    return function


def path_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def enqueue(function: Callable[..., Any], *args: int | str, queue: str = "") -> None:
    """Queue the job once the current transaction has committed.

    `args` are ids. Raises NotATask for a function without @task, ValueError for an unknown queue.
    """
    if not getattr(function, _TASK_MARK, False):
        raise NotATask(f"{path_of(function)} is not marked with @task.")
    if queue and queue not in {settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]}:
        raise ValueError(f"No worker serves the queue {queue!r}.")
    if settings.ONE_QUEUE:
        queue = ""
    # django-q takes its own options out of keyword arguments, so ours travel by position.
    call = partial(async_task, path_of(run), path_of(function), correlation_id.get(), *args)
    transaction.on_commit(partial(call, cluster=queue) if queue else call)


def run(path: str, correlation: str, *args: int | str) -> Any:
    """What the worker calls: one of our jobs by its path, and nothing else."""
    function = import_string(path)
    if not getattr(function, _TASK_MARK, False):
        raise NotATask(f"{path} is not one of our jobs.")
    return perform(function, correlation, *args)


def perform(function: Callable[..., Any], correlation: str, *args: int | str) -> Any:
    """Bind the correlation id, do the job as the system, let no exit pass unrecorded."""
    id_mark = correlation_id.set(correlation or new_correlation_id())
    actor_mark = current_actor.set(SYSTEM)
    try:
        return function(*args)
    except TimeoutException:
        raise
    except SystemExit as error:
        raise TaskTriedToExit(f"{path_of(function)} tried to end the worker.") from error
    finally:
        correlation_id.reset(id_mark)
        current_actor.reset(actor_mark)
