"""The OpenAPI document: scopes as security, and the problems every operation may answer."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from core.api.permissions import access_of

PROBLEM_STATUSES = {
    "400": "A field is not valid.",
    "401": "No token, or one that is not valid here.",
    "403": "The token lacks the scope, or the person lacks the permission.",
    "404": "There is nothing at this address.",
    "429": "Too many requests; see Retry-After.",
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
            for status, description in PROBLEM_STATUSES.items():
                operation["responses"].setdefault(status, problem_response(description))
    return result


def problem_response(description: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": reference}}
