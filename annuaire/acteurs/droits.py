"""What an account is today: roles in force, départements, structure. Rules are in permissions."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from annuaire.acteurs.models import NatureRole, Role, Structure, User

NATURES_DE_STRUCTURE = {NatureRole.OPERATEUR, NatureRole.PARTENAIRE}


@dataclass(frozen=True)
class Droits:
    """The running roles of one actor; the public has none of them."""

    national: bool = False
    departements: frozenset[str] = frozenset()
    structures: frozenset[int] = frozenset()

    @property
    def correspondant(self) -> bool:
        return bool(self.departements)


PUBLIC = Droits()


def droits_of(user: User | AnonymousUser | None) -> Droits:
    """The rights of `user` at this moment, read once for each user object (one per request).

    `structures` holds the ids under which the structure of an operator or a partner is known:
    its own, and those merged into it. An account that is not active has the public's rights.
    """
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    cached: Droits | None = getattr(user, "_droits", None)
    if cached is None:
        cached = user._droits = _read(user)  # type: ignore[attr-defined]  # a cache on the instance
    return cached


def forget(user: User) -> None:
    """Make the next `droits_of` read again, after a role of this user object has changed."""
    if hasattr(user, "_droits"):
        del user._droits  # works on request.user too, a lazy object


def correspondants_of(departement_code: str) -> "QuerySet[User]":
    """Accounts open today that answer for a département."""
    running = Role.objects.running().filter(
        nature=NatureRole.CORRESPONDANT, departements=departement_code
    )
    return _accounts(running)


def nationaux() -> "QuerySet[User]":
    return _accounts(Role.objects.running().filter(nature=NatureRole.NATIONAL))


def comptes_of(structure: Structure) -> "QuerySet[User]":
    """Accounts open today that work for this structure, or for one merged with it."""
    running = Role.objects.running().filter(nature__in=NATURES_DE_STRUCTURE)
    return _accounts(running).filter(structure__in=_same_structures(structure.pk))


def _accounts(roles: "QuerySet[Role]") -> "QuerySet[User]":
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("pk")


def _read(user: User) -> Droits:
    rows = Role.objects.running().filter(user=user).values_list("nature", "departements")
    natures = {nature for nature, _ in rows}
    codes = {code for nature, code in rows if nature == NatureRole.CORRESPONDANT and code}
    has_structure = natures & NATURES_DE_STRUCTURE
    return Droits(
        national=NatureRole.NATIONAL in natures,
        departements=frozenset(codes),
        structures=_same_structures(user.structure_id) if has_structure else frozenset(),
    )


def _same_structures(structure_id: int | None) -> frozenset[int]:
    if structure_id is None:
        return frozenset()
    root = Structure.objects.filter(pk=structure_id).values_list("fusionne_dans", flat=True).first()
    root = root or structure_id
    return frozenset(
        Structure.objects.filter(Q(pk=root) | Q(fusionne_dans=root)).values_list("pk", flat=True)
    )
