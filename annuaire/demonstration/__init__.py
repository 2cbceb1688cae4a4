"""The demonstration directory: everything in it is imaginary, except the territories."""

COMPTES = {
    "dihal@demo.invalid": "national (Dihal)",
    "ddets33@demo.invalid": "correspondant de la Gironde (33)",
    "ddets13@demo.invalid": "correspondant des Bouches-du-Rhône (13)",
    "operateur@demo.invalid": "opérateur (Rive et Seuil)",
    "partenaire@demo.invalid": "partenaire (Bordeaux Métropole)",
}
MOT_DE_PASSE = "demonstration"  # public, and only where DEBUG is on
