"""Carriers: their Veeqo numbers, their slugs, and tracking numbers of the right form."""

from dataclasses import dataclass

OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Carrier:
    """Veeqo number: the built-in id of veeqo.md section 17."""

    name: str
    veeqo_number: int
    slug: str


CARRIERS = {
    carrier.name.upper(): carrier
    for carrier in (
        Carrier("Royal Mail", 1, "royal-mail"),
        Carrier("FedEx", 2, "fedex"),
        Carrier(OTHER, 3, "other"),
        Carrier("DPD", 4, "dpd"),
        Carrier("UPS", 5, "ups"),
        Carrier("USPS", 7, "usps"),
        Carrier("DHL", 9, "dhl"),
        Carrier("Parcelforce", 12, "parcelforce"),
        Carrier("TNT", 13, "tnt"),
        Carrier("Canada Post", 19, "canada-post"),
    )
}


def carrier_named(name: str) -> Carrier:
    """The carrier of that name in any case, Other when it is not one of the built-in ones."""
    return CARRIERS.get(name.upper(), CARRIERS[OTHER.upper()])


def carrier_numbered(number: int) -> Carrier | None:
    """The built-in carrier of that Veeqo number."""
    return next((c for c in CARRIERS.values() if c.veeqo_number == number), None)


def tracking_number(carrier: str, serial: int) -> str:
    """A number of the carrier's usual length with its check digit, never a real parcel's."""
    match carrier.upper():
        case "UPS":
            return _ups_number(serial)
        case "USPS":
            body = f"9400100000{serial:011d}"
            return body + str(_mod_10(body, (3, 1)))
        case "FEDEX":
            body = f"7999{serial:07d}"
            return body + str(_fedex_check(body))
        case _:
            return f"{8_000_000_000 + serial}"


def _mod_10(digits: str, weights: tuple[int, int]) -> int:
    """The digit that makes the weighted sum, from the right, a multiple of ten."""
    total = sum(int(d) * weights[i % 2] for i, d in enumerate(reversed(digits)))
    return -total % 10


def _fedex_check(digits: str) -> int:
    """Weights 1, 3, 7 from the right, modulo 11, ten counting as nought."""
    total = sum(int(d) * (1, 3, 7)[i % 3] for i, d in enumerate(reversed(digits)))
    return total % 11 % 10


def _ups_number(serial: int) -> str:
    """1Z, a shipper of our own, service 03, a serial, and the check digit."""
    body = f"SBX00103{serial:07d}"
    return f"1Z{body}{ups_check_digit(body)}"


def ups_check_digit(body: str) -> int:
    """Letters count as digits from A = 2, every second place double."""
    values = [int(d) if d.isdigit() else (ord(d) - 63) % 10 for d in body]
    return -(sum(values[::2]) + 2 * sum(values[1::2])) % 10
