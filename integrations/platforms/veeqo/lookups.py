"""Finding things at Veeqo, whose searches are fuzzy: the exact comparison is always ours."""

from collections.abc import Iterator, Sequence

from integrations.platforms.calls import Purpose
from integrations.platforms.errors import Unintelligible, Unsendable
from integrations.platforms.http import JsonApi, Request, segment
from integrations.platforms.outbound import OutboundLine, Reference
from integrations.platforms.remote import Page, RemoteProduct
from integrations.platforms.veeqo.answers import VeeqoOrder, read_customer_id, read_order
from integrations.platforms.veeqo.catalogue import read_products
from integrations.platforms.veeqo.paging import PAGE_SIZE, page_number, read_page

_MOST_PAGES = 10


def fetch_order(api: JsonApi, remote_id: str, purpose: Purpose) -> VeeqoOrder:
    """The order as it is now. Raises NotFound."""
    request = Request("GET", f"/orders/{segment(remote_id)}", purpose)
    return api.ask(request, lambda answer: read_order(answer.body))


def find_orders(api: JsonApi, reference: Reference) -> tuple[VeeqoOrder, ...]:
    """Every order with this number; cancelled ones are listed only when asked for (§4.1)."""
    return tuple(
        found
        for status in ({}, {"status": "cancelled"})
        for found in _search_orders(api, reference, status)
        if found.remote.reference == reference.text
    )


def _search_orders(
    api: JsonApi, reference: Reference, status: dict[str, str]
) -> Iterator[VeeqoOrder]:
    cursor: str | None = ""
    for _ in range(_MOST_PAGES):
        page = order_page(api, {"query": reference.text, **status}, cursor or "", Purpose.FIND)
        if page.unreadable:
            # It might be ours: better no answer than a wrong "not there".
            raise Unintelligible(page.unreadable[0])
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return
    raise Unintelligible(f"the search for {reference} has more than {_MOST_PAGES} pages")


def order_page(
    api: JsonApi, query: dict[str, str], cursor: str, purpose: Purpose
) -> Page[VeeqoOrder]:
    """One page of orders."""
    page = page_number(cursor)
    paging = {"page_size": str(PAGE_SIZE), "page": str(page)}
    request = Request("GET", "/orders", purpose, query=query | paging)
    return api.ask(
        request, lambda answer: read_page(answer, page, lambda each: [read_order(each)], "orders")
    )


def customer_id(api: JsonApi, email: str) -> str:
    """The customer with this e-mail, or "" when there is none."""
    if not email:
        return ""
    query = {"query": email, "page_size": str(PAGE_SIZE)}
    request = Request("GET", "/customers", Purpose.CREATE, query=query)
    return api.ask(request, lambda answer: read_customer_id(answer.body, email))


def sellable_ids(api: JsonApi, lines: Sequence[OutboundLine]) -> dict[str, str]:
    """Sellable ids by SKU: the mapping's, or found by exact SKU. Raises Unsendable."""
    return {line.sku: line.product_remote_id or _sellable_by_sku(api, line.sku) for line in lines}


def _sellable_by_sku(api: JsonApi, sku: str) -> str:
    query = {"query": sku, "page_size": str(PAGE_SIZE), "page": "1"}
    request = Request("GET", "/products", Purpose.CREATE, query=query)
    page: Page[RemoteProduct] = api.ask(
        request, lambda answer: read_page(answer, 1, read_products, "products")
    )
    found = sorted(
        {
            product.remote_id
            for product in page.items
            if product.is_active and product.sku.casefold() == sku.casefold()
        }
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise Unsendable(f"SKU {sku} is on several products there ({', '.join(found)}); map it")
    raise Unsendable(f"SKU {sku} is unknown there; add the product or map it")
