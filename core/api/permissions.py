"""Deny by default: a view without declared access answers nobody."""

from typing import Any, NamedTuple

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.models import ApiToken


class Access(NamedTuple):
    """What a token needs, and what a signed-in person needs, for one action of a view."""

    scope: str
    permission: str


class ScopePermission(BasePermission):
    """Look the action up in the view's `access`, a map of action or method name to Access."""

    message = "This needs a scope or permission that you do not have."

    def has_permission(self, request: Request, view: Any) -> bool:
        access = access_of(view, request.method or "")
        if access is None:
            return False
        if isinstance(request.auth, ApiToken):
            return access.scope in request.auth.scopes
        user: Any = request.user
        return bool(user and user.is_authenticated and user.is_staff) and user.has_perm(
            access.permission
        )


class StaffOrToken(BasePermission):
    """Anybody who may use the API at all may read how."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        user: Any = request.user
        return isinstance(request.auth, ApiToken) or bool(user and user.is_staff)


def access_of(view: Any, method: str) -> Access | None:
    """The declared access of the view's current action, else of the HTTP method."""
    declared: dict[str, Access] = getattr(view, "access", {})
    action = getattr(view, "action", None)
    # OPTIONS and unknown methods have no action; what may be read may be described.
    key = action if action and action != "metadata" else method.lower()
    return declared.get(key) or (declared.get("list") if method == "OPTIONS" else None)
