"""What a decision says of itself, beyond the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.codec import UnreadableDocument, document, from_document
from routing.compare import change, differences, verdict
from routing.confidence import confidence
from routing.decision import decide, decide_all
from routing.effects import PreparedRules
from routing.facts import LineFacts, Network, OrderFacts, QuoteFacts
from routing.prepared import PreparedNetwork
from routing.rules import FACTORS, Condition, Outcome, Rule, Rules
from routing.sentences import reasons
from routing.summary import summary
from tests.routing import world


def choose(order=None, network=None, rules=None, now=world.NOW):
    return decide(order or world.order(), network or world.network(), rules or world.rules(), now)


def codes(decision):
    return [problem.code for problem in decision.problems]


def test_every_warehouse_and_service_is_a_candidate():
    network = world.network()
    decision = choose(network=network)
    pairs = {(row.warehouse, row.service) for row in decision.candidates}
    assert len(pairs) == len(network.warehouses) * len(network.services)


def test_a_score_is_the_sum_of_weight_times_value():
    best = choose().chosen
    assert best.score_bp == sum(factor.value_bp * factor.weight for factor in best.factors)
    assert [factor.name for factor in best.factors if factor.name in FACTORS]


def test_the_margin_is_the_lead_over_the_runner_up():
    decision = choose()
    assert decision.margin_bp == decision.chosen.score_bp - decision.runner_up.score_bp
    assert decision.margin_bp > 0


def test_confidence_is_the_weighted_mean_of_its_parts():
    decision = choose(world.order(address_verdict="unchecked", missing_contact=("phone",)))
    total = sum(part.percent * part.weight for part in decision.confidence_parts)
    assert decision.confidence == total // sum(part.weight for part in decision.confidence_parts)
    assert {part.name: part.percent for part in decision.confidence_parts}["contact"] == 75


@pytest.mark.parametrize(
    ("days", "percent"), [(0, 100), (7, 100), (19, 47), (30, 0), (99, 0), (None, 0)]
)
def test_old_counts_of_stock_make_a_decision_less_sure(days, percent):
    counted = None if days is None else world.NOW - timedelta(days=days)
    stock = {key: world.shelf(counted_at=counted) for key in world.full_shelves()}
    parts = choose(network=world.network(stock)).confidence_parts
    assert {part.name: part.percent for part in parts}["stock"] == percent


def test_a_quote_replaces_the_rate_card_and_is_worth_more_confidence():
    quote = QuoteFacts("RNO1", "fedex-ground", 999)
    decision = choose(world.order(quotes=(quote,)))
    assert (decision.chosen.cents, decision.chosen.estimate.is_quoted) == (999, True)
    assert {part.name: part.percent for part in decision.confidence_parts}["estimates"] == 100


def test_equally_good_candidates_go_to_review_with_the_first_prepared():
    twin = replace(world.WAREHOUSES[0], code="RNO2")
    places = (world.WAREHOUSES[0], twin)
    network = world.network(world.full_shelves(places), warehouses=places)
    decision = choose(network=network)
    assert (decision.chosen.warehouse, decision.is_tie) == ("RNO1", True)
    assert "tie" in codes(decision)


def test_a_split_says_of_which_parcel_it_speaks_and_a_tie_of_splits_what_can_be_done():
    order = world.order("75201", world.line("MUG", 1), world.line("THROW", 1, position=2))
    twins = tuple(replace(world.WAREHOUSES[0], code=code) for code in ("RNO1", "RNO2", "RNO3"))
    stock = {("RNO1", "MUG"): world.shelf(), ("RNO2", "THROW"): world.shelf()}
    stock |= {("RNO3", "THROW"): world.shelf()}

    decision = choose(order, world.network(stock, warehouses=twins))

    said = [sentence for sentence in reasons(decision) if "points." in sentence]
    assert {sentence.split(":")[0] for sentence in said} == {
        "Parcel from RNO1",
        "Parcel from RNO2",
    }
    (tie,) = [problem for problem in decision.problems if problem.code == "tie"]
    assert tie.next_step == "Approve the first, or move stock to one warehouse and route again."


def test_what_is_too_heavy_for_one_parcel_is_spread_evenly_however_much_stock_there_is():
    order = world.order("60601", world.line("THROW", 30))
    stock = {("DFW1", "THROW"): world.shelf(40), ("RNO1", "THROW"): world.shelf(17)}

    best = choose(order, world.network(stock)).chosen

    assert {part.warehouse: part.allocations[0].quantity for part in best.parts} == {
        "DFW1": 16,
        "RNO1": 14,
    }


def test_a_whole_shipment_goes_before_a_split_that_would_meet_the_wish():
    order = world.order("60601", world.line("THROW", 10), wanted_carrier="usps")
    usps = [one for one in world.SERVICES if one.carrier == "usps"]
    light = {one.code: replace(one, max_weight_grams=8_000) for one in usps}
    services = tuple(light.get(one.code, one) for one in world.SERVICES)

    decision = choose(order, world.network(services=services))

    assert (decision.chosen.carrier != "usps", decision.chosen.is_split) == (True, False)
    assert [wish.is_honoured for wish in decision.wishes] == [False]
    assert "wish_refused" in [problem.code for problem in decision.problems]


def test_of_equally_good_warehouses_the_lower_priority_number_comes_first():
    twin = replace(world.WAREHOUSES[0], code="RNO2", priority=1)
    places = (world.WAREHOUSES[0], twin)
    network = world.network(world.full_shelves(places), warehouses=places)
    assert choose(network=network).chosen.warehouse == "RNO2"


def test_a_threshold_sends_less_sure_decisions_to_review():
    assert "low_confidence" in codes(choose(rules=world.rules(threshold=99)))
    assert not choose(rules=world.rules(threshold=0)).needs_review


def test_a_route_that_a_person_pinned_is_not_doubted():
    pinned = world.order(pinned_warehouse="ABE1", pinned_service="ups-ground")
    assert not choose(pinned, rules=world.rules(threshold=99)).needs_review


def test_a_pinned_route_says_so_instead_of_blaming_the_gates():
    order = world.order(pinned_warehouse="ONT1", pinned_service="fedex-2day")
    said = reasons(choose(order))
    assert "A person pinned the order to ONT1 with fedex-2day." in said
    assert "No other candidate passes every gate." not in said


def test_a_missed_cutoff_means_tomorrow():
    evening = datetime(2027, 3, 3, 3, 0, tzinfo=UTC)
    assert choose().chosen.estimate.pickup_day.day == 2
    assert choose(now=evening).chosen.estimate.pickup_day.day == 3


def test_the_last_safe_minute_is_the_cutoff_of_the_pickup():
    assert choose().last_safe_minute == datetime(2027, 3, 3, 1, 0, tzinfo=UTC)


def test_dimensional_weight_is_billed_where_it_is_more():
    pillow = world.line("MUG", weight_grams=500, length_mm=600, width_mm=500, height_mm=400)
    chosen = choose(world.order("60601", pillow)).chosen
    assert chosen.estimate.billable_grams == -(-600 * 500 * 400 // 5022)


def test_a_price_in_another_currency_is_never_compared():
    services = tuple(
        replace(row, rates=tuple(replace(rate, currency="EUR") for rate in row.rates))
        if row.code == "ups-ground"
        else row
        for row in world.SERVICES
    )
    decision = choose(network=world.network(services=services))
    foreign = next(row for row in decision.candidates if row.service == "ups-ground")
    cost = next(factor for factor in foreign.factors if factor.name == "cost")
    assert (cost.raw, cost.value_bp) == (None, 0)


def test_the_orders_of_a_batch_see_what_the_earlier_ones_left():
    stock = {("RNO1", "MUG"): world.shelf(3), ("ABE1", "MUG"): world.shelf(3)}
    batch = [world.order(number=str(number)) for number in range(3)]
    found = list(decide_all(batch, world.network(stock), world.rules(), world.NOW))
    assert [row.chosen and row.chosen.warehouse for row in found] == ["RNO1", "ABE1", None]


def test_what_was_taken_can_be_put_back():
    places = PreparedNetwork(world.network())
    decision = choose(network=places)
    before = dict(places.stock)
    places.take(decision)
    assert places.stock != before
    places.put_back(decision)
    assert (places.stock, places.load_of("RNO1")) == (before, 0)


def test_memory_of_a_batch_changes_no_decision():
    places, rules = PreparedNetwork(world.network()), PreparedRules.of(world.rules())
    for zip_code in sorted(world.PLACES) * 2:
        order = world.order(zip_code)
        assert decide(order, places, rules, world.NOW) == choose(order)


def test_reasons_are_made_for_decisions_of_every_kind():
    for order in (
        world.order(),
        world.order("10001", world.line("CHAIR", 2)),
        world.order("", lines=()),
    ):
        said = reasons(choose(order))
        assert said
        assert all(sentence.rstrip()[-1] in ".:" for sentence in said)


def test_the_summary_has_the_keys_that_other_programs_read():
    found = summary(choose(world.order(is_po_box=True)))
    assert (found["platform"], found["carrier"], found["warehouse"]) == ("veeqo", "dhl", "RNO1")
    closed = next(row for row in found["candidates"] if not row["eligible"])
    assert set(closed["failed_gates"][0]) == {"gate", "value", "limit"}
    best = found["candidates"][0]["factors"]["cost"]
    assert best["points"] == pytest.approx(best["value"] * best["weight"])


def test_two_decisions_are_compared_field_for_field_and_in_words():
    before, after = choose(), choose(rules=world.rules(weights={"cost": 1}, version=2))
    assert verdict(before, before) == "identical"
    assert "ruleset: 1 → 2" in [str(each) for each in differences(before, after)]
    told = change(before, after)
    assert told.is_other_route
    assert told.cents == 662 - 1205
    assert "Route: RNO1 by fedex-ground → RNO1 by dhl-ecommerce-parcel-ground." in told.sentences


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"kind": "order"},
        {"body": {}},
        {"body": []},
        {"body": {"order": 7, "ruleset": "x", "gates": [], "factors": [], "candidates": []}},
    ],
)
def test_a_damaged_document_is_refused(damage):
    with pytest.raises(UnreadableDocument):
        from_document("decision", document(choose()) | damage)


def test_a_document_written_before_a_field_existed_takes_its_default():
    found = document(world.rules())
    del found["body"]["rules"]
    assert from_document("rules", found) == world.rules(rules=())


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        choose(now=datetime(2027, 3, 2))  # noqa: DTZ001 — the mistake under test


odd_text = st.sampled_from(["", "US", "PR", "XX", "nv", "NV", "ZZ", "89501", "AE", "\x00", "é"])
odd_lines = st.builds(
    LineFacts,
    position=st.integers(0, 3),
    sku=st.sampled_from(["MUG", "mug", "", "GHOST"]),
    quantity=st.integers(-1, 5),
    is_known=st.booleans(),
    weight_grams=st.one_of(st.none(), st.integers(0, 10**9)),
    length_mm=st.one_of(st.none(), st.integers(0, 10**6)),
    width_mm=st.one_of(st.none(), st.integers(0, 10**6)),
    height_mm=st.one_of(st.none(), st.integers(0, 10**6)),
)
odd_orders = st.builds(
    OrderFacts,
    number=odd_text,
    country=odd_text,
    state=odd_text,
    postal_code=odd_text,
    latitude=st.one_of(st.none(), st.just(39.5)),
    longitude=st.one_of(st.none(), st.just(-119.8)),
    wanted_carrier=odd_text,
    wanted_service=odd_text,
    pinned_warehouse=st.sampled_from(["", "RNO1", "NOWHERE"]),
    pinned_service=st.sampled_from(["", "ups-ground", "nothing"]),
    address_verdict=odd_text,
    lines=st.lists(odd_lines, max_size=3).map(tuple),
)
odd_rules = st.builds(
    Rules,
    version=st.just(1),
    weights=st.dictionaries(st.sampled_from(FACTORS), st.integers(0, 9)),
    rules=st.lists(
        st.builds(
            Rule,
            position=st.integers(0, 3),
            name=odd_text,
            conditions=st.lists(
                st.builds(
                    Condition,
                    field=st.sampled_from(["state", "zip", "value", "tags", "what"]),
                    operator=st.sampled_from(["is", "between", "has_any", "at_least"]),
                    values=st.lists(odd_text, max_size=2).map(tuple),
                ),
                max_size=2,
            ).map(tuple),
            outcomes=st.lists(
                st.builds(
                    Outcome,
                    action=st.sampled_from(["require", "forbid", "prefer", "hold", "what"]),
                    target=st.sampled_from(["carrier", "warehouse", ""]),
                    codes=st.lists(st.sampled_from(["ups", "RNO1"]), max_size=2).map(tuple),
                ),
                max_size=2,
            ).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    max_parcels=st.integers(-1, 3),
    smallest_part_units=st.integers(-1, 3),
    full_margin_percent=st.integers(-1, 3),
    confidence_weights=st.dictionaries(st.sampled_from(["margin", "stock"]), st.integers(0, 3)),
)
ODD_NETWORKS = {
    "nothing at all": Network(),
    "as it should be": world.network(),
    "empty shelves": world.network({}),
    "no services": world.network(services=()),
    "no carriers": world.network(carriers=()),
    "no zones": world.network(zones=()),
    "all switched off": world.network(
        warehouses=tuple(replace(row, is_active=False) for row in world.WAREHOUSES)
    ),
    "no capacity": world.network(
        warehouses=tuple(replace(row, daily_capacity=0) for row in world.WAREHOUSES)
    ),
}


@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
@given(odd_orders, st.sampled_from(sorted(ODD_NETWORKS)), odd_rules)
def test_whatever_is_wrong_becomes_a_problem_and_never_an_exception(order, network, rules):
    decision = decide(order, ODD_NETWORKS[network], rules, world.NOW)
    assert reasons(decision)
    if decision.chosen is None:
        assert any(problem.is_blocking and problem.next_step for problem in decision.problems)
    assert 0 <= confidence(decision.confidence_parts) <= 100
