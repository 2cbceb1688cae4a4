"""Dispositifs written by hundreds: what Wagtail does for one page in a hundred queries.

`add_child` and `publish` cost about a tenth of a second for each page. Here the rows of
wagtailcore_page, then those of the page's own table, then those of each relation are inserted
together; what Wagtail's signals would have done is done once for all, in `suites`.
"""

import copy
import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.models import Page

from dispositifs.models import (
    DispositifPage,
    GroupeMenages,
    Lieu,
    MotCleDispositif,
    Participation,
    ThematiqueDispositif,
)
from dispositifs.models.texte_riche import text_to_html

from .arbre import Arbre
from .etat import COLONNES, ENSEMBLES, TEXTES_RICHES, through
from .format import Champs
from .projet import Projet
from .referentiel import MotsCles, Referentiel

LIEU = ("nature", "nom", "commune_id", "public", "longitude", "latitude", "exact_public")


class Ecriture:
    def __init__(self, referentiel: Referentiel, mots_cles: MotsCles) -> None:
        self.referentiel = referentiel
        self.mots_cles = mots_cles
        self.arbre = Arbre()
        self.content_type = ContentType.objects.get_for_model(DispositifPage)

    def write(self, projets: list[Projet]) -> None:
        """Write pages, relations and groupes; each new `projet` then has its page."""
        self._create([projet for projet in projets if projet.etat is None])
        for projet in projets:
            if projet.etat is not None and (projet.changements or not projet.etat.live):
                self._update(projet)
        self._write_relations(projets)
        self._write_groupes(projets)

    # --- pages -----------------------------------------------------------------------------------
    def _create(self, projets: list[Projet]) -> None:
        if not projets:
            return
        for projet in projets:
            projet.page = self._new_page(projet)
        pages = [projet.page for projet in projets if projet.page]
        names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
        bases = [Page(**{name: getattr(page, name) for name in names}) for page in pages]
        for page, base in zip(pages, Page.objects.bulk_create(bases), strict=True):
            page.pk = page.id = page.page_ptr_id = base.pk
        # bulk_create refuses a model with a parent table, whose row it could not make first;
        # that row exists now, and this is the insertion that bulk_create itself would do.
        DispositifPage.objects.all()._batched_insert(
            pages, DispositifPage._meta.local_concrete_fields, batch_size=None
        )
        for page in pages:
            page._state.adding = False
            page._state.db = "default"
        self.arbre.save_counts()
        GroupeMenages.objects.bulk_create(
            GroupeMenages(dispositif_id=page.pk, par_defaut=True) for page in pages
        )

    def _new_page(self, projet: Projet) -> DispositifPage:
        moment = projet.publie_le or timezone.now()
        page = DispositifPage(
            identifiant=projet.identifiant,
            departement_id=projet.departement,
            content_type=self.content_type,
            translation_key=uuid.uuid4(),
            live=True,
            **_publication(moment),
            first_published_at=moment,
            **_columns(projet.changements),
        )
        page.draft_title = page.title
        self.arbre.place(page, projet.departement)
        return page

    def _update(self, projet: Projet) -> None:
        """Only the columns that change; another département is a move in the tree."""
        moment = projet.publie_le or timezone.now()
        columns = _columns(projet.changements)
        if "title" in columns:
            columns["draft_title"] = columns["title"]
        if projet.etat is None or not projet.etat.live:
            columns |= {"live": True, "expired": False, "expire_at": None, "go_live_at": None}
        DispositifPage.objects.filter(pk=projet.page_id).update(**columns, **_publication(moment))
        Page.objects.filter(pk=projet.page_id, first_published_at=None).update(
            first_published_at=moment
        )
        if "departement" in projet.changements:
            self._move(projet)

    def _move(self, projet: Projet) -> None:
        """Wagtail moves; its signal gives the page and its documents their new département."""
        page = DispositifPage.objects.get(pk=projet.page_id)
        branch = self.arbre.branch(projet.departement)
        page.slug = branch.free_slug(page.title) if page.slug in branch.slugs else page.slug
        page.save(update_fields=["slug"])
        page.move(branch.page, pos="last-child")
        self.arbre.forget(projet.departement)
        if projet.etat is not None:
            self.arbre.forget(projet.etat.valeurs["departement"])

    # --- relations -------------------------------------------------------------------------------
    def _write_relations(self, projets: list[Projet]) -> None:
        for key, (column, _) in ENSEMBLES.items():
            ids = self._ids(key)
            _replace(
                through(key),
                "dispositifpage",
                projets,
                key,
                lambda value, column=column, ids=ids: {f"{column}_id": ids.get(value, value)},
            )
        thematiques = {mot.slug: mot.pk for mot in self.referentiel.thematiques.values()}
        _replace(
            ThematiqueDispositif,
            "content_object",
            projets,
            "thematiques",
            lambda slug: {"tag_id": thematiques[slug]},
        )
        names = {name for projet in projets for name in projet.changements.get("mots_cles", ())}
        tags = self.mots_cles.ids(names)
        _replace(
            MotCleDispositif,
            "content_object",
            projets,
            "mots_cles",
            lambda name: {"tag_id": tags[name]},
        )
        _replace(Participation, "page", projets, "participations", self._participation)
        _replace(Lieu, "page", projets, "lieux", lambda lieu: dict(zip(LIEU, lieu, strict=True)))

    def _ids(self, key: str) -> dict[str, Any]:
        """From the words of a set to ids; codes of territories are ids already."""
        words = {"formes": self.referentiel.formes, "publics": self.referentiel.publics}
        return {slug: mot.pk for slug, mot in words.get(key, {}).items()}

    def _participation(self, row: tuple[Any, ...]) -> dict[str, Any]:
        structure, role, du, au = row
        return {
            "structure_id": structure,
            "role_id": self.referentiel.roles[role].pk,
            "du": du,
            "au": au,
        }

    # --- groupes ---------------------------------------------------------------------------------
    def _write_groupes(self, projets: list[Projet]) -> None:
        """Create or date the groupes given; one that is not given any more stays."""
        concerned = [projet for projet in projets if projet.champs.get("groupes")]
        existing: dict[int, list[GroupeMenages]] = {projet.page_id: [] for projet in concerned}
        for groupe in GroupeMenages.objects.filter(dispositif__in=existing).order_by("pk"):
            existing[groupe.dispositif_id].append(groupe)
        new, changed = [], []
        for projet in concerned:
            added, touched = changed_groupes(projet, existing[projet.page_id])
            new += added
            changed += touched
        GroupeMenages.objects.bulk_create(new)
        GroupeMenages.objects.bulk_update(changed, ["nom", "du", "au"], batch_size=200)


def changed_groupes(
    projet: Projet, existing: list[GroupeMenages]
) -> tuple[list[GroupeMenages], list[GroupeMenages]]:
    """The groupes to create and to correct. The default one, unnamed and alone, takes a name."""
    rows: list[Champs] = projet.champs.get("groupes", [])
    existing = [copy.copy(groupe) for groupe in existing]
    named = {groupe.nom: groupe for groupe in existing}
    changed = []
    default_name = GroupeMenages._meta.get_field("nom").default
    unnamed = [groupe.nom for groupe in existing] == [default_name]
    if rows and unnamed and default_name not in {row["nom"] for row in rows}:
        existing[0].nom = rows[0]["nom"]
        named = {existing[0].nom: existing[0]}
        changed.append(existing[0])
    new: list[GroupeMenages] = []
    for row in rows:
        groupe = named.get(row["nom"])
        if groupe is None:
            groupe = GroupeMenages(nom=row["nom"], par_defaut=not existing and not new)
            groupe.dispositif_id = projet.page_id if projet.page or projet.etat else 0
            new.append(groupe)
        dates = {key: row[key] for key in ("du", "au") if key in row}
        if any(getattr(groupe, key) != day for key, day in dates.items()):
            for key, day in dates.items():
                setattr(groupe, key, day)
            if groupe not in (*new, *changed):
                changed.append(groupe)
    return new, changed


def _publication(moment: datetime.datetime) -> dict[str, Any]:
    return {
        "has_unpublished_changes": False,
        "last_published_at": moment,
        # What the lists of the administration call « mis à jour ».
        "latest_revision_created_at": moment,
    }


def _columns(changements: dict[str, Any]) -> dict[str, Any]:
    """The columns of the page's own tables among these changes."""
    columns = {COLONNES[key]: value for key, value in changements.items() if key in COLONNES}
    columns |= {
        TEXTES_RICHES[key]: text_to_html(value)
        for key, value in changements.items()
        if key in TEXTES_RICHES
    }
    if "chef_de_file" in changements:
        columns["chef_de_file_id"] = changements["chef_de_file"]
    return columns


def _replace(
    model: type[Model],
    page: str,
    projets: Iterable[Projet],
    key: str,
    columns: Any,
) -> None:
    """Replace the rows of the relation `key`, for the pages where it changes."""
    changed = [projet for projet in projets if key in projet.changements]
    known = [projet.page_id for projet in changed if projet.etat is not None]
    if known:
        model._default_manager.filter(**{f"{page}__in": known}).delete()
    ordered = any(field.name == "sort_order" for field in model._meta.fields)
    model._default_manager.bulk_create(
        [
            model(
                **{f"{page}_id": projet.page_id},
                **columns(value),
                **({"sort_order": rank} if ordered else {}),
            )
            for projet in changed
            for rank, value in enumerate(_sorted(projet.changements[key]))
        ],
        batch_size=500,
    )


def _sorted(values: Any) -> Iterable[Any]:
    """A set in an order that does not depend on the run; a list in its own."""
    return sorted(values) if isinstance(values, frozenset) else values
