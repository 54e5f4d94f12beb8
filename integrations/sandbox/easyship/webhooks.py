"""The webhooks an account has registered; new ones are inactive."""

import json
from functools import partial
from urllib.parse import urlsplit

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship import events
from integrations.sandbox.easyship.answers import fail, found, listing, single, success
from integrations.sandbox.easyship.schemas.words import EVENT_TYPES
from integrations.sandbox.identity import fixed_uuid
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.signing import deliver
from integrations.sandbox.turn import Call, Followup, Turn

KIND = events.WEBHOOK
POINTED = fixed_uuid("easyship webhook", "pointed")
RESOURCE_TYPES = {"batch": "shipment_batch", "credit": "company", "oauth": "oauth_application"}


def add(
    turn: Turn, given: Json, *, secret: str = "", state: str = "inactive", key: str = ""
) -> Json:
    """Store a webhook; without a secret it gets one."""
    stamp = iso_seconds(turn.now)
    webhook = {
        "id": key or turn.ids.uuid(),
        "endpoint": given["endpoint"],
        "configuration": given.get("configuration"),
        "event_types": given.get("event_types") or list(EVENT_TYPES),
        "version": "2024-09",
        "state": state,
        "secret_token": secret or f"webh_{turn.ids.token(32)}",
        "created_at": stamp,
        "updated_at": stamp,
    }
    turn.tx.add(KIND, webhook["id"], webhook, status=state, reference=webhook["endpoint"])
    return webhook


def save(turn: Turn, webhook: Json) -> None:
    """Save a webhook with a new time of change."""
    webhook["updated_at"] = iso_seconds(turn.now)
    turn.tx.put(
        KIND, webhook["id"], webhook, status=webhook["state"], reference=webhook["endpoint"]
    )


def point_to(turn: Turn, url: str, secret: str) -> Json:
    """
    Have one active webhook for everything at that address, and no other.

    It keeps its id, so that what waits for it from before a restart is delivered as well.
    """
    for webhook in turn.tx.bodies(KIND):
        turn.tx.remove(KIND, webhook["id"])
    return add(turn, {"endpoint": url}, secret=secret, state="active", key=POINTED)


def list_webhooks(call: Call) -> Response:
    """GET /webhooks."""
    return listing(call, "webhooks", call.tx.bodies(KIND))


def view(call: Call) -> Response:
    """GET /webhooks/{webhook_id}."""
    return single(call, "webhook", _find(call))


def _find(call: Call) -> Json:
    return found(call.tx.get(KIND, call.params["webhook_id"]), "Webhook")


def create(call: Call) -> Response:
    """POST /webhooks: inactive at first."""
    _check_endpoint(call.body["endpoint"])
    return single(call, "webhook", add(call.turn, call.body), 201)


def _check_endpoint(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        fail("invalid_content", "Endpoint is invalid")


def update(call: Call) -> Response:
    """PATCH /webhooks/{webhook_id}."""
    webhook = _find(call)
    _check_endpoint(call.body["endpoint"])
    webhook |= {name: call.body[name] for name in ("endpoint", "event_types")}
    webhook["configuration"] = call.body.get("configuration", webhook["configuration"])
    save(call.turn, webhook)
    return single(call, "webhook", webhook)


def activate(call: Call) -> Response:
    """POST /webhooks/{webhook_id}/activate."""
    _set_state(call, "active")
    return success(call, "Webhook successfully activated.")


def deactivate(call: Call) -> Response:
    """POST /webhooks/{webhook_id}/deactivate."""
    _set_state(call, "inactive")
    return success(call, "Webhook successfully deactivated.")


def _set_state(call: Call, state: str) -> None:
    webhook = _find(call)
    webhook["state"] = state
    save(call.turn, webhook)


def delete(call: Call) -> Response:
    """DELETE /webhooks/{webhook_id}: 400 if there is none."""
    if call.tx.get(KIND, call.params["webhook_id"]) is None:
        fail("api_error", "Failed to destroy webhook")
    call.tx.remove(KIND, call.params["webhook_id"])
    return success(call, "Webhook successfully deleted!")


def try_out(call: Call) -> Followup:
    """Deliver a sample at once and report how it was received."""
    webhook = _find(call)
    event = call.body["event_type"].replace("_", ".")
    kind = event.split(".", 1)[0]
    body = {
        "event_type": event,
        "resource_type": RESOURCE_TYPES.get(kind, kind),
        "resource_id": "ESTEST00000",
        "data": {"easyship_shipment_id": "ESTEST00000", "platform_order_number": None},
    }
    company = call.turn.world.account.easyship_company_id
    return Followup(partial(_deliver_sample, call, webhook, json.dumps(body), company))


def _deliver_sample(call: Call, webhook: Json, body: str, company: str) -> Response:
    answer = deliver(webhook["endpoint"], body, webhook["secret_token"], company)
    if not answer.accepted:
        fail(
            "api_error",
            "Webhook test failed. A 2xx status code is expected."
            f" (Response Code: {answer.status or answer.text})",
        )
    return success(call, "Webhook test succeeded")
