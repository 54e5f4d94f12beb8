"""Master data: what platforms call our warehouses, services and products, and their stock."""
