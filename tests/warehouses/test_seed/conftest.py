import shutil
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from warehouses.seed.world import DEMO


@pytest.fixture
def sheets(tmp_path):
    """A copy of the demo's sheets that a test may spoil."""
    return shutil.copytree(DEMO, tmp_path / "sheets")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo world, loaded once for the tests of this file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)
