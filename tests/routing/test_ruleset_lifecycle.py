from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from routing.default_rules import default_rules
from routing.errors import (
    NoRulesetInForce,
    RuleNotValid,
    RulesetChanged,
    RulesetNotEditable,
    RulesetRefused,
)
from routing.models import Ruleset, RulesetState, SimulationState
from routing.rules import Outcome, Rule
from routing.services.edit_rules import (
    add_rule,
    edit_figures,
    fingerprint,
    move_rule,
    remove_rule,
    replace_rule,
    switch_rule,
)
from routing.services.lifecycle import (
    copy_ruleset,
    is_simulated,
    publish_due,
    publish_ruleset,
    unschedule_ruleset,
)
from routing.services.rules import ensure_default_ruleset, plain_rule, rules_of, ruleset_in_force
from tests.factories import CarrierFactory, RulesetFactory, SimulationFactory
from tests.routing.small_world import LIKE_UPS, NEVADA_BY_FEDEX, NO_UPS, ruleset

pytestmark = pytest.mark.django_db


def publish(draft, **kwargs):
    return publish_ruleset(draft, although_not_simulated=True, **kwargs)


def in_force():
    return list(Ruleset.objects.filter(state=RulesetState.PUBLISHED))


# --- publishing -----------------------------------------------------------------------------------


def test_the_default_ruleset_says_exactly_what_its_tests_were_written_for():
    ensure_default_ruleset()

    assert rules_of(ruleset_in_force()) == default_rules(1)
    assert ensure_default_ruleset() is None


def test_publishing_puts_one_in_force_and_archives_the_one_before(acting):
    old, draft = ruleset(in_force=True), ruleset()

    published = publish(draft)

    old.refresh_from_db()
    assert in_force() == [published]
    assert (published.number, published.published_by, old.state) == (2, acting, "archived")
    assert AuditEvent.objects.filter(action="publish_ruleset", actor=acting).count() == 1


def test_the_database_lets_only_one_be_in_force():
    ruleset(in_force=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        ruleset(in_force=True)


def test_a_draft_never_simulated_is_refused_until_somebody_insists():
    draft = ruleset()

    with pytest.raises(RulesetRefused, match="not simulated as it stands"):
        publish_ruleset(draft)

    assert publish(draft).state == RulesetState.PUBLISHED


def test_a_simulation_counts_until_the_draft_is_changed():
    draft = ruleset()
    SimulationFactory(ruleset=draft, state=SimulationState.DONE)
    assert is_simulated(draft)

    switch_rule(draft.rules.get(), is_active=False)

    draft.refresh_from_db()
    assert not is_simulated(draft)


def test_an_unfinished_simulation_does_not_count():
    draft = ruleset()
    SimulationFactory(ruleset=draft, state=SimulationState.CANCELLED)

    assert not is_simulated(draft)


def test_a_ruleset_without_an_active_rule_is_not_published():
    draft = ruleset()
    switch_rule(draft.rules.get(), is_active=False)

    with pytest.raises(RulesetRefused, match="no active rule"):
        publish(draft)


def test_a_rule_that_makes_no_sense_stops_publishing_with_its_sentence():
    draft = ruleset(Rule(10, "Broken", (), (Outcome("prefer", "carrier"),)))

    with pytest.raises(RuleNotValid, match="choose at least one carrier"):
        publish(draft)


def test_what_is_in_force_is_not_published_again():
    with pytest.raises(RulesetRefused, match="in force already"):
        publish(ruleset(in_force=True))


def test_rolling_back_publishes_the_old_one_again_under_its_number():
    first = publish(ruleset())
    publish(ruleset())

    again = publish_ruleset(first)

    assert in_force() == [again]
    assert again.number == 1


def test_without_any_ruleset_in_force_routing_says_where_to_go():
    with pytest.raises(NoRulesetInForce, match="Publish one"):
        ruleset_in_force()


# --- schedules ------------------------------------------------------------------------------------


def test_a_scheduled_ruleset_comes_into_force_when_its_time_has_come(acting):
    old, soon = ruleset(in_force=True), timezone.now() + timedelta(hours=2)
    planned = publish(ruleset(), at=soon)
    assert (planned.state, in_force()) == (RulesetState.SCHEDULED, [old])

    assert publish_due(soon - timedelta(minutes=1)) == 0
    assert publish_due(soon) == 1

    assert in_force() == [planned]
    assert in_force()[0].published_by == acting


def test_of_two_that_are_due_the_later_one_stays_in_force():
    now = timezone.now()
    later = publish(ruleset(), at=now + timedelta(hours=2))
    publish(ruleset(), at=now + timedelta(hours=1))

    assert publish_due(now + timedelta(hours=3)) == 2
    assert in_force() == [later]


def test_a_time_that_has_passed_is_refused():
    with pytest.raises(RulesetRefused, match="has passed"):
        publish(ruleset(), at=timezone.now() - timedelta(minutes=1))


def test_an_unscheduled_ruleset_does_not_come_into_force_by_itself():
    soon = timezone.now() + timedelta(hours=1)
    planned = publish(ruleset(), at=soon)

    unscheduled = unschedule_ruleset(planned)

    assert publish_due(soon) == 0
    assert (unscheduled.state, unscheduled.active_from) == (RulesetState.ARCHIVED, None)
    with pytest.raises(RulesetRefused, match="not scheduled"):
        unschedule_ruleset(planned)


# --- drafts ---------------------------------------------------------------------------------------


def test_a_copy_has_the_same_rules_and_figures_and_nothing_of_the_publication():
    CarrierFactory(code="fedex")
    old = ruleset(LIKE_UPS, NEVADA_BY_FEDEX, in_force=True, threshold=71, weight_cost=44)

    draft = copy_ruleset(old, "Spring")

    assert (draft.name, draft.number, draft.state) == ("Spring", None, RulesetState.DRAFT)
    assert draft.copied_from == old
    was, now = rules_of(old), rules_of(draft)
    assert (now.rules, now.threshold, now.weights) == (was.rules, 71, was.weights)


EDITS = {
    "add": lambda row: add_rule(row.ruleset, NO_UPS),
    "replace": lambda row: replace_rule(
        row, replace(LIKE_UPS, position=row.position), seen=fingerprint(row)
    ),
    "move": lambda row: move_rule(row, up=True),
    "switch": lambda row: switch_rule(row, is_active=False),
    "remove": remove_rule,
    "figures": lambda row: edit_figures(row.ruleset, row.ruleset.version, {"threshold": 1}),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("state", ["published", "scheduled", "archived"])
def test_nothing_in_a_published_ruleset_changes(name, state):
    CarrierFactory()
    fixed = ruleset(state=state, number=1, active_from=timezone.now())
    before = rules_of(fixed)

    with pytest.raises(RulesetNotEditable, match="Copy it into a draft"):
        EDITS[name](fixed.rules.get())

    assert rules_of(Ruleset.objects.get(pk=fixed.pk)) == before


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_of_a_draft_raises_its_version_and_leaves_an_audit_event(name, acting):
    CarrierFactory()
    draft = ruleset(LIKE_UPS, NO_UPS, NEVADA_BY_FEDEX)
    draft.rules.filter(name="Never UPS").delete()

    EDITS[name](draft.rules.last())

    draft.refresh_from_db()
    event = AuditEvent.objects.get(object_type="routing.ruleset", object_id=str(draft.pk))
    assert (draft.version, event.actor) == (2, acting)


def test_rules_change_places():
    draft = ruleset(LIKE_UPS, NO_UPS, NEVADA_BY_FEDEX)
    last = draft.rules.get(position=30)

    assert move_rule(last, up=True)

    assert [rule.name for rule in draft.rules.all()] == [
        "All by UPS",
        "Nevada by FedEx",
        "Never UPS",
    ]
    assert [rule.position for rule in draft.rules.all()] == [10, 20, 30]


def test_the_first_rule_cannot_go_further_up():
    draft = ruleset(LIKE_UPS, NO_UPS)

    assert not move_rule(draft.rules.first(), up=True)

    draft.refresh_from_db()
    assert draft.version == 1


def test_a_position_that_is_taken_is_named_with_its_rule():
    CarrierFactory()
    draft = ruleset(LIKE_UPS)

    with pytest.raises(RulesetRefused, match="Position 10 is taken by “All by UPS”"):
        add_rule(draft, LIKE_UPS)


def test_an_edit_of_a_rule_that_somebody_changed_meanwhile_is_refused():
    CarrierFactory()
    draft = ruleset(LIKE_UPS)
    row = draft.rules.get()
    seen = fingerprint(row)
    switch_rule(row, is_active=False)

    with pytest.raises(RulesetChanged, match="changed by someone else"):
        replace_rule(row, LIKE_UPS, seen=seen)


def test_figures_of_a_stale_page_are_refused():
    draft = ruleset()
    edit_figures(draft, 1, {"threshold": 70})

    with pytest.raises(RulesetChanged):
        edit_figures(draft, 1, {"threshold": 80})


def test_codes_are_stored_as_we_write_them_however_they_were_typed():
    CarrierFactory(code="fedex", name="Federal Express")
    draft = RulesetFactory()

    row = add_rule(
        draft, Rule(0, "By name", (), (Outcome("prefer", "carrier", ("federal express", "FEDEX")),))
    )

    assert plain_rule(row).outcomes[0].codes == ("fedex",)
    assert row.position == 10


def test_a_code_that_does_not_exist_is_named_with_those_that_do():
    CarrierFactory(code="ups")

    with pytest.raises(RuleNotValid, match="“upz” is no carrier of ours; choose from ups"):
        add_rule(RulesetFactory(), Rule(0, "Slip", (), (Outcome("forbid", "carrier", ("upz",)),)))


@pytest.mark.parametrize("tag", ["two words", "x" * 41, "semi;colon"])
def test_a_tag_that_could_not_be_stored_is_refused(tag):
    with pytest.raises(RuleNotValid, match="is no tag"):
        add_rule(RulesetFactory(), Rule(0, "Tagger", (), (Outcome("tag", codes=(tag,)),)))
