"""What holds of every decision, whatever the order, the shelves and the weights."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.codec import document, frame_of, from_document, joined, state_of, to_json
from routing.compare import verdict
from routing.decision import decide, decide_all
from routing.facts import StockFacts
from routing.prepared import PreparedNetwork
from routing.rules import FACTORS
from tests.routing import world

CALM = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
SKUS = sorted(world.PRODUCTS)
CODES = [place.code for place in world.WAREHOUSES]

shelves = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(SKUS)),
    st.builds(
        StockFacts,
        on_hand=st.integers(0, 12),
        safety_stock=st.integers(0, 3),
        reorder_point=st.integers(0, 8),
        counted_at=st.sampled_from([None, world.NOW]),
    ),
    max_size=20,
)
heavy_shelves = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.just("THROW")),
    st.builds(StockFacts, on_hand=st.integers(5, 40)),
    min_size=2,
)
lines = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=3).map(
    lambda rows: [
        world.line(sku, units, position) for position, (sku, units) in enumerate(rows, start=1)
    ]
)


@st.composite
def orders(draw):
    return world.order(
        draw(st.sampled_from(sorted(world.PLACES))),
        *draw(lines),
        is_po_box=draw(st.booleans()),
        is_business=draw(st.booleans()),
        promise_date=draw(st.one_of(st.none(), st.integers(0, 9).map(world.promise))),
        wanted_carrier=draw(st.sampled_from(["", "", "ups", "dhl", "nobody"])),
        wanted_warehouse_state=draw(st.sampled_from(["", "", "CA", "OH"])),
        pinned_warehouse=draw(st.sampled_from(["", "", "", "ABE1"])),
        address_verdict=draw(st.sampled_from(["ok", "unchecked", "incomplete"])),
    )


@st.composite
def rulesets(draw):
    weights = {name: draw(st.integers(0, 50)) for name in FACTORS}
    return world.rules(
        weights=weights,
        smallest_part_units=draw(st.integers(1, 3)),
        max_parcels=draw(st.integers(1, 4)),
    )


@CALM
@given(orders(), shelves, rulesets())
def test_a_candidate_with_a_failed_gate_is_never_chosen(order, stock, rules):
    best = decide(order, world.network(stock), rules, world.NOW).chosen
    if best:
        assert [gate for parcel in best.parcels for gate in parcel.failed_gates] == []


@CALM
@given(orders(), shelves, rulesets())
def test_no_more_is_allocated_than_is_available_besides_safety_stock(order, stock, rules):
    decision = decide(order, world.network(stock), rules, world.NOW)
    taken = {}
    for row in decision.allocations:
        key = (row.warehouse, row.sku)
        taken[key] = taken.get(key, 0) + row.quantity
    assert all(units <= stock[key].available for key, units in taken.items())


@CALM
@given(orders(), shelves, rulesets())
def test_a_choice_allocates_exactly_the_order_and_no_part_is_too_small(order, stock, rules):
    best = decide(order, world.network(stock), rules, world.NOW).chosen
    if best is None:
        return
    for line in order.lines:
        rows = [row.quantity for row in best.allocations if row.position == line.position]
        assert sum(rows) == line.quantity
    for part in best.parts:
        assert sum(row.quantity for row in part.allocations) >= rules.smallest_part_units
    assert len(best.parcels) <= max(1, rules.max_parcels)


@CALM
@given(st.lists(orders(), min_size=2, max_size=6), shelves)
def test_a_batch_together_never_takes_more_than_there_is(batch, stock):
    taken = {}
    for decision in decide_all(batch, world.network(stock), world.rules(), world.NOW):
        for row in decision.allocations:
            key = (row.warehouse, row.sku)
            taken[key] = taken.get(key, 0) + row.quantity
    assert all(units <= stock[key].available for key, units in taken.items())


@CALM
@given(orders(), shelves, st.sampled_from(CODES), st.sampled_from(SKUS), st.integers(1, 20))
def test_more_stock_somewhere_never_makes_a_decision_impossible(order, stock, place, sku, units):
    before = decide(order, world.network(stock), world.rules(), world.NOW)
    level = stock.get((place, sku), StockFacts(0))
    richer = stock | {(place, sku): replace(level, on_hand=level.on_hand + units)}
    after = decide(order, world.network(richer), world.rules(), world.NOW)
    assert after.chosen or not before.chosen


@CALM
@given(st.integers(20, 60), heavy_shelves, st.sampled_from(CODES), st.integers(1, 20), rulesets())
def test_nor_does_it_where_the_order_is_too_heavy_for_one_parcel(
    wanted, stock, place, units, rules
):
    order = world.order("60601", world.line("THROW", wanted))
    before = decide(order, world.network(stock), rules, world.NOW)
    level = stock.get((place, "THROW"), StockFacts(0))
    richer = stock | {(place, "THROW"): replace(level, on_hand=level.on_hand + units)}
    after = decide(order, world.network(richer), rules, world.NOW)
    assert after.chosen or not before.chosen


@CALM
@given(orders(), shelves, rulesets(), st.integers(2, 1000))
def test_scaling_all_weights_leaves_the_order_of_candidates(order, stock, rules, scale):
    heavier = replace(rules, weights={name: by * scale for name, by in rules.weights.items()})
    plain = decide(order, world.network(stock), rules, world.NOW)
    scaled = decide(order, world.network(stock), heavier, world.NOW)
    assert routes(plain) == routes(scaled)
    assert plain.confidence == scaled.confidence


def routes(decision):
    return [(row.warehouse, row.service, row.rank) for row in decision.candidates]


@CALM
@given(orders(), shelves, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(order, stock, random):
    def shuffled(rows):
        return tuple(random.sample(list(rows), len(rows)))

    network, rules = world.network(stock), world.rules()
    places = network.warehouses
    again = replace(
        network,
        warehouses=shuffled([replace(row, cutoffs=shuffled(row.cutoffs)) for row in places]),
        carriers=shuffled(network.carriers),
        services=shuffled([replace(row, rates=shuffled(row.rates)) for row in network.services]),
        zones=shuffled(network.zones),
        stock=dict(shuffled(stock.items())),
    )
    mixed = replace(order, lines=shuffled(order.lines))
    other_rules = replace(rules, rules=shuffled(rules.rules))
    assert decide(order, network, rules, world.NOW) == decide(mixed, again, other_rules, world.NOW)


@CALM
@given(orders(), shelves, rulesets())
def test_a_stored_decision_is_read_back_exactly_and_replayed_identically(order, stock, rules):
    places = PreparedNetwork(world.network(stock))
    decision = decide(order, places, rules, world.NOW)
    inputs = places.inputs_of(order)
    stored = to_json(document(decision))

    read = [
        from_document(kind, through_json(document(value)))
        for kind, value in (
            ("order", order),
            ("network", frame_of(inputs)),
            ("network", state_of(inputs)),
            ("rules", rules),
            ("decision", decision),
        )
    ]
    assert read == [order, frame_of(inputs), state_of(inputs), rules, decision]
    again = decide(read[0], joined(read[1], read[2]), read[3], read[4].decided_at)
    assert to_json(document(again)) == stored
    assert verdict(read[4], again) == "identical"


def through_json(found):
    return json.loads(to_json(found))
