"""What a fiche still lacks. It only advises: titre and département are enough to publish."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet

from dispositifs.choices import ENSEIGNEMENTS, ROLE_PILOTE, Statut

from .documents import Document
from .suivi import Mandat
from .vocabulaires import ThematiqueDispositif

if TYPE_CHECKING:
    from .dispositif import DispositifPage

# Lists read many fiches: `annotate_presence` sets these, one subquery for each relation.
PRESENCE = "a_des_{}"


@dataclass(frozen=True)
class Manque:
    """One thing that the fiche lacks; `ancre` is the id of its field in the form."""

    champ: str
    libelle: str
    ancre: str


@dataclass(frozen=True)
class Critere:
    champ: str
    libelle: str
    present: Callable[["DispositifPage"], bool]
    concerne: Callable[["DispositifPage"], bool] = lambda page: True

    @property
    def ancre(self) -> str:
        return f"id_{self.champ}"


def _filled(champ: str) -> Callable[["DispositifPage"], bool]:
    return lambda page: bool(getattr(page, champ))


def _known(champ: str) -> Callable[["DispositifPage"], bool]:
    return lambda page: getattr(page, champ) is not None


def _has(relation: str) -> Callable[["DispositifPage"], bool]:
    def present(page: "DispositifPage") -> bool:
        annotated: bool | None = getattr(page, PRESENCE.format(relation), None)
        return _READ[relation](page) if annotated is None else annotated

    return present


def _has_end(page: "DispositifPage") -> bool:
    return any(getattr(page, champ) is not None for champ in ("date_fin_prevue", "date_fin"))


def _started(page: "DispositifPage") -> bool:
    return page.statut != Statut.EN_PREPARATION


CRITERES = (
    Critere("resume", "le résumé", _filled("resume")),
    Critere("thematiques", "les thématiques", _has("thematiques")),
    Critere("date_debut", "la date de début", _known("date_debut")),
    Critere(
        "date_fin_prevue",
        "la date de fin",
        _has_end,
    ),
    Critere("contexte", "le contexte", _filled("contexte")),
    Critere("objectifs", "les objectifs", _filled("objectifs")),
    Critere("actions", "les actions", _filled("actions")),
    Critere("resultats", "les résultats", _filled("resultats"), _started),
    Critere("limites", "les difficultés et limites", _filled("limites"), _started),
    Critere("conditions", "les conditions de réussite", _filled("conditions"), _started),
    Critere(
        "enseignements_reussi",
        "les enseignements",
        lambda page: any(getattr(page, f"enseignements_{name}") for name in ENSEIGNEMENTS),
        lambda page: page.is_closed,
    ),
    Critere("publics", "les publics visés", _has("publics")),
    Critere("selection", "la sélection des ménages", _known("selection")),
    Critere("capacite_menages", "la capacité", _known("capacite_menages")),
    Critere(
        "chef_de_file", "l’opérateur chef de file", lambda page: page.chef_de_file_id is not None
    ),
    Critere("participations", "le pilote", _has("pilotes")),
    Critere("documents", "un document", _has("documents")),
    Critere("mandats", "un mandat d’opérateur", _has("mandats"), lambda page: not page.is_closed),
)


def manques(page: "DispositifPage") -> list[Manque]:
    """What is missing, in the order of the form."""
    return [
        Manque(critere.champ, critere.libelle, critere.ancre)
        for critere in CRITERES
        if critere.concerne(page) and not critere.present(page)
    ]


def score(page: "DispositifPage") -> int:
    """Share of what is expected that is filled, in whole percent."""
    expected = sum(1 for critere in CRITERES if critere.concerne(page))
    return round(100 * (expected - len(manques(page))) / expected)


def annotate_presence(pages: "QuerySet[Any]") -> "QuerySet[Any]":
    """So that `manques` asks nothing more of the database for each of these pages."""
    here = OuterRef("pk")
    participation = pages.model._meta.get_field("participations").related_model
    public = pages.model._meta.get_field("publics").remote_field.through
    found = {
        "thematiques": ThematiqueDispositif.objects.filter(content_object=here),
        "publics": public.objects.filter(dispositifpage=here),
        "pilotes": participation.objects.filter(page=here, role__slug=ROLE_PILOTE),
        "documents": Document.objects.filter(dispositif=here, courante=True),
        "mandats": Mandat.objects.running().filter(dispositif=here),
    }
    return pages.annotate(**{PRESENCE.format(name): Exists(rows) for name, rows in found.items()})


def _has_pilote(page: "DispositifPage") -> bool:
    return any(row.role.slug == ROLE_PILOTE for row in page.participations.all())


_READ: dict[str, Callable[[Any], bool]] = {
    "thematiques": lambda page: page.liens_thematiques.exists(),
    "publics": lambda page: page.publics.exists(),
    "pilotes": _has_pilote,
    "documents": lambda page: page.documents.current().exists(),
    "mandats": lambda page: page.mandats.running().exists(),
}
