"""Columns of a catalogue file: what people call the fields of a product.

A name may end in a unit (“Weight (kg)”, “length_cm”): measures are read in it.
"""

import re
from dataclasses import dataclass, field

from orders.intake.cells.text import clean
from orders.intake.formats.synonyms import normal

CATALOGUE_FIELDS = {
    "sku": "SKU",
    "title": "Title",
    "barcode": "Barcode",
    "category": "Category",
    "value": "Value of one piece",
    "currency": "Currency",
    "weight_grams": "Weight in grams",
    "length_mm": "Length in millimetres",
    "width_mm": "Width in millimetres",
    "height_mm": "Height in millimetres",
    "hs_code": "HS code",
    "origin_country": "Country of origin",
    "customs_description": "Customs description",
    "is_hazmat": "Hazardous",
    "battery": "Battery",
    "is_active": "Active",
}

_NAMES = {
    "sku": """sku;variant sku;item sku;product sku;sku code;product code;item number;item code
;article number;part number;Artikelnummer;référence;referencia;código""",
    "title": """title;name;product title;product name;item name;product;item;description
;Bezeichnung;Artikelname;Titel;désignation;nom;nombre;título;producto""",
    "barcode": "barcode;ean;upc;gtin;variant barcode;ean13;Strichcode;code-barres;código de barras",
    "category": """category;type;product type;product category;group;Kategorie;Warengruppe
;catégorie;categoría""",
    "value": """value;price;unit price;unit value;declared value;customs value;variant price
;Preis;Wert;prix;valeur;precio;valor""",
    "currency": "currency;currency code;Währung;devise;moneda",
    "weight_grams": """weight;grams;variant grams;unit weight;shipping weight;net weight
;gross weight;Gewicht;poids;peso""",
    "length_mm": "length;depth;Länge;longueur;largo;longitud",
    "width_mm": "width;Breite;largeur;ancho",
    "height_mm": "height;Höhe;hauteur;alto;altura",
    "hs_code": """hs code;hs;hs tariff;tariff code;tariff number;harmonized code;hts;hts code
;harmonized system code
;customs tariff number;Zolltarifnummer;code sh;código hs""",
    "origin_country": """origin country;origin;country of origin;country;made in;coo
;Ursprungsland;Herkunftsland;pays d'origine;país de origen""",
    "customs_description": "customs description;customs text;Zollbeschreibung",
    "is_hazmat": """is hazmat;hazmat;hazardous;dangerous goods;dangerous;is hazardous;Gefahrgut
;matière dangereuse;peligroso""",
    "battery": "battery;batteries;battery kind;battery type;lithium;Batterie;Akku;batería",
    "is_active": "is active;active;enabled;status;published;aktiv;actif;activo",
}
_FIELD_OF = {
    normal(name): target
    for target, names in _NAMES.items()
    for name in names.replace("\n", "").split(";")
}
_UNIT = re.compile(
    r"[\s_(\[,/-]+(grams?|g|kgs?|kilograms?|lbs?|pounds?|oz|ounces?|mm|cm|m|in|inch|inches)[)\]]?\s*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class CatalogueHeader:
    """Field → column (from 0), the unit that its name ends in, and columns of other things."""

    columns: list[str]
    fields: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read_catalogue_header(cells: list[str]) -> CatalogueHeader:
    columns = [" ".join(clean(cell).split()) for cell in cells]
    header = CatalogueHeader(columns)
    for place, column in enumerate(columns):
        if not column or len(column) > 80:
            continue
        unit = _UNIT.search(column)
        name = _FIELD_OF.get(normal(column)) or _FIELD_OF.get(
            normal(column[: unit.start()] if unit else ""), ""
        )
        if not name or name in header.fields:
            header.unknown.append(column)
            continue
        header.fields[name] = place
        if unit:
            header.units[name] = unit.group(1).lower()
        elif normal(column).endswith("grams"):
            header.units[name] = "g"
    return header
