"""A sandbox of one's own, and orders that it can carry."""

import pytest

from tests.integrations.dispatch_case import Case


@pytest.fixture
def case(tmp_path, settings):
    """Starts the sandbox at first use; without pace limits and with short pauses."""
    case = Case(tmp_path, settings)
    yield case
    case.close()
