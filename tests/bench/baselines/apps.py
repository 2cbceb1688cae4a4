from django.apps import AppConfig, apps


class BaselinesConfig(AppConfig):
    name = "tests.bench.baselines"
    label = "bench"

    def ready(self):
        # The product never serves these pages by Wagtail: only the baseline does.
        apps.get_model("dispositifs.DispositifPage").template = "bench/dispositif.html"
        apps.get_model("dispositifs.DepartementPage").template = "bench/departement.html"
