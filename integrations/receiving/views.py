"""The addresses that platforms call. They answer in one insert; a job does the rest."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.platforms.easyship.webhooks import LARGEST_BODY, Forged
from integrations.platforms.errors import Unintelligible
from integrations.receiving import intake
from warehouses.models import Platform

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def easyship(request: HttpRequest) -> HttpResponse:
    """200 once the event is kept, new or not; 401, 413, 400 or 429 otherwise, without detail."""
    raw_body = request.read(LARGEST_BODY + 1)
    if len(raw_body) > LARGEST_BODY:
        return HttpResponse(status=413)
    try:
        account = intake.prove(raw_body, request.headers)
        hint = intake.read(raw_body)
    except Forged as why:
        logger.warning("a webhook was refused", extra={"reason": str(why)})
        return HttpResponse(status=401)
    except Unintelligible as why:
        logger.warning("a webhook cannot be read", extra={"reason": str(why)})
        return HttpResponse(status=400)
    if not intake.is_affordable(Platform.EASYSHIP):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    intake.keep(raw_body, hint, account, request.headers)
    return JsonResponse({"received": True})
