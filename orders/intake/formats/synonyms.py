"""What people call our fields, in English, German, French, Spanish, and some Italian and Dutch.

Of several names in one header the earlier one here is taken.
"""

from orders.intake.cells.text import squash

_NAMES = {
    "order_number": """order number;order no;order no.;order #;order id;order-id;order;order ref
;order reference;order name
;customer order number;po number;po #;purchase order;purchase order number
;sales order;invoice number
;Bestellnummer;Bestell-Nr.;Bestellnr;Bestell Nr;Auftragsnummer;Auftrags-Nr.;Auftragsnr;Auftrag
;Bestellung;Vorgangsnummer
;numéro de commande;n° de commande;nº de commande;no de commande;n° commande;num commande
;numero commande;commande
;référence commande;référence de commande;référence;id commande
;número de pedido;n.º de pedido;nº de pedido;nº pedido;n° pedido;num pedido;numero pedido;pedido
;id de pedido;id pedido
;referencia;referencia del pedido;número de orden;orden;numero ordine;numero d'ordine;ordine
;ordernummer;bestelnummer;number;reference""",
    "order_date": """order date;date ordered;ordered on;ordered at;order placed;created at
;created;date;purchase date;sale date
;placed at;placed on;order created;date created;paid at;payment date;order time;date of order
;Bestelldatum;Auftragsdatum;Kaufdatum;Datum;Bestellt am;Erstellt am
;date de commande;date commande;date de la commande;date d'achat;créé le;commandé le
;fecha de pedido;fecha pedido;fecha del pedido;fecha;fecha de compra;creado el;data ordine;data
;besteldatum""",
    "status": """order status;status;state of order;fulfillment status;fulfilment status
;financial status;payment status
;Bestellstatus;Auftragsstatus;Zahlungsstatus;statut;statut de la commande;statut commande
;état de la commande
;estado del pedido;estado pedido;estado de la orden;estatus""",
    "cancelled_at": """cancelled at;canceled at;cancelled on;canceled on;cancellation date
;date cancelled
;storniert am;annulé le;cancelado el""",
    "shipped_at": """shipped at;shipped on;date shipped;shipped on date;fulfilled at;ship date
;dispatched at;dispatch date
;versendet am;versanddatum;expédié le;date d'expédition;enviado el;fecha de envío""",
    "currency": """currency;currency code;order currency;Währung;Waehrung;devise;monnaie;moneda
;divisa;valuta""",
    "shipping_method": """shipping method;ship method;shipping service;shipping;ship via
;shipped via;delivery method;delivery
;shipping method title;ship service level;service level;delivery service;shipping option
;shipping type;service
;carrier service;requested service;shipping speed;method
;Versandart;Versandmethode;Versand;Lieferart;Versanddienst;Zustellart
;mode de livraison;méthode de livraison;mode d'expédition;méthode d'expédition;livraison
;type de livraison
;método de envío;metodo de envio;envío;forma de envío;tipo de envío;modo de envío
;metodo di spedizione;spedizione
;verzendmethode""",
    "email": """email;e-mail;mail;email address;e-mail address;contact email;customer email
;buyer email;customer e-mail
;Mailadresse;E-Mail-Adresse;Kunden-E-Mail;courriel;adresse e-mail;adresse email;adresse mail
;e-mail client
;correo;correo electrónico;e-mail cliente;email del cliente;correo del cliente
;dirección de correo;posta elettronica""",
    "phone": """phone;phone number;phone no;phone #;telephone;telephone number;tel;tel.;mobile
;mobile phone;mobile number;cell
;cell phone;contact number;contact phone;customer phone;buyer phone;buyer phone number
;customer mobile;ph
;Telefon;Telefonnummer;Tel.-Nr.;Telefonnr;Handy;Handynummer;Mobil;Mobilnummer;Rufnummer
;téléphone;n° de téléphone;numéro de téléphone;portable;mobile;tél;tél.
;teléfono;número de teléfono;móvil;movil;celular;telefono;cellulare;telefoon;telefoonnummer""",
    "name": """recipient name;recipient;ship to name;ship to;full name;name;customer
;customer name;contact;contact name
;recipient's name;consignee;addressee;attention;attn;client;deliver to;buyer name;buyer
;Empfänger;Empfaenger;Empfängername;Name des Empfängers;Kunde;Kundenname;Vollständiger Name
;Ansprechpartner
;destinataire;nom du destinataire;nom complet;nom et prénom;nom prénom;prénom et nom
;nom du client;client
;destinatario;nombre del destinatario;nombre completo;nombre y apellidos;nombre y apellido
;cliente;nombre del cliente
;nominativo;nome completo;ontvanger;naam;klant""",
    "first_name": """first name;firstname;given name;forename;first;Vorname;prénom;prenom;nombre
;nome;voornaam""",
    "last_name": """last name;lastname;surname;family name;last;Nachname;Familienname;nom
;nom de famille;apellido;apellidos
;cognome;achternaam""",
    "company": """company;company name;business;business name;organisation;organization;firm
;Firma;Firmenname;Unternehmen
;société;societe;entreprise;raison sociale;nom de l'entreprise;empresa;compañía;razón social
;azienda;società;bedrijf""",
    "address_1": """address 1;address1;address line 1;address line1;street 1;street
;street address;address;addr 1;addr1;addr
;street line 1;address 1&2;mailing address;Straße;Strasse;Straße und Hausnummer;Straße Nr.
;Straße/Nr.;Straße, Nr.
;Anschrift;Adresse;Adresse 1;Adresszeile 1;Adreßzeile 1;Straße 1
;rue;adresse ligne 1;ligne d'adresse 1;voie;adresse postale;numéro et rue
;calle;dirección;direccion;dirección 1;línea de dirección 1;calle y número;domicilio;indirizzo
;via;indirizzo 1
;straat;adres;adres 1;street and number;street and no;po box""",
    "address_2": """address 2;address2;address line 2;address line2;street 2;addr 2;addr2;apt
;apartment;suite;unit;apt/suite
;apt #;apt/unit;street line 2;Adresse 2;Adresszeile 2;Adresszusatz;Zusatz;Anschrift 2;Straße 2
;complément d'adresse;complement adresse;complément;adresse ligne 2;ligne d'adresse 2;appartement
;dirección 2;línea de dirección 2;piso;apartamento;piso/puerta;indirizzo 2;adres 2;toevoeging
;unit number;apt number;apt no;suite number""",
    "address_3": """address 3;address3;address line 3;street 3;Adresse 3;Adresszeile 3
;adresse ligne 3;dirección 3""",
    "house_number": "house number;house no;house no.;Hausnummer;Hausnr;Haus-Nr.;huisnummer",
    "city": """city;town;city/town;town/city;locality;municipality;suburb;Stadt;Ort;Wohnort;ville
;localité;commune
;ciudad;población;localidad;municipio;città;comune;plaats;stad""",
    "state": """state;province;state/province;state / province;state or province;state code
;region;county;st;prov
;state/region;Bundesland;Kanton;Provinz;région;département;état;provincia;estado;estado/provincia
;comunidad autónoma;provincie;regio""",
    "postal_code": """postal code;postcode;post code;zip;zip code;zipcode;zip/postal code
;zip / postal code;postal;zip/postcode
;zip+4;PLZ;Postleitzahl;code postal;cp;código postal;codigo postal;c.p.;cod postal;cap
;codice postale""",
    "place": """city state zip;city state zip code;city st zip;city state;city zip;state zip
;city state postal code;city province postal code;city and postcode;postcode and city;PLZ Ort
;PLZ und Ort;CP ville;code postal ville;code postal et ville;CP ciudad;postcode plaats""",
    "country": """country;territory;country code;country/region;country name;nation;Land;Ländercode
;Länderkürzel;pays;code pays
;país;pais;código de país;código país;paese;nazione""",
    "sku": """sku;sku code;item sku;product sku;variant sku;seller sku;merchant sku;custom label
;custom label (sku);stock code
;product code;item code;item number;item no;item no.;part number;part no;article number;article
;article no;art. no.
;lineitem sku;product id;item id;Artikelnummer;Artikel-Nr.;Artikelnr;Art.-Nr.;Art-Nr;Artnr
;Bestandseinheit
;référence article;référence produit;réf;réf.;ref;code article;code produit
;référence de l'article;ugs
;referencia del producto;referencia producto;código de producto;código producto
;código de artículo;código artículo
;referencia artículo;código;cod artículo;codice articolo;codice prodotto;artikelnummer
;artikelcode""",
    "quantity": """quantity;qty;qty.;quantity ordered;qty ordered;ordered quantity
;quantity purchased;item quantity;pieces;pcs
;units;count;amount ordered;no of units;number of units;lineitem quantity;quantity to ship
;Menge;Anzahl;Stück;Stückzahl;Stk;Stk.;Bestellmenge
;quantité;qté;qte;nombre;nb;quantité commandée
;cantidad;cant;cant.;uds;unidades;ctd;cantidad pedida;quantità;aantal""",
    "unit_price": """unit price;price per unit;item price;price each;each;price;unit cost
;item cost;sold for;sale price
;lineitem price;price (usd);unit price (usd);rate;Einzelpreis;Stückpreis;Preis;Preis pro Stück
;Preis/Stück;E-Preis;Verkaufspreis
;prix unitaire;prix;pu;p.u.;prix à l'unité;prix de vente
;precio unitario;precio;precio por unidad;precio unidad;p. unitario;prezzo unitario;prezzo
;stukprijs;prijs;eenheidsprijs""",
    "line_total": """line total;item total;line amount;extended price;total price of line
;line price;row total
;Gesamtpreis;Zeilensumme;Positionssumme;Positionsbetrag;total ligne;prix total;montant ligne
;total línea;total de línea
;precio total;importe;importe línea""",
    "title": """item name;product name;title;product title;item title;item;product;description
;item description;lineitem name
;product description;Artikelname;Artikelbezeichnung;Artikel;Produkt;Produktname;Bezeichnung
;Beschreibung
;nom du produit;produit;désignation;nom de l'article;libellé;intitulé;description du produit
;article commandé
;nombre del producto;producto;descripción;artículo;nombre del artículo;nombre producto
;descripción del producto
;nome prodotto;prodotto;descrizione;omschrijving;productnaam""",
    "line_id": """line id;order line id;order item id;line item id;Positionsnummer;transaction id
;line number""",
    "notes": """notes;note;comments;comment;remarks;remark;instructions;delivery instructions
;customer note;customer notes
;customer comment;gift message;message;buyer note;special instructions;order notes;delivery notes
;Notiz;Notizen;Bemerkung;Bemerkungen;Anmerkung;Anmerkungen;Kommentar;Hinweis;Hinweise;Kundennotiz
;remarque;remarques;commentaire;commentaires;notes de commande;instructions de livraison
;notas;nota;observaciones;comentario;comentarios;instrucciones;opmerkingen;note cliente""",
    "wanted_carrier": """carrier;courier;shipping carrier;preferred carrier;wanted carrier
;Spediteur;Paketdienst;Frachtführer
;transporteur;transportista;corriere;vervoerder""",
    "wanted_state": "origin state;ship from state;from state;warehouse state;origin",
}

_SHIPPING = """shipping address;shipping;ship to address;ship to;ship;delivery address;delivery
;deliver to;recipient
;consignee;destination;Lieferanschrift;Lieferadresse;Liefer;Empfänger;Versandadresse;Versand an
;Versand
;adresse de livraison;livraison;destinataire;dirección de envío;envío;entrega;destinatario
;spedizione"""
_BILLING = """billing address;billing;bill to;bill;invoice address;invoice;payer;buyer
;customer billing;Rechnungsanschrift
;Rechnungsadresse;Rechnungs;Rechnung;Käufer;adresse de facturation;facturation;acheteur
;dirección de facturación
;facturación;comprador;fatturazione"""


def normal(column: str) -> str:
    """A column's name for comparing: “Order #” and “order number” are told as people mean them."""
    return squash(column.replace("#", " number "))


def _split(text: str) -> list[str]:
    return [normal(name) for name in text.replace("\n", "").split(";") if name]


SYNONYMS: dict[str, list[str]] = {name: _split(text) for name, text in _NAMES.items()}
"""Field → normalised names, best first."""

SHIPPING_MARKS = sorted(_split(_SHIPPING), key=len, reverse=True)
BILLING_MARKS = sorted(_split(_BILLING), key=len, reverse=True)

FIELD_OF: dict[str, tuple[str, int]] = {}
"""Normalised name → field, and how far down its list of names it stands."""
for _field, _known in SYNONYMS.items():
    for _place, _name in enumerate(_known):
        FIELD_OF.setdefault(_name, (_field, _place))

SECOND_MEANING = {
    "reference": "sku",
    "referencia": "sku",
    "code": "sku",
    "number": "sku",
    "nombre": "quantity",
    "article": "title",
    "artikel": "title",
    "item": "sku",
    "product": "sku",
    "produkt": "sku",
    "produit": "sku",
    "producto": "sku",
    "articulo": "sku",
    "shipping": "shipping_method",
    "nom": "name",
    "total": "line_total",
}
"""Names that mean another field where the one they usually mean has a better column."""

TOTAL_WORDS = frozenset(
    _split(
        """total;totals;grand total;sub total;subtotal;sum;overall;total orders;order total;Summe
;Gesamt;Gesamtsumme
;Zwischensumme;Insgesamt;Endsumme;totaux;total général;somme;sous-total;suma;total general;totale
;totaal;somma;sum total"""
    )
)
