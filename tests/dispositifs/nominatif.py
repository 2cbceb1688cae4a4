"""Texts that name persons, and ordinary texts that name none, drawn from a seed.

Nothing here is taken from the lists of dispositifs/reperage: names, writings and sentences are
chosen apart, a part of the first names on purpose rare.
"""

import dataclasses
import datetime


def words(text):
    return text.split()


PRENOMS = words("""
Ion Maria Elena Gheorghe Vasile Florin Mihaela Cătălin Ștefan Ionuț Mărioara Denisa Sorin Rodica Costel Lăcrămioara
Ivan Georgi Dimitar Petya Rositsa Asen Hristo Desislava Stoyan Nadezhda Zhivko Ilia Aneta Yordan
Jean Marie Claire Thomas Nicolas Julien Camille Sébastien Émilie François Hélène Jean-Pierre Anne-Sophie Léa Hugo
Mohamed Fatima Karim Aïcha Samir Leïla Youssef Mustafa Aylin Elif
Rebeka Zorica Băiatu Kalinka Timeea Narcisa-Maria Armando Esmeralda Sevdalina Persida Iacob Mirjeta Besarta
Dylan Kévin Jennifer Brandon Océane Enzo Loane Ilian Abel Samson Moïse Salomé
""")
NOMS = words("""
Popescu Ionescu Lăcătuș Munteanu Stănescu Rostaș Ciurar Căldăraru Dumitru Covaci Moldovan Bălan Gheorghiu Țîrlea
Petrov Dimitrov Georgieva Yordanova Angelova Todorov Kirilov Stefanova Hristov
Martin Bernard Dubois Durand Lefèvre Moreau Garnier Chevalier Rousseau Fournier Lemoine Le-Gall Perrot
Benali Haddad Traoré Diallo Yilmaz Demir Kaya Zidane Belkacem Cissé
Dos-Santos Da-Silva Krasniqi Berisha Hoxha Cirpaci Mihalache Novac Zamfirescu Stoica Pavel
""")
COMMUNES = words("""
Bordeaux Montreuil Saint-Denis Villeurbanne Toulouse Nantes Bobigny Ivry-sur-Seine Marseille Lille Champs-sur-Marne
Vaulx-en-Velin Saint-Herblain La-Courneuve Stains Grenoble Mérignac Bègles Corbeil-Essonnes Aubervilliers
""")
MOIS = words("""
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
""")
PERSONNES_CELEBRES = ["Jean Jaurès", "Victor Hugo", "Salvador Allende", "Pauline Kergomard"]
SIGNATAIRES = [
    ("Le préfet", "L’État"),
    ("La présidente", "L’association Habitat et Partage"),
    ("Le maire", "La commune"),
    ("Le directeur général", "L’établissement public foncier"),
]
SEPARATEURS = [" ", ".", "-", "", "\u00a0", "\u202f", " . ", "/", "–"]


@dataclasses.dataclass(frozen=True)
class Piece:
    """A text and a table, and what they hold: natures by what was written for each."""

    texte: str
    tableau: list[list[str]]
    natures: dict[str, str]

    @property
    def brut(self):
        rows = ["\t".join(row) for row in self.tableau]
        return "\n".join([self.texte, *rows])


# --- data ----------------------------------------------------------------------------------------
def telephone(rng):
    prefix = rng.choice(["06", "07", "01", "05", "03", "09", "02", "04"])
    pairs = [f"{rng.randrange(100):02}" for _ in range(4)]
    style = rng.randrange(10)
    if style < 5:
        return rng.choice(SEPARATEURS).join([prefix, *pairs])
    if style == 5:
        return f"+33 {prefix[1]} {' '.join(pairs)}"
    if style == 6:
        return (
            rng.choice(["+33 (0)", "+33(0)", "0033 (0)", "+33 (0) "])
            + f"{prefix[1]} {'.'.join(pairs)}"
        )
    if style == 7:
        return rng.choice(["+33", "0033", "(+33) ", "00 33 "]) + prefix[1] + "".join(pairs)
    if style == 8:
        code = rng.choice(["262", "590", "594", "596"])
        return (
            rng.choice([f"+{code} 6 9", f"+{code} 69", f"00{code} 69"])
            + f"{rng.randrange(10)} {' '.join(pairs[:3])}"
        )
    number = "".join(pairs)
    return (
        f"{prefix} {number[:3]} {number[3:6]} {number[6:]}"
        if rng.random() < 0.5
        else f"({prefix}) {' '.join(pairs)}"
    )


def courriel(rng):
    first, last = (plain(rng.choice(words)).lower() for words in (PRENOMS, NOMS))
    local = rng.choice(
        [
            f"{first}.{last}",
            f"{first[0]}.{last}",
            f"{last}{rng.randrange(60, 99)}",
            f"{first}_{last}",
            f"{first}-{last}",
        ]
    )
    domain = rng.choice(
        [
            "gmail.com",
            "orange.fr",
            "yahoo.ro",
            "gironde.gouv.fr",
            "habitat-partage.asso.fr",
            "mairie-ville.fr",
            "abv.bg",
        ]
    )
    at = rng.choice(["@"] * 6 + [" (at) ", "(at)", " [at] ", " @ ", " (arobase) "])
    return f"{local}{at}{domain}"


def naissance(rng):
    day = datetime.date(1945, 1, 1) + datetime.timedelta(days=rng.randrange(28_000))
    writings = [
        f"{day:%d/%m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        f"{day:%d/%m/%y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} {MOIS[day.month - 1]} {day.year}",
        f"{day.day:02} {MOIS[day.month - 1].upper()} {day.year}",
        f"{day.day}/{day.month}/{day.year}",
    ]
    date = rng.choice(writings)
    return rng.choice(
        [
            f"né le {date}",
            f"née le {date}",
            f"né(e) le {date}",
            f"Né(e) le : {date}",
            f"née à Bacău (Roumanie) le {date}",
            f"Date de naissance : {date}",
            f"date de naissance {date}",
            f"DDN : {date}",
            f"DDN {date}",
            f"Naissance : {date}",
            f"D.D.N. : {date}",
            f"Date et lieu de naissance : {date} à Sofia",
            f"nés respectivement le {date}",
            f"né·e le {date}",
            f"Date de naissance :\n{date}",
            f"né en Roumanie le {date}",
        ]
    )


def nir(rng):
    place = rng.choice([f"{rng.randrange(1, 96):02}", "2A", "2B", "99", "97"])
    if place == "20":
        place = "21"
    parts = [
        rng.choice("12"),
        f"{rng.randrange(40, 100):02}",
        f"{rng.randrange(1, 13):02}",
        place,
        f"{rng.randrange(1, 900):03}",
        f"{rng.randrange(1, 990):03}",
    ]
    body = "".join(parts)
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    style = rng.randrange(4)
    separator = ["", " ", "\u00a0", "."][style]
    return separator.join([*parts, f"{key:02}"])


def iban(rng):
    country, length = rng.choice(
        [
            ("FR", 23),
            ("FR", 23),
            ("FR", 23),
            ("RO", 20),
            ("BG", 18),
            ("DE", 18),
            ("BE", 12),
            ("ES", 20),
        ]
    )
    body = "".join(rng.choice("0123456789") for _ in range(length))
    if country == "RO":
        body = "BTRL" + body[4:]
    if country == "BG":
        body = "BNBG" + body[4:]
    key = 98 - int("".join(str(int(letter, 36)) for letter in f"{body}{country}00")) % 97
    number = f"{country}{key:02}{body}"
    style = rng.randrange(4)
    if style == 0:
        return number
    separator = [" ", "\u00a0", "-"][style - 1]
    written = separator.join(number[start : start + 4] for start in range(0, len(number), 4))
    return written.lower() if rng.random() < 0.1 else written


def plain(name):
    table = str.maketrans("ăâîșțéèêëïçôöüĂÂÎȘȚÉÈÇşţŞŢ", "aaisteeeeicoouAAISTEECstST")
    return name.translate(table).replace("-", "")


IDENTIFIANTS = {
    "telephone": telephone,
    "courriel": courriel,
    "naissance": naissance,
    "nir": nir,
    "iban": iban,
}
PHRASES = {
    "telephone": [
        "Joindre la famille au {}.",
        "Tél. : {}",
        "Portable {} (le soir)",
        "Contact : {}, de préférence le matin.",
        "Numéro : {};",
    ],
    "courriel": [
        "Écrire à {}.",
        "Courriel : {}",
        "Mail {}",
        "<{}>",
        "Adresse électronique : {}, ou au guichet.",
    ],
    "naissance": [
        "La personne, {}, est arrivée sur le site en 2021.",
        "{}",
        "Enfant {}, scolarisé.",
        "Ménage n° 4 ({}).",
    ],
    "nir": [
        "N° de sécurité sociale : {}",
        "NIR {}",
        "Immatriculation {}.",
        "Droits ouverts ({}) depuis mars.",
        "{}",
    ],
    "iban": [
        "IBAN : {}",
        "À verser sur le compte {}.",
        "Coordonnées bancaires : {} BIC AGRIFRPP",
        "{}",
    ],
}


def personne(rng):
    return rng.choice(PRENOMS), rng.choice(NOMS)


def liste_de_noms(rng):
    """A text and a table: one of the two holds the list."""
    people = []
    while len(people) < rng.randint(4, 12):
        one = personne(rng)
        if one not in people:
            people.append(one)
    return rng.choice([_text_list, _text_list, _table_list])(rng, people)


def _text_list(rng, people):
    civil = [f"{rng.choice(['M.', 'Mme', 'Monsieur', 'Madame'])} {last}" for _, last in people]
    families = [
        f"{rank}. Famille {last.upper()} : {rng.randint(2, 7)} personnes"
        for rank, (_, last) in enumerate(people, 1)
    ]
    text = rng.choice(
        [
            "Liste des ménages :\n"
            + "\n".join(f"{last.upper()} {first}" for first, last in people),
            "Personnes relogées :\n\n" + "\n".join(f"- {first} {last}" for first, last in people),
            f"Ont été reçus {', '.join(civil)}.",
            "Situation des familles :\n\n" + "\n".join(families),
            f"Bénéficiaires : {', '.join(f'{first} {last}' for first, last in people)}.",
            f"Bénéficiaires : {'; '.join(f'{last.upper()}, {first}' for first, last in people)}.",
        ]
    )
    return text, []


def _table_list(rng, people):
    by_name = [[last.upper(), first, rng.choice(COMMUNES)] for first, last in people]
    joined = [
        [str(rank), f"{last.upper()} {first}", str(rng.randint(0, 5))]
        for rank, (first, last) in enumerate(people, 1)
    ]
    by_first_name = [
        [first, last, rng.choice(["hébergé", "relogé", "sorti"])] for first, last in people
    ]
    head, rows = rng.choice(
        [
            (["Nom", "Prénom", "Commune"], by_name),
            (["N°", "Nom et prénom", "Enfants"], joined),
            (["Prénom", "Nom", "Situation"], by_first_name),
        ]
    )
    return "Suivi des ménages.", [head, *rows]


# --- ordinary texts ------------------------------------------------------------------------------
def montant(rng):
    return (
        rng.choice(["{:,} €", "{:,},00 €", "{:,} euros"])
        .format(rng.randrange(1000, 900_000))
        .replace(",", " ", 1)
    )


def date(rng):
    day = datetime.date(2017, 1, 1) + datetime.timedelta(days=rng.randrange(3300))
    return rng.choice(
        [f"{day:%d/%m/%Y}", f"{day.day} {MOIS[day.month - 1]} {day.year}", f"{day:%d.%m.%Y}"]
    )


def siren(rng):
    return rng.choice(["{:03} {:03} {:03}", "{:03}{:03}{:03}"]).format(
        *(rng.randrange(100, 1000) for _ in range(3))
    )


def siret(rng):
    return f"{siren(rng)} {rng.randrange(100):05}"


def adresse(rng):
    street = rng.choice(["rue", "avenue", "place", "boulevard", "allée"])
    name = rng.choice(
        [
            *PERSONNES_CELEBRES,
            "de la République",
            "des Tilleuls",
            "Gabriel Fauré",
            "Marcel Paul",
            "Louise Michel",
        ]
    )
    return f"{rng.randint(1, 180)} {street} {name}, {rng.randrange(1000, 96000):05} {rng.choice(COMMUNES)}"


def officiel(rng):
    first, last = personne(rng)
    return rng.choice([f"{first} {last.upper()}", f"{first} {last}"])


def ordinaire(rng):
    """A convention, a plan, a bilan, minutes or a note, of 12 to 25 sentences or lines."""
    lines = [
        rng.choice(
            ["CONVENTION", "BILAN ANNUEL", "PLAN D’ACTION", "COMPTE RENDU", "NOTE DE CADRAGE"]
        )
        + f" {rng.randint(2018, 2026)}"
    ]
    lines += [rng.choice(SENTENCES)(rng) for _ in range(rng.randint(12, 25))]
    if rng.random() < 0.5:
        lines.append(signature(rng))
    return Piece(
        "\n\n".join(lines), rng.choice([budget, calendrier, structures, sans_tableau])(rng), {}
    )


def signature(rng):
    blocks = rng.sample(SIGNATAIRES, rng.randint(2, 3))
    if rng.random() < 0.3:
        titles = "    ".join(title for title, _ in blocks)
        return f"Fait à {rng.choice(COMMUNES)}, le {date(rng)}\n\n{titles}\n{'    '.join(officiel(rng) for _ in blocks)}"
    return (
        f"Fait à {rng.choice(COMMUNES)}, le {date(rng)}, en {rng.randint(2, 4)} exemplaires.\n\n"
        + "\n\n".join(
            f"Pour {body[0].lower()}{body[1:]},\n{title},\n{officiel(rng)}"
            for title, body in blocks
        )
    )


def parties(rng):
    blocks = rng.sample(SIGNATAIRES, rng.randint(2, 3))
    named = (
        f"{body}, représenté{rng.choice(['e', ''])} par {rng.choice(['M.', 'Mme', ''])} {officiel(rng)}, {title[0].lower()}{title[1:]}".replace(
            "  ", " "
        )
        for title, body in blocks
    )
    return "Entre " + " ; ".join(named) + ", il est convenu ce qui suit."


SENTENCES = [
    parties,
    lambda rng: (
        f"L’association est immatriculée sous le SIREN {siren(rng)}, SIRET {siret(rng)}, code APE 8899B."
    ),
    lambda rng: f"Son siège est situé {adresse(rng)}.",
    lambda rng: (
        f"Article {rng.randint(1, 20)} – La subvention s’élève à {montant(rng)}, dont {montant(rng)} versés avant le {date(rng)}."
    ),
    lambda rng: (
        f"Le diagnostic du {date(rng)} recense {rng.randint(10, 300)} personnes, dont {rng.randint(3, 120)} enfants, soit {rng.randint(4, 60)} ménages."
    ),
    lambda rng: (
        f"La délibération n° {rng.randint(2018, 2026)}-{rng.randint(1, 400):04} du {date(rng)} autorise le maire à signer."
    ),
    lambda rng: (
        f"Les enfants sont scolarisés à l’école {rng.choice(PERSONNES_CELEBRES)} et au collège {rng.choice(PERSONNES_CELEBRES)} de {rng.choice(COMMUNES)}."
    ),
    lambda rng: (
        f"Vu l’instruction du Gouvernement du 25 janvier 2018 (NOR : TERL1736127J) et l’arrêté du {date(rng)} ;"
    ),
    lambda rng: (
        f"Le dispositif est né le {date(rng)} d’un partenariat entre l’État, {rng.choice(COMMUNES)} et la métropole."
    ),
    lambda rng: (
        f"Contact : {rng.choice(['contact', 'accueil', 'siege', 'secretariat', 'info'])}@{rng.choice(['habitat-partage.asso.fr', 'mairie-ville.fr', 'exemple.org'])}."
    ),
    lambda rng: (
        f"Écrire à {rng.choice(['ddets-logement', 'pref-cohesion-sociale', 'ddt-habitat', 'mission.bidonvilles'])}@{rng.choice(['gironde', 'rhone', 'nord'])}.gouv.fr."
    ),
    lambda rng: (
        f"Engagement juridique n° {rng.randrange(2_100_000_000, 2_199_999_999)}, marché n° {rng.randint(2019, 2026)}-{rng.randint(100, 999)}."
    ),
    lambda rng: f"Le préfet, {officiel(rng)}, a présidé le comité de pilotage du {date(rng)}.",
    lambda rng: (
        f"Le comité se réunit le {date(rng)} de 14 h 30 à 16 h 45 en salle {rng.choice(['Jean Moulin', 'Marianne', 'Garonne'])}."
    ),
    lambda rng: (
        f"Parcelles cadastrées AB {rng.randint(10, 400)} et AC {rng.randint(10, 400)}, d’une surface de {rng.randint(800, 12000)} m²."
    ),
    lambda rng: (
        f"Départements concernés : {' '.join(sorted(f'{code:02}' for code in rng.sample(range(1, 96), 8)))}."
    ),
    lambda rng: (
        f"Numéro vert : 0 800 {rng.randrange(1000):03} {rng.randrange(1000):03} ; en cas d’urgence, le 115 ou le 17."
    ),
    lambda rng: (
        f"Le taux de scolarisation passe de {rng.randint(20, 60)},{rng.randint(0, 9)} % à {rng.randint(61, 98)},{rng.randint(0, 9)} %."
    ),
    lambda rng: (
        "Une copie de l’acte de naissance est demandée à chaque ménage pour l’ouverture des droits."
    ),
    lambda rng: (
        f"La Fondation Abbé Pierre, Médecins du Monde, le Secours Catholique et la Croix-Rouge interviennent à {rng.choice(COMMUNES)}."
    ),
    lambda rng: (
        f"Les sites de {rng.choice(COMMUNES)}, {rng.choice(COMMUNES)} et {rng.choice(COMMUNES)} ont été résorbés en {rng.randint(2018, 2025)}."
    ),
    lambda rng: f"Période du {date(rng)} au {date(rng)}. Échéance : {date(rng)}.",
    lambda rng: (
        f"Mme la Préfète et M. le Maire de {rng.choice(COMMUNES)} remercient les partenaires."
    ),
    lambda rng: (
        f"Référence dossier : {rng.randrange(10_000_000, 99_999_999)}. Identifiant national : {rng.randrange(10**12, 10**13)}."
        if rng.random() < 0.2
        else f"Référence dossier : {rng.randrange(10_000_000, 99_999_999)}."
    ),
    lambda rng: (
        "Un médiateur et deux travailleuses sociales accompagnent les familles vers le droit commun."
    ),
    lambda rng: (
        f"Place {rng.choice(PERSONNES_CELEBRES)}, rue {rng.choice(['Marie Curie', 'Pierre Semard'])} et allée {rng.choice(['Paul Éluard', 'Jean Macé'])} : trois adresses de diffus."
    ),
    lambda rng: (
        f"Coût par place et par jour : {rng.randint(12, 60)},{rng.randint(10, 99)} €, pour {rng.randint(10, 90)} places et {rng.randint(200, 365)} jours."
    ),
    lambda rng: (
        "RESSOURCES HUMAINES : 2 ETP d’intervenant social, 0,5 ETP de coordination, 0,2 ETP de direction."
    ),
    lambda rng: (
        f"Bilan {rng.randint(2018, 2025)} : {rng.randint(1, 30)} sorties vers le logement, {rng.randint(1, 30)} contrats signés, {rng.randint(1, 90)} domiciliations."
    ),
    lambda rng: (
        f"Coordonnées du site : 44.{rng.randrange(10**6):06}, -0.{rng.randrange(10**6):06}."
    ),
]


def budget(rng):
    posts = [
        "60 – Achats",
        "61 – Services extérieurs",
        "62 – Autres services",
        "64 – Charges de personnel",
    ]
    return [["Poste", "Prévu", "Exécuté"], *([post, montant(rng), montant(rng)] for post in posts)]


def calendrier(rng):
    steps = ["Diagnostic", "Appel à projets", "Installation", "Comité de pilotage", "Bilan"]
    return [
        ["Étape", "Date", "Pilote"],
        *(
            [step, date(rng), rng.choice(["DDETS", "Mairie", "Métropole", "CCAS"])]
            for step in steps
        ),
    ]


def structures(rng):
    names = ["Habitat et Partage", "Adoma", "Emmaüs Solidarité", "ALPIL", "Convergence 93", "CCAS"]
    return [
        ["Nom", "SIRET", "Commune"],
        *([name, siret(rng), rng.choice(COMMUNES)] for name in rng.sample(names, 4)),
    ]


def sans_tableau(rng):
    return []


# --- texts that hold something -------------------------------------------------------------------
def nominatif(rng, *natures):
    """An ordinary text in which these data were put, one of each."""
    base = ordinaire(rng)
    blocks, table, written = base.texte.split("\n\n"), base.tableau, {}
    for nature in natures:
        if nature == "noms":
            text, rows = liste_de_noms(rng)
            table = rows or table
            written[nature] = text if not rows else str(rows)
        else:
            datum = IDENTIFIANTS[nature](rng)
            text = rng.choice(PHRASES[nature]).format(datum)
            written[nature] = text
        blocks.insert(
            rng.randint(1, len(blocks) - 1) if nature != "noms" or len(text) > 30 else 1, text
        )
    return Piece("\n\n".join(blocks), table, written)
