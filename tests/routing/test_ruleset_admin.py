import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from config.roles import ROLES, ensure_roles
from routing.models import Rule, Ruleset, RulesetState, Simulation
from routing.rules import Condition, Outcome
from routing.rules import Rule as PlainRule
from routing.services.edit_rules import fingerprint
from routing.services.rules import plain_rule, rules_of
from tests.factories import CarrierFactory, RulesetFactory, UserFactory
from tests.routing.small_world import (
    LIKE_UPS,
    NEVADA_BY_FEDEX,
    NO_UPS,
    build_world,
    ready_orders,
    routed_orders,
    ruleset,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    cache.clear()


@pytest.fixture
def boss(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def as_role(client, role):
    ensure_roles()
    client.force_login(UserFactory(groups=[role]))
    return client


def page(row, name="change"):
    return reverse(f"admin:routing_ruleset_{name}", args=[row.pk])


def rule_page(rule, name="rule_change"):
    return reverse(f"admin:routing_ruleset_{name}", args=[rule.ruleset_id, rule.pk])


def shown(response):
    return [str(message) for message in response.context["messages"]]


def filled(rule=None, conditions=(), outcomes=(), **values):
    """The form of a rule as a browser sends it."""
    posted = {"name": "New one", "position": "", "stop": "", "is_active": "on"} | values
    if rule:
        posted |= {"seen": fingerprint(rule), "position": rule.position, "name": rule.name}
        posted |= values
    for prefix, rows in (("conditions", conditions), ("outcomes", outcomes)):
        posted |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for i, row in enumerate(rows):
            posted |= {f"{prefix}-{i}-{name}": value for name, value in row.items()}
    return posted


PREFER_UPS = {"action": "prefer", "target": "carrier", "codes": "ups", "percent": "70"}


# --- rules ----------------------------------------------------------------------------------------


def test_a_rule_is_added_from_rows_of_choices_and_is_the_last(boss):
    CarrierFactory()
    draft = ruleset()
    conditions = [
        {"field": "state", "operator": "one_of", "values": "NV, CA"},
        {"field": "value", "operator": "at_least", "values": "250", "currency": "usd"},
        {"field": "", "operator": "", "values": ""},
    ]

    boss.post(page(draft, "rule_add"), filled(conditions=conditions, outcomes=[PREFER_UPS]))

    assert plain_rule(draft.rules.last()) == PlainRule(
        20,
        "New one",
        (
            Condition("state", "one_of", ("NV", "CA")),
            Condition("value", "at_least", ("250",), "USD"),
        ),
        (Outcome("prefer", "carrier", ("ups",), 70),),
    )


def test_a_rule_is_replaced_whole(boss):
    CarrierFactory()
    rule = ruleset().rules.get()
    hold = {"action": "hold", "text": "Call first", "codes": "left over", "target": "carrier"}

    boss.post(rule_page(rule), filled(rule, outcomes=[hold], stop="1", name="Careful"))

    assert plain_rule(Rule.objects.get(pk=rule.pk)) == PlainRule(
        10, "Careful", (), (Outcome("hold", text="Call first"),), stop=True
    )


def test_a_row_marked_for_removal_is_gone_even_when_it_makes_no_sense(boss):
    CarrierFactory()
    rule = ruleset(NEVADA_BY_FEDEX).rules.get()
    bad = {"field": "state", "operator": "is", "values": "Nevada", "DELETE": "on"}

    boss.post(rule_page(rule), filled(rule, conditions=[bad], outcomes=[PREFER_UPS]))

    assert plain_rule(Rule.objects.get(pk=rule.pk)).conditions == ()


MISTAKES = [
    ({"field": "state", "operator": "is", "values": "Nevada"}, None, "is not a US state"),
    ({"field": "state", "operator": "at_least", "values": "NV"}, None, "cannot be asked with"),
    ({"field": "zip", "operator": "between", "values": "9, 8"}, None, "ends before it begins"),
    ({"field": "weight_grams", "operator": "is", "values": "2 kg"}, None, "not a whole number"),
    ({"field": "value", "operator": "at_least", "values": "5"}, None, "needs a currency"),
    ({"field": "", "operator": "is", "values": "NV"}, None, "nothing a rule can ask about"),
    (None, {"action": "prefer", "target": "carrier", "codes": "upz"}, "no carrier of ours"),
    (None, {"action": "prefer", "codes": "ups"}, "a warehouse, a carrier or a service"),
    (None, PREFER_UPS | {"percent": "0"}, "strength from 1 to 100"),
    (None, {"action": "set_weights", "codes": "price 5"}, "is no factor"),
    (None, {"action": "set_weights", "codes": "cost ²"}, "weight of cost"),
    (None, {"action": "hold"}, "needs a reason"),
]


@pytest.mark.parametrize(("condition", "outcome", "sentence"), MISTAKES)
def test_a_mistake_is_named_beside_its_row_and_nothing_is_saved(boss, condition, outcome, sentence):
    CarrierFactory()
    draft = ruleset()
    conditions = [condition] if condition else []
    outcomes = [outcome or PREFER_UPS]

    response = boss.post(page(draft, "rule_add"), filled(conditions=conditions, outcomes=outcomes))

    rows = response.context["forms"].conditions if condition else response.context["forms"].outcomes
    assert response.status_code == 400
    assert sentence in " ".join(rows.forms[0].non_field_errors())
    assert sentence in response.text
    assert draft.rules.count() == 1


def test_a_rule_that_does_nothing_is_refused(boss):
    draft = ruleset()

    response = boss.post(page(draft, "rule_add"), filled())

    assert "The rule does nothing" in response.text


def test_a_stale_page_of_a_rule_saves_nothing(boss):
    CarrierFactory()
    rule = ruleset().rules.get()
    posted = filled(rule, outcomes=[PREFER_UPS], name="Late")
    Rule.objects.filter(pk=rule.pk).update(name="Earlier")

    response = boss.post(rule_page(rule), posted)

    assert "changed by someone else" in response.text
    assert Rule.objects.get(pk=rule.pk).name == "Earlier"


@pytest.mark.parametrize(
    ("do", "names"),
    [
        ("down", ["Never UPS", "All by UPS"]),
        ("up", ["All by UPS", "Never UPS"]),
        ("off", ["All by UPS", "Never UPS"]),
    ],
)
def test_the_small_buttons_move_and_switch(boss, do, names):
    draft = ruleset(LIKE_UPS, NO_UPS)
    first = draft.rules.first()

    boss.post(rule_page(first, "rule_act"), {"do": do})

    assert [rule.name for rule in draft.rules.all()] == names
    assert Rule.objects.get(pk=first.pk).is_active is (do != "off")


def test_removing_a_rule_asks_first(boss):
    rule = ruleset(LIKE_UPS, NO_UPS).rules.first()

    assert boss.get(rule_page(rule, "rule_remove")).status_code == 200
    assert Rule.objects.filter(pk=rule.pk).exists()

    boss.post(rule_page(rule, "rule_remove"))
    assert not Rule.objects.filter(pk=rule.pk).exists()


def test_a_published_ruleset_is_shown_and_refuses_every_edit(boss):
    fixed = ruleset(in_force=True)
    rule, before = fixed.rules.get(), rules_of(fixed)

    looked = boss.get(page(fixed))
    boss.post(rule_page(rule), filled(rule, outcomes=[PREFER_UPS], name="Other"))
    boss.post(rule_page(rule, "rule_act"), {"do": "off"})
    boss.post(rule_page(rule, "rule_remove"))
    boss.post(page(fixed, "rule_add"), filled(outcomes=[PREFER_UPS]))

    assert "Copy into a draft" in looked.text
    assert 'value="off"' not in looked.text
    assert rules_of(fixed) == before


# --- the page of a ruleset ------------------------------------------------------------------------


def test_rules_are_read_in_words(boss):
    CarrierFactory(code="fedex", name="FedEx")

    text = boss.get(page(ruleset(NEVADA_BY_FEDEX))).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Destination state is NV" in text
    assert "Prefer carrier FedEx 80 %" in text
    assert "go on" in text


def test_what_the_linter_finds_stands_on_both_pages_with_links(boss):
    require = PlainRule(10, "Only UPS", (), (Outcome("require", "carrier", ("ups",)),))
    draft = ruleset(require, NO_UPS)

    for address in (page(draft), rule_page(draft.rules.last())):
        text = boss.get(address).text
        assert "together they leave no carrier" in text
        assert "Narrow the conditions of one" in text
        assert rule_page(draft.rules.first()) in text


def test_an_edit_is_linted_at_once(boss):
    draft = ruleset(LIKE_UPS)
    assert "no active rule" not in boss.get(page(draft)).text

    boss.post(rule_page(draft.rules.get(), "rule_act"), {"do": "off"})

    assert "no active rule" in boss.get(page(draft)).text


def figures(client, draft, **changes):
    form = client.get(page(draft)).context["adminform"].form
    return {name: form[name].value() for name in form.fields} | changes


def test_figures_are_saved_through_the_service(boss):
    draft = ruleset()

    boss.post(page(draft), figures(boss, draft, threshold=72, state_preferences="ca,nv"))

    draft.refresh_from_db()
    assert (draft.threshold, draft.state_preferences, draft.version) == (72, "CA, NV", 2)


def test_figures_of_a_stale_page_are_refused_with_a_sentence(boss):
    draft = ruleset()
    posted = figures(boss, draft, threshold=72)
    Ruleset.objects.update(version=9)

    response = boss.post(page(draft), posted, follow=True)

    assert "changed by someone else" in " ".join(shown(response))
    draft.refresh_from_db()
    assert draft.threshold == 60


def test_a_new_draft_starts_with_the_usual_figures(boss):
    boss.post(reverse("admin:routing_ruleset_add"), {"name": "Fresh", "note": ""})

    draft = Ruleset.objects.get()
    assert (draft.name, draft.state, draft.created_by) == ("Fresh", RulesetState.DRAFT, boss_of())


def boss_of():
    return UserFactory._meta.model.objects.get(is_superuser=True)


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_queries_for_one_rule_as_for_twelve(
    boss, count, django_assert_num_queries
):
    plain = [
        PlainRule(10 * n, f"Rule {n}", NEVADA_BY_FEDEX.conditions, NEVADA_BY_FEDEX.outcomes)
        for n in range(1, count + 1)
    ]
    draft = ruleset(*plain)
    boss.get(page(draft))  # fills the linter's memory

    with django_assert_num_queries(17):
        boss.get(page(draft))


# --- what may be done with it ---------------------------------------------------------------------


def test_publishing_asks_twice_when_the_draft_was_never_simulated(boss):
    draft = ruleset()
    assert "Publish all the same" not in boss.get(page(draft, "publish")).text

    refused = boss.post(page(draft, "publish"), {"at": ""})

    assert "not simulated as it stands" in refused.text
    assert "Publish all the same" in refused.text
    draft.refresh_from_db()
    assert draft.is_draft

    boss.post(page(draft, "publish"), {"at": "", "anyway": "on"})
    draft.refresh_from_db()
    assert draft.state == RulesetState.PUBLISHED


def test_publishing_can_wait_for_a_time_in_the_zone_of_the_page(boss):
    draft = ruleset()
    year = timezone.now().year + 1

    boss.post(page(draft, "publish"), {"at": f"{year}-03-01T08:00", "anyway": "on"})

    draft.refresh_from_db()
    assert draft.state == RulesetState.SCHEDULED
    assert timezone.localtime(draft.active_from).strftime("%m-%d %H:%M") == "03-01 08:00"


def test_an_archived_ruleset_is_put_in_force_again(boss):
    old = ruleset(state=RulesetState.ARCHIVED, number=1)
    ruleset(in_force=True)

    boss.post(page(old, "put_in_force_again"), {"at": ""})

    assert Ruleset.objects.get(state=RulesetState.PUBLISHED) == old


def test_copying_leads_to_the_draft(boss):
    fixed = ruleset(in_force=True)

    response = boss.post(page(fixed, "copy"), {"name": "Spring"}, follow=True)

    draft = Ruleset.objects.get(name="Spring")
    assert response.redirect_chain[-1][0] == page(draft)
    assert draft.copied_from == fixed


BUTTONS = {
    "draft": {"Simulate", "Publish", "Copy into a draft"},
    "scheduled": {"Unschedule", "Copy into a draft"},
    "published": {"Copy into a draft"},
    "archived": {"Simulate", "Put in force again", "Copy into a draft"},
}


@pytest.mark.parametrize("state", BUTTONS)
def test_only_buttons_that_make_sense_are_shown(boss, state):
    number = None if state == "draft" else 1
    row = ruleset(state=state, number=number, active_from=timezone.now())

    buttons = boss.get(page(row)).context["actions_detail"]

    assert {button["title"] for button in buttons} == BUTTONS[state]


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_read_rulesets(client, role):
    assert as_role(client, role).get(page(ruleset())).status_code == 200


@pytest.mark.parametrize(
    ("role", "edits", "publishes"),
    [
        ("Viewer", False, False),
        ("Clerk", False, False),
        ("Router", True, False),
        ("Supervisor", True, True),
    ],
)
def test_routers_edit_and_simulate_and_supervisors_publish(client, role, edits, publishes):
    CarrierFactory()
    draft = ruleset()
    as_role(client, role)

    client.post(page(draft, "rule_add"), filled(outcomes=[PREFER_UPS]))
    client.post(page(draft, "simulate"), {"days": 7})
    client.post(page(draft, "publish"), {"at": "", "anyway": "on"})

    assert (draft.rules.count() == 2) is edits
    assert Simulation.objects.exists() is edits
    assert Ruleset.objects.filter(state=RulesetState.PUBLISHED).exists() is publishes


@pytest.mark.parametrize("name", ["rule_act", "rule_remove", "rule_change"])
def test_who_may_only_look_changes_no_rule(client, name):
    rule = ruleset().rules.get()
    as_role(client, "Viewer")

    assert client.post(rule_page(rule, name), {"do": "off"}).status_code == 403


def test_trying_an_order_needs_the_right_to_see_orders(client):
    user = UserFactory()
    names = ["view_ruleset", "simulate_ruleset"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)

    assert client.get(page(ruleset(), "try")).status_code == 403


# --- trying an order ------------------------------------------------------------------------------


def test_an_order_is_tried_under_the_draft_beside_the_one_in_force(boss):
    build_world()
    ruleset(LIKE_UPS, in_force=True)
    (order,) = ready_orders()

    response = boss.get(page(ruleset(LIKE_UPS, NO_UPS), "try"), {"order": order.number})

    shown = response.context["shown"]
    assert shown.before.route == "RNO1 · Ups Ground"
    assert shown.after.route == "RNO1 · Fedex Ground"
    assert "Route: RNO1 by Ups Ground → RNO1 by Fedex Ground." in response.text
    assert "Rule “Never UPS” allows" in response.text
    order.refresh_from_db()
    assert (order.status, order.decisions.count()) == ("ready", 0)


def test_a_routed_order_is_tried_with_the_stock_that_its_decision_saw(boss):
    build_world(stock=1)
    ruleset(LIKE_UPS, in_force=True)
    (order,) = routed_orders()

    response = boss.get(page(ruleset(LIKE_UPS), "try"), {"id": order.pk})

    assert response.context["shown"].after.route == "RNO1 · Ups Ground"
    assert "the same outcome" in response.text


@pytest.mark.parametrize(
    "asked", [{"order": "nobody"}, {"id": "9" * 30}, {"id": "x"}, {"id": "0"}, {}]
)
def test_an_order_that_is_not_there_is_no_error(boss, asked):
    assert boss.get(page(RulesetFactory(), "try"), asked).status_code == 200


def test_of_two_orders_with_one_number_a_person_chooses(boss):
    build_world()
    first, second = ready_orders(number="77", source="a") + ready_orders(number="77", source="b")

    text = boss.get(page(ruleset(), "try"), {"order": "77"}).text

    assert f"?id={first.pk}" in text
    assert f"?id={second.pk}" in text


def test_order_numbers_are_offered_as_they_are_typed(boss):
    ready_orders(number="AB-1001")
    ready_orders(number="ZZ-1")

    found = boss.get(page(ruleset(), "try_orders"), {"term": "AB"}).json()

    assert [order["number"] for order in found["orders"]] == ["AB-1001"]


@pytest.mark.parametrize("count", [1, 8])
def test_trying_costs_the_same_queries_however_many_rules_there_are(
    boss, count, django_assert_num_queries
):
    build_world()
    ruleset(in_force=True)
    (order,) = ready_orders()
    draft = ruleset(*(PlainRule(n, f"R{n}", (), LIKE_UPS.outcomes) for n in range(1, count + 1)))

    with django_assert_num_queries(27):
        boss.get(page(draft, "try"), {"id": order.pk})


def test_before_publishing_every_change_against_the_one_in_force_is_named(boss):
    ruleset(LIKE_UPS, in_force=True)
    draft = ruleset(LIKE_UPS, NO_UPS, threshold=75)

    text = boss.get(page(draft, "publish")).text

    assert "2 changes against the one in force" in text
    assert "New: “Never UPS”. Every order: Forbid carrier ups." in text
    assert "60 → 75" in text
