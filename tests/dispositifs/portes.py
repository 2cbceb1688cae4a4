"""Published dispositifs that bear what one writes in words: thématiques, formes, publics."""

from dispositifs.models import Forme, Public, Thematique
from tests.factories import make_dispositif


def make_porteur(titre, departement="33", *, thematiques=(), formes=(), publics=(), **fields):
    """A published dispositif with these words of the vocabularies, by slug."""
    page = make_dispositif(titre, departement, **fields)
    return bear(page, thematiques, formes, publics)


def bear(page, thematiques=(), formes=(), publics=()):
    page.thematiques.add(*(make_thematique(slug) for slug in thematiques))
    page.formes.add(*(make_forme(slug) for slug in formes))
    for slug in publics:
        page.publics.add(Public.objects.get_or_create(slug=slug, defaults={"libelle": slug})[0])
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_thematique(slug):
    return Thematique.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def make_forme(slug):
    return Forme.objects.get_or_create(slug=slug, defaults={"libelle": slug.title()})[0]
