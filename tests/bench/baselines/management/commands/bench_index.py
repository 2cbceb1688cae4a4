from django.core.management import call_command
from django.core.management.base import BaseCommand
from wagtail.search import index

from dispositifs.choices import ENSEIGNEMENTS, RUBRIQUES
from dispositifs.models import DispositifPage


class Command(BaseCommand):
    help = "Indexe pour la recherche de Wagtail les textes que la nôtre indexe."

    def handle(self, *args, **options):
        names = ["sigle", "resume", *RUBRIQUES, *(f"enseignements_{n}" for n in ENSEIGNEMENTS)]
        fields = [index.SearchField(name) for name in names]
        DispositifPage.search_fields = [*DispositifPage.search_fields, *fields]
        call_command("update_index", verbosity=0)
