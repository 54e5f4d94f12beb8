"""The account's own addresses: where parcels are picked up, sent from and returned to."""

from integrations.sandbox.easyship.answers import (
    Problem,
    envelope,
    found,
    select_window,
    single,
    success,
)
from integrations.sandbox.easyship.rules import address_faults
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn

KIND = "easyship.address"
COLUMNS = (
    "line_1",
    "line_2",
    "state",
    "city",
    "postal_code",
    "country_alpha2",
    "company_name",
    "contact_name",
    "contact_phone",
    "contact_email",
)
NEEDED = ("line_1", "city", "company_name", "contact_name", "contact_phone", "contact_email")
ROLES = ("pickup", "billing", "sender", "return")


def add(turn: Turn, given: Json, key: str) -> Json:
    """Store an address; given default_for takes the role away from others."""
    roles = given.get("default_for") or {}
    address: Json = {
        "id": key,
        "status": "active",
        **{name: given.get(name) or ("" if name == "state" else None) for name in COLUMNS},
        "default_for": {role: bool(roles.get(role)) for role in ROLES},
    }
    turn.tx.add(KIND, key, address, status="active", reference=address["company_name"] or "")
    _take_roles(turn, address)
    return address


def _take_roles(turn: Turn, address: Json) -> None:
    for other in turn.tx.bodies(KIND, "id != ?", [address["id"]]):
        kept = {
            role: held and not address["default_for"][role]
            for role, held in other["default_for"].items()
        }
        if kept != other["default_for"]:
            other["default_for"] = kept
            turn.tx.put(KIND, other["id"], other)


def columns_of(turn: Turn, key: str) -> Json | None:
    """An address as it appears inside a shipment."""
    address = turn.tx.get(KIND, key)
    return {name: address[name] for name in COLUMNS} if address else None


def list_addresses(call: Call) -> Response:
    """GET /addresses, active ones unless asked otherwise."""
    where = "status = ?"
    values = [call.request.first("status", "active")]
    if call.request.first("default_addresses") == "true":
        where += " AND body LIKE '%true%'"
    documents, more = select_window(call, KIND, where, values)
    count = call.tx.count(KIND, where, values)
    rows = [document.body for document in documents]
    return envelope(call, "addresses", rows, more=more, count=count)


def create(call: Call) -> Response:
    """POST /addresses."""
    _check(call.body)
    address = add(call.turn, call.body, call.turn.ids.uuid())
    return single(call, "address", address, 201)


def _check(given: Json) -> None:
    faults = address_faults("address", given, NEEDED)
    if faults:
        raise Problem("invalid_content", faults)


def update(call: Call) -> Response:
    """Replace the address; its required fields are required again."""
    address = found(call.tx.get(KIND, call.params["address_id"]), "Address")
    _check(call.body)
    address |= {name: call.body[name] for name in COLUMNS if name in call.body}
    address["default_for"] |= call.body.get("default_for") or {}
    call.tx.put(KIND, address["id"], address, reference=address["company_name"] or "")
    _take_roles(call.turn, address)
    return single(call, "address", address)


def activate(call: Call) -> Response:
    """POST /addresses/{id}/activate."""
    _set_status(call, "active")
    return success(call, "Address successfully activated")


def deactivate(call: Call) -> Response:
    """A default address passes its roles to the first one still active."""
    address = _set_status(call, "inactive")
    heirs = call.tx.bodies(KIND, "status = 'active'")
    if heirs and any(address["default_for"].values()):
        heirs[0]["default_for"] = {
            role: held or address["default_for"][role]
            for role, held in heirs[0]["default_for"].items()
        }
        address["default_for"] = dict.fromkeys(ROLES, False)
        call.tx.put(KIND, heirs[0]["id"], heirs[0])
        call.tx.put(KIND, address["id"], address)
    return success(call, "Address successfully deactivated")


def _set_status(call: Call, status: str) -> Json:
    address = found(call.tx.get(KIND, call.params["id"]), "Address")
    address["status"] = status
    call.tx.put(KIND, address["id"], address, status=status)
    return address
