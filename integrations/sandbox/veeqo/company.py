"""The account, its user and the built-in carriers: what a credential check reads."""

from integrations.sandbox.carriers import CARRIERS, Carrier
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call
from integrations.sandbox.veeqo.answers import COMPANY_ID, no_content, ok, text, user_card

OPENED = "2014-01-01T00:00:00.000Z"


def company(call: Call) -> Response:
    """GET /current_company."""
    name = call.tx.setting("veeqo.company", call.turn.world.account.company)
    return ok(
        {
            "id": COMPANY_ID,
            "name": name,
            "created_at": OPENED,
            "updated_at": OPENED,
            "trial_end_date": None,
            "trialing?": False,
            "paying": True,
            "has_right_to_use_veeqo": True,
            "veeqo_product_name": "veeqo-shipping",
            "active_features": [],
            "plan_features": {},
            "paid_plan_features": None,
            "owner": user_card(call),
            "employees": [user_card(call)],
        }
    )


def update_company(call: Call) -> Response:
    """PUT /current_company: its name."""
    if name := text(call.body, "name"):
        call.tx.set_setting("veeqo.company", name)
    return no_content()


def user(call: Call) -> Response:
    """GET /current_user."""
    return ok(user_card(call))


def render_carrier(carrier: Carrier) -> Json:
    """A carrier with its 13 keys."""
    return {
        "id": carrier.veeqo_number,
        "created_at": OPENED,
        "updated_at": OPENED,
        "provider_type": None,
        "slug": carrier.slug,
        "name": carrier.name,
        "is_configured?": False,
        "is_integrated?": False,
        "show_when_shipping?": False,
        "inbound_supported": False,
        "requires_reconnect": False,
        "shipping_service_options": None,
        "using_dhl_parcel_rest_api": False,
    }


def list_carriers(call: Call) -> Response:
    """GET /carriers, which Veeqo does not document."""
    return ok([render_carrier(carrier) for carrier in CARRIERS.values()])
