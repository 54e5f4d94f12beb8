import inspect
import pydoc
from datetime import timedelta

import pytest
from django.core.management import call_command
from django_q.models import Schedule

from config.schedules import SCHEDULES
from core.periodic import every_of
from core.tasks import enqueue, path_of

NAMES = [entry.name for entry in SCHEDULES]


@pytest.mark.parametrize("entry", SCHEDULES, ids=NAMES)
def test_the_worker_finds_the_job_by_its_path(entry):
    found = pydoc.locate(path_of(entry.job))  # as django-q2's worker does

    assert found is entry.job
    assert inspect.signature(found).parameters == {}


@pytest.mark.django_db
@pytest.mark.parametrize("entry", SCHEDULES, ids=NAMES)
def test_every_scheduled_function_is_a_job(entry):
    enqueue(entry.job)


@pytest.mark.parametrize("entry", SCHEDULES, ids=NAMES)
def test_every_entry_fits_django_qs_table(entry):
    every = every_of(entry.job)

    assert every % timedelta(minutes=1) == timedelta(0)
    assert timedelta(minutes=1) <= every < timedelta(minutes=32_768)
    assert timedelta(0) <= entry.offset < every


def test_names_are_unique():
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.django_db
def test_the_command_may_run_on_every_deploy(capsys):
    call_command("ensure_schedules")
    call_command("ensure_schedules")

    said = capsys.readouterr().out.splitlines()
    assert said[1] == "Schedules: 0 created, 0 changed, 0 removed."
    assert sorted(Schedule.objects.values_list("name", flat=True)) == sorted(NAMES)
