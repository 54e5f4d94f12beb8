"""Where things lie: states, distances, and the rate zones that follow from them. Pure."""

from math import asin, cos, radians, sin, sqrt

from routing.facts import OrderFacts, WarehouseFacts

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the International Union of Geodesy and Geophysics."""

STATES = frozenset(
    {
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN",
        "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH",
        "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT",
        "VT", "VA", "WA", "WV", "WI", "WY",
    }
)  # fmt: skip
TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})
"""Domestic for every carrier of ours, whether written as a state or as a country."""

ASSOCIATED = frozenset({"FM", "MH", "PW"})
"""Freely associated states: the post serves them as domestic when written as a state."""

MILITARY = frozenset({"AA", "AE", "AP"})
US_STATES = STATES | TERRITORIES | ASSOCIATED | MILITARY

BEYOND = US_STATES - STATES | frozenset({"AK", "HI"})
BEYOND_ZONE = "9"
FARTHEST_ZONE = "8"
"""Assumed where the distance is unknown, so that an estimate is never too good."""

# Kilometres up to which a zone reaches: 150, 300, 600, 1000, 1400 and 1800 miles, as in the
# zone charts that UPS, FedEx and the post publish.
_ZONE_LIMITS_KM = (
    (241.4, "2"),
    (482.8, "3"),
    (965.6, "4"),
    (1609.3, "5"),
    (2253.1, "6"),
    (2896.8, "7"),
)


def destination_country(order: OrderFacts) -> str:
    """Two letters; a US territory counts as the United States."""
    return "US" if order.country in TERRITORIES else order.country


def destination_state(order: OrderFacts) -> str:
    """The state, or the territory where it was written as a country."""
    return order.country if order.country in TERRITORIES else order.state


def is_military(order: OrderFacts) -> bool:
    return order.is_military or destination_state(order) in MILITARY


def distance_km(order: OrderFacts, warehouse: WarehouseFacts) -> int | None:
    """Whole kilometres as the crow flies; None where the destination's place is unknown."""
    if order.latitude is None or order.longitude is None:
        return None
    return great_circle_km(warehouse.latitude, warehouse.longitude, order.latitude, order.longitude)


def great_circle_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> int:
    """Whole kilometres between two points in degrees, by the haversine formula."""
    up, other_up = radians(latitude), radians(other_latitude)
    half_up = (other_up - up) / 2
    half_across = radians(other_longitude - longitude) / 2
    chord = sin(half_up) ** 2 + cos(up) * cos(other_up) * sin(half_across) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord))))


def domestic_zone(state: str, kilometres: int | None) -> str:
    """The rate zone of a US destination: by distance, and 9 beyond the contiguous states."""
    if state in BEYOND:
        return BEYOND_ZONE
    if kilometres is None:
        return FARTHEST_ZONE
    for limit, zone in _ZONE_LIMITS_KM:
        if kilometres <= limit:
            return zone
    return FARTHEST_ZONE
