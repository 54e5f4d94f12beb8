"""Time, parcels, faults, webhooks: what tests turn to make things happen now."""

from integrations.sandbox import clock, journeys, webhooks
from integrations.sandbox.control.base import Command, number_of, refuse, text_of
from integrations.sandbox.control.targets import platform_of, stored_shipment, target
from integrations.sandbox.easyship import tracking as easyship_tracking
from integrations.sandbox.easyship import webhooks as registered
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.fault_kinds import SCENARIOS
from integrations.sandbox.faults import BadScenario
from integrations.sandbox.journeys import Place, Stage, Step
from integrations.sandbox.messages import Json, Response, json_response
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import stock, tracking, warehouses
from integrations.sandbox.veeqo.allocation_view import live_shipment
from integrations.sandbox.veeqo.order_view import ALLOCATION

CASCADE = 10_000


def advance(command: Command) -> Response:
    """Bring every parcel forward by “hours” of its journey, and report at once."""
    hours = number_of(command.body, "hours")
    if hours <= 0:
        refuse("“hours” must be above nought.")
    with command.sandbox.turn() as turn:
        journeys.advance(turn, hours)
    ran, total = command.sandbox.run_agenda(), 0
    while ran and total < CASCADE:
        total += ran
        ran = command.sandbox.run_agenda()
    return json_response(200, {"actions": total})


def track(command: Command) -> Response:
    """Have the parcel of an order or shipment reach a “step” now."""
    names = [step.value for step in Step]
    name = text_of(command.body, "step")
    if name not in names:
        refuse(f"“step” must be one of {', '.join(names)}.")
    with command.sandbox.turn() as turn:
        document = target(turn, command.body)
        if platform_of(command.body) == "veeqo":
            _track_order(turn, document.body, Step(name))
        else:
            _track_shipment(turn, stored_shipment(document), Step(name))
    return json_response(200, {"reached": name})


def _track_order(turn: Turn, order: Json, step: Step) -> None:
    address = order["deliver_to"]
    place = Place(address["city"] or "", address["state"] or "", address["country"] or "")
    found = [
        live
        for allocation in turn.tx.children(ALLOCATION, order["id"])
        if (live := live_shipment(turn, allocation["id"]))
    ]
    for shipment in found or refuse("The order has no shipment."):
        tracking.report(turn, str(shipment["id"]), _stage(step, place), turn.now)
        _end_journey(turn, "veeqo", str(shipment["id"]), step)


def _track_shipment(turn: Turn, stored: Stored, step: Step) -> None:
    if not stored.shipment["trackings"]:
        refuse("The shipment has no label.")
    address = stored.shipment["destination_address"]
    place = Place(address["city"], address["state"] or "", address["country_alpha2"])
    easyship_tracking.reach(turn, stored, _stage(step, place), turn.now)
    _end_journey(turn, "easyship", stored.id, step)


def _stage(step: Step, place: Place) -> Stage:
    return Stage(0, step, place, step.value.replace("_", " ").capitalize())


def _end_journey(turn: Turn, platform: str, shipment: str, step: Step) -> None:
    if step in journeys.FINAL_STEPS:
        journeys.abandon(turn, platform, shipment)


def show_faults(command: Command) -> Response:
    """The running faults, how often each struck, and the scenarios."""
    faults = command.sandbox.faults
    content = {
        "faults": faults.scenario,
        "seed": faults.seed,
        "struck": dict(faults.struck),
        "scenarios": SCENARIOS,
    }
    return json_response(200, content)


def set_faults(command: Command) -> Response:
    """Run the faults or scenarios named in “faults”; empty for none."""
    try:
        command.sandbox.faults.change(text_of(command.body, "faults"))
    except BadScenario as error:
        refuse(str(error))
    return show_faults(command)


def show_webhook(command: Command) -> Response:
    """The registered webhooks with their secrets."""
    with command.sandbox.turn() as turn:
        return json_response(200, {"webhooks": turn.tx.bodies(registered.KIND)})


def set_webhook(command: Command) -> Response:
    """Send every event to “url”, signed with “secret”, and to nobody else."""
    url, secret = text_of(command.body, "url"), text_of(command.body, "secret")
    if not url.startswith(("http://", "https://")) or not secret:
        refuse("“url” must be a web address and “secret” must not be empty.")
    with command.sandbox.turn() as turn:
        return json_response(200, {"webhook": registered.point_to(turn, url, secret)})


def list_deliveries(command: Command) -> Response:
    """The latest webhook deliveries."""
    limit = command.request.first("limit", "1000")
    with command.sandbox.turn() as turn:
        rows = webhooks.recent(turn.tx, int(limit) if limit.isdigit() else 1000)
    return json_response(200, {"deliveries": rows})


def set_stock(command: Command) -> Response:
    """Set the physical units of a “sku” in a “warehouse” (code or name) at Veeqo."""
    units = int(number_of(command.body, "physical"))
    sku, code = text_of(command.body, "sku"), text_of(command.body, "warehouse")
    with command.sandbox.turn() as turn:
        sellables = turn.tx.bodies(stock.SELLABLE, "reference = ?", [sku])
        places = [
            warehouse["id"]
            for warehouse in turn.tx.bodies(warehouses.KIND)
            if code in (warehouse["external_id"], warehouse["name"])
        ]
        if not (sellables and places):
            refuse("There is no such SKU or warehouse.")
        entry = stock.find(turn, sellables[0]["id"], places[0])
        entry["physical"] = units
        stock.save(turn, entry)
    return json_response(200, {"physical": units})


def show_clock(command: Command) -> Response:
    """The sandbox's time and speed."""
    return json_response(200, {"now": clock.now(), "speed": command.sandbox.options.speed})
