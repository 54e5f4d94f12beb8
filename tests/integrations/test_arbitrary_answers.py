"""Whatever a platform answers, nothing but a PlatformError may come out of an adapter."""

import contextlib
import json
import re
from copy import deepcopy
from datetime import UTC, datetime

import pytest
import responses
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.platforms import connect
from integrations.platforms.base import Account
from integrations.platforms.calls import Hooks
from integrations.platforms.errors import PlatformError
from tests.integrations import easyship_server, veeqo_server
from tests.integrations.samples import KEY, ORDER, REFERENCE

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "0", "-1", "9" * 40, "1e400", "2026-13-01", "0001-01-01T00:00:00+23:59"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
SINCE = datetime(2026, 9, 14, tzinfo=UTC)
WAYS = {
    "create": lambda platform, _ours: platform.create(ORDER),
    "prepare": lambda platform, ours: platform.prepare(ORDER, ours),
    "find": lambda platform, _ours: platform.find_by_reference(REFERENCE),
    "fetch": lambda platform, ours: platform.fetch(ours),
    "quote": lambda platform, _ours: platform.quote(ORDER),
    "buy label": lambda platform, ours: platform.buy_label(ORDER, ours, lambda _quote: None),
    "fetch label": lambda platform, ours: platform.fetch_label(ours),
    "cancel": lambda platform, ours: platform.cancel(ours, "Customer asked"),
    "track": lambda platform, ours: platform.track([ours]),
    "orders since": lambda platform, _ours: platform.list_orders_since(SINCE),
    "our stores": lambda platform, _ours: platform.our_stores(),
    "products": lambda platform, _ours: platform.list_products(),
    "warehouses": lambda platform, _ours: platform.list_warehouses(),
    "services": lambda platform, _ours: platform.list_services(),
    "stock": lambda platform, _ours: platform.list_stock(),
    "probe": lambda platform, _ours: platform.probe(),
}


def veeqo():
    return connect("veeqo", Account(veeqo_server.BASE, KEY), Hooks(), "9.9")


def easyship():
    return connect("easyship", Account(easyship_server.BASE, KEY), Hooks(), "9.9")


def plausible_veeqo():
    """One answer that fits most questions, to be spoiled in one place."""
    order = veeqo_server.remote_order(
        allocations=[veeqo_server.allocation(shipment=veeqo_server.SHIPMENT)]
    )
    rates = {"available": [veeqo_server.RATE], "quotes": [veeqo_server.RATE], "unavailable": [{}]}
    package = {"data": {"attributes": veeqo_server.PACKAGE}}
    stock = {"warehouse_id": 1, "physical_stock_level": 3}
    sellable = {"id": 1, "sku_code": "MUG-BLU", "stock_entries": [stock]}
    place = {"name": "Reno", "address_line_1": "x", "sellables": [sellable], "type_code": "direct"}
    event = {"timestamp": "2026-09-15T15:57:20+00:00", "status": "delivered"}
    return order | rates | package | place | event


def plausible_easyship():
    shipment = easyship_server.labelled(checkpoints=[{"checkpoint_time": "2026-09-15T15:57:20Z"}])
    shipment = json.loads(json.dumps(shipment, default=float))
    rates = json.loads(json.dumps([easyship_server.RATE], default=float))
    meta = {"pagination": {"page": 1, "next": 2}, "errors": ["x"]}
    entry = {"id": "a", "umbrella_name": "UPS", "identifier": "MUG", "weight": 1}
    lists = {key: [entry] for key in ("addresses", "products", "courier_services")}
    return {
        "shipment": shipment,
        "shipments": [shipment],
        "rates": rates,
        "meta": meta,
        "account": {"credit": {}},
        "unavailable_couriers": [entry],
    } | lists


PLATFORMS = {
    "veeqo": (veeqo, plausible_veeqo, "41001", veeqo_server.BASE),
    "easyship": (easyship, plausible_easyship, easyship_server.SHIPMENT_ID, easyship_server.BASE),
}


def places(node, path=()):
    """The path to every value inside a JSON value."""
    yield path
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(value, (*path, key))


def spoiled(answer, path, value):
    if not path:
        return value
    answer = deepcopy(answer)
    node = answer
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return answer


@st.composite
def answers(draw, plausible):
    """Any JSON, or a plausible answer with one to three of its places spoiled."""
    if draw(st.integers(0, 3)) == 0:
        return draw(JSON)
    answer = plausible()
    for _ in range(draw(st.integers(0, 3))):
        answer = spoiled(answer, draw(st.sampled_from(list(places(answer)))), draw(JSON))
    return draw(st.sampled_from([answer, [answer]]))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("kind", PLATFORMS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_any_answer_is_read_or_refused(kind, way, data):
    adapter, plausible, ours, base = PLATFORMS[kind]
    status = data.draw(st.sampled_from([200, 200, 200, 200, 201, 202, 204, 400, 403, 404, 422]))
    first, second = data.draw(answers(plausible)), data.draw(answers(plausible))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as server:
        turns = [first, second]

        def answer(_request):
            body = turns.pop(0) if len(turns) > 1 else turns[0]
            return status, {"X-Total-Pages-Count": "2"}, json.dumps(body)

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            server.add_callback(method, re.compile(re.escape(base)), callback=answer)
        with contextlib.suppress(PlatformError):
            way(adapter(), ours)


BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"[" * 3000, b'{"a":' * 3000, b"1e999999999999999999999", b"-", b"1" * 5000, b"\xff\xfe[\x00"]
)


@pytest.mark.parametrize("kind", PLATFORMS)
@settings(max_examples=60, deadline=None)
@given(BYTES, st.integers(200, 599))
def test_any_bytes_with_any_status_are_read_or_refused(kind, body, status):
    adapter, _plausible, ours, base = PLATFORMS[kind]
    with responses.RequestsMock(assert_all_requests_are_fired=False) as server:
        server.add("GET", re.compile(re.escape(base)), body=body, status=status)
        with contextlib.suppress(PlatformError):
            adapter().fetch(ours)
