"""Names of fields as staff read them."""

from orders.models import Order

_LABELS = {field.name: str(field.verbose_name) for field in Order._meta.fields}


def label_of(name: str) -> str:
    """As on the order's page: “address_1” is “Address 1”."""
    label = _LABELS.get(name, name.replace("_", " "))
    return label[:1].upper() + label[1:]
