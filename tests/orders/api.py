"""Clients of the API, and the smallest things they send."""

from rest_framework.test import APIClient

from core.tokens import issue_token

ORDERS = "/api/v1/orders"
IMPORTS = "/api/v1/imports"
SCOPES = ("orders:read", "orders:write", "imports:write")


def token_client(*scopes, client="bridge"):
    _token, text = issue_token(name="t", client=client, scopes=scopes or SCOPES)
    found = APIClient()
    found.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return found


def order_body(number="A-1", **changes):
    """An order that nothing is wrong with where the product MUG and the ZIP 89501 are known."""
    return {
        "number": number,
        "recipient_name": "Dana Reyes",
        "phone": "+17755550142",
        "email": "dana@example.com",
        "address_1": "120 Mill Street",
        "city": "Reno",
        "state": "NV",
        "postal_code": "89501",
        "country": "US",
        "currency": "USD",
        "order_date": "2026-03-02",
        "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "12.50"}],
    } | changes


def errors_of(response):
    """Field to code, of a problem."""
    return {error["field"]: error["code"] for error in response.json()["errors"]}
