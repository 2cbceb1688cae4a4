"""`/api/v1/documents/`: public documents, found by what they hold."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from dispositifs.choices import NaturePublique

from .cartes import list_cartes
from .schemas import Documents, Parametres, Probleme

router = Router(tags=["Documents"])


@router.api_operation(["HEAD"], "/", include_in_schema=False)
@router.get(
    "/",
    response={200: Documents, 422: Probleme, 410: Probleme},
    summary="Chercher et lister les documents publics",
    url_name="api_documents",
)
def list_documents(request: HttpRequest, parametres: Query[Parametres]) -> HttpResponse:
    """Mêmes paramètres et même ensemble que la page `/documents/`.

    `q` cherche aussi dans le texte des documents ; `passage` donne alors la page et l’extrait.
    """
    return list_cartes(request, NaturePublique.DOCUMENT)
