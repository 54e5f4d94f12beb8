"""Files of products: rows become products, and what is odd becomes remarks. Pure."""

from orders.intake.catalogue.columns import CATALOGUE_FIELDS
from orders.intake.catalogue.reading import CatalogueReading, ReadProduct, read_catalogue

__all__ = ["CATALOGUE_FIELDS", "CatalogueReading", "ReadProduct", "read_catalogue"]
