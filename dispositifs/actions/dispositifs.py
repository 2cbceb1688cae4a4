"""Declaring and deleting a dispositif."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log

from annuaire.acteurs.models import Departement, User
from annuaire.acteurs.normalisation import free_slug
from dispositifs import permissions
from dispositifs.models import DepartementPage, DispositifPage
from dispositifs.models.relecture import texts_found

from .journal import FICHE_CONFIRMED


@transaction.atomic
def declare_dispositif(
    *, titre: str, departement: Departement, publier: bool, by: User
) -> DispositifPage:
    """Create a dispositif from its title and département, as a draft or at once online.

    Raises PermissionDenied outside the départements of `by`.
    """
    if not permissions.can_create_in(by, departement.pk):
        raise PermissionDenied("Ce département n’est pas le vôtre.")
    parent = DepartementPage.objects.get(departement=departement)
    taken = set(parent.get_children().values_list("slug", flat=True))
    page: DispositifPage = parent.add_child(
        instance=DispositifPage(
            title=titre,
            slug=free_slug(titre, taken, "dispositif"),
            owner=by,
            live=False,
            departement=departement,
        )
    )
    revision = page.save_revision(user=by, log_action=True)
    if publier:
        revision.publish(user=by)
        page.refresh_from_db()
    return page


@transaction.atomic
def confirm_texts(*, page: DispositifPage, by: User) -> None:
    """Say, after reading them, that the texts of this fiche name nobody, as they are now.

    Raises PermissionDenied elsewhere than at home. Nothing is kept if nothing was found.
    """
    if not permissions.can_edit(by, page):
        raise PermissionDenied("Ce dispositif n’est pas de votre département.")
    if found := texts_found(page):
        data = {"textes": {text.champ: text.empreinte for text in found}}
        log(instance=page, action=FICHE_CONFIRMED, user=by, data=data)


def check_deletable(page: DispositifPage) -> None:
    """Raises ValidationError, with what to do instead, if anything hangs on the dispositif."""
    held = []
    if page.documents.exists():
        held.append("des documents")
    if page.propositions.exists():
        held.append("des propositions")
    if page.mandats.exists():
        held.append("des mandats")
    if page.groupes.filter(par_defaut=False).exists():
        held.append("des groupes de ménages")
    if held:
        raise ValidationError(
            f"Cette fiche ne peut pas être supprimée : elle porte {' et '.join(held)}."
            " Dépubliez-la plutôt ; elle disparaît du site et rien n’est perdu."
        )


@transaction.atomic
def delete_dispositif(*, page: DispositifPage, by: User) -> None:
    """Delete a dispositif on which nothing hangs, with the default group made with it.

    Raises PermissionDenied elsewhere than at home, ValidationError as `check_deletable` does.
    """
    if not permissions.can_edit(by, page):
        raise PermissionDenied("Ce dispositif n’est pas de votre département.")
    check_deletable(page)
    page.groupes.all().delete()
    page.delete(user=by)
