"""Countries as people and shops name them, to ISO 3166-1 alpha-2."""

from orders.intake.cells.text import squash

_CODES = """AFGAF ALAAX ALBAL DZADZ ASMAS ANDAD AGOAO AIAAI ATAAQ ATGAG ARGAR ARMAM ABWAW AUSAU
AUTAT AZEAZ BHSBS BHRBH
BGDBD BRBBB BLRBY BELBE BLZBZ BENBJ BMUBM BTNBT BOLBO BESBQ BIHBA BWABW BVTBV BRABR IOTIO BRNBN
BGRBG BFABF BDIBI
CPVCV KHMKH CMRCM CANCA CYMKY CAFCF TCDTD CHLCL CHNCN CXRCX CCKCC COLCO COMKM COGCG CODCD COKCK
CRICR CIVCI HRVHR
CUBCU CUWCW CYPCY CZECZ DNKDK DJIDJ DMADM DOMDO ECUEC EGYEG SLVSV GNQGQ ERIER ESTEE SWZSZ ETHET
FLKFK FROFO FJIFJ
FINFI FRAFR GUFGF PYFPF ATFTF GABGA GMBGM GEOGE DEUDE GHAGH GIBGI GRCGR GRLGL GRDGD GLPGP GUMGU
GTMGT GGYGG GINGN
GNBGW GUYGY HTIHT HMDHM VATVA HNDHN HKGHK HUNHU ISLIS INDIN IDNID IRNIR IRQIQ IRLIE IMNIM ISRIL
ITAIT JAMJM JPNJP
JEYJE JORJO KAZKZ KENKE KIRKI PRKKP KORKR KWTKW KGZKG LAOLA LVALV LBNLB LSOLS LBRLR LBYLY LIELI
LTULT LUXLU MACMO
MDGMG MWIMW MYSMY MDVMV MLIML MLTMT MHLMH MTQMQ MRTMR MUSMU MYTYT MEXMX FSMFM MDAMD MCOMC MNGMN
MNEME MSRMS MARMA
MOZMZ MMRMM NAMNA NRUNR NPLNP NLDNL NCLNC NZLNZ NICNI NERNE NGANG NIUNU NFKNF MKDMK MNPMP NORNO
OMNOM PAKPK PLWPW
PSEPS PANPA PNGPG PRYPY PERPE PHLPH PCNPN POLPL PRTPT PRIPR QATQA REURE ROURO RUSRU RWARW BLMBL
SHNSH KNAKN LCALC
MAFMF SPMPM VCTVC WSMWS SMRSM STPST SAUSA SENSN SRBRS SYCSC SLESL SGPSG SXMSX SVKSK SVNSI SLBSB
SOMSO ZAFZA SGSGS
SSDSS ESPES LKALK SDNSD SURSR SJMSJ SWESE CHECH SYRSY TWNTW TJKTJ TZATZ THATH TLSTL TGOTG TKLTK
TONTO TTOTT TUNTN
TURTR TKMTM TCATC TUVTV UGAUG UKRUA AREAE GBRGB UMIUM USAUS URYUY UZBUZ VUTVU VENVE VNMVN VGBVG
VIRVI WLFWF ESHEH
YEMYE ZMBZM ZWEZW"""
_NAMES = """US United States;United States of America;U.S.;U.S.A.;America;Vereinigte Staaten
;Vereinigte Staaten von Amerika
;États-Unis;États-Unis d'Amérique;Estados Unidos;Estados Unidos de América;EE. UU.;EEUU
;Stati Uniti;Verenigde Staten;Amerika
|GB United Kingdom;U.K.;Great Britain;Britain;England;Scotland;Wales;Northern Ireland
;Vereinigtes Königreich;Großbritannien
;Grossbritannien;Royaume-Uni;Grande-Bretagne;Angleterre;Reino Unido;Gran Bretaña;Regno Unito
;United Kingdom of Great Britain and Northern Ireland
|CA Canada;Kanada;Canadá|DE Germany;Deutschland;Allemagne;Alemania;Germania;Duitsland;BRD
;Federal Republic of Germany
|FR France;Frankreich;Francia;Frankrijk|AT Austria;Österreich;Oesterreich;Autriche;Oostenrijk
|CH Switzerland;Schweiz;Suisse;Suiza;Svizzera|IT Italy;Italien;Italie;Italia|ES Spain;Spanien
;Espagne;España;Spagna
|NL Netherlands;The Netherlands;Niederlande;Pays-Bas;Países Bajos;Nederland;Holland
|BE Belgium;Belgien;Belgique;Bélgica;België;Belgio|LU Luxembourg;Luxemburg;Luxemburgo
|IE Ireland;Irland;Irlande;Irlanda;Republic of Ireland;Eire|PL Poland;Polen;Pologne;Polonia;Polska
|CZ Czech Republic;Czechia;Tschechien;Tschechische Republik;République tchèque;Tchéquie
;República Checa;Chequia;Česko
|SK Slovakia;Slowakei;Slovaquie;Eslovaquia|HU Hungary;Ungarn;Hongrie;Hungría|SI Slovenia
;Slowenien;Slovénie;Eslovenia
|HR Croatia;Kroatien;Croatie;Croacia;Hrvatska|RO Romania;Rumänien;Roumanie;Rumania|BG Bulgaria
;Bulgarien;Bulgarie
|GR Greece;Griechenland;Grèce;Grecia|PT Portugal;Portogallo|DK Denmark;Dänemark;Danemark
;Dinamarca;Danmark
|SE Sweden;Schweden;Suède;Suecia;Sverige|NO Norway;Norwegen;Norvège;Noruega;Norge
|FI Finland;Finnland;Finlande;Finlandia;Suomi|IS Iceland;Island;Islande;Islandia|EE Estonia
;Estland;Estonie
|LV Latvia;Lettland;Lettonie;Letonia|LT Lithuania;Litauen;Lituanie;Lituania|MT Malta;Malte
|CY Cyprus;Zypern;Chypre;Chipre|LI Liechtenstein|MC Monaco|UA Ukraine;Ucrania|RU Russia;Russland
;Russie;Rusia
|RS Serbia;Serbien;Serbie|TR Turkey;Türkei;Turquie;Turquía;Türkiye|IL Israel
|AE United Arab Emirates;UAE;Vereinigte Arabische Emirate;Émirats arabes unis
;Emiratos Árabes Unidos
|SA Saudi Arabia;Saudi-Arabien;Arabie saoudite;Arabia Saudita|QA Qatar;Katar|KW Kuwait|EG Egypt
;Ägypten;Égypte;Egipto
|MA Morocco;Marokko;Maroc;Marruecos|ZA South Africa;Südafrika;Afrique du Sud;Sudáfrica|NG Nigeria
|KE Kenya;Kenia
|IN India;Indien;Inde|CN China;Chine;PR China;People's Republic of China|HK Hong Kong;Hongkong
|TW Taiwan|MO Macau;Macao
|JP Japan;Japon;Japón;Giappone;日本|KR South Korea;Korea;Republic of Korea;Südkorea;Corée du Sud
;Corea del Sur
|SG Singapore;Singapur;Singapour|MY Malaysia;Malasia|TH Thailand;Thaïlande;Tailandia|VN Vietnam
;Viet Nam
|PH Philippines;Philippinen;Filipinas|ID Indonesia;Indonesien|AU Australia;Australien;Australie
|NZ New Zealand;Neuseeland;Nouvelle-Zélande;Nueva Zelanda|MX Mexico;Mexiko;Mexique;México;Méjico
|BR Brazil;Brasilien;Brésil;Brasil|AR Argentina;Argentinien;Argentine|CL Chile;Chili|CO Colombia
;Kolumbien;Colombie
|PE Peru;Pérou;Perú|EC Ecuador|UY Uruguay|PY Paraguay|BO Bolivia|VE Venezuela|CR Costa Rica
|PA Panama;Panamá
|GT Guatemala|DO Dominican Republic;República Dominicana|JM Jamaica|PR Puerto Rico|BS Bahamas
|BM Bermuda|GU Guam
|VI US Virgin Islands;Virgin Islands, U.S.|PK Pakistan|BD Bangladesh|LK Sri Lanka|KZ Kazakhstan
|GE Georgia (country)"""


def _index() -> dict[str, str]:
    found = {}
    for pair in _CODES.split():
        found[pair[:3].lower()] = found[pair[3:].lower()] = pair[3:]
    for item in _NAMES.replace("\n", "").split("|"):
        code, names = item.split(" ", 1)
        found |= {squash(name): code for name in names.split(";")}
    return found | {"uk": "GB"}


_COUNTRY_OF = _index()
_TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"})
"""Places with ZIP codes: the post treats them as states of US."""


def country_code(text: str) -> str:
    """DE of “Deutschland”, “DEU” or “de”; the empty string when there is no such country."""
    if len(text) == 2 and text.isupper() and text.lower() in _COUNTRY_OF:
        return _COUNTRY_OF[text.lower()]
    return _COUNTRY_OF.get(squash(text), "")


def is_us_territory(country: str) -> bool:
    return country in _TERRITORIES
