"""What staff see and do about what platforms list."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django_q.models import OrmQ

from config.roles import ensure_roles
from core.models import AuditEvent
from integrations.models import RemoteId, Unmatched
from integrations.services import leave_out
from integrations.sync.mappings import keep_page
from integrations.sync.matching import Found
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    PlatformHealthFactory,
    ProductFactory,
    StockSnapshotFactory,
    UnmatchedFactory,
    UserFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_role(client):
    ensure_roles()

    def login(role):
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return login


def page(thing, action):
    return reverse(f"admin:integrations_unmatched_{action}", args=[thing.pk])


def test_a_thing_is_mapped_by_choosing_ours_once(as_role):
    WarehouseFactory(code="RNO1", name="Reno")
    thing = UnmatchedFactory(kind="warehouse", name="Reno NV", theirs="77")
    client = as_role("Integrator")

    assert "RNO1 – Reno" in client.get(page(thing, "map")).content.decode()
    client.post(page(thing, "map"), {"ours": "RNO1"})

    mapping = RemoteId.objects.get()
    assert (mapping.ours, mapping.theirs, mapping.is_by_hand) == ("RNO1", "77", True)
    assert not Unmatched.objects.exists()


def test_only_services_of_that_platform_are_offered(as_role):
    fedex = CarrierFactory(code="fedex", platform="easyship")
    CarrierServiceFactory(code="fedex-2day", carrier=fedex)
    thing = UnmatchedFactory(kind="service", platform="veeqo")

    shown = as_role("Integrator").get(page(thing, "map")).content.decode()
    assert "fedex-2day" not in shown


def test_a_sku_that_is_none_of_ours_is_refused_in_words(as_role):
    ProductFactory(sku="MUG")
    thing = UnmatchedFactory()
    client = as_role("Integrator")

    answer = client.post(page(thing, "map"), {"ours": "NUG"})
    assert "We have no product “NUG”" in answer.content.decode()
    client.post(page(thing, "map"), {"ours": "mug"})
    assert RemoteId.objects.get().ours == "MUG"


def test_what_is_left_out_leaves_the_list_and_no_sync_brings_it_back(as_role):
    thing = UnmatchedFactory(name="Gift card")
    leave_out(thing)
    keep_page(thing.platform, thing.kind, [Found(thing.theirs, "Gift card", "GIFT", "")])
    client, address = as_role("Viewer"), reverse("admin:integrations_unmatched_changelist")

    assert "Gift card" not in client.get(address).content.decode()
    assert "Gift card" in client.get(address, {"list": "out"}).content.decode()
    assert AuditEvent.objects.filter(action="leave_out").exists()


def test_a_viewer_may_look_but_neither_map_nor_sync(as_role):
    thing, health = UnmatchedFactory(), PlatformHealthFactory()
    client = as_role("Viewer")
    sync = reverse("admin:integrations_platformhealth_sync_now", args=[health.pk])

    assert client.post(page(thing, "map"), {"ours": "MUG"}).status_code == 403
    assert client.post(sync).status_code == 403


def test_sync_now_queues_a_job_and_a_get_does_not(as_role, django_capture_on_commit_callbacks):
    health = PlatformHealthFactory()
    client = as_role("Integrator")
    address = reverse("admin:integrations_platformhealth_sync_now", args=[health.pk])

    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(address).status_code == 200
    assert OrmQ.objects.count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    assert OrmQ.objects.count() == 1


def test_their_stock_is_shown_beside_ours(as_role):
    StockSnapshotFactory(on_hand=10)

    address = reverse("admin:integrations_stocksnapshot_changelist")
    assert "+10" in as_role("Viewer").get(address).content.decode()
    assert as_role("Viewer").get(reverse("admin:integrations_syncprogress_changelist")).status_code
