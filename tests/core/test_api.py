"""The base every endpoint stands on: who may, how errors look, what the schema says."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import URLPattern, get_resolver
from rest_framework.test import APIClient

from core.api.permissions import Access
from core.models import ApiToken
from core.tokens import SCOPES, issue_token
from tests.factories import ProductFactory, StockLevelFactory, WarehouseFactory

pytestmark = pytest.mark.django_db
LISTS = ["warehouses", "carriers", "services", "products", "stock"]


def token_client(*scopes, **changes):
    _token, text = issue_token(name="t", client="bridge", scopes=scopes, **changes)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def reader(db):
    return token_client("network:read", "stock:read")


def assert_problem(response, status, code):
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["correlation_id"] == response.headers["X-Correlation-ID"]
    assert body["title"]
    assert body["detail"]


def api_views():
    patterns = get_resolver("config.api_urls").url_patterns
    return [
        (str(pattern.pattern), pattern.callback)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and getattr(pattern.callback, "actions", None)
    ]


def test_every_endpoint_declares_what_it_needs():
    for route, view in api_views():
        for action in view.actions.values():
            access = view.cls.access[action]
            assert isinstance(access, Access), route
            assert access.scope in SCOPES, route


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_told_to_sign_in(name):
    assert_problem(APIClient().get(f"/api/v1/{name}"), 401, "not_authenticated")


@pytest.mark.parametrize("name", LISTS)
def test_a_token_without_the_scope_is_refused(name):
    assert_problem(token_client("orders:read").get(f"/api/v1/{name}"), 403, "permission_denied")


@pytest.mark.parametrize("name", LISTS)
def test_a_token_with_the_scope_reads(name, reader):
    assert reader.get(f"/api/v1/{name}").status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_nothing_here_can_be_written(name, reader):
    assert reader.post(f"/api/v1/{name}", {}).status_code in (403, 405)


def test_a_wrong_token_is_refused_without_a_hint():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer cdk_000000000000_wrong")

    assert_problem(client.get("/api/v1/warehouses"), 401, "authentication_failed")


def test_staff_read_by_their_own_permissions():
    user = User.objects.create_user("kim", is_staff=True)
    client = APIClient()
    client.force_login(user)
    assert_problem(client.get("/api/v1/warehouses"), 403, "permission_denied")

    user.user_permissions.add(Permission.objects.get(codename="view_warehouse"))
    assert client.get("/api/v1/warehouses").status_code == 200


def test_a_customer_account_is_not_staff():
    client = APIClient()
    client.force_login(User.objects.create_user("pat", is_superuser=True))

    assert_problem(client.get("/api/v1/warehouses"), 403, "permission_denied")


def test_an_address_that_does_not_exist_is_a_problem_too(reader):
    assert_problem(reader.get("/api/v1/nonsense"), 404, "not_found")
    assert_problem(reader.get("/api/v1/non%0Asense"), 404, "not_found")
    assert_problem(reader.get("/api/v1/warehouses/NOPE"), 404, "not_found")


def test_a_bad_filter_names_its_field(reader):
    response = reader.get("/api/v1/services?scope=lunar")

    assert_problem(response, 400, "invalid")
    assert response.json()["errors"][0]["field"] == "scope"


def test_a_nul_byte_in_a_filter_is_no_server_error(reader):
    assert reader.get("/api/v1/products", {"sku": "a\0b"}).status_code == 400


def test_a_nul_byte_in_an_address_is_no_server_error(reader):
    assert reader.get("/api/v1/products/a%00b").status_code == 404


def test_a_page_that_is_no_cursor_is_refused(reader):
    assert_problem(reader.get("/api/v1/products?cursor=zzz"), 404, "not_found")


def test_pages_follow_each_other_by_cursor(reader):
    ProductFactory.create_batch(3)

    first = reader.get("/api/v1/products?page_size=2").json()
    second = reader.get(first["next"]).json()

    assert [len(first["results"]), len(second["results"])] == [2, 1]
    assert second["next"] is None


def test_stock_says_what_is_free(reader):
    level = StockLevelFactory(on_hand=9)

    (row,) = reader.get("/api/v1/stock", {"warehouse": level.warehouse.code}).json()["results"]

    assert (row["sku"], row["on_hand"], row["reserved"], row["free"]) == (
        level.product.sku,
        9,
        0,
        9,
    )


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_queries_for_one_row_as_for_ten(
    name, reader, django_assert_num_queries
):
    StockLevelFactory()
    reader.get(f"/api/v1/{name}")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        reader.get(f"/api/v1/{name}")
    StockLevelFactory.create_batch(9)
    WarehouseFactory()
    with CaptureQueriesContext(connection) as many:
        reader.get(f"/api/v1/{name}")

    assert len(few) == len(many)


def test_too_many_requests_are_told_to_wait(settings):
    settings.API_RATE_PER_MINUTE = 1
    settings.API_BURST = 2
    client = token_client("network:read")
    answers = [client.get("/api/v1/warehouses") for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert_problem(answers[2], 429, "throttled")
    assert int(answers[2].headers["Retry-After"]) >= 1


def test_use_of_a_token_is_noted(reader):
    reader.get("/api/v1/warehouses")

    assert ApiToken.objects.get().last_used_at is not None


def test_the_schema_is_for_those_who_may_use_the_api(reader):
    assert APIClient().get("/api/v1/schema/").status_code == 401
    assert reader.get("/api/v1/schema/").status_code == 200


def test_an_answer_for_programs_may_load_nothing(reader):
    policy = reader.get("/api/v1/warehouses").headers["Content-Security-Policy"]

    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_the_docs_page_loads_nothing_from_elsewhere(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))

    page = client.get("/api/v1/docs/").text

    assert "swagger" in page.lower()
    assert "http://" not in page.replace("http://testserver", "")
    assert "https://" not in page
    assert "<script>" not in page


def test_the_docs_send_a_stranger_to_the_login(client):
    assert client.get("/api/v1/docs/").headers["Location"].startswith("/admin/login/")


def test_a_post_to_no_address_is_a_problem_too():
    client = APIClient(enforce_csrf_checks=True)

    assert_problem(client.post("/api/v1/nonsense", {}), 404, "not_found")
