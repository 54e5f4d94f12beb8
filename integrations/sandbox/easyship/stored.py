"""A shipment as the sandbox keeps it."""

from dataclasses import dataclass, field

from integrations.sandbox.messages import Json


@dataclass
class Stored:
    """A shipment's columns as answered, and what the sandbox knows besides."""

    shipment: Json
    uuid: str
    printing: Json = field(default_factory=dict)
    checkpoints: list[Json] = field(default_factory=list)
    unavailable: list[Json] = field(default_factory=list)
    status: str = "Created"
    tracking_id: str = ""

    @property
    def id(self) -> str:
        return str(self.shipment["easyship_shipment_id"])

    @property
    def reference(self) -> str:
        return self.shipment["order_data"]["platform_order_number"] or ""
