"""A file of orders: uploaded, understood, looked at, applied, and undone if need be."""
