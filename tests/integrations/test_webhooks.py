import base64
import contextlib
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.platforms.easyship.webhooks import (
    LARGEST_BODY,
    Forged,
    parse_webhook,
    verify_webhook,
)
from integrations.platforms.errors import Unintelligible

SECRET = "webh_0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
EVENT = {
    "event_type": "shipment.tracking.status.changed",
    "resource_type": "shipment",
    "resource_id": "ESUS10006001",
    "data": {
        "easyship_shipment_id": "ESUS10006001",
        "platform_order_number": "OPS-7F3K2-1",
        "status": "Delivered",
    },
}
BODY = json.dumps(EVENT).encode()


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(secret=SECRET, header=None, digest=hashlib.sha256, **claims):
    signed = f"{part(header or {'alg': 'HS256'})}.{part({'easyship_company_id': 'CUS1'} | claims)}"
    mac = hmac.new(secret.encode(), signed.encode(), digest).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def verify(signature, secrets=(SECRET,), body=BODY, header="X-EASYSHIP-SIGNATURE"):
    return verify_webhook(body, {header: signature}, secrets, NOW)


def test_a_signed_delivery_names_its_company():
    assert verify(token()) == "CUS1"


def test_the_name_of_the_header_has_no_case():
    assert verify(token(), header="x-easyship-signature") == "CUS1"


def test_the_previous_secret_counts_while_it_is_being_changed():
    assert verify(token("webh_old"), secrets=(SECRET, "webh_old")) == "CUS1"


FORGERIES = {
    "nothing": "",
    "the secret itself": SECRET,
    "another secret": token("webh_other"),
    "no signature": token().rpartition(".")[0] + ".",
    "two parts": token().rpartition(".")[0],
    "four parts": token() + ".x",
    "no algorithm": f"{part({'alg': 'none'})}.{part({})}.",
    "algorithm none, signed": token(header={"alg": "none"}),
    "another algorithm": token(header={"alg": "HS512"}, digest=hashlib.sha512),
    "another name for it": token(header={"alg": "hs256"}),
    "changed claims": token().replace(part({"easyship_company_id": "CUS1"}), part({"x": 1})),
    "not base64": "!.!.!",
    "a header that is a list": token(header=["alg", "HS256"]),
    "expired": token(exp=(NOW - timedelta(minutes=5)).timestamp()),
    "an expiry that is no number": token(exp="soon"),
    "enormous": token(padding="x" * 5000),
    "letters outside ASCII": token()[:-1] + "é",
}


@pytest.mark.parametrize("signature", FORGERIES.values(), ids=FORGERIES)
def test_every_forgery_is_refused(signature):
    with pytest.raises(Forged):
        verify(signature)


@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_without_a_secret_nothing_is_believed(secrets):
    with pytest.raises(Forged):
        verify(token(secret=""), secrets=secrets)


def test_a_delivery_without_the_header_is_refused():
    with pytest.raises(Forged):
        verify_webhook(BODY, {"X-Other": token()}, (SECRET,), NOW)


def test_a_body_without_end_is_refused():
    with pytest.raises(Forged):
        verify(token(), body=b"x" * (LARGEST_BODY + 1))


def test_an_expiry_still_to_come_is_honoured():
    assert verify(token(exp=int(NOW.timestamp()) + 5)) == "CUS1"


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_signature(signature):
    with pytest.raises(Forged):
        verify(signature)


def test_an_event_is_a_hint_to_a_shipment():
    hint = parse_webhook(BODY)

    assert hint.event_type == "shipment.tracking.status.changed"
    assert (hint.shipment_id, hint.reference) == ("ESUS10006001", "OPS-7F3K2-1")
    assert hint.words == "Delivered"
    assert hint.is_about_a_shipment


def test_the_same_delivery_has_the_same_digest_and_another_has_not():
    assert parse_webhook(BODY).digest == parse_webhook(BODY).digest
    assert parse_webhook(BODY).digest != parse_webhook(BODY + b" ").digest


def test_a_label_event_without_data_is_known_by_its_resource():
    body = {"event_type": "shipment.label.created", "resource_type": "shipment", "resource_id": "E"}

    assert parse_webhook(json.dumps(body).encode()).shipment_id == "E"


def test_an_event_about_something_else_is_about_no_shipment():
    body = {"event_type": "credit.balance.low", "resource_type": "company", "resource_id": "C"}

    assert not parse_webhook(json.dumps(body).encode()).is_about_a_shipment


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 50_000, b"17"])
def test_a_body_that_is_no_event_is_said_to_be(body):
    with pytest.raises(Unintelligible):
        parse_webhook(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    with contextlib.suppress(Unintelligible):
        assert parse_webhook(body).digest
