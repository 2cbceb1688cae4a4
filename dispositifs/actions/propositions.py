"""What operators propose, and what correspondants decide of it: once, with a trace."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from annuaire.acteurs.models import Structure, User
from dispositifs import permissions
from dispositifs.choices import (
    ANTIVIRUS_PASSE,
    EtatAnonymat,
    EtatProposition,
    NatureProposition,
    Niveau,
    StatutDocument,
)
from dispositifs.models import DispositifPage, Document, Proposition
from dispositifs.models.documents import collection_of
from dispositifs.models.texte_riche import html_to_text, normalise_text, text_to_html
from dispositifs.reperage import examine_text

from .avis import tell_correspondants, tell_operateurs
from .documents import lock_current
from .journal import (
    PROPOSITION_ACCEPTED,
    PROPOSITION_MADE,
    PROPOSITION_REFUSED,
    PROPOSITION_WITHDRAWN,
)

DECIDED = "deja-traitee"
CHANGED = "rubrique-changee"  # the code of a refusal: what was shown is no longer what is there


# --- what operators do ---------------------------------------------------------------------------
@transaction.atomic
def propose_document(
    *, dispositif: DispositifPage, document: Document, message: str, by: User
) -> Proposition:
    """Deposit `document`, a row not saved yet, for the correspondant to accept or refuse.

    Nobody but the structure and the correspondants reads it meanwhile. The same file, proposed
    already and not decided yet, is not proposed twice. Raises PermissionDenied without a running
    mandat d’opérateur.
    """
    structure = _check_may_propose(by, dispositif)
    known = _pending(dispositif, structure).filter(document__sha256=document.sha256)
    if document.sha256 and (found := known.first()):
        return found
    document.dispositif = dispositif
    document.statut = StatutDocument.PROPOSE
    document.niveau = document.type.visibilite_par_defaut if document.type else Niveau.INTERNE
    document.deposant = structure
    document.uploaded_by_user = by
    if dispositif.departement:
        document.collection = collection_of(dispositif.departement)
    document.save()
    return _propose(
        dispositif, structure, by, nature=NatureProposition.DOCUMENT, document=document,
        message=message,
    )  # fmt: skip


@transaction.atomic
def propose_text(  # noqa: PLR0913  # keyword-only: none can be taken for another
    *, dispositif: DispositifPage, rubrique: str, texte: str, vu: str, message: str, by: User
) -> Proposition:
    """Propose plain text for a rubrique; nothing of the fiche changes.

    `vu` is the fingerprint of the text that the rubrique had when this one was written. The same
    text, proposed already and not decided yet, is not proposed twice. Raises PermissionDenied
    without a running mandat d’opérateur, ValidationError when nothing is new or when the rubrique
    changed since.
    """
    structure = _check_may_propose(by, dispositif)
    texte, texte_vu = normalise_text(texte), current_text(dispositif, rubrique)
    if vu != text_fingerprint(texte_vu):
        raise ValidationError(
            "La fiche a changé pendant que vous écriviez. Votre texte est gardé ci-dessous :"
            " comparez-le au texte actuel, puis envoyez de nouveau.",
            code=CHANGED,
        )
    _check_anonymous(f"{texte}\n\n{message}")
    if texte == texte_vu:
        raise ValidationError({"texte": "La fiche porte déjà ce texte : changez-le, ou renoncez."})
    if found := _pending(dispositif, structure).filter(rubrique=rubrique, texte=texte).first():
        return found
    return _propose(
        dispositif, structure, by, nature=NatureProposition.TEXTE, rubrique=rubrique, texte=texte,
        texte_vu=texte_vu, message=message,
    )  # fmt: skip


@transaction.atomic
def withdraw_proposition(*, proposition: Proposition, by: User) -> Proposition:
    """Take back a proposition that waits: nobody decides on it any more, its trace stays.

    Raises PermissionDenied to all but the structure that made it, ValidationError when somebody
    has decided already.
    """
    locked = _lock(proposition, by, permissions.can_withdraw)
    if locked.document is not None:
        document = lock_current(locked.document)
        if document.statut == StatutDocument.PROPOSE:
            document.statut = StatutDocument.RETIRE
            document.save(update_fields=["statut", "maj"])
    _decide(locked, EtatProposition.RETIREE, by)
    locked.vue_le = locked.traite_le  # it is no answer to read
    locked.save(update_fields=["vue_le"])
    _log(PROPOSITION_WITHDRAWN, locked, by)
    return locked


def current_text(dispositif: DispositifPage, rubrique: str) -> str:
    """The rubrique as the live fiche has it, in plain text."""
    return html_to_text(getattr(dispositif, rubrique))


def _check_anonymous(texte: str) -> None:
    """Refuse what is certain to name a person; the rest is told to whoever writes and decides."""
    if examine_text(texte).etat == EtatAnonymat.BLOQUE:
        raise ValidationError(
            {"texte": ("Ce texte contient un numéro de sécurité sociale ou un IBAN : retirez-le.")}
        )


def text_fingerprint(texte: str) -> str:
    """What a form keeps of a text that it has shown, to tell whether it has changed since."""
    return hashlib.sha256(texte.encode()).hexdigest()


def _check_may_propose(by: User, dispositif: DispositifPage) -> Structure:
    """The structure that proposes; the dispositif is held until the end."""
    if by.structure is None or not permissions.can_propose(by, dispositif):
        raise PermissionDenied("Votre structure n’a pas de mandat d’opérateur sur ce dispositif.")
    # Two clicks on the same button come one after the other, so that the second finds the first.
    Page.objects.select_for_update().get(pk=dispositif.pk)
    return by.structure.actuelle


def _pending(dispositif: DispositifPage, structure: Structure) -> Any:
    return Proposition.objects.pending().filter(dispositif=dispositif, structure=structure)


def _propose(
    dispositif: DispositifPage, structure: Structure, by: User, **fields: Any
) -> Proposition:
    proposition = Proposition.objects.create(
        dispositif=dispositif, structure=structure, propose_par=by, **fields
    )
    _log(PROPOSITION_MADE, proposition, by)
    tell_correspondants(proposition)
    return proposition


# --- what correspondants do ----------------------------------------------------------------------
@transaction.atomic
def accept_document(*, proposition: Proposition, niveau: Niveau, by: User) -> Document:
    """Validate the document, for the readers of `niveau`; return its current version.

    The public still reads it only once nothing nominative is in it (`q_diffusable`). Raises
    PermissionDenied elsewhere than at home, ValidationError when somebody has decided already, or
    before a good verdict of the antivirus.
    """
    locked = _lock(proposition, by)
    if locked.document is None:
        raise ValidationError("Cette proposition porte sur un texte : rechargez la page.")
    document = _lock_document(locked.document, by)
    if document.antivirus not in ANTIVIRUS_PASSE:
        raise ValidationError(
            f"Antivirus : {document.get_antivirus_display().lower()}. Ce document ne peut pas être"
            " accepté ; attendez la fin de l’analyse, ou refusez-le."
        )
    document.statut = StatutDocument.VALIDE
    document.niveau = niveau
    document.save(update_fields=["statut", "niveau", "maj"])
    _decide(locked, EtatProposition.ACCEPTEE, by)
    _log(PROPOSITION_ACCEPTED, locked, by, niveau=niveau)
    tell_operateurs(locked)
    return document


@transaction.atomic
def accept_text(*, proposition: Proposition, texte: str, vu: str, by: User) -> DispositifPage:
    """Make `texte`, the proposed one or a correction of it, the rubrique of the fiche.

    A live fiche is published at once; what its draft holds besides is neither published nor lost.
    A fiche that is not live only has its draft changed. `vu` is the fingerprint of the text that
    the rubrique had when the decision was taken. Raises PermissionDenied elsewhere than at home,
    ValidationError when somebody has decided already, when the rubrique changed since, or when the
    page is locked.
    """
    locked = _lock(proposition, by)
    # As the form of the page does: two people who write it come one after the other.
    Page.objects.select_for_update().get(pk=locked.dispositif_id)
    page = DispositifPage.objects.get(pk=locked.dispositif_id)
    _check_text(locked, page, texte, vu, by)
    html = text_to_html(normalise_text(texte))
    revision = _write_rubrique(page, locked.rubrique, html, by)
    corrige = normalise_text(texte) != locked.texte
    _decide(locked, EtatProposition.ACCEPTEE, by)
    _log(PROPOSITION_ACCEPTED, locked, by, revision=revision, corrige=corrige)
    tell_operateurs(locked, corrige=corrige)
    page.refresh_from_db()
    return page


@transaction.atomic
def refuse_proposition(*, proposition: Proposition, motif: str, by: User) -> Proposition:
    """Refuse, and say why; a refused document is read by nobody but whoever could before.

    Raises PermissionDenied elsewhere than at home, ValidationError without `motif` or when
    somebody has decided already.
    """
    locked = _lock(proposition, by)
    if not motif.strip():
        raise ValidationError({"motif": "Un refus dit pourquoi : écrivez le motif."})
    if locked.document is not None:
        document = _lock_document(locked.document, by)
        document.statut = StatutDocument.REFUSE
        document.save(update_fields=["statut", "maj"])
    _decide(locked, EtatProposition.REFUSEE, by, motif=motif.strip())
    _log(PROPOSITION_REFUSED, locked, by, motif=motif.strip())
    tell_operateurs(locked)
    return locked


def _lock(
    proposition: Proposition,
    by: User,
    may: Callable[[User, Proposition], bool] = permissions.can_decide,
) -> Proposition:
    """The row as it is now, held until the end: of two people who decide, one is told."""
    rows = Proposition.objects.select_for_update(of=("self",))
    locked = rows.select_related("dispositif", "structure", "document").get(pk=proposition.pk)
    if not may(by, locked):
        raise PermissionDenied("Cette proposition ne relève pas de vous.")
    if locked.etat != EtatProposition.PROPOSEE:
        raise ValidationError(already_decided(locked), code=DECIDED)
    return locked


def _lock_document(document: Document, by: User) -> Document:
    """Its current version, held; it may have been attached elsewhere since it was proposed."""
    current = lock_current(document)
    if not permissions.can_manage_document(by, current):
        raise ValidationError(
            "Ce document a été rattaché à une autre fiche, que vous ne gérez pas : seul le national"
            " peut traiter cette proposition."
        )
    return current


def already_decided(proposition: Proposition) -> str:
    """Who decided, and when: for whoever comes second."""
    moment = timezone.localtime(proposition.traite_le)
    return (
        f"Cette proposition est déjà {proposition.get_etat_display().lower()} :"
        f" {proposition.traite_par} l’a traitée le {moment:%d/%m/%Y} à {moment:%H:%M}."
        " Rien n’a été changé."
    )


def _check_text(
    proposition: Proposition, page: DispositifPage, texte: str, vu: str, by: User
) -> None:
    if proposition.nature != NatureProposition.TEXTE:
        raise ValidationError("Cette proposition porte sur un document : rechargez la page.")
    if not texte.strip():
        raise ValidationError({"texte": "Le texte à publier est vide : écrivez-le, ou refusez."})
    _check_anonymous(texte)
    if vu != text_fingerprint(current_text(page, proposition.rubrique)):
        raise ValidationError(
            "La rubrique a changé depuis que vous avez ouvert cette page. Rien n’a été remplacé :"
            " relisez les textes ci-dessous, puis acceptez de nouveau.",
            code=CHANGED,
        )
    lock = page.get_lock()
    if lock is not None and lock.for_user(by):
        raise ValidationError(
            "La fiche est verrouillée, ou sa publication est programmée : levez le verrou ou la"
            " programmation, puis acceptez de nouveau."
        )


def _write_rubrique(page: DispositifPage, rubrique: str, html: str, by: User) -> Revision:
    """Into the live fiche, then into its draft, which stays a draft."""
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    if not page.live:
        return _save_draft(draft or page, rubrique, html, by)
    setattr(page, rubrique, html)
    # What is live already is not validated again: an old date must not stop a new text.
    revision: Revision = page.save_revision(user=by, clean=False)
    revision.publish(user=by)
    if draft is not None:
        _save_draft(draft, rubrique, html, by)
    return revision


def _save_draft(draft: DispositifPage, rubrique: str, html: str, by: User) -> Revision:
    setattr(draft, rubrique, html)
    revision: Revision = draft.save_revision(user=by, clean=False, log_action=True)
    return revision


def _decide(proposition: Proposition, etat: EtatProposition, by: User, motif: str = "") -> None:
    proposition.etat = etat
    proposition.motif = motif
    proposition.traite_par = by
    proposition.traite_le = timezone.now()
    proposition.save(update_fields=["etat", "motif", "traite_par", "traite_le"])


def _log(
    action: str, proposition: Proposition, by: User, revision: Revision | None = None, **data: Any
) -> None:
    """In the history of the fiche, which its correspondants and national alone read."""
    log(
        instance=proposition.dispositif,
        action=action,
        user=by,
        revision=revision,
        data={
            "proposition": proposition.pk,
            "objet": proposition.objet,
            "structure": proposition.structure.nom,
            **data,
        },
    )
