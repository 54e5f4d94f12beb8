"""The smallest valid thing of every model; stock and reservations go through the services."""

import itertools
from datetime import UTC, datetime, time
from decimal import Decimal

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.models import (
    ApiToken,
    AuditEvent,
    IdempotencyRecord,
    PeriodicRun,
    RateBudget,
    WorkerHeartbeat,
)
from integrations.models import (
    ApiCall,
    Dispatch,
    DispatchAttempt,
    DispatchKind,
    DriftFinding,
    DriftKind,
    DriftLook,
    PlatformHealth,
    Reconciliation,
    RemoteId,
    RemoteKind,
    Retention,
    StockSnapshot,
    SyncCursor,
    SyncKind,
    SyncProgress,
    Unmatched,
    WebhookEvent,
)
from orders.models import (
    AddressOverride,
    BulkRun,
    BulkRunRow,
    BulkSelection,
    ColumnMapping,
    Document,
    DocumentKind,
    DuplicatePair,
    Finding,
    Hold,
    HoldType,
    ImportPart,
    ImportRow,
    ImportSession,
    ImportState,
    Order,
    OrderEvent,
    OrderLine,
    OrderPart,
    OrderStatus,
    PartLine,
    Reservation,
    RowState,
    Severity,
    Shipment,
    Tag,
    TrackingEvent,
)
from orders.services import reserve_lines
from routing.codec import document, frame_of
from routing.facts import Network
from routing.models import (
    NetworkSnapshot,
    RoutingDecision,
    Rule,
    RuleCondition,
    RuleOutcome,
    Ruleset,
    RulesetState,
    Simulation,
    SimulationRow,
)
from routing.services.route import route_order
from routing.services.rules import ensure_default_ruleset
from warehouses.models import (
    Carrier,
    CarrierService,
    CityName,
    DestinationZone,
    PickupCutoff,
    Platform,
    Product,
    RateCard,
    ReasonCode,
    StockLevel,
    StockMovement,
    TransitTime,
    Warehouse,
    WarehouseClosure,
    ZipCentroid,
)
from warehouses.services import receive_stock, set_stock_policy

_papers = itertools.count(1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence("person{}".format)
    is_staff = True

    @factory.post_generation
    def groups(self, create, extracted, **kwargs):
        """UserFactory(groups=["Clerk"])"""
        for name in extracted or []:
            self.groups.add(self.groups.model.objects.get(name=name))


# --- core -----------------------------------------------------------------------------------------


class AuditEventFactory(DjangoModelFactory):
    class Meta:
        model = AuditEvent

    actor_label = "system"
    action = "change"
    object_type = "warehouses.product"
    object_id = "1"
    object_label = "MUG"


class ApiTokenFactory(DjangoModelFactory):
    """A row only; core.tokens.issue_token makes one that opens something."""

    class Meta:
        model = ApiToken

    name = "Shopify bridge"
    client = "shopify-bridge"
    token_id = factory.Sequence("{:012x}".format)
    digest = "0" * 64
    scopes = ["orders:read"]


class WorkerHeartbeatFactory(DjangoModelFactory):
    class Meta:
        model = WorkerHeartbeat

    queue = factory.Sequence("queue{}".format)
    at = factory.LazyFunction(timezone.now)


class PeriodicRunFactory(DjangoModelFactory):
    class Meta:
        model = PeriodicRun

    name = factory.Sequence("sweep{}".format)
    slot = datetime(2025, 1, 6, tzinfo=UTC)


class RateBudgetFactory(DjangoModelFactory):
    class Meta:
        model = RateBudget

    key = factory.Sequence("budget{}".format)
    capacity = 5.0
    per_second = 1.0
    tokens = 5.0
    refilled_at = 0.0


# --- warehouses -----------------------------------------------------------------------------------


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product
        django_get_or_create = ["sku"]

    sku = factory.Sequence("SKU-{:04}".format)
    title = factory.LazyAttribute(lambda product: f"The {product.sku}")
    value = Decimal("12.00")
    weight_grams = 400
    length_mm = 120
    width_mm = 100
    height_mm = 100


class WarehouseFactory(DjangoModelFactory):
    class Meta:
        model = Warehouse
        skip_postgeneration_save = True

    code = factory.Sequence("RNO{}".format)
    name = factory.LazyAttribute(lambda warehouse: f"Reno {warehouse.code}")
    address_1 = "9550 Gateway Drive"
    city = "Reno"
    state = "NV"
    postal_code = "89521"
    latitude = Decimal("39.444400")
    longitude = Decimal("-119.770600")
    time_zone = "America/Los_Angeles"

    @factory.post_generation
    def stock(self, create, extracted, **kwargs):
        """WarehouseFactory(stock={"MUG": 5}); 0 makes an empty level."""
        for sku, on_hand in (extracted or {}).items():
            StockLevelFactory(warehouse=self, product=ProductFactory(sku=sku), on_hand=on_hand)


class StockLevelFactory(DjangoModelFactory):
    """StockLevelFactory(on_hand=5, safety_stock=1); for reserved units reserve for an order."""

    class Meta:
        model = StockLevel

    warehouse = factory.SubFactory(WarehouseFactory)
    product = factory.SubFactory(ProductFactory)
    on_hand = 1
    safety_stock = 0
    reorder_point = 0

    @classmethod
    def _create(cls, model_class, *, warehouse, product, on_hand, **policy):
        if on_hand:
            receive(warehouse, product, on_hand)
        else:
            model_class.objects.get_or_create(warehouse=warehouse, product=product)
        return set_stock_policy(warehouse=warehouse, product=product, **policy)


class StockMovementFactory(DjangoModelFactory):
    """StockMovementFactory(quantity=5): a receipt."""

    class Meta:
        model = StockMovement

    warehouse = factory.SubFactory(WarehouseFactory)
    product = factory.SubFactory(ProductFactory)
    quantity = 1

    @classmethod
    def _create(cls, model_class, *, warehouse, product, quantity):
        return receive(warehouse, product, quantity)


def receive(warehouse, product, quantity):
    paper = f"opening-{next(_papers)}"
    return receive_stock(
        warehouse=warehouse,
        product=product,
        quantity=quantity,
        reason=ReasonCode.OPENING,
        document=paper,
        key=f"factory:{paper}",
    )


class CarrierFactory(DjangoModelFactory):
    class Meta:
        model = Carrier
        django_get_or_create = ["code"]

    code = "ups"
    name = factory.LazyAttribute(lambda carrier: carrier.code.upper())
    platform = Platform.VEEQO


class CarrierServiceFactory(DjangoModelFactory):
    class Meta:
        model = CarrierService
        django_get_or_create = ["code"]

    carrier = factory.SubFactory(CarrierFactory)
    code = "ups-ground"
    name = factory.LazyAttribute(lambda service: service.code.replace("-", " ").title())
    transit_days_min = 1
    transit_days_max = 5
    max_weight_grams = 68_000


class PickupCutoffFactory(DjangoModelFactory):
    class Meta:
        model = PickupCutoff

    warehouse = factory.SubFactory(WarehouseFactory)
    carrier = factory.SubFactory(CarrierFactory)
    weekday = 0
    local_time = time(16, 0)


class WarehouseClosureFactory(DjangoModelFactory):
    class Meta:
        model = WarehouseClosure

    warehouse = factory.SubFactory(WarehouseFactory)
    date = factory.Sequence(
        lambda n: datetime(2025, 12, 25, tzinfo=UTC).date().replace(year=2025 + n)
    )
    reason = "Christmas"


class DestinationZoneFactory(DjangoModelFactory):
    class Meta:
        model = DestinationZone
        django_get_or_create = ["carrier", "country"]

    carrier = factory.SubFactory(CarrierFactory)
    country = "CA"
    zone = "31"


class TransitTimeFactory(DjangoModelFactory):
    class Meta:
        model = TransitTime
        django_get_or_create = ["service", "zone"]

    service = factory.SubFactory(CarrierServiceFactory)
    zone = "2"
    days_min = 1
    days_max = 1


class RateCardFactory(DjangoModelFactory):
    class Meta:
        model = RateCard
        django_get_or_create = ["service", "zone", "up_to_grams"]

    service = factory.SubFactory(CarrierServiceFactory)
    zone = "2"
    up_to_grams = factory.Sequence(lambda n: 500 + n)
    price = Decimal("8.40")


class ZipCentroidFactory(DjangoModelFactory):
    class Meta:
        model = ZipCentroid
        django_get_or_create = ["zip_code"]

    zip_code = "89501"
    state = "NV"
    city = "Reno"
    latitude = Decimal("39.5260")
    longitude = Decimal("-119.8130")
    time_zone = "America/Los_Angeles"


class CityNameFactory(DjangoModelFactory):
    class Meta:
        model = CityName

    zip_centroid = factory.SubFactory(ZipCentroidFactory)
    state = "NV"
    key = factory.Sequence("city{}".format)


# --- orders ---------------------------------------------------------------------------------------


class TagFactory(DjangoModelFactory):
    class Meta:
        model = Tag
        django_get_or_create = ["name"]

    name = "gift"


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = Order
        skip_postgeneration_save = True

    class Params:
        ready = factory.Trait(status=OrderStatus.READY)
        routed = factory.Trait(
            status=OrderStatus.ROUTED,
            warehouse=factory.SubFactory(WarehouseFactory),
            service=factory.SubFactory(CarrierServiceFactory),
            platform=Platform.VEEQO,
        )

    source = "manual"
    number = factory.Sequence("SO-{:04}".format)
    recipient_name = "Dana Reyes"
    address_1 = "1 Market Street"
    city = "San Francisco"
    state = "CA"
    postal_code = "94105"
    country = "US"

    @factory.post_generation
    def lines(self, create, extracted, **kwargs):
        """OrderFactory(lines={"MUG": 2}); without it one MUG; {} makes none."""
        wanted = {"MUG": 1} if extracted is None else extracted
        for position, (sku, quantity) in enumerate(wanted.items(), start=1):
            OrderLineFactory(
                order=self,
                position=position,
                sku=sku,
                product=ProductFactory(sku=sku),
                quantity=quantity,
            )

    @factory.post_generation
    def tags(self, create, extracted, **kwargs):
        """OrderFactory(tags=["gift"])"""
        self.tags.add(*(TagFactory(name=name) for name in extracted or []))


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory, lines={})
    position = factory.LazyAttribute(lambda line: line.order.lines.count() + 1)
    sku = "MUG"
    product = factory.SubFactory(ProductFactory, sku=factory.SelfAttribute("..sku"))
    quantity = 1
    unit_price = Decimal("12.00")


class OrderPartFactory(DjangoModelFactory):
    """A row only; orders.services.splits writes all parts of an order."""

    class Meta:
        model = OrderPart

    order = factory.SubFactory(OrderFactory, routed=True, parcels=2)
    n = 1
    warehouse = factory.SubFactory(WarehouseFactory)
    service = factory.SubFactory(CarrierServiceFactory)


class PartLineFactory(DjangoModelFactory):
    class Meta:
        model = PartLine

    part = factory.SubFactory(OrderPartFactory)
    line = factory.LazyAttribute(lambda row: row.part.order.lines.first())
    quantity = 1


class OrderEventFactory(DjangoModelFactory):
    class Meta:
        model = OrderEvent

    order = factory.SubFactory(OrderFactory)
    kind = "note"
    message = "The customer called."
    actor_label = "system"


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = Finding

    order = factory.SubFactory(OrderFactory)
    code = "unknown_sku"
    severity = Severity.ERROR
    field = "sku"
    message = "MUGG is no known product."
    next_step = "Choose the product."


class HoldFactory(DjangoModelFactory):
    class Meta:
        model = Hold

    order = factory.SubFactory(OrderFactory)
    type = HoldType.CUSTOMER
    reason = "Away until Monday"


class AddressOverrideFactory(DjangoModelFactory):
    class Meta:
        model = AddressOverride

    address_key = factory.Sequence("{:064x}".format)
    address = "1 Market Street, San Francisco CA 94105, US"
    reason = "The customer lives there."


class DuplicatePairFactory(DjangoModelFactory):
    class Meta:
        model = DuplicatePair

    first = factory.SubFactory(OrderFactory)
    second = factory.SubFactory(OrderFactory)
    fingerprint = "f" * 64


class ReservationFactory(DjangoModelFactory):
    """ReservationFactory(quantity=2): an order of one line, reserved where there is enough."""

    class Meta:
        model = Reservation

    quantity = 1
    warehouse = factory.SubFactory(WarehouseFactory)
    product = factory.SubFactory(ProductFactory)

    @classmethod
    def _create(cls, model_class, *, warehouse, product, quantity):
        order = OrderFactory(lines={product.sku: quantity})
        receive(warehouse, product, quantity)
        return reserve_lines(order, warehouse)[0]


class ShipmentFactory(DjangoModelFactory):
    """ShipmentFactory(order=order): known to the platform, without a label yet."""

    class Meta:
        model = Shipment

    order = factory.SubFactory(OrderFactory, routed=True)
    platform = Platform.VEEQO
    generation = 1
    reference = factory.Sequence("SHIPMENT-{:07}-1".format)
    remote_id = factory.Sequence("{}".format)
    service = factory.SubFactory(CarrierServiceFactory)


class TrackingEventFactory(DjangoModelFactory):
    class Meta:
        model = TrackingEvent

    shipment = factory.SubFactory(ShipmentFactory)
    at = datetime(2025, 1, 6, tzinfo=UTC)
    code = "in_transit"
    words = "Arrived at facility"
    digest = factory.Sequence("{:064x}".format)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    shipment = factory.SubFactory(ShipmentFactory)
    kind = DocumentKind.LABEL
    media_type = "application/pdf"
    content = b"%PDF-1.4\n%%EOF\n"
    size = 15
    sha256 = factory.Sequence("{:064x}".format)


# --- integrations ---------------------------------------------------------------------------------


class RemoteIdFactory(DjangoModelFactory):
    class Meta:
        model = RemoteId

    platform = Platform.VEEQO
    kind = RemoteKind.WAREHOUSE
    ours = factory.Sequence("RNO{}".format)
    theirs = factory.Sequence("{}".format)


class SyncProgressFactory(DjangoModelFactory):
    class Meta:
        model = SyncProgress
        django_get_or_create = ["platform", "kind"]

    platform = Platform.VEEQO
    kind = factory.Iterator(SyncKind.values)


class UnmatchedFactory(DjangoModelFactory):
    class Meta:
        model = Unmatched

    platform = Platform.VEEQO
    kind = RemoteKind.PRODUCT
    theirs = factory.Sequence("{}".format)
    name = "Enamel mug"
    about = "MUG-OLD"


class StockSnapshotFactory(DjangoModelFactory):
    class Meta:
        model = StockSnapshot

    platform = Platform.VEEQO
    warehouse = factory.SubFactory(WarehouseFactory)
    product = factory.SubFactory(ProductFactory, sku=factory.Sequence("SKU-{}".format))
    on_hand = 10
    available = 8


class DispatchFactory(DjangoModelFactory):
    """A row only; integrations.services.send_order makes one whose order knows of it."""

    class Meta:
        model = Dispatch

    order = factory.SubFactory(OrderFactory, routed=True)
    kind = DispatchKind.CREATE
    platform = Platform.VEEQO
    reference = factory.Sequence("XD-{:07}-1".format)


class DispatchAttemptFactory(DjangoModelFactory):
    class Meta:
        model = DispatchAttempt

    dispatch = factory.SubFactory(DispatchFactory)
    n = 1
    token = "0" * 32


class ApiCallFactory(DjangoModelFactory):
    class Meta:
        model = ApiCall

    platform = Platform.VEEQO
    purpose = "find"
    method = "GET"
    path = "/orders"
    status = 200
    outcome = "ok"
    milliseconds = 12
    retention = Retention.READ


class PlatformHealthFactory(DjangoModelFactory):
    class Meta:
        model = PlatformHealth
        django_get_or_create = ["platform"]

    platform = Platform.VEEQO


class WebhookEventFactory(DjangoModelFactory):
    class Meta:
        model = WebhookEvent

    source = Platform.EASYSHIP
    digest = factory.Sequence("{:064x}".format)
    event_type = "shipment.tracking.status.changed"
    remote_shipment_id = "ESUS10006001"
    body = b"{}"


class SyncCursorFactory(DjangoModelFactory):
    class Meta:
        model = SyncCursor

    platform = Platform.VEEQO
    subject = factory.Sequence("tracking{}".format)


# --- imports --------------------------------------------------------------------------------------


class ColumnMappingFactory(DjangoModelFactory):
    class Meta:
        model = ColumnMapping

    name = factory.Sequence("layout {}".format)
    header_hash = "0" * 64
    columns = {"name": "Ship to", "postal_code": "ZIP"}


class ImportSessionFactory(DjangoModelFactory):
    """ImportSessionFactory(rows=3): a file that was read, with so many rows waiting."""

    class Meta:
        model = ImportSession
        skip_postgeneration_save = True

    file_name = factory.Sequence("orders-{}.csv".format)
    file_hash = "0" * 64
    source = "shopify"
    state = ImportState.PREVIEW
    format = "native"
    columns = ["order_number", "name"]
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def rows(self, create, extracted, **kwargs):
        ImportRowFactory.create_batch(extracted or 0, session=self)


class ImportRowFactory(DjangoModelFactory):
    class Meta:
        model = ImportRow

    session = factory.SubFactory(ImportSessionFactory)
    position = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda row: f"R-{row.position}")
    row_hash = "0" * 64
    state = RowState.READY
    file_rows = factory.LazyAttribute(lambda row: [row.position + 1])
    cells = factory.LazyAttribute(lambda row: {str(row.position + 1): [row.number, "Dana Reyes"]})
    parsed = factory.LazyAttribute(
        lambda row: {
            "number": row.number,
            "currency": "USD",
            "recipient": {
                "name": "Dana Reyes",
                "address_1": "1 Market Street",
                "city": "San Francisco",
                "state": "CA",
                "postal_code": "94105",
                "country": "US",
            },
            "lines": [{"sku": "MUG", "quantity": "1", "row": row.position + 1}],
            "rows": row.file_rows,
        }
    )


class ImportPartFactory(DjangoModelFactory):
    class Meta:
        model = ImportPart

    session = factory.SubFactory(ImportSessionFactory)
    position = factory.Sequence(int)
    content = b"order_number,sku\n"


class IdempotencyRecordFactory(DjangoModelFactory):
    class Meta:
        model = IdempotencyRecord

    owner = "token:1"
    method = "POST"
    path = "/api/v1/orders"
    key = factory.Sequence("key-{}".format)
    body_hash = "0" * 64


class BulkRunFactory(DjangoModelFactory):
    class Meta:
        model = BulkRun

    action = "release_holds"
    label = "Release holds…"
    permission = "orders.hold_order"
    token = factory.Sequence("token-{}".format)
    actor = factory.SubFactory(UserFactory)
    selection = BulkSelection.IDS
    is_collected = True


class BulkRunRowFactory(DjangoModelFactory):
    class Meta:
        model = BulkRunRow

    run = factory.SubFactory(BulkRunFactory, total=1)
    order = factory.SubFactory(OrderFactory)
    label = factory.SelfAttribute("order.number")


# --- routing --------------------------------------------------------------------------------------


class RulesetFactory(DjangoModelFactory):
    """A draft; RulesetFactory(published=True) is in force."""

    class Meta:
        model = Ruleset
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            state=RulesetState.PUBLISHED, number=factory.Sequence(lambda n: n + 1)
        )

    name = factory.Sequence("ruleset {}".format)


class RuleFactory(DjangoModelFactory):
    class Meta:
        model = Rule

    ruleset = factory.SubFactory(RulesetFactory)
    position = factory.Sequence(lambda n: (n + 1) * 10)
    name = "Nevada by UPS"


class RuleConditionFactory(DjangoModelFactory):
    class Meta:
        model = RuleCondition

    rule = factory.SubFactory(RuleFactory)
    field = "state"
    operator = "is"
    values = "NV"


class RuleOutcomeFactory(DjangoModelFactory):
    class Meta:
        model = RuleOutcome

    rule = factory.SubFactory(RuleFactory)
    action = "prefer"
    target = "carrier"
    codes = "ups"


class NetworkSnapshotFactory(DjangoModelFactory):
    class Meta:
        model = NetworkSnapshot

    content_hash = factory.Sequence("{:064x}".format)
    content = factory.LazyFunction(lambda: document(frame_of(Network())))


def network(stock=None, *, code="RNO1", service="ups-ground", **about):
    """A warehouse that UPS Ground collects from every day and carries from to anywhere in the US.

    network({"MUG": 5}, code="PDX1", state="OR") adds another; the default ruleset is in force.
    """
    ensure_default_ruleset()
    ZipCentroidFactory()
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco", latitude="37.79")
    place = Warehouse.objects.filter(code=code).first() or WarehouseFactory(code=code, **about)
    carried = CarrierServiceFactory(code=service)
    for weekday in range(7):
        PickupCutoff.objects.get_or_create(
            warehouse=place,
            carrier=carried.carrier,
            weekday=weekday,
            defaults={"local_time": time(23, 59)},
        )
    for zone in "23456789":
        RateCardFactory(service=carried, zone=zone, up_to_grams=68_000)
    for sku, on_hand in ({"MUG": 100} if stock is None else stock).items():
        StockLevelFactory(warehouse=place, product=ProductFactory(sku=sku), on_hand=on_hand)
    return place


class RoutingDecisionFactory(DjangoModelFactory):
    """A ready order that was routed by the real thing."""

    class Meta:
        model = RoutingDecision

    @classmethod
    def _create(cls, model_class, *, order=None):
        network()
        order = order or OrderFactory(ready=True)
        return route_order(order.pk).stored


class SimulationFactory(DjangoModelFactory):
    class Meta:
        model = Simulation

    ruleset = factory.SubFactory(RulesetFactory)
    ruleset_version = factory.SelfAttribute("ruleset.version")


class SimulationRowFactory(DjangoModelFactory):
    class Meta:
        model = SimulationRow

    # First: it needs a ruleset in force, and a simulation makes a draft.
    decision = factory.SubFactory(RoutingDecisionFactory)
    simulation = factory.SubFactory(SimulationFactory)
    before = "RNO1 · ups-ground"
    after = "RNO1 · fedex-ground"


class DriftFindingFactory(DjangoModelFactory):
    """DriftFindingFactory(order=order): the city differs."""

    class Meta:
        model = DriftFinding

    platform = Platform.VEEQO
    kind = DriftKind.ADDRESS
    field = "city"
    remote_id = factory.Sequence("{}".format)
    reference = factory.Sequence("XD-{:07}-1".format)
    ours = "Reno"
    theirs = "Elko"
    details = factory.LazyFunction(lambda: {"city": "Elko"})


class DriftLookFactory(DjangoModelFactory):
    class Meta:
        model = DriftLook

    shipment = factory.SubFactory(ShipmentFactory)
    at = datetime(2026, 3, 2, tzinfo=UTC)


class ReconciliationFactory(DjangoModelFactory):
    class Meta:
        model = Reconciliation
        django_get_or_create = ("platform",)

    platform = Platform.VEEQO
