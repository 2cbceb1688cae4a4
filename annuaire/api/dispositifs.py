"""`/api/v1/dispositifs/`: the same sets as the pages, from the projection's ready JSON."""

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from dispositifs.choices import NaturePublique
from dispositifs.models import FichePublique

from .cartes import list_cartes
from .problemes import ApiProblem
from .reponses import Corps, conditional
from .schemas import Dispositifs, Fiche, Parametres, Probleme

router = Router(tags=["Dispositifs"])
ERRORS = {422: Probleme, 410: Probleme}


# HEAD is answered as GET; it adds nothing to the document.
@router.api_operation(["HEAD"], "/", include_in_schema=False)
@router.get(
    "/",
    response={200: Dispositifs, **ERRORS},
    summary="Chercher et lister les dispositifs publiés",
    url_name="api_dispositifs",
)
def list_dispositifs(request: HttpRequest, parametres: Query[Parametres]) -> HttpResponse:
    """Mêmes paramètres et même ensemble que la page `/dispositifs/`.

    Sans `q` ni `tri`, l’ordre est celui d’un identifiant immuable : en suivant `next`, rien n’est
    perdu ni répété, même si l’annuaire change. Avec `q` ou `tri`, un curseur périmé répond 410.
    """
    return list_cartes(request, NaturePublique.DISPOSITIF)


@router.api_operation(["HEAD"], "/{identifiant}", include_in_schema=False)
@router.get(
    "/{identifiant}",
    response={200: Fiche, 404: Probleme},
    summary="Lire une fiche entière",
    url_name="api_dispositif",
)
def read_dispositif(request: HttpRequest, identifiant: Path[str]) -> HttpResponse:
    """Tout ce que le public peut lire d’un dispositif ; le format est celui de l’import."""
    row = (
        FichePublique.objects.dispositifs()
        .filter(identifiant=identifiant.replace("\0", ""))
        .values_list("version", "fiche")
        .first()
    )
    if row is None:
        raise ApiProblem(404, "Aucune fiche publiée ne porte cet identifiant.")
    version, fiche = row
    return conditional(request, str(version), lambda: Corps(fiche))
