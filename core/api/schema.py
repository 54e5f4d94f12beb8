"""The OpenAPI document: scopes as security, and the problems every operation may answer."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from core.api.permissions import access_of

PROBLEM_STATUSES = {
    "400": "A field is not valid.",
    "401": "No token, or one that is not valid here.",
    "403": "The token lacks the scope, or the person lacks the permission.",
    "404": "There is nothing at this address.",
    "406": "The answer cannot be given in a type that the request accepts.",
    "429": "Too many requests; see Retry-After.",
}
BODY_STATUSES = {
    "413": "The body is larger than allowed.",
    "415": "The body is of a type that is not read here.",
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence: what, where, what to do next."},
        "code": {"type": "string", "description": "Stable; made for programs."},
        "correlation_id": {"type": "string"},
        "existing": {"type": "string", "description": "The address of what is there already."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "cdk_<id>_<secret>"}


class StrictBodies(OpenApiSerializerExtension):
    """What refuses unknown keys says so."""

    target_class = "core.api.fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        return schema | {"additionalProperties": False}


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="The same key with the same body gets the same answer for seven days, and one "
    "effect. Made by you, as in a UUID.",
)
IDEMPOTENCY_REFUSALS = {
    409: "A request with this Idempotency-Key is in flight; see Retry-After.",
    422: "The Idempotency-Key was used with another body.",
}


class CrossdockSchema(AutoSchema):
    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Say which scope an operation needs."""
        access = access_of(self.view, self.method)
        needed = f"Scope: `{access.scope}`." if access else ""
        return "\n\n".join(part for part in (super().get_description(), needed) if part)


def add_problem_responses(result: dict[str, Any], **_unused: Any) -> dict[str, Any]:
    """Document the standard errors once, for every operation."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for path in result["paths"].values():
        for operation in path.values():
            statuses = PROBLEM_STATUSES | (BODY_STATUSES if "requestBody" in operation else {})
            for status, description in statuses.items():
                operation["responses"].setdefault(status, problem_response(description))
    return result


def refusals(said: Mapping[int, str]) -> dict[tuple[int, str], OpenApiResponse]:
    """Problems that one operation may answer besides the standard ones, by status."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        (status, "application/problem+json"): OpenApiResponse(reference, description)
        for status, description in said.items()
    }


def problem_response(description: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": reference}}
