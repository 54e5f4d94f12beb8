"""Searching a million orders by part of a number, name or e-mail address (PostgreSQL)."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from core.postgres import trigram_index


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [
        TrigramExtension(),
        trigram_index("order_search_number", "orders_order", "number"),
        trigram_index("order_search_name", "orders_order", "recipient_name"),
        trigram_index("order_search_email", "orders_order", "email"),
        trigram_index("line_search_sku", "orders_orderline", "sku"),
    ]
