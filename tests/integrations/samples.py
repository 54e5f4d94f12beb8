"""An outbound order of ours, and what the platforms would answer about it."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.platforms.outbound import (
    AddressValue,
    CustomsItem,
    Origin,
    OutboundLine,
    OutboundOrder,
    ParcelSpec,
    Reference,
    WantedService,
)

REFERENCE = Reference("OPS-7F3K2-1")
KEY = "key-CANARY-9f8e7d6c5b4a"
RECIPIENT = AddressValue(
    name="Ada Maria Byrne",
    company="Byrne Looms",
    line_1="233 S Wacker Dr",
    line_2="Apt 4B",
    city="Chicago",
    state="IL",
    postal_code="60606",
    country="US",
    phone="+13125550111",
    email="ada.byrne@example.com",
)
WAREHOUSE = AddressValue(
    name="Shipping Desk",
    company="Northmill Goods",
    line_1="12 Canal Road",
    city="Reno",
    state="NV",
    postal_code="89501",
    country="US",
    phone="+17755550100",
    email="desk@northmill.example",
)
LINE = OutboundLine(
    sku="MUG-BLU",
    quantity=2,
    unit_price=Decimal("12.50"),
    weight_grams=340,
    customs=CustomsItem(
        description="Enamel mug",
        unit_value=Decimal("12.50"),
        hs_code="7323.94.00",
        origin_country="US",
    ),
    product_remote_id="3301",
)
ORDER = OutboundOrder(
    reference=REFERENCE,
    origin=Origin("NV", WAREHOUSE, remote_id="501"),
    recipient=RECIPIENT,
    lines=(LINE,),
    currency="USD",
    parcel=ParcelSpec(weight_grams=680, length_mm=203, width_mm=152, height_mm=150),
    service=WantedService("UPS_PTP_3DAY_SELECT", "ups", "UPS 3 Day Select"),
    ordered_at=datetime(2026, 9, 14, 8, 21, 7, tzinfo=UTC),
    promised_on=date(2026, 9, 18),
)

PDF = b"%PDF-1.4\n%%EOF\n"


def order_with(**changes):
    return replace(ORDER, **changes)


def line_with(**changes):
    return replace(LINE, **changes)


def customs_with(**changes):
    return line_with(customs=replace(LINE.customs, **changes))


_ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = Path(os.environ.get("CROSSDOCK_SHARED", _ROOT.parent / "shared")) / "contracts"
HAS_CONTRACTS = CONTRACTS.is_dir()


def contract(name):
    """A document of the platforms, kept beside the project. Missing: skip, but fail in CI."""
    if not HAS_CONTRACTS:
        missing = "The platforms' contracts are not beside this checkout (CROSSDOCK_SHARED)."
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return json.loads((CONTRACTS / name).read_text())
