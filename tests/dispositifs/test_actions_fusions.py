import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from annuaire.acteurs.models import Structure
from dispositifs.actions.structures import merge_structures
from dispositifs.actions.thematiques import merge_thematiques
from dispositifs.models import FichePublique, Thematique
from dispositifs.publication.projection import verify
from tests.factories import make_dispositif, make_mandat, make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


@pytest.fixture
def national():
    make_tree()
    return make_user("national")


def fiche():
    return json.loads(FichePublique.objects.dispositifs().get().fiche)


def test_merged_structure_is_read_as_the_kept_one_and_nothing_is_repointed(national):
    kept, merged = make_structure("Rive et Seuil"), make_structure("Rive et seuils")
    page = make_dispositif(chef_de_file=merged)
    mandat = make_mandat(page, merged)
    operator = make_user("operateur", structure=kept)

    merge_structures(kept=kept, merged=merged, by=national)

    page.refresh_from_db()
    mandat.refresh_from_db()
    assert (page.chef_de_file, mandat.structure) == (merged, merged)
    assert [row["nom"] for row in fiche()["structures"]] == ["Rive et Seuil"]
    assert list(type(page).objects.entrusted_to(operator)) == [page]
    assert list(Structure.objects.current().named("rive et seuils")) == [kept]
    assert not verify()


def test_chains_of_merges_are_flattened(national):
    first, second, third = (make_structure(nom) for nom in ("Un", "Deux", "Trois"))

    merge_structures(kept=second, merged=first, by=national)
    merge_structures(kept=third, merged=second, by=national)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.fusionne_dans, second.fusionne_dans) == (third, third)
    assert sorted(third.alias.values_list("nom", flat=True)) == ["Deux", "Un"]


def test_merges_that_make_no_sense_are_refused(national):
    one, other = make_structure("Un"), make_structure("Autre")
    gone = make_structure("Partie", fusionne_dans=other)

    for kept, merged in ((one, one), (gone, one), (one, gone)):
        with pytest.raises(ValidationError):
            merge_structures(kept=kept, merged=merged, by=national)

    assert Structure.objects.exclude(fusionne_dans=None).get() == gone


def test_only_national_merges():
    make_tree()
    one, other = make_structure("Un"), make_structure("Autre")
    sante, soins = (Thematique.objects.create(name=name, slug=name) for name in ("sante", "soins"))
    by = make_user("correspondant", "33")

    with pytest.raises(PermissionDenied):
        merge_structures(kept=one, merged=other, by=by)
    with pytest.raises(PermissionDenied):
        merge_thematiques(kept=sante, merged=soins, by=by)

    assert (Structure.objects.current().count(), Thematique.objects.offered().count()) == (2, 2)


def test_merged_thematique_is_read_as_its_successor_everywhere(national):
    sante, soins = (Thematique.objects.create(name=name, slug=name) for name in ("sante", "soins"))
    page = make_dispositif(live=False)
    page.thematiques.add(soins)
    page.save_revision().publish()

    merge_thematiques(kept=sante, merged=soins, by=national)

    row = FichePublique.objects.dispositifs().get()
    assert (fiche()["thematiques"], row.facettes["thematique"]) == (["sante"], ["sante"])
    assert [link.tag for link in page.liens_thematiques.all()] == [soins]
    assert list(Thematique.objects.offered()) == [sante]
    assert not verify()
