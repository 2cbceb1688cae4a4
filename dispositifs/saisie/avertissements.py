"""What looks wrong on a fiche and is allowed all the same: said after each saving."""

from collections.abc import Callable, Iterable, Iterator

from annuaire.acteurs.models import Structure
from dispositifs.choices import ROLES_OPERATEURS, NatureMandat, Statut
from dispositifs.models import DispositifPage
from dispositifs.models.dispositif import statut_from_dates
from dispositifs.models.relecture import texts_to_review

from .doublons import near_duplicates

# What makes two fiches look alike: they are compared again only when it has changed.
RESEMBLANCE = frozenset({"title", "chef_de_file", "date_debut"})


def avertissements(page: DispositifPage, changed: Iterable[str] = RESEMBLANCE) -> list[str]:
    """Sentences for the person who saves, of what these changed fields deserve; none blocks."""
    checks = [*CHECKS, _duplicates] if RESEMBLANCE.intersection(changed) else CHECKS
    return [sentence for check in checks for sentence in check(page)]


def _several_operators(page: DispositifPage) -> Iterator[str]:
    if len(_operators(page)) > 1:
        yield (
            "Plusieurs opérateurs figurent sur cette fiche : vérifiez que c’est voulu. Le chef de"
            " file répond du dispositif, chacun saisit selon son mandat."
        )


def _mandats_differ(page: DispositifPage) -> Iterator[str]:
    """Participations only display; a mandat alone opens rights."""
    running = page.mandats.running().filter(nature=NatureMandat.OPERATEUR)
    entrusted = {mandat.structure.actuelle for mandat in running.select_related("structure")}
    shown = _operators(page)
    without = sorted(structure.nom for structure in shown - entrusted)
    unseen = sorted(structure.nom for structure in entrusted - shown)
    if without:
        yield (
            f"Opérateur affiché sans mandat en cours : {', '.join(without)}. Sans mandat, son"
            " espace reste fermé."
        )
    if unseen:
        yield f"Mandat d’opérateur en cours sans participation affichée : {', '.join(unseen)}."


def _dates_differ(page: DispositifPage) -> Iterator[str]:
    suggested = statut_from_dates(page)
    dated = page.date_debut or page.date_fin
    if dated and page.statut != Statut.ABANDONNE and page.statut != suggested:
        yield (
            f"Le statut « {page.get_statut_display()} » ne s’accorde pas avec les dates, qui"
            f" disent « {suggested.label} » : corrigez l’un ou les autres."
        )


def _nominative(page: DispositifPage) -> Iterator[str]:
    for text in texts_to_review(page):
        yield (
            f"{text.libelle.capitalize()} : données peut-être nominatives ({text.natures})."
            " Retirez-les, ou cochez « J’ai relu ces textes » si personne n’y est désigné."
        )


def _duplicates(page: DispositifPage) -> Iterator[str]:
    found = near_duplicates(
        titre=page.title,
        departement=page.departement_id or "",
        chef_de_file=page.chef_de_file_id,
        date_debut=page.date_debut,
        sauf=page.pk,
    )
    if found:
        titles = ", ".join(f"« {other.title} »" for other in found[:3])
        yield f"Cette fiche ressemble à {titles} : vérifiez qu’elle ne fait pas double emploi."


def _operators(page: DispositifPage) -> set[Structure]:
    rows = [row for row in page.participations.all() if row.role.slug in ROLES_OPERATEURS]
    found: set[Structure] = {row.structure.actuelle for row in rows}
    if page.chef_de_file:
        found.add(page.chef_de_file.actuelle)
    return found


CHECKS: tuple[Callable[[DispositifPage], Iterator[str]], ...] = (
    _several_operators,
    _mandats_differ,
    _dates_differ,
    _nominative,
)
