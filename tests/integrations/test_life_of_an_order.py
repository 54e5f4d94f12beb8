"""The adapters against the sandbox, over real HTTP: the two were written from the same contract."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from integrations.platforms import connect
from integrations.platforms.base import Account
from integrations.platforms.calls import Hooks
from integrations.platforms.errors import PlatformError, Refused
from integrations.platforms.outbound import Origin, Reference, WantedService
from integrations.platforms.remote import LabelState, TrackingCode
from integrations.sandbox import options, process
from tests.integrations.samples import LINE, ORDER, RECIPIENT

PATHS = {"veeqo": "/veeqo", "easyship": "/easyship/2024-09"}
KEYS = {"veeqo": "sandbox-veeqo-key", "easyship": "sandbox-easyship-token"}
CARRIERS = {"veeqo": "ups", "easyship": "fedex"}


@pytest.fixture
def sandbox(tmp_path):
    """Starts a sandbox without pace limits, with the faults asked for."""
    started = []

    def start(faults=""):
        limits = {"veeqo_rate": (1e6, 1e6), "easyship_rate": (1e6, 1e6)}
        chosen = options.Options(port=0, state=tmp_path / "state", faults=faults, **limits)
        running = process.running(chosen)
        started.append(running)
        return running.__enter__().url

    yield start
    for running in started:
        running.__exit__(None, None, None)


def connected(kind, url, observe=lambda _record: None, key=None):
    account = Account(url + PATHS[kind], key or KEYS[kind])
    return connect(kind, account, Hooks(observe=observe), "9.9")


def insist(act):
    """What the dispatch queue does: look again after doubt, and again after a garbled answer."""
    for _ in range(80):
        try:
            return act()
        except PlatformError as error:
            if not (error.is_retryable or error.is_ambiguous):
                raise
    pytest.fail("it never went through")


def our_order(kind, platform, number=1, state="CA"):
    """Veeqo allocates from Nevada by itself; we want California."""
    places = insist(platform.list_warehouses).items
    place = next(place for place in places if place.address.state == state)
    service = WantedService("UPS_PTP_GND", "ups", "UPS Ground")
    if kind == "easyship":
        found = insist(platform.list_services).items[0]
        service = WantedService(found.remote_id, found.carrier, found.name)
    return replace(
        ORDER,
        reference=Reference(f"OPS-{kind}-{number}"),
        origin=Origin(state, place.address, place.remote_id),
        lines=(replace(LINE, product_remote_id=""),),
        service=service,
    )


@pytest.mark.parametrize("kind", PATHS)
def test_an_order_lives_through_all_its_steps(kind, sandbox):
    platform = connected(kind, sandbox())
    order = our_order(kind, platform)

    created = platform.create(order)
    assert platform.create(order).remote_id == created.remote_id
    moved = platform.update(
        replace(order, recipient=replace(RECIPIENT, city="Evanston")), created.remote_id
    )
    assert moved.recipient.city == "Evanston"
    assert platform.update(order, created.remote_id).recipient == RECIPIENT
    prepared = platform.prepare(order, created.remote_id)
    assert prepared.recipient == RECIPIENT
    if platform.keeps_stock:
        assert prepared.warehouse_remote_ids == (order.origin.remote_id,)
    else:
        assert prepared.origin.city == order.origin.address.city

    prices = []
    label = platform.buy_label(order, created.remote_id, prices.append)
    assert (label.state, label.carrier) == (LabelState.READY, CARRIERS[kind])
    assert label.cost == prices[0].total
    assert (
        platform.buy_label(order, created.remote_id, pytest.fail).shipment_id == label.shipment_id
    )
    papers = platform.fetch_label(created.remote_id).documents
    assert papers[0].content.startswith(b"%PDF-")
    assert platform.fetch(created.remote_id).label.tracking_number == label.tracking_number
    assert set(platform.track([label.shipment_id])) == {label.shipment_id}

    assert platform.cancel(created.remote_id, "Customer asked").is_cancelled
    assert platform.cancel(created.remote_id, "Customer asked").is_cancelled
    assert platform.create(order).is_cancelled
    since = datetime.now(UTC) - timedelta(hours=1)
    assert [found.is_cancelled for found in every_order(platform, since)] == [True]


def every_order(platform, since):
    found, cursor = [], ""
    while cursor is not None:
        page = insist(lambda cursor=cursor: platform.list_orders_since(since, cursor))
        assert page.unreadable == ()
        found += page.items
        cursor = page.next_cursor
    return found


@pytest.mark.parametrize("kind", PATHS)
def test_a_parcel_is_followed_to_its_door(kind, sandbox):
    url = sandbox()
    platform = connected(kind, url)
    order = our_order(kind, platform)
    created = platform.create(order)
    platform.prepare(order, created.remote_id)
    label = platform.buy_label(order, created.remote_id, lambda _quote: None)

    requests.post(f"{url}/_control/advance", json={"hours": 24 * 30}, timeout=30)
    journey = platform.track([label.shipment_id])[label.shipment_id]

    codes = [event.code for event in journey.events]
    assert journey.code is TrackingCode.DELIVERED
    assert codes[-2:] == [TrackingCode.OUT_FOR_DELIVERY, TrackingCode.DELIVERED]
    assert TrackingCode.UNKNOWN not in codes
    assert [event.at for event in journey.events] == sorted(event.at for event in journey.events)
    with pytest.raises(Refused, match="on its way"):
        platform.cancel(created.remote_id, "Too late")


@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("faults", ["crash-test", "lossy", "unreadable"])
def test_whatever_the_network_does_each_order_is_there_once(kind, faults, sandbox):
    platform = connected(kind, sandbox(faults))
    orders = [our_order(kind, platform, number) for number in range(6)]

    for order in orders:
        created = insist(lambda order=order: platform.create(order))
        insist(lambda order=order, created=created: platform.prepare(order, created.remote_id))
        label = insist(
            lambda order=order, created=created: platform.buy_label(
                order, created.remote_id, lambda _quote: None
            )
        )
        assert label.state is LabelState.READY

    there = every_order(platform, datetime.now(UTC) - timedelta(hours=1))
    assert Counter(found.reference for found in there) == {
        order.reference.text: 1 for order in orders
    }


@pytest.mark.parametrize("kind", PATHS)
def test_a_wrong_key_is_said_to_be(kind, sandbox):
    probe = connected(kind, sandbox(), key="wrong").probe()

    assert "does not accept our key" in probe.checks[0].words


@pytest.mark.parametrize("kind", PATHS)
def test_nothing_personal_is_in_the_record_of_a_whole_life(kind, sandbox):
    records = []
    platform = connected(kind, sandbox(), records.append)
    order = our_order(kind, platform)
    created = platform.create(order)
    platform.prepare(order, created.remote_id)
    platform.buy_label(order, created.remote_id, lambda _quote: None)
    platform.fetch_label(created.remote_id)

    kept = "".join(record.request_excerpt + record.response_excerpt for record in records)

    canaries = [KEYS[kind], "Byrne", RECIPIENT.line_1, RECIPIENT.email, RECIPIENT.phone, "%PDF"]
    assert order.reference.text in kept
    assert [canary for canary in canaries if canary in kept] == []
