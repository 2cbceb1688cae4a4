"""The API as a plain DRF view writes it, with its joins; the text by PostgreSQL, else by LIKE."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import (
    CharField,
    ModelSerializer,
    SerializerMethodField,
    SlugRelatedField,
    StringRelatedField,
)

from dispositifs.choices import RUBRIQUES
from dispositifs.models import DispositifPage

from .recherche import FACETTES, LISTS, SHOWN, counts

TEXTES = ("title", "sigle", "resume", *RUBRIQUES)


class Carte(ModelSerializer):
    titre = CharField(source="title")
    departement = StringRelatedField()
    region = StringRelatedField(source="departement.region")
    operateur = StringRelatedField(source="chef_de_file")
    thematiques = SerializerMethodField()
    formes = SlugRelatedField("slug", many=True, read_only=True)
    communes = SlugRelatedField("nom", many=True, read_only=True)
    documents = SerializerMethodField()

    class Meta:
        model = DispositifPage
        fields = (
            *("identifiant", "titre", "sigle", "resume", "departement", "region", "communes"),
            *("thematiques", "formes", "statut", "date_debut", "date_fin", "operateur"),
            *("capacite_menages", "places_libres", "places_libres_au", "documents"),
            "last_published_at",
        )

    def get_thematiques(self, page):
        return [tag.slug for tag in page.thematiques.all()]

    def get_documents(self, page):
        return len(page.documents.all())


class Fiche(Carte):
    class Meta(Carte.Meta):
        fields = (*Carte.Meta.fields, *RUBRIQUES)

    def get_documents(self, page):
        return [
            {"identifiant": row.identifiant, "titre": row.title, "url": row.url}
            for row in page.documents.all()
        ]


class Pagination(LimitOffsetPagination):
    default_limit = 20


def public_pages():
    pages = DispositifPage.objects.live().public()
    return pages.select_related(*SHOWN).prefetch_related(*LISTS)


class DispositifList(ListAPIView):
    serializer_class = Carte
    renderer_classes = (JSONRenderer,)
    authentication_classes = ()
    pagination_class = Pagination

    def get_queryset(self):
        pages = public_pages().order_by("pk")
        q = self.request.GET.get("q")
        if q and connection.vendor == "postgresql":
            vector = SearchVector(*TEXTES, config="french")
            return pages.annotate(v=vector).filter(v=SearchQuery(q, config="french"))
        for word in q.split() if q else ():
            found = Q()
            for name in TEXTES:
                found |= Q(**{f"{name}__icontains": word})
            pages = pages.filter(found)
        return pages

    def list(self, request, *args, **kwargs):
        response = super().list(request, *args, **kwargs)
        if "facets" in request.GET:
            found = list(self.get_queryset().order_by().values_list("pk", flat=True))
            response.data["facets"] = {
                n: list(counts(found, lookup)) for n, lookup in FACETTES.items()
            }
        return response


class DispositifDetail(RetrieveAPIView):
    serializer_class = Fiche
    renderer_classes = (JSONRenderer,)
    authentication_classes = ()
    lookup_field = "identifiant"

    def get_queryset(self):
        return public_pages()
