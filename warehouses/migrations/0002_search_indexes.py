"""Searching products by part of a SKU or title (PostgreSQL)."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from core.postgres import trigram_index


class Migration(migrations.Migration):
    dependencies = [("warehouses", "0001_initial")]
    operations = [
        TrigramExtension(),
        trigram_index("product_search_sku", "warehouses_product", "sku"),
        trigram_index("product_search_title", "warehouses_product", "title"),
    ]
