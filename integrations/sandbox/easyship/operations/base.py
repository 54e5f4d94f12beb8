"""What an operation of Easyship's is: a route, its scopes, its body's schema, its page."""

from dataclasses import dataclass

from integrations.sandbox.easyship.answers import Page
from integrations.sandbox.routes import Route
from integrations.sandbox.turn import Handler

VERSION = "/2024-09"
AUTOMATE = ("How to Automate your Shipments", "how-to-automate-your-shipments")
CHECKOUT = ("How to Display Rates at Checkout", "how-to-display-rates-at-checkout")
TRACK = ("How to Track a Shipment", "how-to-track-a-shipment")


@dataclass(frozen=True, slots=True)
class Operation:
    """A route and what goes with it. Schema: the request body's, empty if it has none."""

    route: Route
    page: Page
    schema: str = ""
    needs_body: bool = False

    @property
    def name(self) -> str:
        """As parameters are looked up, without the version."""
        return f"{self.route.method} {self.route.path.removeprefix(VERSION)}"


def op(method: str, path: str, handler: Handler, scopes: str, page: Page) -> Operation:
    """An operation without a body. Scopes without their “public.” prefix."""
    return Operation(Route(method, VERSION + path, handler, tuple(scopes.split())), page)


def taking(schema: str, operation: Operation, *, optional: bool = False) -> Operation:
    """The operation with a body of that schema."""
    return Operation(operation.route, operation.page, schema, not optional)
