"""What of Easyship's API 2024-09 the sandbox answers."""

from integrations.sandbox.easyship.operations.account import ACCOUNT
from integrations.sandbox.easyship.operations.hooks import WEBHOOKS
from integrations.sandbox.easyship.operations.shipping import PAPERS, SHIPPING
from integrations.sandbox.routes import Router

OPERATIONS = {
    (operation.route.method, operation.route.path): operation
    for operation in (*SHIPPING, *ACCOUNT, *WEBHOOKS, PAPERS)
}
ROUTER = Router(operation.route for operation in OPERATIONS.values())
