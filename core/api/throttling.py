"""One budget per token or person, counted in the database for all processes."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.budgets import take
from core.models import ApiToken


class SharedThrottle(BaseThrottle):
    def allow_request(self, request: Request, _view: Any) -> bool:
        return take(
            f"api:{identity(request)}",
            capacity=settings.API_BURST,
            per_second=settings.API_RATE_PER_MINUTE / 60,
            now=time.time(),
        )

    def wait(self) -> float:
        """Seconds until one more request is affordable."""
        return max(1.0, 60 / settings.API_RATE_PER_MINUTE)


def identity(request: Request) -> str:
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.token_id}"
    if request.user and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"
