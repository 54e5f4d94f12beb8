"""Boxes to pack in, in centimetres and kilograms."""

from integrations.sandbox.easyship.answers import (
    Problem,
    found,
    listing,
    single,
    success,
)
from integrations.sandbox.easyship.rules import is_blank
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn

KIND = "easyship.box"
SIDES = ("length", "width", "height")


def add(turn: Turn, name: str, slug: str, sides: tuple[float, ...], weight: float) -> Json:
    """Store a box; sides in centimetres, weight in kilograms."""
    box: Json = {
        "id": turn.ids.uuid(),
        "name": name,
        "slug": slug,
        "type": "box",
        "weight": weight,
        "outer_dimensions": dict(zip(SIDES, sides, strict=True)),
    }
    turn.tx.add(KIND, box["id"], box, reference=slug)
    return box


def with_slug(turn: Turn, slug: str) -> Json | None:
    """The box of that slug."""
    boxes = turn.tx.bodies(KIND, "reference = ?", [slug])
    return boxes[0] if boxes else None


def list_boxes(call: Call) -> Response:
    """GET /boxes; none is a courier's own."""
    rows = call.tx.bodies(KIND)
    if call.request.first("courier_umbrella_name"):
        rows = []
    return listing(call, "boxes", rows)


def create(call: Call) -> Response:
    """POST /boxes."""
    given = call.body
    faults = ["Name can't be blank"] if is_blank(given.get("name")) else []
    for side in SIDES:
        if given.get(f"outer_{side}") is None:
            faults += [f"Outer {side} can't be blank", f"Outer {side} is not a number"]
        elif given[f"outer_{side}"] <= 0:
            faults.append(f"Outer {side} must be greater than 0")
    if faults:
        raise Problem("invalid_content", faults)
    sides = tuple(given[f"outer_{side}"] for side in SIDES)
    slug = "-".join(given["name"].lower().split())
    return single(
        call, "box", add(call.turn, given["name"], slug, sides, given.get("weight", 0)), 201
    )


def update(call: Call) -> Response:
    """The two switches that can be set show in no answer."""
    return single(call, "box", found(call.tx.get(KIND, call.params["box_id"]), "Box"))


def delete(call: Call) -> Response:
    """DELETE /boxes/{box_id}."""
    found(call.tx.get(KIND, call.params["box_id"]), "Box")
    call.tx.remove(KIND, call.params["box_id"])
    return success(call, "Box successfully deleted")
