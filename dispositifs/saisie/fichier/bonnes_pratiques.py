"""Importing bonnes pratiques: one JSON object a line, tied to dispositifs by their identifiant."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from annuaire.acteurs.normalisation import free_slug
from dispositifs.choices import PARTIES_BONNE_PRATIQUE
from dispositifs.models import BonnePratiquePage, BonnesPratiquesPage, DispositifPage, Thematique
from dispositifs.models.texte_riche import html_to_text, normalise_text, text_to_html
from dispositifs.models.vocabulaires import thematiques_of

from .controles import INVALIDE, Jour, Liste, Objet, Texte
from .erreurs import Erreurs, Ligne
from .format import IDENTIFIANT, SLUG, Champs
from .lignes import read_lines
from .nominatif import examine_texts
from .referentiel import Referentiel

FORMAT = Objet(
    {
        "identifiant": IDENTIFIANT,
        "titre": Texte(255, obligatoire=True),
        "resume": Texte(300),
        "date": Jour(nullable=False),
        "thematiques": Liste(SLUG, sans_doublon=True),
        "corps": Objet(dict.fromkeys(PARTIES_BONNE_PRATIQUE, Texte()), nullable=True),
        "dispositifs": Liste(IDENTIFIANT, sans_doublon=True),
    },
    obligatoires=("identifiant", "titre"),
)


@dataclass
class BilanPages:
    creees: list[str] = field(default_factory=list)
    modifiees: list[str] = field(default_factory=list)
    identiques: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.creees) + len(self.modifiees) + len(self.identiques)


def import_bonnes_pratiques(path: Path) -> BilanPages:
    """Create or bring up to date the published bonnes pratiques of this file; all or nothing.

    Raises FichierRefuse with every error found, up to fifty.
    """
    erreurs = Erreurs()
    vocabulary = _Vocabulaire()
    with path.open("rb") as stream:
        rows = [
            (erreurs.on_line(numero), FORMAT(value, "", erreurs.on_line(numero)))
            for numero, value in read_lines(stream, erreurs)
        ]
    read = [(ligne, row) for ligne, row in rows if row is not INVALIDE]
    first: dict[str, int | None] = {}
    for ligne, row in read:
        name = row["identifiant"]
        if name in first:
            ligne.refuse("identifiant", f"« {name} » est déjà à la ligne {first[name]}.")
        first[name] = ligne.numero
        vocabulary.check(row, ligne)
        corps = {f"corps.{name}": text for name, text in row.get("corps", {}).items()}
        examine_texts({"resume": row.get("resume", ""), **corps}, name, ligne)
    erreurs.raise_if_any()
    bilan = BilanPages()
    with transaction.atomic():
        for _, row in read:
            _write(row, vocabulary, bilan)
    return bilan


class _Vocabulaire:
    def __init__(self) -> None:
        self.thematiques = Referentiel().thematiques
        self.dispositifs = dict(DispositifPage.objects.values_list("identifiant", "pk"))

    def check(self, row: Champs, ligne: Ligne) -> None:
        for rank, slug in enumerate(row.get("thematiques", ())):
            if slug not in self.thematiques:
                ligne.refuse(f"thematiques[{rank}]", f"« {slug} » : cette thématique est inconnue.")
        for rank, name in enumerate(row.get("dispositifs", ())):
            if name not in self.dispositifs:
                ligne.refuse(
                    f"dispositifs[{rank}]", f"« {name} » : aucun dispositif n’a cet identifiant."
                )


def _write(row: Champs, vocabulary: _Vocabulaire, bilan: BilanPages) -> None:
    """Through Wagtail itself: there are tens of them, and its signals publish and index."""
    name = row["identifiant"]
    page = BonnePratiquePage.objects.filter(identifiant=name).first()
    wanted = _wanted(row, vocabulary)
    if page is None:
        parent = BonnesPratiquesPage.objects.get()
        taken = set(parent.get_children().values_list("slug", flat=True))
        slug = free_slug(row["titre"], taken, "bonne-pratique")
        page = BonnePratiquePage(identifiant=name, title=row["titre"], slug=slug, live=False)
        parent.add_child(instance=page)
        bilan.creees.append(name)
    elif page.live and all(value == _current(page)[key] for key, value in wanted.items()):
        bilan.identiques.append(name)
        return
    else:
        bilan.modifiees.append(name)
    _fill(page, wanted)
    page.save_revision().publish()


def _wanted(row: Champs, vocabulary: _Vocabulaire) -> dict[str, Any]:
    wanted = {"title": row["titre"]}
    wanted |= {key: row[key] for key in ("resume", "date") if key in row}
    wanted |= {key: normalise_text(text) for key, text in row.get("corps", {}).items()}
    if "thematiques" in row:
        wanted["thematiques"] = {vocabulary.thematiques[slug].pk for slug in row["thematiques"]}
    if "dispositifs" in row:
        wanted["dispositifs"] = {vocabulary.dispositifs[name] for name in row["dispositifs"]}
    return wanted


def _current(page: BonnePratiquePage) -> dict[str, Any]:
    links = page.liens_thematiques.select_related("tag__remplacee_par")
    return {
        "title": page.title,
        "resume": page.resume.replace("\r\n", "\n").strip(),
        "date": page.date,
        **{key: html_to_text(getattr(page, key)) for key in PARTIES_BONNE_PRATIQUE},
        "thematiques": {tag.pk for tag in thematiques_of(links)},
        "dispositifs": set(page.dispositifs.values_list("pk", flat=True)),
    }


def _fill(page: BonnePratiquePage, wanted: dict[str, Any]) -> None:
    """A text that says the same keeps its bold and its links."""
    current = _current(page)
    for key, value in wanted.items():
        if value == current[key]:
            continue
        if key == "thematiques":
            page.thematiques.set(Thematique.objects.filter(pk__in=value))
        elif key == "dispositifs":
            page.dispositifs.set(DispositifPage.objects.filter(pk__in=value))
        else:
            setattr(page, key, text_to_html(value) if key in PARTIES_BONNE_PRATIQUE else value)
