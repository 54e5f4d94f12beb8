"""Searching dispatches and shipments by part of a reference, id or number (PostgreSQL)."""

from django.db import migrations

from core.postgres import trigram_index


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0001_initial"),
        ("orders", "0006_shipments"),
    ]
    operations = [
        trigram_index("dispatch_search_reference", "integrations_dispatch", "reference"),
        trigram_index("dispatch_search_remote", "integrations_dispatch", "remote_id"),
        trigram_index("shipment_search_reference", "orders_shipment", "reference"),
        trigram_index("shipment_search_tracking", "orders_shipment", "tracking_number"),
        trigram_index("shipment_search_remote", "orders_shipment", "remote_id"),
    ]
