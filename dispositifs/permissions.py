"""Who may do what. Every decision of the product is here, as a predicate and the Q of its lists.

Table: docs/droits.md. A foreign object answers 404 everywhere. Predicates take objects by
duck typing (`departement_id`, `dispositif_id`): this module imports no model of ours.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from django.utils import timezone
from wagtail.models import PageViewRestriction

from annuaire.acteurs.droits import Droits, droits_of
from annuaire.acteurs.models import User

from .choices import (
    ANONYMAT_PASSE,
    ANTIVIRUS_PASSE,
    EtatAnonymat,
    EtatAntivirus,
    NatureMandat,
    Niveau,
    StatutDocument,
)

if TYPE_CHECKING:
    from .models import DispositifPage, Document, Proposition

Actor = User | AnonymousUser | None
NOTHING = Q(pk__in=[])
EVERYTHING = Q()


# --- places --------------------------------------------------------------------------------------
def can_enter_admin(user: Actor) -> bool:
    """Correspondants and national; operators and partners never, whatever else they are given."""
    droits = droits_of(user)
    return droits.national or droits.correspondant or is_administrateur(user)


def can_enter_espace(user: Actor) -> bool:
    """Operators and partners: an account of a structure with a running role."""
    return bool(droits_of(user).structures)


def is_administrateur(user: Actor) -> bool:
    """Technical administrator: accounts and settings. No rule of the domain depends on it."""
    return isinstance(user, User) and user.is_active and user.is_superuser


# --- dispositifs ---------------------------------------------------------------------------------
def can_create_in(user: Actor, departement_code: str) -> bool:
    droits = droits_of(user)
    return droits.national or departement_code in droits.departements


def can_edit(user: Actor, dispositif: "DispositifPage") -> bool:
    """Edit, publish, close, and manage documents and mandats: the pilot département's alone."""
    return dispositif.departement_id is not None and can_create_in(user, dispositif.departement_id)


def q_editable(user: Actor, prefix: str = "") -> Q:
    """Dispositifs that `can_edit` accepts; `prefix` is the path to the dispositif."""
    droits = droits_of(user)
    if droits.national:
        return EVERYTHING
    if not droits.departements:
        return NOTHING
    return Q(**{f"{prefix}departement__in": droits.departements})


def q_at_home(user: Actor, prefix: str = "") -> Q:
    """Dispositifs read as « chez soi »: pilot or secondary département, or all for national."""
    droits = droits_of(user)
    if droits.national:
        return EVERYTHING
    if not droits.departements:
        return NOTHING
    codes = droits.departements
    return Q(**{f"{prefix}departement__in": codes}) | Q(
        **{f"{prefix}departements_secondaires__in": codes}
    )


def q_running_mandat(user: Actor, prefix: str = "") -> Q:
    """Dispositifs on which a structure of the actor has a mandat in force today."""
    droits = droits_of(user)
    if not droits.structures:
        return NOTHING
    today = timezone.localdate()
    return (
        Q(**{f"{prefix}mandats__structure__in": droits.structures})
        & Q(**{f"{prefix}mandats__du__lte": today})
        & (Q(**{f"{prefix}mandats__au": None}) | Q(**{f"{prefix}mandats__au__gte": today}))
    )


def q_public_page(prefix: str = "") -> Q:
    """Live pages under no view restriction (one query for the restrictions)."""
    query = Q(**{f"{prefix}live": True})
    for path in PageViewRestriction.objects.values_list("page__path", flat=True):
        query &= ~Q(**{f"{prefix}path__startswith": path})
    return query


# --- documents -----------------------------------------------------------------------------------
def can_manage_document(user: Actor, document: "Document") -> bool:
    """Add, correct, validate, withdraw: as the dispositif; national guides by national alone."""
    if document.dispositif is None:
        return droits_of(user).national
    return can_edit(user, document.dispositif)


def q_manageable_document(user: Actor) -> Q:
    droits = droits_of(user)
    if droits.national:
        return EVERYTHING
    return q_editable(user, "dispositif__") & Q(dispositif__isnull=False)


def q_readable_document(user: Actor) -> Q:
    """Documents whose file the actor may read: niveau, statut and page decide together."""
    # Before the verdict of the antivirus, and after a bad one: whoever deposited it, at most.
    scanned = Q(antivirus__in=ANTIVIRUS_PASSE) | _q_own_deposit(user)
    droits = droits_of(user)
    if droits.national:
        return scanned
    return _q_by_niveau(user, droits) & _q_unblocked(user, droits) & scanned


def _q_unblocked(user: Actor, droits: Droits) -> Q:
    """A NIR or an IBAN is nobody's to read: whoever may replace the file, and who deposited it."""
    readable = ~Q(anonymat=EtatAnonymat.BLOQUE) | q_manageable_document(user)
    if droits.structures:
        readable |= _q_deposited(user, droits)
    return readable


def _q_by_niveau(user: Actor, droits: Droits) -> Q:
    """For all but national, who reads every niveau."""
    valide = Q(statut=StatutDocument.VALIDE)
    page_live = Q(dispositif=None) | Q(dispositif__live=True)
    readable = q_public_document()
    if droits.structures:
        readable |= _q_structure_document(user, droits, valide & page_live)
    if droits.correspondant:
        readable |= valide & page_live & ~Q(niveau=Niveau.INTERNE)
        readable |= q_at_home(user, "dispositif__") & Q(dispositif__isnull=False)
    return readable


def q_public_document() -> Q:
    """Documents that anybody may read, and so that public lists show."""
    return q_diffusable() & (Q(dispositif=None) | q_public_page("dispositif__"))


def q_diffusable() -> Q:
    """Public, validated, and free of what must not be shown to everybody: for public pages."""
    return Q(
        statut=StatutDocument.VALIDE,
        niveau=Niveau.PUBLIC,
        anonymat__in=ANONYMAT_PASSE,
        antivirus__in=ANTIVIRUS_PASSE,
    )


def is_diffusable(document: "Document") -> bool:
    """`q_diffusable` of a row already read."""
    return (
        document.statut == StatutDocument.VALIDE
        and document.niveau == Niveau.PUBLIC
        and document.anonymat in ANONYMAT_PASSE
        and document.antivirus in ANTIVIRUS_PASSE
    )


def _q_own_deposit(user: Actor) -> Q:
    if not isinstance(user, User):
        return NOTHING
    return Q(uploaded_by_user=user, antivirus=EtatAntivirus.A_ANALYSER)


def _q_structure_document(user: Actor, droits: Droits, published: Q) -> Q:
    """With a running mandat: what is published but not internal, and what one deposited."""
    shared = published & ~Q(niveau=Niveau.INTERNE)
    return q_running_mandat(user, "dispositif__") & shared | _q_deposited(user, droits)


def _q_deposited(user: Actor, droits: Droits) -> Q:
    return q_running_mandat(user, "dispositif__") & Q(deposant__in=droits.structures)


def can_read_document(user: Actor, document: "Document") -> bool:
    """`q_readable_document` asked of one row, so that the two can never differ."""
    return _holds(document, q_readable_document(user))


def _holds(instance: Model, query: Q) -> bool:
    manager = type(instance)._default_manager
    return manager.filter(query, pk=instance.pk).exists()


# --- propositions --------------------------------------------------------------------------------
def q_operated(user: Actor, prefix: str = "") -> Q:
    """Dispositifs that a structure of the actor runs: a mandat d’opérateur in force today."""
    return q_running_mandat(user, prefix) & Q(
        **{f"{prefix}mandats__nature": NatureMandat.OPERATEUR}
    )


def q_open_to_propositions(user: Actor) -> Q:
    """Dispositifs that `can_propose` accepts: operators read no draft, so they propose on none."""
    return q_operated(user) & q_public_page()


def can_propose(user: Actor, dispositif: "DispositifPage") -> bool:
    """Propose a document or a text: the operators of a running mandat, on a public fiche."""
    return _holds(dispositif, q_open_to_propositions(user))


def q_readable_proposition(user: Actor) -> Q:
    """Who decides on it, and the structure that made it while it runs the dispositif."""
    droits = droits_of(user)
    if droits.national:
        return EVERYTHING
    readable = q_editable(user, "dispositif__")
    if droits.structures:
        readable |= q_own_proposition(user)
    return readable


def q_own_proposition(user: Actor) -> Q:
    """Made by a structure of the actor, for a dispositif that it still runs."""
    return q_operated(user, "dispositif__") & Q(structure__in=droits_of(user).structures)


def can_withdraw(user: Actor, proposition: "Proposition") -> bool:
    """Take back what waits for an answer: the structure that made it, while it runs the fiche."""
    return _holds(proposition, q_own_proposition(user))


def can_decide(user: Actor, proposition: "Proposition") -> bool:
    """Accept or refuse: who edits the dispositif."""
    return can_edit(user, proposition.dispositif)


# --- structures and vocabularies -----------------------------------------------------------------
def can_create_structure(user: Actor) -> bool:
    droits = droits_of(user)
    return droits.national or droits.correspondant


def q_editable_structure(user: Actor) -> Q:
    """A structure is corrected by the département that declared it, or by national."""
    droits = droits_of(user)
    if droits.national:
        return EVERYTHING
    return Q(departement__in=droits.departements) if droits.departements else NOTHING


def can_manage_vocabularies(user: Actor) -> bool:
    """Thématiques, formes, types, synonymes, merging of structures, label « bonne pratique »."""
    return droits_of(user).national
