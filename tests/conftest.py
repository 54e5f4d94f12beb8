"""What every test may ask for."""

import pytest

from core.actor import SYSTEM, Actor, current_actor
from core.correlation import correlation_id
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def nobody_acts_yet():
    """What one test binds, the next one does not see."""
    actor, correlation = current_actor.set(SYSTEM), correlation_id.set("")
    yield
    current_actor.reset(actor)
    correlation_id.reset(correlation)


@pytest.fixture
def staff(db):
    """A signed-in person without any permission yet."""
    return UserFactory(username="dana")


@pytest.fixture
def acting(staff):
    """Whatever happens in this test was done by `staff`, for the click `click-0001`."""
    current_actor.set(Actor(staff.username, staff.pk))
    correlation_id.set("click-0001")
    return staff
