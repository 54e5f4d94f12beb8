"""`Authorization: Bearer cdk_…`."""

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from core.actor import Actor, current_actor
from core.models import ApiToken
from core.tokens import find_token, note_use


class TokenUser:
    """Stands where a person would: an API client has scopes, never Django's permissions."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    is_staff = False
    pk = None

    def __init__(self, token: ApiToken):
        self.token = token

    def __str__(self) -> str:
        return f"api:{self.token.client}"

    def has_perm(self, _permission: str, _object: object = None) -> bool:
        return False


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[TokenUser, ApiToken] | None:
        """Raises AuthenticationFailed for a token that is unknown, over, revoked or elsewhere."""
        kind, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = find_token(text.strip(), request.META.get("REMOTE_ADDR", ""))
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This token is not valid here. Check its text, expiry and allowed networks."
            )
        note_use(token)
        current_actor.set(Actor(f"api:{token.client}"))
        return TokenUser(token), token

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="crossdock"'
