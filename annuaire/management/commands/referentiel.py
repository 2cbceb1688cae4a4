from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from annuaire import acteurs
from annuaire.acteurs.models import TypeStructure
from annuaire.acteurs.referentiel import Bilan, Liste, load_liste, whole_number, yes_or_no
from dispositifs import models

ACTEURS = Path(acteurs.__path__[0]) / "donnees"
DISPOSITIFS = Path(models.__path__[0]).parent / "donnees"

LISTES = (
    Liste("types de structure", TypeStructure, ACTEURS / "types_structure.csv"),
    Liste(
        "thématiques",
        models.Thematique,
        DISPOSITIFS / "thematiques.csv",
        champs={"libelle": "name"},  # a tag of taggit calls its label so
    ),
    Liste("formes", models.Forme, DISPOSITIFS / "formes.csv"),
    Liste("publics visés", models.Public, DISPOSITIFS / "publics.csv"),
    Liste("types de document", models.TypeDocument, DISPOSITIFS / "types_document.csv"),
    Liste(
        "rôles de participation",
        models.RoleParticipation,
        DISPOSITIFS / "roles_participation.csv",
        lectures={"maximum": whole_number, "saisie_releves": yes_or_no},
    ),
)


class Command(BaseCommand):
    help = "Charge ou rafraîchit les listes de référence ; idempotente, garde les corrections."

    def handle(self, *args: Any, **options: Any) -> None:
        for liste in LISTES:
            try:
                self._show(load_liste(liste))
            except ValueError as error:
                raise CommandError(str(error)) from error
            except IntegrityError as error:
                raise CommandError(
                    f"{liste.fichier.name} : un libellé est déjà porté par un autre terme, créé à"
                    f" la main. Renommez-le, puis relancez la commande. ({error})"
                ) from error
        self.stdout.write("Listes de référence à jour.")

    def _show(self, bilan: Bilan) -> None:
        self.stdout.write(
            f"{bilan.lues} {bilan.nom} (ajouts : {bilan.creees}, changements : {bilan.modifiees},"
            f" retraits : {bilan.retirees}, corrigés à la main et gardés : {bilan.gardees})"
        )
