import pytest

from tests.integrations.drift_case import found, reconciled, sent

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("platform", ["veeqo", "easyship"])


@BOTH
def test_an_agreeing_world_opens_nothing(case, platform):
    sent(case.start(), platform)
    first, second = reconciled(platform), reconciled(platform)
    print(first, second)
    assert found() == []
    assert (first.looked, first.agreed, second.looked) == (1, 1, 1)
