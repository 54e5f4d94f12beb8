"""Everything the sandbox answers that is no platform's: control endpoints, its page, labels."""

import json

from integrations.sandbox.control import drift, page, progress, reports
from integrations.sandbox.control.base import BadControl, Command, Control, Controlled
from integrations.sandbox.messages import Json, Request, Response, json_response

CONTROLS: dict[tuple[str, str], Control] = {
    ("GET", "/"): page.show,
    ("GET", "/label"): page.label,
    ("GET", "/_control/health"): reports.health,
    ("GET", "/_control/state"): reports.dump,
    ("GET", "/_control/references"): reports.list_references,
    ("GET", "/_control/statistics"): reports.show_statistics,
    ("POST", "/_control/statistics/reset"): reports.reset_statistics,
    ("GET", "/_control/requests"): reports.list_requests,
    ("POST", "/_control/reset"): reports.reset,
    ("GET", "/_control/clock"): progress.show_clock,
    ("POST", "/_control/advance"): progress.advance,
    ("POST", "/_control/track"): progress.track,
    ("GET", "/_control/faults"): progress.show_faults,
    ("POST", "/_control/faults"): progress.set_faults,
    ("GET", "/_control/webhook"): progress.show_webhook,
    ("POST", "/_control/webhook"): progress.set_webhook,
    ("GET", "/_control/webhooks"): progress.list_deliveries,
    ("POST", "/_control/stock"): progress.set_stock,
    ("POST", "/_control/cancel"): drift.cancel,
    ("POST", "/_control/edit"): drift.edit,
    ("POST", "/_control/duplicate"): drift.duplicate,
    ("POST", "/_control/remove"): drift.remove,
}


def answer(sandbox: Controlled, request: Request) -> Response:
    """Answer a request that is no platform's."""
    control = CONTROLS.get((request.method, request.path))
    if control is None:
        known = ", ".join(f"{method} {path}" for method, path in CONTROLS)
        return json_response(404, {"error": f"Nothing is here. The sandbox knows: {known}."})
    try:
        return control(Command(sandbox, request, _read(request)))
    except BadControl as error:
        return json_response(400, {"error": str(error)})


def _read(request: Request) -> Json:
    """The body of a POST. Only JSON is taken, which no form of a strange page can send."""
    if not request.is_write:
        return {}
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadControl("Send the body as application/json.")
    try:
        content = json.loads(request.body or b"{}")
    except ValueError:
        raise BadControl("The body is not JSON.") from None
    if not isinstance(content, dict):
        raise BadControl("The body must be a JSON object.")
    return content
