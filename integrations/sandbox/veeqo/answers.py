"""How Veeqo answers: bare objects and lists, and several shapes of saying no."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from integrations.sandbox.messages import Json, Refused, Response, json_response, read_json
from integrations.sandbox.turn import Call

USER_ID = 77
COMPANY_ID = 9001
LARGEST = 10**12
"""Beyond this no amount, id or number of units is believed."""


def ok(content: Any, headers: dict[str, str] | None = None) -> Response:
    """200 with JSON."""
    return json_response(200, content, headers)


def created(content: Any, location: str) -> Response:
    """201 with JSON and where the new thing is."""
    return json_response(201, content, {"Location": location})


def no_content() -> Response:
    """204."""
    return Response(204)


def refuse(status: int, messages: str | Sequence[str]) -> NoReturn:
    """Raise the refusal with Veeqo's error_messages, a string or a list as the endpoint has it."""
    text = messages if isinstance(messages, str) else list(messages)
    raise Refused(json_response(status, {"error_messages": text}))


def not_found() -> NoReturn:
    """Raise Veeqo's 404 for a missing record."""
    refuse(404, "Not found")


def found(body: Json | None) -> Json:
    """The body, or Veeqo's 404."""
    if body is None:
        not_found()
    return body


def route_missing() -> Response:
    """Veeqo's 404 for a missing route."""
    return json_response(404, {"status": 404, "error": "Not Found"})


def read_body(call_body: bytes) -> Any:
    """The request's JSON, an empty object if there is none. Raises the 400 of a Rails parser."""
    if not call_body.strip():
        return {}
    try:
        content = read_json(call_body)
    except ValueError:
        raise Refused(json_response(400, {"status": 400, "error": "Bad Request"})) from None
    if not isinstance(content, dict):
        raise Refused(json_response(400, {"status": 400, "error": "Bad Request"}))
    return content


def wrapped(call: Call, name: str) -> Json:
    """What the body holds under its resource name."""
    content = call.body.get(name)
    if not isinstance(content, dict) or not content:
        refuse(400, [f"{title(name)} can't be blank"])
    return content


def title(name: str) -> str:
    """delivery_method_id becomes “Delivery method”, as Rails names attributes in messages."""
    words = name.removesuffix("_id").removesuffix("_attributes").replace("_", " ")
    return words[:1].upper() + words[1:]


def require(content: Json, *names: str) -> None:
    """Refuse with one message for each attribute that is missing or blank."""
    blank = [name for name in names if content.get(name) in (None, "", [], {})]
    if blank:
        refuse(400, [f"{title(name)} can't be blank" for name in blank])


def text(content: Json, name: str) -> str | None:
    """A text of the body; a number is read as its digits, anything larger is dropped."""
    value = content.get(name)
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else None


def texts(content: Json, names: Sequence[str]) -> Json:
    """Those of the texts that the body names."""
    return {name: text(content, name) for name in names if name in content}


def flag(content: Json, name: str) -> bool | None:
    """A switch of the body; anything but true and false is as good as nothing."""
    value = content.get(name)
    return value if isinstance(value, bool) else None


def amount(content: Json, name: str, default: str = "0") -> str:
    """A number or decimal string of the body as a decimal string."""
    value = content.get(name)
    if value in (None, ""):
        return default
    try:
        number = Decimal(str(value).removeprefix("$"))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) > LARGEST:
        refuse(400, [f"{title(name)} is not a number"])
    return str(number)


def whole(content: Json, name: str, *, least: int = 0) -> int:
    """A whole number of the body, also from a string of digits."""
    value = content.get(name)
    digits = isinstance(value, str) and value.lstrip("-").isdigit()
    if isinstance(value, bool) or not (isinstance(value, int) or digits):
        refuse(400, [f"{title(name)} is not a number"])
    number = int(str(value))
    if number < least:
        refuse(400, [f"{title(name)} must be greater than or equal to {least}"])
    if number > LARGEST:
        refuse(400, [f"{title(name)} must be less than or equal to {LARGEST}"])
    return number


def number(text: str | None) -> float | int:
    """A decimal string as the JSON number Veeqo sends: whole ones without a point stay floats."""
    return float(Decimal(text)) if text else 0


def rows(content: Json, name: str) -> list[Json]:
    """A list of objects of the body, empty if missing."""
    value = content.get(name) or []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        refuse(400, [f"{title(name)} is invalid"])
    return value


def user_card(call: Call) -> Json:
    """The user behind the key, as orders and notes show it."""
    account = call.turn.world.account
    return {"id": USER_ID, "login": account.veeqo_user, "email": account.veeqo_email}
