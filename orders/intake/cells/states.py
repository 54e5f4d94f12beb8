"""States and provinces whose names have a postal abbreviation: US, Canada, Australia."""

from orders.intake.cells.text import squash

_US = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut
|DE Delaware
|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky
|LA Louisiana
|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri
|MT Montana
|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina
|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina
|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington
|WV West Virginia
|WI Wisconsin|WY Wyoming|DC District of Columbia|DC Washington DC|PR Puerto Rico|VI Virgin Islands
|VI US Virgin Islands|GU Guam|AS American Samoa|MP Northern Mariana Islands|FM Micronesia
|MH Marshall Islands|PW Palau|AA Armed Forces Americas|AE Armed Forces Europe
|AP Armed Forces Pacific"""
_CA = """AB Alberta|BC British Columbia|BC Colombie-Britannique|MB Manitoba|NB New Brunswick
|NB Nouveau-Brunswick|NL Newfoundland and Labrador|NL Newfoundland|NS Nova Scotia
|NS Nouvelle-Écosse
|NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|QC PQ
|SK Saskatchewan|YT Yukon"""
_AU = """ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland
|SA South Australia|TAS Tasmania|VIC Victoria|WA Western Australia"""


def _table(text: str) -> dict[str, str]:
    pairs = [item.strip().split(" ", 1) for item in text.replace("\n", "").split("|")]
    return {squash(key): code for code, name in pairs for key in (code, name)}


_TABLES = {"US": _table(_US), "CA": _table(_CA), "AU": _table(_AU)}
ZERO_STATES = frozenset({"CT", "MA", "ME", "NH", "NJ", "PR", "RI", "VI", "VT", "AE"})
"""States whose ZIP codes begin with a zero."""


def state_code(text: str, country: str) -> str:
    """NV of “Nevada” or “nv” in a country that abbreviates; the empty string when unknown."""
    table = _TABLES.get(country)
    if table is None or not text:
        return ""
    return table.get(squash(text), "") or table.get(squash(text.rpartition("-")[2]), "")


def abbreviates(country: str) -> bool:
    return country in _TABLES


def is_us_state(text: str) -> bool:
    return bool(text) and squash(text) in _TABLES["US"]


def is_canadian_province(text: str) -> bool:
    return bool(text) and squash(text) in _TABLES["CA"]
