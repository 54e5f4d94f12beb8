"""Names of countries, states and counties that the address library lacks, as people type them."""

OTHER_NAMES = {
    "United States": "US", "United States of America": "US", "America": "US",
    "Estados Unidos": "US", "EE.UU.": "US", "Great Britain": "GB", "England": "GB",
    "Scotland": "GB", "Wales": "GB",
    "Northern Ireland": "GB", "Britain": "GB", "Deutschland": "DE", "Allemagne": "DE",
    "Alemania": "DE", "Österreich": "AT", "Oesterreich": "AT", "Schweiz": "CH", "Suisse": "CH",
    "Svizzera": "CH", "España": "ES", "Espana": "ES", "Spanien": "ES", "Espagne": "ES",
    "Frankreich": "FR", "Francia": "FR", "Italia": "IT", "Italien": "IT", "Italie": "IT",
    "Polska": "PL", "Polen": "PL", "Nederland": "NL", "The Netherlands": "NL", "Holland": "NL",
    "Niederlande": "NL", "Pays-Bas": "NL", "België": "BE", "Belgique": "BE", "Belgien": "BE",
    "Danmark": "DK", "Sverige": "SE", "Norge": "NO", "Suomi": "FI", "Česko": "CZ",
    "Czech Republic": "CZ", "Czechia": "CZ", "Česká republika": "CZ", "Slovensko": "SK",
    "Slovenija": "SI", "Hrvatska": "HR", "Magyarország": "HU", "România": "RO", "Türkiye": "TR",
    "Turkey": "TR", "Ελλάδα": "GR", "Éire": "IE", "Republic of Ireland": "IE", "Ísland": "IS",
    "México": "MX", "Mexique": "MX", "Brasil": "BR", "Brésil": "BR", "Perú": "PE", "Panamá": "PA",
    "日本": "JP", "日本国": "JP", "中国": "CN", "中國": "CN", "中华人民共和国": "CN", "台灣": "TW",
    "台湾": "TW", "香港": "HK", "대한민국": "KR", "한국": "KR", "South Korea": "KR", "Korea": "KR",
    "Republic of Korea": "KR", "Україна": "UA", "Россия": "RU", "Russia": "RU",
    "Russian Federation": "RU", "Vietnam": "VN", "Việt Nam": "VN", "Pilipinas": "PH",
    "Bharat": "IN", "Aotearoa": "NZ", "UAE": "AE", "Hong Kong SAR": "HK", "ประเทศไทย": "TH",
    "ישראל": "IL", "Eesti": "EE", "Latvija": "LV", "Lietuva": "LT", "България": "BG",
    "Србија": "RS", "Luxemburg": "LU", "Macau": "MO", "Ivory Coast": "CI",
    "Singapore": "SG", "Kanada": "CA", "Australien": "AU", "Japon": "JP", "Japón": "JP",
}  # fmt: skip

SHORT_CODES = {
    "USA": "US", "UK": "GB", "CAN": "CA", "GBR": "GB", "DEU": "DE", "GER": "DE", "FRA": "FR",
    "AUS": "AU", "IRL": "IE", "POL": "PL", "ESP": "ES", "ITA": "IT", "JPN": "JP", "MEX": "MX",
    "NLD": "NL", "BEL": "BE", "CHE": "CH", "AUT": "AT", "SWE": "SE", "NOR": "NO", "DNK": "DK",
    "FIN": "FI", "PRT": "PT", "BRA": "BR", "IND": "IN", "CHN": "CN", "KOR": "KR", "NZL": "NZ",
    "SGP": "SG", "PHL": "PH", "UKR": "UA", "CZE": "CZ", "HUN": "HU", "GRC": "GR", "TUR": "TR",
    "ZAF": "ZA", "ARG": "AR", "CHL": "CL", "ISR": "IL", "THA": "TH", "VNM": "VN", "MYS": "MY",
}  # fmt: skip

US_STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
    "WI": "Wisconsin", "WY": "Wyoming", "DC": "District of Columbia", "PR": "Puerto Rico",
    "GU": "Guam", "VI": "Virgin Islands", "AS": "American Samoa", "MP": "Northern Mariana Islands",
    "AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific",
}  # fmt: skip
CA_PROVINCES = {
    "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
    "NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories",
    "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec",
    "SK": "Saskatchewan", "YT": "Yukon",
}  # fmt: skip
AU_STATES = {
    "NSW": "New South Wales", "VIC": "Victoria", "QLD": "Queensland", "WA": "Western Australia",
    "SA": "South Australia", "TAS": "Tasmania", "ACT": "Australian Capital Territory",
    "NT": "Northern Territory",
}  # fmt: skip
STATE_NICKNAMES = {
    "US": {"Calif": "CA", "Mass": "MA", "Penn": "PA", "Penna": "PA", "Fla": "FL", "Tex": "TX",
           "Wash": "WA", "Ariz": "AZ", "Colo": "CO", "Conn": "CT", "Ill": "IL", "Ind": "IN",
           "Mich": "MI", "Minn": "MN", "Nev": "NV", "Ore": "OR", "Tenn": "TN", "Wis": "WI",
           "Wisc": "WI"},
    "CA": {"Québec": "QC", "Ont": "ON", "Newfoundland": "NL", "PEI": "PE", "Que": "QC"},
    "AU": {"Vic": "VIC", "Tas": "TAS"},
}  # fmt: skip

BRITISH_COUNTIES = (
    "Aberdeenshire, Angus, Antrim, Argyll, Armagh, Avon, Ayrshire, Bedfordshire, "
    "Berkshire, Borders, Buckinghamshire, Bucks, Cambridgeshire, Cambs, Cheshire, "
    "Cleveland, Clwyd, Cornwall, County Antrim, County Armagh, County Down, "
    "County Durham, County Fermanagh, County Londonderry, County Tyrone, Cumbria, "
    "Derbyshire, Devon, Dorset, Down, Dyfed, East Lothian, East Sussex, East Yorkshire, "
    "East Riding of Yorkshire, Essex, Fife, Flintshire, Glamorgan, Gloucestershire, "
    "Greater London, Greater Manchester, Gwent, Gwynedd, Hampshire, Hants, Herefordshire, "
    "Hertfordshire, Herts, Highland, Isle of Wight, Kent, Lanarkshire, Lancashire, Lancs, "
    "Leicestershire, Leics, Lincolnshire, Lincs, Merseyside, Mid Glamorgan, Middlesex, "
    "Midlothian, Monmouthshire, Norfolk, North Yorkshire, Northamptonshire, Northants, "
    "Northumberland, Nottinghamshire, Notts, Oxfordshire, Oxon, Pembrokeshire, "
    "Perthshire, Powys, Renfrewshire, Rutland, Shropshire, Somerset, South Glamorgan, "
    "South Yorkshire, Staffordshire, Staffs, Stirlingshire, Suffolk, Surrey, "
    "Tyne and Wear, Tyne & Wear, Warwickshire, West Glamorgan, West Lothian, "
    "West Midlands, West Sussex, West Yorkshire, Wiltshire, Wilts, Worcestershire, Worcs, "
    "Yorkshire"
)
