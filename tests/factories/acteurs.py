import datetime

from django.contrib.auth.models import Group

from annuaire.acteurs.models import (
    Departement,
    Region,
    Role,
    Structure,
    TypeStructure,
    User,
)

DEPARTEMENTS = {
    "13": ("Bouches-du-Rhône", "93", "Provence-Alpes-Côte d’Azur"),
    "33": ("Gironde", "75", "Nouvelle-Aquitaine"),
    "47": ("Lot-et-Garonne", "75", "Nouvelle-Aquitaine"),
    "59": ("Nord", "32", "Hauts-de-France"),
}


def make_departement(code="33"):
    nom, region_code, region_nom = DEPARTEMENTS[code]
    region, _ = Region.objects.get_or_create(
        code=region_code, defaults={"nom": region_nom, "zone": "metro", "chef_lieu": "00000"}
    )
    departement, _ = Departement.objects.get_or_create(
        code=code,
        defaults={"nom": nom, "region": region, "zone": "metro", "chef_lieu": f"{code}063"},
    )
    return departement


def make_structure(nom="Rive et Seuil", type="association", **fields):
    kind, _ = TypeStructure.objects.get_or_create(slug=type, defaults={"libelle": type.title()})
    return Structure.objects.create(nom=nom, type=kind, **fields)


def make_user(nature="correspondant", *departements, structure=None, email=None, **role_fields):
    """An account with one running role; nature None gives an account without any role."""
    name = (
        email or f"{nature or 'sans-role'}{''.join(departements)}-{User.objects.count()}@exemple.fr"
    )
    user = User.objects.create_user(name, "motdepasse-de-test", structure=structure)
    if nature is not None:
        role_fields.setdefault("du", datetime.date(2020, 1, 1))
        role = Role.objects.create(user=user, nature=nature, **role_fields)
        role.departements.set([make_departement(code) for code in departements])
        _join_groups(user, nature, departements)
    return user


def _join_groups(user, nature, departements):
    names = ["national"] if nature == "national" else []
    names += [f"correspondants-{code}" for code in departements if nature == "correspondant"]
    user.groups.set(Group.objects.filter(name__in=names))
