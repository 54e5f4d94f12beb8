"""What must hold for every page of the admin, whoever adds it."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.staff.pages import PERMISSION, CappedCount, CappedPaginator, StaffAdmin
from tests import factories
from warehouses.models import Product

ADMINS = list(admin.site._registry.items())
IDS = [model._meta.label_lower for model, _ in ADMINS]
every_admin = pytest.mark.parametrize(("model", "page"), ADMINS, ids=IDS)
OURS = [(m, a) for m, a in ADMINS if m._meta.app_label not in {"auth", "django_q"}]
our_admins = pytest.mark.parametrize(
    ("model", "page"), OURS, ids=[m._meta.label_lower for m, _ in OURS]
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss", password="x")
    client.force_login(user)
    return client


@pytest.fixture
def outsider(client):
    client.force_login(User.objects.create_user("outsider", is_staff=True))
    return client


def make(model, count=1):
    return getattr(factories, f"{model.__name__}Factory").create_batch(count)


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def button_names(page):
    menus = [page.actions_list, page.actions_row, page.actions_detail, page.actions_submit_line]
    return [name for menu in menus for name in page._extract_action_names(menu)]


def request_of(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


@every_admin
def test_every_page_stands_on_our_base(model, page):
    assert isinstance(page, StaffAdmin)
    assert page.list_per_page == 50
    assert page.paginator is CappedPaginator
    assert page.show_full_result_count is False


@every_admin
def test_every_action_names_a_permission_and_asks_before_it_acts(model, page):
    methods = [getattr(page, name) for name in button_names(page)]
    methods += [action[0] for action in page._get_base_actions() if action[1] != "delete_selected"]

    for method in methods:
        assert getattr(method, PERMISSION, ""), f"{method} names no permission"


@every_admin
def test_deleting_the_selected_rows_is_gone(model, page):
    boss = User.objects.create_superuser("boss", password="x")

    assert "delete_selected" not in page.get_actions(request_of(boss))


@every_admin
def test_nobody_sees_a_page_by_being_staff(model, page, outsider):
    assert outsider.get(address(model)).status_code == 403


@every_admin
def test_no_search_reaches_through_a_foreign_key(model, page):
    if model._meta.app_label in {"auth", "django_q"}:
        assert not [f for f in page.search_fields if "__" in f]
        return
    assert not [field for field in page.search_fields if "__" in field]
    assert not page.date_hierarchy


@every_admin
def test_an_empty_list_opens(model, page, boss):
    assert boss.get(address(model)).status_code == 200


@our_admins
def test_a_list_costs_the_same_queries_for_three_rows_as_for_twelve(model, page, boss):
    make(model, 3)
    boss.get(address(model))
    with CaptureQueriesContext(connection) as few:
        assert boss.get(address(model)).status_code == 200
    make(model, 9)
    with CaptureQueriesContext(connection) as many:
        boss.get(address(model))

    assert len(many) == len(few), "\n".join(q["sql"][:200] for q in many.captured_queries)


@our_admins
def test_a_detail_page_opens(model, page, boss):
    (row,) = make(model)

    assert boss.get(address(model, "change", row.pk)).status_code == 200


@our_admins
@pytest.mark.parametrize("view", ["change", "delete"])
def test_an_address_that_makes_no_sense_is_no_error(model, page, boss, view):
    (row,) = make(model)

    response = boss.get(address(model, view, row.pk), {"_to_field": ""})

    assert response.status_code in {200, 302, 403}


@our_admins
@pytest.mark.parametrize("key", ["9" * 30, "x", "-1", "\x00"])
def test_choosing_rows_that_cannot_exist_is_no_error(model, page, boss, key):
    actions = page.get_actions(request_of(User.objects.get(username="boss")))
    action = next(iter(actions), "nothing")

    response = boss.post(address(model), {"action": action, "_selected_action": key, "index": 0})

    assert response.status_code in {200, 302, 403}


@our_admins
def test_every_button_asks_on_get_and_changes_nothing(model, page, boss):
    (row,) = make(model)
    before = model.objects.filter(pk=row.pk).values().get()

    for name in button_names(page):
        response = boss.get(address(model, name, row.pk))
        assert response.status_code == 200
        assert b"csrfmiddlewaretoken" in response.content
    assert model.objects.filter(pk=row.pk).values().get() == before


@our_admins
def test_every_button_refuses_who_may_only_look(model, page, client):
    (row,) = make(model)
    looker = User.objects.create_user("looker", is_staff=True)
    view = Permission.objects.get(
        codename=f"view_{model._meta.model_name}", content_type__app_label=model._meta.app_label
    )
    looker.user_permissions.add(view)
    client.force_login(looker)

    for name in button_names(page):
        for send in (client.get, client.post):
            assert send(address(model, name, row.pk)).status_code == 403


@our_admins
def test_every_button_refuses_a_post_without_a_csrf_token(model, page, boss):
    (row,) = make(model)
    boss.handler.enforce_csrf_checks = True

    for name in button_names(page):
        assert boss.post(address(model, name, row.pk)).status_code == 403


@every_admin
def test_every_autocomplete_of_a_form_answers(model, page, boss):
    for field in page.autocomplete_fields:
        query = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
        }
        response = boss.get(reverse("admin:autocomplete"), query)
        assert "results" in response.json()


def test_django_qs_rows_can_be_read_and_nothing_else():
    boss = request_of(User.objects.create_superuser("boss", password="x"))
    pages = [page for model, page in ADMINS if model._meta.app_label == "django_q"]

    assert len(pages) == 4
    for page in pages:
        assert not page.has_add_permission(boss)
        assert not page.has_change_permission(boss)
        assert not page.has_delete_permission(boss)
        assert page.get_actions(boss) == {}


def test_a_list_stops_counting_at_its_cap(monkeypatch):
    monkeypatch.setattr(CappedCount, "cap", 2)
    factories.ProductFactory.create_batch(3)
    count = CappedPaginator(Product.objects.all(), 50).count

    assert (int(count), str(count)) == (2, "2+")
