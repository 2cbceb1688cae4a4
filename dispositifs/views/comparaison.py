"""Several public fiches side by side: one line for each thing that they say, and what differs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from dispositifs.templatetags.lisible import date_fr, pluriel
from dispositifs.templatetags.publication import contrat, enseignements, periode, places, rubriques

Json = dict[str, Any]


@dataclass(frozen=True)
class Cellule:
    """What one fiche says: texts, links to (titre, url), or ready HTML. Nothing: not known."""

    textes: tuple[str, ...] = ()
    liens: tuple[tuple[str, str], ...] = ()
    html: SafeString | str = ""

    def __bool__(self) -> bool:
        return bool(self.textes or self.liens or self.html)


@dataclass(frozen=True)
class Ligne:
    titre: str
    cellules: tuple[Cellule, ...]

    @property
    def etat(self) -> str:
        """What the answers are to one another; a fiche that says nothing differs from none."""
        answers = {cellule for cellule in self.cellules if cellule}
        if len(answers) > 1:
            return "different"
        return "identique" if all(self.cellules) else "incomplet"

    @property
    def etat_libelle(self) -> str:
        return {"different": "Différent", "identique": "Identique", "incomplet": "Incomplet"}[
            self.etat
        ]


@dataclass(frozen=True)
class Groupe:
    titre: str
    lignes: tuple[Ligne, ...]


Lecture = Callable[[Json], Cellule]


def compare(fiches: Sequence[Json]) -> list[Groupe]:
    """Lines in the order of a fiche, in groups; a line that no fiche fills is left out."""
    groups = [
        ("En bref", _read(fiches, EN_BREF)),
        ("Accueil des ménages", _read(fiches, ACCUEIL)),
        ("Qui participe, et où", [*_by_role(fiches), *_read(fiches, OU)]),
        ("Description", _by_part(fiches, rubriques)),
        ("Enseignements", _by_part(fiches, enseignements)),
        ("Pour aller plus loin", _read(fiches, PIECES)),
    ]
    return [Groupe(titre, tuple(lignes)) for titre, lignes in groups if lignes]


def _read(fiches: Sequence[Json], lectures: dict[str, Lecture]) -> list[Ligne]:
    lines = (Ligne(titre, tuple(map(lecture, fiches))) for titre, lecture in lectures.items())
    return [line for line in lines if any(line.cellules)]


def _by_role(fiches: Sequence[Json]) -> list[Ligne]:
    """One line for each role that somebody holds, in the order of the fiches."""
    roles = dict.fromkeys(
        row["role"] for fiche in fiches for row in fiche["libelles"]["structures"]
    )
    return [Ligne(role, tuple(_holders(fiche, role) for fiche in fiches)) for role in roles]


def _holders(fiche: Json, role: str) -> Cellule:
    rows = fiche["libelles"]["structures"]
    return _texts(row["nom"] for row in rows if row["role"] == role)


def _by_part(fiches: Sequence[Json], parts: Callable[[Json], list[Any]]) -> list[Ligne]:
    """One line for each part of the text that one of the fiches has."""
    found = [{part["titre"]: part["html"] for part in parts(fiche)} for fiche in fiches]
    titres = dict.fromkeys(titre for texts in found for titre in texts)
    return [
        Ligne(titre, tuple(Cellule(html=texts.get(titre, "")) for texts in found))
        for titre in titres
    ]


# --- what each line reads ------------------------------------------------------------------------
def _texts(texts: Iterable[str]) -> Cellule:
    return Cellule(textes=tuple(text for text in texts if text))


def _said(text: str) -> Cellule:
    return _texts([text[:1].upper() + text[1:]])


def _labels(name: str, key: str = "libelle") -> Lecture:
    return lambda fiche: _texts(row[key] for row in fiche["libelles"][name])


def _departements(fiche: Json) -> Cellule:
    rows = [fiche["libelles"]["departement"], *fiche["libelles"]["departements_secondaires"]]
    names = [f"{row['nom']} ({row['code']})" for row in rows]
    return _texts([*names, "France entière" if fiche["france_entiere"] else ""])


def _capacite(fiche: Json) -> Cellule:
    number = fiche["capacite_menages"]
    return _said("" if number is None else pluriel(number, "ménage"))


def _selection(fiche: Json) -> Cellule:
    chosen = {True: "Les ménages sont choisis", False: "Sans sélection"}
    return _texts([chosen.get(fiche["selection"], ""), fiche["criteres_selection"]])


def _lieux(fiche: Json) -> Cellule:
    return _texts(
        f"{row['nature']} « {row['nom']} », {row['commune']}"
        if row["nom"]
        else f"{row['nature']}, {row['commune']}"
        for row in fiche["libelles"]["lieux"]
    )


def _links(name: str) -> Lecture:
    return lambda fiche: Cellule(liens=tuple((row["titre"], row["url"]) for row in fiche[name]))


EN_BREF: dict[str, Lecture] = {
    "Résumé": lambda fiche: _texts([fiche["resume"]]),
    "Sigle": lambda fiche: _texts([fiche["sigle"]]),
    "Statut": lambda fiche: _texts([fiche["libelles"]["statut"]]),
    "Dates": lambda fiche: _said(periode(fiche)),
    "Département": _departements,
    "Région": lambda fiche: _texts([fiche["libelles"]["region"]["nom"]]),
    "Forme": _labels("formes"),
    "Thématiques": _labels("thematiques"),
    "Mots-clés": lambda fiche: _texts(fiche["mots_cles"]),
}
ACCUEIL: dict[str, Lecture] = {
    "Public visé": _labels("publics"),
    "Sélection": _selection,
    "Capacité": _capacite,
    "Places libres": lambda fiche: _said(places(fiche)),
    "Contrat avec le ménage": lambda fiche: _said(contrat(fiche)),
}
OU: dict[str, Lecture] = {
    "Intercommunalités": _labels("epci", "nom"),
    "Communes": _labels("communes", "nom"),
    "Lieux": _lieux,
}
PIECES: dict[str, Lecture] = {
    "Documents": _links("documents"),
    "Bonnes pratiques": _links("bonnes_pratiques"),
    "Mise à jour": lambda fiche: _texts([date_fr(fiche["maj"])]),
}
