"""People who publish and edit at the same moment take turns."""

from functools import partial

import pytest

from routing.errors import RulesetChanged, RulesetNotEditable
from routing.models import Ruleset, RulesetState
from routing.rules import Outcome, Rule
from routing.services.edit_rules import add_rule, edit_figures
from routing.services.lifecycle import publish_ruleset
from tests.routing.small_world import LIKE_UPS, ruleset
from tests.warehouses.test_races import all_at_once, on_postgres, tried

pytestmark = [on_postgres, pytest.mark.django_db(transaction=True)]
PEOPLE = 6


def test_of_many_who_publish_at_once_one_is_in_force_and_every_number_is_given_once():
    ruleset(in_force=True)
    drafts = [ruleset() for _person in range(PEOPLE)]

    all_at_once([partial(publish_ruleset, one, although_not_simulated=True) for one in drafts])

    numbers = sorted(Ruleset.objects.values_list("number", flat=True))
    assert Ruleset.objects.filter(state=RulesetState.PUBLISHED).count() == 1
    assert numbers == list(range(1, PEOPLE + 2))


def test_of_many_who_save_the_same_figures_one_is_heard():
    draft = ruleset()

    heard = all_at_once(
        [
            partial(tried, RulesetChanged, edit_figures, draft, 1, {"threshold": 50 + person})
            for person in range(PEOPLE)
        ]
    )

    assert sum(heard) == 1


def test_a_ruleset_published_while_somebody_adds_a_rule_has_it_or_refuses_it():
    draft = ruleset(LIKE_UPS)
    rule = Rule(20, "Tagger", (), (Outcome("tag", codes=("vip",)),))

    (added, _published) = all_at_once(
        [
            partial(tried, RulesetNotEditable, add_rule, draft, rule),
            partial(publish_ruleset, draft, although_not_simulated=True),
        ]
    )

    draft.refresh_from_db()
    assert draft.state == RulesetState.PUBLISHED
    assert (draft.rules.count() == 2) is added
