"""The second of Easyship's two validations: the business's, all failures at once."""

from collections.abc import Sequence
from typing import Any

from integrations.sandbox.easyship.codes import STATE_MANDATORY
from integrations.sandbox.easyship.schemas.requests import SCHEMAS
from integrations.sandbox.messages import Json

POSTAL_CODE_MANDATORY = ("AU", "CA", "DE", "ES", "FR", "GB", "IT", "JP", "MX", "NL", "US")
"""The ones of Easyship's long list that the merchant ships to."""
LONGEST_POSTAL_CODE = 20


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: null, or a text of spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def address_faults(
    path: str, address: Json, needed: Sequence[str], schema: str = "Address"
) -> list[str]:
    """What is missing from an address or too long in it. Schema: Address or DestinationAddress."""
    country = address.get("country_alpha2")
    wanted = [*needed, "country_alpha2"]
    if country in STATE_MANDATORY:
        wanted.append("state")
    if country in POSTAL_CODE_MANDATORY:
        wanted.append("postal_code")
    blank = [name for name in dict.fromkeys(wanted) if is_blank(address.get(name))]
    return [f"{path}.{name} can't be blank" for name in blank] + _length_faults(
        path, address, schema
    )


def _length_faults(path: str, address: Json, schema: str) -> list[str]:
    limits = {
        name: column["maximum"]
        for name, column in SCHEMAS[schema]["properties"].items()
        if "maximum" in column
    } | {"postal_code": LONGEST_POSTAL_CODE}
    return [
        f"{path}.{name} is too long (maximum is {limit} characters)"
        for name, limit in limits.items()
        if len(address.get(name) or "") > limit
    ]
