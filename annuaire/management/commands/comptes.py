import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from annuaire.acteurs.actions import NATURES_DE_STRUCTURE, give_role
from annuaire.acteurs.connexion import new_password_link
from annuaire.acteurs.models import Departement, NatureRole, Role, Structure, User


class Command(BaseCommand):
    help = "Ouvre un compte, ou lui ajoute un rôle ; affiche un lien pour choisir le mot de passe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="creer")
        creer = actions.add_parser("creer", help="ouvre un compte ; idempotent sur l’adresse")
        creer.add_argument("role", choices=NatureRole.values)
        creer.add_argument("courriel")
        creer.add_argument("--departement", nargs="+", action="extend", default=[], metavar="33")
        creer.add_argument("--structure", default="", metavar="SIREN", help="SIREN, ou nom exact")
        creer.add_argument("--nom", default="")
        creer.add_argument("--prenom", default="")
        creer.add_argument(
            "--mot-de-passe-stdin",
            action="store_true",
            help="lit le mot de passe sur l’entrée standard, au lieu d’afficher un lien",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        nature = NatureRole(options["role"])
        try:
            with transaction.atomic():
                user = self._account(options, nature)
                added = _complete_roles(user, nature, _departements(options["departement"]))
                if options["mot_de_passe_stdin"]:
                    _set_password(user, sys.stdin.readline().rstrip("\r\n"))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{user.email} : rôle {nature.label} {'donné' if added else 'déjà en cours'}."
        )
        if not options["mot_de_passe_stdin"]:
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            self.stdout.write(f"Lien pour choisir le mot de passe (une fois, {days} jours) :")
            self.stdout.write(new_password_link(user))

    def _account(self, options: dict[str, Any], nature: NatureRole) -> User:
        """The account of this address, made or completed."""
        email = options["courriel"].strip().lower()
        validate_email(email)
        structure = _structure(options["structure"], nature)
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email)
        elif not user.is_active:
            raise CommandError(f"Le compte {email} est fermé : rouvrez-le dans l’administration.")
        if structure and user.structure and user.structure.actuelle != structure:
            raise CommandError(
                f"Le compte {email} travaille déjà pour « {user.structure} » :"
                " changez sa structure dans l’administration, ou prenez une autre adresse."
            )
        user.structure = structure or user.structure
        user.last_name = options["nom"] or user.last_name
        user.first_name = options["prenom"] or user.first_name
        user.save()
        return user


def _structure(text: str, nature: NatureRole) -> Structure | None:
    """The structure of that SIREN or name; a merged one is read as the one that replaced it."""
    if nature not in NATURES_DE_STRUCTURE:
        if text:
            raise CommandError("--structure ne sert qu’aux opérateurs et aux partenaires.")
        return None
    if not text:
        raise CommandError(
            "--structure manque : donnez le SIREN ou le nom de la structure du compte."
        )
    digits = text.replace(" ", "")
    rows = (
        Structure.objects.filter(siren=digits)
        if digits.isdigit()
        else Structure.objects.named(text)
    )
    found = {row.actuelle for row in rows.select_related("fusionne_dans")}
    if not found:
        raise CommandError(f"Aucune structure « {text} » : créez-la d’abord dans l’administration.")
    if len(found) > 1:
        names = ", ".join(sorted(f"{row.nom} ({row.siret or row.siren or '—'})" for row in found))
        raise CommandError(f"Plusieurs structures répondent à « {text} » : {names}.")
    return found.pop()


def _departements(codes: list[str]) -> list[Departement]:
    wanted = {code.strip().upper() for code in codes}
    found = list(Departement.objects.filter(code__in=wanted))
    unknown = sorted(wanted - {row.code for row in found})
    if unknown and not Departement.objects.exists():
        raise CommandError("Aucun département chargé : lancez d’abord manage.py territoires.")
    if unknown:
        raise CommandError(
            f"Département inconnu : {', '.join(unknown)}. Donnez un code comme 33, 2A ou 971."
        )
    return found


def _complete_roles(user: User, nature: NatureRole, departements: list[Departement]) -> bool:
    """Give what the running roles of the account do not give yet; whether there was any."""
    running = Role.objects.running().filter(user=user, nature=nature)
    missing = bool(departements) or not running.exists()
    if nature == NatureRole.CORRESPONDANT and running.exists():
        held = set(running.values_list("departements", flat=True))
        departements = [row for row in departements if row.pk not in held]
        missing = bool(departements)
    if missing:
        give_role(user=user, nature=nature, departements=departements)
    return missing


def _set_password(user: User, password: str) -> None:
    if not password:
        raise CommandError("Le mot de passe lu sur l’entrée standard est vide.")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
