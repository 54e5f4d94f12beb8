"""
What the platforms hold before the first order: read from a JSON file, checked, typed.

The shape is documented in docs/sandbox.md. Sections that a file leaves out come from the
built-in world, except warehouses and products.
"""

import json
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from integrations.sandbox.messages import Json

BUILT_IN = Path(__file__).with_name("default_world.json")
PLATFORMS = ("veeqo", "easyship")


class BadWorld(ValueError):
    """The world file cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Account:
    """The merchant at both platforms; the balance in the currency."""

    company: str
    easyship_company_id: str
    currency: str
    easyship_balance: Decimal
    veeqo_user: str
    veeqo_email: str


@dataclass(frozen=True, slots=True)
class WarehouseSeed:
    """Codes are the world's own; platforms see names and addresses."""

    code: str
    name: str
    company: str
    contact_name: str
    phone: str
    email: str
    address_line_1: str
    city: str
    state: str
    zip: str
    country: str
    address_line_2: str | None = None


@dataclass(frozen=True, slots=True)
class ProductSeed:
    """Stock: warehouse code to units on hand. Category: an Easyship category slug."""

    sku: str
    name: str
    weight_grams: int
    price: Decimal
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    cost: Decimal | None = None
    hs_code: str | None = None
    origin_country: str | None = None
    category: str | None = None
    stock: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A carrier service a platform sells. Prices in the account's currency."""

    platform: str
    carrier: str
    code: str
    name: str
    domestic: bool
    international: bool
    min_days: int
    max_days: int
    base: Decimal
    per_kg: Decimal
    per_zone: Decimal
    max_weight_grams: int


@dataclass(frozen=True, slots=True)
class ChannelSeed:
    """A store of Veeqo; its default warehouse is named by code."""

    name: str
    type_code: str
    currency_code: str
    default_warehouse: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class MethodSeed:
    """A delivery method of Veeqo; the cost is a decimal string."""

    name: str
    cost: str


@dataclass(frozen=True, slots=True)
class BoxSeed:
    """A box of Easyship, measured outside."""

    name: str
    slug: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class World:
    """All sections of a world file."""

    account: Account
    warehouses: list[WarehouseSeed]
    products: list[ProductSeed]
    services: list[Offer]
    channels: list[ChannelSeed]
    delivery_methods: list[MethodSeed]
    boxes: list[BoxSeed]

    def offers(self, platform: str) -> list[Offer]:
        return [offer for offer in self.services if offer.platform == platform]


SECTIONS: dict[str, type] = {
    "warehouses": WarehouseSeed,
    "products": ProductSeed,
    "services": Offer,
    "channels": ChannelSeed,
    "delivery_methods": MethodSeed,
    "boxes": BoxSeed,
}
OWN_SECTIONS = ("warehouses", "products")


def load_content(path: Path | None) -> Json:
    """The JSON of a world file, or of the built-in world. Raises BadWorld."""
    if path is None:
        return _built_in()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadWorld(f"The world file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadWorld(f"The world file {path} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise BadWorld(f"The world file {path} must hold one JSON object.")
    return complete(content)


def _built_in() -> Json:
    content: Json = json.loads(BUILT_IN.read_text(encoding="utf-8"))
    return content


def complete(content: Json) -> Json:
    """Add what a world leaves out. Raises BadWorld."""
    built_in = _built_in()
    unknown = set(content) - set(built_in)
    if unknown:
        raise BadWorld(f"The world has no section “{min(unknown)}”; known: {', '.join(built_in)}.")
    missing = [name for name in OWN_SECTIONS if not content.get(name)]
    if missing:
        raise BadWorld(f"The world needs at least one entry in “{missing[0]}”.")
    whole = {**built_in, **content}
    whole["account"] = {**built_in["account"], **content.get("account", {})}
    if "channels" not in content:
        first = content["warehouses"][0].get("code")
        whole["channels"] = [{**c, "default_warehouse": first} for c in built_in["channels"]]
    return whole


def parse_world(content: Json) -> World:
    """The typed world. Raises BadWorld naming section, entry and field."""
    sections = {
        name: [_build(kind, entry, f"{name}[{index}]") for index, entry in enumerate(content[name])]
        for name, kind in SECTIONS.items()
    }
    world = World(account=_build(Account, content["account"], "account"), **sections)
    _check_references(world)
    return world


def _build(kind: type, entry: Any, where: str) -> Any:
    if not isinstance(entry, dict):
        raise BadWorld(f"The world's {where} must be an object.")
    known = {field.name: field.type for field in fields(kind)}
    unknown = set(entry) - set(known)
    if unknown:
        raise BadWorld(f"The world's {where} has an unknown field “{min(unknown)}”.")
    values = {name: _read(known[name], value, f"{where}.{name}") for name, value in entry.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadWorld(f"The world's {where} is incomplete: {error}.") from error


def _read(declared: Any, value: Any, where: str) -> Any:
    options = get_args(declared) if isinstance(declared, UnionType) else (declared,)
    if value is None and type(None) in options:
        return None
    wanted = options[0]
    if wanted is Decimal:
        return _read_amount(value, where)
    if wanted in (str, int, bool):
        if type(value) is not wanted:
            raise BadWorld(f"The world's {where} must be {wanted.__name__}, not {value!r}.")
    elif not isinstance(value, dict) or not all(type(v) is int for v in value.values()):
        raise BadWorld(f"The world's {where} must map warehouse codes to whole numbers.")
    return value


def _read_amount(value: Any, where: str) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise BadWorld(f"The world's {where} must be an amount, not {value!r}.")
    return amount


def _check_references(world: World) -> None:
    codes = {warehouse.code for warehouse in world.warehouses}
    for product in world.products:
        for code in set(product.stock or {}) - codes:
            raise BadWorld(f"Product {product.sku} has stock in “{code}”, which is no warehouse.")
    for channel in world.channels:
        if channel.default_warehouse not in codes:
            raise BadWorld(
                f"Channel {channel.name} names the unknown “{channel.default_warehouse}”."
            )
    for offer in world.services:
        if offer.platform not in PLATFORMS:
            raise BadWorld(f"Service {offer.code} is on “{offer.platform}”; use veeqo or easyship.")
