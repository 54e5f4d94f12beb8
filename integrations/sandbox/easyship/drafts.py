"""From a request's body to the content of a shipment: addresses, parcels, order data."""

from dataclasses import dataclass
from typing import Any

from integrations.sandbox.easyship import addresses
from integrations.sandbox.easyship.answers import Problem
from integrations.sandbox.easyship.parcels import packing
from integrations.sandbox.easyship.rules import address_faults
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

PARTIES = ("origin", "sender", "return")
DESTINATION_COLUMNS = (*addresses.COLUMNS, "delivery_instructions")
DESTINATION_NEEDED = ("line_1", "city", "contact_name", "contact_email", "contact_phone")
ORDER_DATA = (
    "platform_name",
    "platform_order_number",
    "order_created_at",
    "seller_notes",
    "buyer_notes",
    "buyer_selected_courier_name",
)
IDENTIFIERS = {
    "regulatory_identifiers": ("eori", "ioss", "vat_number"),
    "buyer_regulatory_identifiers": ("ein", "vat_number", "ssn"),
}


@dataclass
class Draft:
    """Reads a body over what a shipment already holds, which is nothing when it is created."""

    turn: Turn
    body: Json
    held: Json
    faults: list[str]

    def content(self) -> Json:
        """The shipment's own columns. Raises Problem with every failure."""
        content = {
            **self._addresses(),
            "parcels": self._parcels(),
            **self._plain(),
            "order_data": self._order_data(),
            "insurance": self._insurance(),
            "shipping_settings": self._settings(),
        }
        if self.faults:
            raise Problem("invalid_content", self.faults)
        return content

    def _addresses(self) -> Json:
        """Sender and return address are the origin's unless told otherwise."""
        parties = {f"{name}_address": self._party(name) for name in PARTIES}
        parties["destination_address"] = self._destination()
        for name in PARTIES[1:]:
            parties[f"{name}_address"] = parties[f"{name}_address"] or parties["origin_address"]
        return parties

    def _party(self, name: str) -> Json | None:
        path = f"{name}_address"
        if chosen := self.body.get(f"{path}_id"):
            known = addresses.columns_of(self.turn, chosen)
            if known is None:
                self.faults.append(f"{path}_id was not found")
            return known
        given = self.body.get(path)
        if given is None and path in self.held:
            kept: Json = self.held[path]
            return kept
        if given is None:
            self.faults += [f"{path} can't be blank"] if name == "origin" else []
            return None
        self.faults += address_faults(path, given, addresses.NEEDED)
        return _columns(given, addresses.COLUMNS)

    def _destination(self) -> Json:
        given = self.body.get("destination_address") or self.held.get("destination_address")
        if not given:
            self.faults.append("destination_address can't be blank")
            return {}
        path, schema = "destination_address", "DestinationAddress"
        self.faults += address_faults(path, given, DESTINATION_NEEDED, schema)
        return _columns(given, DESTINATION_COLUMNS)

    def _parcels(self) -> list[Json]:
        if "parcels" not in self.body and self.held:
            kept: list[Json] = self.held["parcels"]
            return kept
        packed = packing(self.turn, self.body.get("shipping_settings"))
        parcels = packed.parcels(self.body.get("parcels") or [])
        self.faults += packed.faults
        return parcels

    def _plain(self) -> Json:
        defaults = {
            "metadata": {},
            "set_as_residential": False,
            "consignee_tax_id": None,
            "eei_reference": None,
            "incoterms": "DDU",
            "return": False,
        }
        plain: Json = {name: self._kept(name, value) for name, value in defaults.items()}
        for name, columns in IDENTIFIERS.items():
            plain[name] = {**dict.fromkeys(columns), **(self._kept(name, {}) or {})}
        plain["incoterms"] = plain["incoterms"] or "DDU"
        return plain

    def _kept(self, name: str, default: Any) -> Any:
        return self.body.get(name, self.held.get(name, default))

    def _order_data(self) -> Json:
        held = self.held.get("order_data") or {**dict.fromkeys(ORDER_DATA), "order_tag_list": []}
        given = self.body.get("order_data") or {}
        for name in ("platform_name", "platform_order_number"):
            if len(given.get(name) or "") > 200:
                self.faults.append(f"order_data.{name} is too long (maximum is 200 characters)")
        return {**held, **given}

    def _insurance(self) -> Json:
        given = self.body.get("insurance") or self.held.get("insurance") or {}
        currency = self.turn.world.account.currency
        return {
            "is_insured": bool(given.get("is_insured")),
            "insured_amount": given.get("insured_amount", 0),
            "insured_currency": given.get("insured_currency", currency),
        }

    def _settings(self) -> Json:
        held = self.held.get("shipping_settings") or {}
        given = self.body.get("shipping_settings") or {}
        defaults: Json = {"b13a_filing": None, "label_customization_fields": []}
        return {name: given.get(name, held.get(name, blank)) for name, blank in defaults.items()}


def _columns(given: Json, names: tuple[str, ...]) -> Json:
    """State may not be null in an answer's own addresses, nor a destination's postal code."""
    columns = {name: given.get(name) for name in names}
    return {**columns, "state": columns["state"] or "", "postal_code": columns["postal_code"] or ""}
