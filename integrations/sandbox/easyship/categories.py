"""Easyship's item categories: the twenty that are known of twenty-five."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A category with the HS code it stands for."""

    id: int
    name: str
    slug: str
    hs_code: str
    includes_battery: bool = False
    contains_liquids: bool = False
    active: bool = True

    def row(self) -> dict[str, object]:
        batteries = {
            "contains_battery_pi966": False,
            "contains_battery_pi967": self.includes_battery,
        }
        return {**asdict(self), **batteries}


CATEGORIES = (
    Category(1, "Mobile Phones", "mobile_phones", "85171300", includes_battery=True),
    Category(2, "Tablets", "tablets", "84713000", includes_battery=True),
    Category(3, "Computers & Laptops", "computers_laptops", "84713000", includes_battery=True),
    Category(4, "Cameras", "cameras", "85258900", includes_battery=True),
    Category(5, "Accessory (no-battery)", "accessory_no_battery", "85171400"),
    Category(
        6, "Accessory (with battery)", "accessory_with_battery", "85171400", includes_battery=True
    ),
    Category(7, "Health & Beauty", "health_beauty", "33040000", contains_liquids=True),
    Category(8, "Fashion", "fashion", "62032900"),
    Category(9, "Watches", "watches", "91021900"),
    Category(10, "Home Appliances", "home_appliances", "85098000"),
    Category(11, "Home Decor", "home_decor", "94038990"),
    Category(12, "Toys", "toys", "95030099"),
    Category(13, "Sport & Leisure", "sport_leisure", "9506910000"),
    Category(14, "Bags & Luggages", "bags_luggages", "42029210"),
    Category(15, "Audio Video", "audio_video", "85198160"),
    Category(16, "Documents", "documents", "49011000"),
    Category(17, "Jewelry", "jewelry", "71022900"),
    Category(18, "Dry Food & Supplements", "dry_food_supplements", "17049000"),
    Category(19, "Books & Collectibles", "books_collectibles", "49019900"),
    Category(20, "Pet Accessory", "pet_accessory", "42010000"),
)


def category_called(text: str) -> Category | None:
    """The category of that name or slug, in any case."""
    wanted = text.strip().lower()
    return next((c for c in CATEGORIES if wanted in (c.slug, c.name.lower())), None)


def category_numbered(number: int) -> Category | None:
    """The category of that number."""
    return next((c for c in CATEGORIES if c.id == number), None)
