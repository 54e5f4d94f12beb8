"""A small answer about ZIP codes for tests that read files."""

from orders.intake.values.places import ZipPlace

_TOWNS = {
    "02139": ("MA", "Cambridge"),
    "02138": ("MA", "Cambridge"),
    "04330": ("ME", "Augusta"),
    "89501": ("NV", "Reno"),
    "97209": ("OR", "Portland"),
    "30309": ("GA", "Atlanta"),
    "60614": ("IL", "Chicago"),
}


class FewPlaces:
    """Seven ZIP codes."""

    def of_zip(self, zip_code):
        state, city = _TOWNS.get(zip_code, ("", ""))
        return ZipPlace(zip_code, state, (city,)) if state else None

    def zips_of(self, state, city):
        return [code for code, place in _TOWNS.items() if place == (state, city)]
