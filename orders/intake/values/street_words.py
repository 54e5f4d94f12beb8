"""Words that show a street, a unit, a box or an organisation, in the languages we ship to."""


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


STREET_ENDINGS = words_of(
    "st street ave av aven avenue blvd boulevard rd road dr drive ln lane ct court cir circle "
    "pl place plz plaza sq square ter terr terrace pkwy parkway hwy highway way trl trail "
    "loop row walk run pass path pike tpke turnpike fwy expy expressway aly alley bnd bend "
    "brg bridge byp bypass cres crescent crst xing crossing close cl gardens gdns gate grove "
    "grv hill hl mews mew rise view vw vale wharf quay parade pde esplanade esp green park pk "
    "point pt ridge rdg springs square station landing lndg holw hollow glen gln field fields "
    "fld commons cmns commons isle key knl knoll manor mdw meadow meadows mnr orch orchard "
    "oval ovl plaza ramp rte route rue shore shr spur summit trace trce track tunnel union "
    "via villa vis vista viaduct wynd broadway circuit cct drove yard croft chase end side "
    "bank approach causeway strand"
)
"""English street types that stand after the name; Publication 28's and the Commonwealth's."""

SURE_ENDINGS = words_of(
    "st street ave avenue blvd boulevard rd road dr drive ln lane ct court cir circle pl "
    "place plz sq square ter terrace pkwy parkway hwy highway way trl trail tpke pike close "
    "crescent cres gardens mews grove parade"
)
"""Those that hardly ever stand inside the name of a town."""

STREET_STARTS = words_of(
    "rue via calle c/ av avenida avda rua ul ulica al aleja aleje plaza piazza corso viale "
    "vicolo boulevard blvd bd bld allée allee chemin place quai impasse cours route camino "
    "paseo carrera cra carretera ctra calzada praça praca largo travessa estrada rambla "
    "passeig carrer strada str ulitsa jalan jl lorong am an auf im in zum zur unter alte "
    "alter neue neuer großer kleine pl os"
)
"""Street types that stand before the name; those of one country are only tried when it is known."""

PLAIN_STARTS = STREET_STARTS - words_of("am an auf im in st pl place al os route str alte neue")

GLUED_ENDINGS = (
    "straße", "strasse", "str.", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer",
    "steig", "chaussee", "stieg", "graben", "straat", "laan", "plein", "gracht", "kade", "singel",
    "dreef", "gatan", "gata", "vägen", "vej", "gade", "veien", "vegen", "katu", "tie", "kuja",
    "allé", "stræde",
)  # fmt: skip

UNITS = words_of(
    "apt apartment suite ste unit # fl floor flr bldg building rm room app appt spc space "
    "trlr trailer dept lot ph penthouse bsmt hangar hngr slip pier stop level shop bureau "
    "unité unite étage no"
)
QUARTERS = words_of(
    "urb urb. urbanización urbanizacion col col. colonia barrio bo. brgy brgy. barangay subd "
    "subdivision fracc fracc. fraccionamiento bairro residencial reparto"
)
"""Words that begin the name of a quarter, which is a second line of the address."""
LONE_UNITS = words_of("penthouse ph basement bsmt rear upper lower lobby front")
FRONT_UNITS = words_of("flat apt apartment unit suite shop level blk block lot building bldg")
NUMBER_WORDS = words_of("one two three four five six seven eight nine ten")
DIRECTIONS = words_of(
    "n s e w ne nw se sw north south east west northeast northwest southeast southwest o est "
    "ouest nord sud"
)
ORGANISATIONS = words_of(
    "inc inc. llc l.l.c. ltd ltd. limited corp corp. corporation company co. gmbh ag kg ohg "
    "ug e.v. s.a. sa sarl s.a.r.l. sas bv b.v. nv n.v. plc pty oy ab as a/s aps srl s.r.l. "
    "spa s.p.a. llp lp pllc k.k. kk 株式会社 有限会社"
)
"""Legal forms: a line with one of them is an organisation."""

BUSINESS_WORDS = words_of(
    "studio studios books bookshop bakery ceramics robotics optics design designs labs lab "
    "gallery group partners associates services solutions systems technologies tech "
    "industries university college school church hospital clinic hotel inn restaurant cafe "
    "café coffee brewing market shop store stores works supply supplies hardware foods farm "
    "farms media press publishing consulting logistics warehouse office department foundation "
    "institute museum library center centre club society company sons brothers bros & and "
    "trading imports exports motors garage salon boutique florist flowers interiors furniture "
    "pottery outfitters goods traders kitchen werkstatt buchhandlung verlag praxis hof"
)
TITLES_AFTER = words_of(
    "inc inc. llc ltd ltd. jr jr. sr sr. ii iii iv md m.d. phd ph.d. esq esq. co. corp corp. "
    "dds cpa rn"
)
