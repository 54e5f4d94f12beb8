"""Who may in and how fast; pages of lists; what is wrong with a request."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.limits import FixedWindows, LeakyBucket, SlidingWindows
from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    EASYSHIP_TOKEN,
    PARCEL,
    SandboxClient,
    created_order,
    created_shipment,
    easyship_shipment,
    started,
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with started(tmp_path_factory.mktemp("sandbox")) as client:
        yield client


def error_of(response: requests.Response) -> Any:
    return response.json()["error"]


def test_veeqo_takes_the_key_in_its_header_or_as_bearer_token(sandbox: SandboxClient) -> None:
    url = f"{sandbox.url}/veeqo/warehouses"
    bearer = {"Authorization": f"Bearer {sandbox_client.VEEQO_KEY}"}

    assert sandbox.veeqo("GET", "/warehouses").status_code == 200
    assert requests.get(url, headers=bearer, timeout=5).status_code == 200
    refused = requests.get(url, timeout=5)
    assert refused.status_code == 401
    assert refused.json() == {"error_messages": "You're not authorized"}


def test_easyship_refuses_any_other_token(sandbox: SandboxClient) -> None:
    refused = sandbox.easyship("GET", "/account", headers={"Authorization": "Bearer prod_x"})

    assert refused.status_code == 401
    assert error_of(refused)["code"] == "invalid_token"
    assert error_of(refused)["message"] == "Invalid token."
    assert error_of(refused)["details"] == []


def test_the_edge_of_easyship_turns_default_clients_away(sandbox: SandboxClient) -> None:
    refused = sandbox.easyship("GET", "/account", headers={"User-Agent": "Python-urllib/3.11"})

    assert refused.status_code == 403
    assert refused.headers["Content-Type"].startswith("text/html")


def test_a_token_without_the_scope_is_forbidden(tmp_path: Path) -> None:
    with started(tmp_path, easyship_scopes="shipment:read") as client:
        assert client.easyship("GET", "/shipments").status_code == 200
        refused = client.easyship("POST", "/shipments", json=easyship_shipment())

    assert refused.status_code == 403
    assert error_of(refused)["code"] == "forbidden"
    assert "Scopes" in [link["name"] for link in error_of(refused)["links"]]


def test_other_keys_can_be_set(tmp_path: Path) -> None:
    with started(tmp_path, veeqo_key="k", easyship_token="t") as client:
        assert client.veeqo("GET", "/warehouses").status_code == 401
        assert client.veeqo("GET", "/warehouses", headers={"x-api-key": "k"}).status_code == 200
        bearer = {"Authorization": "Bearer t"}
        assert client.easyship("GET", "/account", headers=bearer).status_code == 200


def test_veeqo_lists_send_exactly_their_own_total_headers(sandbox: SandboxClient) -> None:
    expected = {
        "/orders": 4,
        "/customers": 4,
        "/products": 4,
        "/warehouses": 2,
        "/channels": 0,
        "/delivery_methods": 0,
        "/tags": 0,
    }
    names = ("X-Total-Count", "X-Total-Pages-Count", "X-Page-Index", "X-Per-Page")

    for path, count in expected.items():
        headers = sandbox.veeqo("GET", path).headers
        assert [name in headers for name in names] == [n < count for n in range(4)], path


def test_veeqo_pages_cover_everything_once_and_end_empty(sandbox: SandboxClient) -> None:
    params = {"page_size": 5}
    pages = [
        sandbox.veeqo("GET", "/products", params={**params, "page": page}) for page in (1, 2, 3, 4)
    ]
    ids = [row["id"] for page in pages for row in page.json()]

    assert [len(page.json()) for page in pages] == [5, 5, 2, 0]
    assert len(set(ids)) == 12
    assert pages[0].headers["X-Total-Count"] == "12"
    assert pages[0].headers["X-Total-Pages-Count"] == "3"


def test_veeqo_clamps_the_page_size_and_has_odd_defaults(sandbox: SandboxClient) -> None:
    huge = sandbox.veeqo("GET", "/products", params={"page_size": 5000})

    assert huge.headers["X-Per-Page"] == "100"
    assert len(sandbox.veeqo("GET", "/delivery_methods").json()) == 1


def test_a_page_size_of_letters_is_veeqos_infinity(sandbox: SandboxClient) -> None:
    refused = sandbox.veeqo("GET", "/orders", params={"page_size": "abc"})

    assert refused.status_code == 400
    assert refused.json() == {"error_messages": ["Infinity"]}
    assert "X-Total-Count" in refused.headers


def test_easyship_pages_name_the_next_one_until_there_is_none(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        numbers = [created_shipment(client, f"CD-{n}")["easyship_shipment_id"] for n in range(5)]
        seen: list[str] = []
        page: int | None = 1
        while page:
            params = {"per_page": 2, "page": page}
            content = client.easyship("GET", "/shipments", params=params).json()
            seen += [row["easyship_shipment_id"] for row in content["shipments"]]
            assert content["meta"]["pagination"]["count"] is None
            page = content["meta"]["pagination"]["next"]

    assert seen == list(reversed(numbers))


def test_easyship_refuses_a_page_it_cannot_read_with_a_pointer(sandbox: SandboxClient) -> None:
    letters = sandbox.easyship("GET", "/shipments", params={"page": "x"})
    large = sandbox.easyship("GET", "/shipments", params={"per_page": 101})
    state = sandbox.easyship("GET", "/shipments", params={"label_state": "generated,odd"})
    place = "#/paths/~12024-09~1shipments/get/parameters"

    assert letters.status_code == large.status_code == state.status_code == 422
    assert error_of(letters)["code"] == "invalid_url_param"
    assert error_of(letters)["details"][1] == (
        f'{place}/0/schema expected integer, but received String: "x"'
    )
    assert error_of(large)["details"][1] == (f"{place}/1/schema 101 is more than maximum value")
    assert error_of(state)["details"][1] == (
        f'"odd" isn\'t part of the enum in {place}/13/schema/items'
    )


def test_easyship_refuses_a_date_it_cannot_read(sandbox: SandboxClient) -> None:
    refused = sandbox.easyship("GET", "/shipments", params={"created_at_from": "invalid_date"})

    assert refused.status_code == 422
    assert error_of(refused)["details"] == [
        'Invalid date format for created_at_from filter ("invalid_date").'
    ]


MALFORMED = "The request does not comply with the OpenAPI Specification."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"parcels": None},
            "#/components/schemas/ShipmentCreate/properties/parcels does not allow null values",
        ),
        (
            {"colour": "blue"},
            "#/components/schemas/ShipmentCreate does not define properties: colour",
        ),
        (
            {"return": "yes"},
            "#/components/schemas/ShipmentCreate/properties/return expected boolean, but received"
            ' String: "yes"',
        ),
        (
            {"incoterms": "FOB"},
            '"FOB" isn\'t part of the enum in #/components/schemas/Shipment/properties/incoterms',
        ),
        (
            {"origin_address_id": "nv"},
            '#/components/schemas/ShipmentCreate/properties/origin_address_id Value: "nv" is not'
            " conformant with UUID format",
        ),
        (
            {"parcels": [{**PARCEL, "items": [{"description": "Mug"}]}]},
            '{"description": "Mug"} isn\'t any of in'
            " #/components/schemas/ParcelCreate/properties/items/items",
        ),
    ],
)
def test_the_first_validation_speaks_like_easyships_parser(
    sandbox: SandboxClient, changes: dict[str, Any], sentence: str
) -> None:
    refused = sandbox.easyship("POST", "/shipments", json=easyship_shipment(**changes))

    assert refused.status_code == 422
    assert error_of(refused)["details"] == [MALFORMED, sentence]
    assert [link["name"] for link in error_of(refused)["links"]] == ["Errors"]


def test_a_missing_body_and_a_missing_version_are_named(sandbox: SandboxClient) -> None:
    empty = sandbox.easyship("POST", "/rates", json={})
    version = sandbox.easyship("POST", "/webhooks", json={"version": "2020-12"})

    assert error_of(empty)["details"][1] == (
        "#/components/schemas/RateRequest missing required parameters:"
        " origin_address, destination_address, parcels"
    )
    assert error_of(version)["details"][1] == (
        "discriminator mapped schema #/components/schemas/2020-12 does not exist in"
        " #/components/schemas/WebhookCreate/discriminator"
    )


def test_the_second_validation_names_every_failure(sandbox: SandboxClient) -> None:
    origin = {**sandbox_client.ORIGIN, "line_1": "x" * 36, "company_name": " "}
    destination = {**sandbox_client.DESTINATION, "state": ""}
    item = {**sandbox_client.ITEM, "category": None}
    body = easyship_shipment(
        origin_address=origin,
        destination_address=destination,
        parcels=[{"total_actual_weight": 1, "items": [item]}],
    )

    refused = sandbox.easyship("POST", "/shipments", json=body)

    assert refused.status_code == 422
    assert error_of(refused)["details"] == [
        "origin_address.company_name can't be blank",
        "origin_address.line_1 is too long (maximum is 35 characters)",
        "destination_address.state can't be blank",
        "parcels[0].items[0].category can't be blank if hs_code is blank",
        "parcels[0].items[0].dimensions can't be blank",
        "parcels[0].items[0].dimensions.length can't be blank",
        "parcels[0].items[0].dimensions.width can't be blank",
        "parcels[0].items[0].dimensions.height can't be blank",
    ]
    assert "Create a Shipment" in [link["name"] for link in error_of(refused)["links"]]


def test_veeqo_names_what_is_blank_and_ignores_what_it_does_not_know(
    sandbox: SandboxClient,
) -> None:
    refused = sandbox.veeqo("POST", "/orders", json={"order": {"number": "CD-1", "odd": 1}})
    ignored = created_order(sandbox, "CD-odd", odd=1, status="shipped")

    assert refused.status_code == 400
    assert refused.json() == {
        "error_messages": [
            "Channel can't be blank",
            "Delivery method can't be blank",
            "Line items can't be blank",
            "Customer can't be blank",
            "Deliver to can't be blank",
        ]
    }
    assert ignored["status"] == "awaiting_fulfillment"


def test_an_unreadable_body_never_breaks_the_server(sandbox: SandboxClient) -> None:
    bodies = [b"{", b"[]", b"null", b"\xff\xfe", b'{"order": []}', b'{"order": {"channel_id": {}}}']

    for body in bodies:
        assert sandbox.veeqo("POST", "/orders", data=body).status_code == 400
        status = sandbox.easyship("POST", "/shipments", data=body).status_code
        assert status in (400, 422)


def test_the_leaky_bucket_admits_its_burst_then_its_rate() -> None:
    bucket = LeakyBucket(per_second=5, size=56)

    burst = sum(bucket.admits("key", 100.0) for _ in range(80))
    later = sum(bucket.admits("key", 102.0) for _ in range(80))

    assert burst == 56
    assert later == 10
    assert bucket.admits("another key", 102.0)


def test_fixed_windows_start_anew_at_full_seconds_and_minutes() -> None:
    windows = FixedWindows(per_minute=60, per_second=10)

    within = [windows.exceeded("token", 119.5) for _ in range(11)]
    after = windows.exceeded("token", 120.1)

    assert [full is None for full in within] == [True] * 10 + [False]
    full = within[-1]
    assert full is not None
    assert (full.limit, full.seconds, full.reset) == (10, 1, 120)
    assert after is None


def test_sliding_windows_know_no_boundaries() -> None:
    windows = SlidingWindows(per_minute=60, per_second=10)

    assert all(windows.exceeded("token", 119.5) is None for _ in range(10))
    assert windows.exceeded("token", 120.1) is not None
    assert windows.exceeded("token", 120.6) is None


def test_veeqos_refusal_of_haste_is_empty(tmp_path: Path) -> None:
    with started(tmp_path, veeqo_rate=(5.0, 20.0)) as client:
        answers = [client.veeqo("GET", "/warehouses") for _ in range(30)]
        report = client.control("statistics")["veeqo"]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:20]] == [200] * 20
    assert refused
    assert refused[0].content == b""
    assert refused[0].headers["Content-Length"] == "0"
    assert "Retry-After" not in refused[0].headers
    assert report["refused_by_limit"] == len(refused)
    assert report["requests"] == 30


def test_easyships_refusal_of_haste_tells_limit_and_reset(tmp_path: Path) -> None:
    with started(tmp_path, easyship_rate=(6.0, 1.0)) as client:
        answers = [client.easyship("GET", "/account") for _ in range(12)]

    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert int(refused.headers["X-RateLimit-Limit"]) in (1, 6)
    assert int(refused.headers["X-RateLimit-Reset"]) >= int(time.time()) - 60
    assert "Content-Type" not in refused.headers
    assert error_of(refused)["code"] == "too_many_requests"
    assert "links" not in error_of(refused)


def test_a_refused_request_changes_nothing(tmp_path: Path) -> None:
    with started(tmp_path, veeqo_rate=(0.001, 4.0)) as client:
        body = sandbox_client.veeqo_order(client, "CD-1")
        created = [client.veeqo("POST", "/orders", json=body).status_code for _ in range(3)]

        assert created == [201, 429, 429]
        assert client.control("references")["veeqo"]["CD-1"]["created"] == 1


def test_the_highest_pace_is_measured(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        for _ in range(12):
            client.veeqo("GET", "/warehouses")
        report = client.control("statistics")["veeqo"]

    assert 2 <= report["most_in_one_second"] <= 12
    assert report["most_in_one_minute"] == 12


def test_tokens_of_easyship_open_no_door_at_veeqo(sandbox: SandboxClient) -> None:
    refused = sandbox.veeqo("GET", "/orders", headers={"x-api-key": EASYSHIP_TOKEN})

    assert refused.status_code == 401
