"""What labels and column titles mean, in the languages that they are met in."""

import unicodedata
from functools import lru_cache

from orders.intake.cells.column_names import meaning_of_parts

_WORDS: dict[str, str] = {
    "name": "name, full name, customer, customer name, recipient, recipient name, ship to, "
    "ship to name, shipping name, contact, contact name, to, deliver to, consignee, "
    "buyer, buyer name, client, empfänger, nom, nom complet, destinataire, nombre, "
    "nombre completo, destinatario, cliente, navn, naam, nome, odbiorca, "
    "imię i nazwisko, kunde, お名前, 氏名, 名前, 姓名, 收件人, receiver, "
    "addressee",
    "first_name": "first name, first, firstname, given name, forename, vorname, prénom, imię, "
    "voornaam",
    "last_name": "last name, last, lastname, surname, family name, nachname, familienname, "
    "nom de famille, apellido, apellidos, cognome, achternaam, nazwisko",
    "attention": "attn, attention, att, fao, zhd, contact person, ansprechpartner",
    "company": "company, company name, organisation, organization, business, firma, firmenname, "
    "société, entreprise, empresa, azienda, bedrijf, 会社名, 公司",
    "phone": "phone, phone number, tel, telephone, telephone number, mobile, mobile number, "
    "cell, cell phone, contact number, telefon, telefonnummer, handy, mobil, "
    "téléphone, teléfono, celular, móvil, telefono, telefoon, telefone, 電話, 電話番号, 电话, "
    "tel no, phone no, ph, mob",
    "email": "email, e mail, email address, e mail address, mail, correo, correo electrónico, "
    "courriel, adresse email, mail address, メール, 邮箱",
    "address": "address, shipping address, ship to address, delivery address, full address, "
    "mailing address, adresse, anschrift, lieferadresse, dirección, domicilio, "
    "indirizzo, adres, endereço, 住所, 地址, street address, postal address",
    "address_1": "street, street 1, address 1, address line 1, street and number, straße, strasse, "
    "straße und hausnummer, rue, calle, via, straat, ulica, morada, line 1, addr, "
    "addr 1, addr1, address1, street1",
    "address_2": "address 2, address line 2, street 2, apt, apartment, unit, suite, apt suite, "
    "apt unit, line 2, adresszusatz, complément, complément d'adresse, zusatz, "
    "address2, street2, addr 2, colonia, apt no",
    "city": "city, town, city town, town city, ort, stadt, wohnort, ville, ciudad, città, "
    "stad, miasto, localidad, cidade, suburb, 市区町村, 城市, post town, locality, "
    "municipality",
    "state": "state, province, state province, province state, region, county, st, bundesland, "
    "estado, provincia, prefecture, 都道府県, 省, province or state, state region, kanton",
    "postal_code": "zip, zip code, zipcode, postal code, postcode, post code, postal, zip postal, "
    "plz, postleitzahl, code postal, cp, código postal, codigo postal, cap, "
    "kod pocztowy, cep, 郵便番号, 邮编, zip postal code, postal zip, postnummer, pin code, "
    "pincode, eircode",
    "place": "city state zip, city state zip code, city state, city st zip, city zip, plz ort, "
    "cp ville, code postal ville, postcode and city, city and postcode, city state postal code, "
    "city province postal code, town and postcode, plz und ort, city state and zip",
    "country": "country, land, pays, país, pais, paese, kraj, nation, 国, 国家, country code, "
    "country region",
    "number": "order, order number, order no, order id, reference, ref, po, po number, "
    "bestellnummer, order ref, commande, pedido",
    "date": "date, order date, datum, fecha",
    "shipping_method": "shipping method, shipping, ship via, ship method, delivery method, "
    "service, versandart",
    "wanted_carrier": "carrier, courier, ship with",
    "wanted_state": "origin, origin state, from state, ship from",
    "items": "item, items, sku, skus, product, products, order items, goods, artikel, article, "
    "articles, artículo, 商品, contents, item sku",
    "quantity": "quantity, qty, menge, anzahl, quantité, cantidad, pcs, 数量, count",
    "notes": "note, notes, comment, comments, remark, remarks, instructions, "
    "delivery instructions, delivery notes, special instructions, bemerkung, flag, "
    "weight, gift message, message",
}


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


_FIELD_OF = {_key(word): field for field, words in _WORDS.items() for word in words.split(",")}
LONGEST_LABEL = 40
"""In characters."""


def field_of_label(text: str) -> str:
    """The field that a label names (`E-Mail`, `PLZ`), or empty."""
    return _known(text) if len(text) <= LONGEST_LABEL else ""


@lru_cache(maxsize=4096)
def _known(text: str) -> str:
    return _whole(text) or meaning_of_parts(text, _whole)


def _whole(text: str) -> str:
    """The field of “City”, and of “Ship To City”."""
    key = _key(text)
    if key in _FIELD_OF:
        return _FIELD_OF[key]
    mark = next((mark for mark in _RECIPIENTS if key.startswith(mark)), "")
    field = _FIELD_OF.get(key.removeprefix(mark), "") if mark else ""
    return field if field in _OF_RECIPIENTS else ""


_RECIPIENTS = ("shipto", "shipping", "ship", "delivery", "deliverto", "recipient", "destination")
_OF_RECIPIENTS = frozenset(_WORDS) - {
    "number", "date", "shipping_method", "wanted_carrier", "wanted_state", "items", "quantity",
    "notes",
}  # fmt: skip
