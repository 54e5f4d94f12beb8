"""The two sides of a comparison, and what it may find. Pure: no database, no network, no clock."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.models.drift import DriftKind
from integrations.platforms.outbound import AddressValue


@dataclass(frozen=True, slots=True)
class Ours:
    """One shipment as we know it; empty or None where we cannot say.

    `units` are pieces by SKU, `skus` our SKUs by the platform's product id, `places` our warehouse
    codes by the platform's id, `origins` every address that is this shipment's warehouse there,
    `goods` the worth of all pieces as we told it, `cost` what the label cost.
    """

    remote_id: str
    reference: str
    recipient: AddressValue
    is_over: bool = False
    has_left: bool = False
    has_label: bool = False
    tracking_number: str = ""
    units: Mapping[str, int] = dataclasses.field(default_factory=dict)
    skus: Mapping[str, str] = dataclasses.field(default_factory=dict)
    warehouse: str = ""
    warehouse_remote_id: str = ""
    origins: tuple[AddressValue, ...] = ()
    places: Mapping[str, str] = dataclasses.field(default_factory=dict)
    goods: Decimal | None = None
    currency: str = ""
    cost: Decimal | None = None
    cost_currency: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field with both values as staff read them; `details` are our columns for their value."""

    kind: DriftKind
    field: str
    ours: str
    theirs: str
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and what was compared at all.

    `silent` are fields that the platform did not say or that we could not compare: a finding about
    one of them stays as it is.
    """

    differences: tuple[Difference, ...] = ()
    compared: frozenset[DriftKind] = frozenset()
    silent: frozenset[tuple[DriftKind, str]] = frozenset()

    @property
    def agrees(self) -> bool:
        return not self.differences

    def clears(self, kind: str, name: str) -> bool:
        """Whether this look proves that both agree on the field."""
        if kind not in self.compared or {(kind, name), (kind, "")} & self.silent:
            return False
        return all((each.kind, each.field) != (kind, name) for each in self.differences)


EVERYTHING = frozenset(DriftKind)
EXISTENCE = frozenset({DriftKind.ONLY_THERE, DriftKind.MISSING_THERE, DriftKind.DUPLICATE})
