"""What cannot ship an order, folded by warehouse: short enough to be read."""

from routing.admin.refusals import shut_places
from routing.decision import decide
from routing.services.names import Names
from tests.routing import world


def test_services_of_a_warehouse_with_the_same_reason_share_a_row():
    order = world.order("89501", world.line("PERFUME", 1))

    decision = decide(order, world.network({}), world.rules(), world.NOW)
    (first, *_others) = shut_places(decision.candidates, Names())

    assert any("PERFUME" in sentence for sentence in first.common)
    no_hazmat = [services for services, why in first.services if why == ["Takes no hazmat."]]
    assert len(no_hazmat) == 1
    assert no_hazmat[0].count(",") > 1


def test_a_warehouse_that_can_ship_says_only_what_cannot():
    order = world.order("89501", world.line("MUG", 1))

    decision = decide(order, world.network(), world.rules(), world.NOW)
    places = {one.warehouse: one for one in shut_places(decision.candidates, Names())}

    eligible = {one.service for one in decision.candidates if one.is_eligible}
    told = {name for services, _why in places["RNO1"].services for name in services.split(", ")}
    assert eligible
    assert not eligible & told
    assert places["RNO1"].common == []
