"""Master data from both platforms, over real HTTP from a sandbox."""

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db import connection

from integrations.dispatching.connections import platform_named
from integrations.models import (
    ApiCall,
    Dispatch,
    DispatchState,
    RemoteId,
    StockSnapshot,
    SyncProgress,
    Unmatched,
)
from integrations.services import map_remote_id, send_order
from integrations.sync.run import sync_platform
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    ProductFactory,
    StockLevelFactory,
    WarehouseFactory,
)
from tests.integrations.dispatch_case import in_thread, work

# Real workers and locks: nothing of it may hide in one transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def mapped(platform, kind):
    return dict(RemoteId.objects.filter(platform=platform, kind=kind).values_list("ours", "theirs"))


def to_map(platform, kind):
    lines = Unmatched.objects.filter(platform=platform, kind=kind)
    return set(lines.values_list("name", flat=True))


@pytest.fixture
def ours():
    """One warehouse of the sandbox's two, one of its products, one service a platform."""
    WarehouseFactory(code="ONT1", name="Inland", city="Ontario", state="CA", postal_code="91761")
    ups, fedex = (
        CarrierFactory(code=code, name=code.upper(), platform=platform)
        for code, platform in (("ups", "veeqo"), ("fedex", "easyship"))
    )
    CarrierServiceFactory(code="ups-ground", name="By road", carrier=ups)
    CarrierServiceFactory(code="dhl-express-worldwide", name="Abroad", carrier=ups)
    CarrierServiceFactory(code="fedex-ground", name="FedEx Ground", carrier=fedex)
    return ProductFactory(sku="mug-red", category="Decor")


def test_what_is_certain_is_mapped_and_the_rest_is_a_work_list(case, ours):
    case.start()
    told = sync_platform("veeqo")

    assert [each.error for each in told] == [""] * 4
    assert all(each.is_done for each in told)
    assert list(mapped("veeqo", "warehouse")) == ["ONT1"]
    assert to_map("veeqo", "warehouse") == {"Reno NV"}
    assert mapped("veeqo", "service") == {
        "ups-ground": "UPS_PTP_GND",
        "dhl-express-worldwide": "DHL_PTP_EXPRESS_WW",
    }
    assert list(mapped("veeqo", "product")) == ["mug-red"]
    assert "MUG-BLU" in Unmatched.objects.filter(kind="product").values_list("about", flat=True)


def test_services_that_are_none_of_ours_are_listed_too(case, ours):
    case.start()
    sync_platform("easyship")

    assert "FedEx Home Delivery" in to_map("easyship", "service")
    assert "FedEx Ground" not in to_map("easyship", "service")


def test_easyship_is_matched_by_zip_and_by_the_names_of_the_table(case, ours):
    case.start()
    sync_platform("easyship")

    assert list(mapped("easyship", "warehouse")) == ["ONT1"]
    assert list(mapped("easyship", "service")) == ["fedex-ground"]
    assert mapped("easyship", "category") == {"Decor": "home_decor"}


def test_a_second_sync_changes_nothing(case, ours):
    case.start()
    sync_platform("veeqo")
    before = list(RemoteId.objects.values("id", "ours", "theirs", "updated_at"))
    lines = list(Unmatched.objects.values("id", "theirs", "first_seen_at"))
    stock = StockSnapshot.objects.count()

    sync_platform("veeqo")

    assert list(RemoteId.objects.values("id", "ours", "theirs", "updated_at")) == before
    assert list(Unmatched.objects.values("id", "theirs", "first_seen_at")) == lines
    assert StockSnapshot.objects.count() == stock


def test_what_a_person_mapped_stays(case, ours):
    case.start()
    other = next(p for p in platform_named("veeqo").list_warehouses().items if "Reno" in p.name)
    map_remote_id(
        platform="veeqo", kind="warehouse", ours="ONT1", theirs=other.remote_id, name="mine"
    )

    sync_platform("veeqo")

    assert mapped("veeqo", "warehouse") == {"ONT1": other.remote_id}
    assert RemoteId.objects.get(kind="warehouse").their_name == "mine"
    assert to_map("veeqo", "warehouse") == {"Ontario CA"}


def test_an_id_that_is_gone_there_gives_way_to_the_new_one(case, ours):
    case.start()
    RemoteId.objects.create(
        platform="veeqo",
        kind="warehouse",
        ours="ONT1",
        theirs="99999",
        is_by_hand=False,
        seen_at="2026-01-01T00:00:00Z",
    )

    sync_platform("veeqo")

    assert mapped("veeqo", "warehouse")["ONT1"] != "99999"
    assert to_map("veeqo", "warehouse") == {"Reno NV"}


def test_a_code_of_the_table_gives_way_to_the_quoted_id_of_the_same_name(case, ours):
    case.start()
    RemoteId.objects.create(
        platform="veeqo",
        kind="service",
        ours="ups-ground",
        theirs="UPS_PTP_WRONG",
        is_by_hand=False,
        seen_at="2026-01-01T00:00:00Z",
    )

    sync_platform("veeqo")

    assert mapped("veeqo", "service")["ups-ground"] == "UPS_PTP_GND"


def test_one_of_theirs_is_taken_once_when_two_look_like_ours(case, ours):
    WarehouseFactory(code="RNO1", name="Ontario CA", postal_code="89506", state="NV")
    case.start()

    sync_platform("veeqo")

    theirs = list(mapped("veeqo", "warehouse").values())
    assert len(theirs) == len(set(theirs))


def test_mapping_a_thing_once_sends_all_that_waited(case, ours):
    case.start()
    orders = [case.routed("veeqo", mapped=False) for _ in range(2)]
    for order in orders:
        send_order(order)
    work("veeqo")
    assert set(Dispatch.objects.values_list("missing", flat=True)) == {"warehouse:ONT1"}

    sync_platform("veeqo")
    work("veeqo")

    assert not Dispatch.objects.exclude(state=DispatchState.DONE).exists()


def test_stock_is_stored_beside_ours_and_changes_nothing_of_ours(case, ours):
    case.start()
    level = StockLevelFactory(
        product=ours, warehouse=WarehouseFactory._meta.model.objects.get(code="ONT1"), on_hand=7
    )

    sync_platform("veeqo")

    shot = StockSnapshot.objects.get()
    assert (shot.product, shot.warehouse.code, shot.on_hand) == (ours, "ONT1", 90)
    level.refresh_from_db()
    assert level.on_hand == 7


def test_a_list_that_broke_off_goes_on_at_its_page_and_forgets_nothing(case, ours, monkeypatch):
    monkeypatch.setattr("integrations.platforms.veeqo.adapter.PAGE_SIZE", 3)
    monkeypatch.setattr("integrations.platforms.veeqo.paging.PAGE_SIZE", 3)
    case.start()
    sync_platform("veeqo")
    lines = Unmatched.objects.filter(kind="product").count()
    SyncProgress.objects.filter(kind="product").update(cursor="3", page_at="2100-01-01T00:00:00Z")
    ApiCall.objects.all().delete()
    case.faults("500@veeqo/products")

    told = sync_platform("veeqo")
    assert (told[-1].kind, told[-1].is_done) == ("product", False)
    assert told[-1].error
    assert Unmatched.objects.filter(kind="product").count() == lines
    case.faults("")
    assert sync_platform("veeqo")[-1].is_done

    first = ApiCall.objects.filter(path__contains="/products", outcome="ok").earliest("id")
    assert '"page": "3"' in first.request_excerpt
    assert Unmatched.objects.filter(kind="product").count() <= lines


def test_a_list_that_is_refused_does_not_keep_the_others_from_being_read(case, ours):
    case.start(easyship_scopes="company_account:read,courier_service:read,product:read")

    told = {each.kind: each for each in sync_platform("easyship")}

    assert told["warehouse"].is_refused
    assert told["service"].is_done
    assert list(mapped("easyship", "product")) == ["mug-red"]


def test_no_call_of_a_sync_is_made_inside_a_transaction(case, ours, monkeypatch):
    case.start()
    inside = []
    real = requests.Session.send

    def watched(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(requests.Session, "send", watched)
    sync_platform("veeqo")

    assert inside
    assert not any(inside)


def test_the_calls_of_one_sync_share_an_id(case, ours):
    case.start()

    sync_platform("veeqo")

    (found,) = ApiCall.objects.order_by().values_list("correlation_id", flat=True).distinct()
    assert found


def test_two_syncs_at_once_do_no_harm(case, ours):
    case.start()
    threads = [in_thread(lambda: sync_platform("veeqo")) for _ in range(3)]
    for thread in threads:
        thread.join()

    sync_platform("veeqo")
    assert list(mapped("veeqo", "product")) == ["mug-red"]
    assert not SyncProgress.objects.exclude(cursor="").exists()


def test_the_command_says_what_failed(case, ours, capsys):
    case.start(faults="500@easyship")

    with pytest.raises(CommandError, match="Easyship"):
        call_command("sync_platforms")
    assert "Warehouses: 2 read, 1 mapped, 1 to map" in capsys.readouterr().out
