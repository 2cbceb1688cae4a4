from django.apps import AppConfig


class DispositifsConfig(AppConfig):
    name = "dispositifs"
    verbose_name = "Dispositifs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dispositifs.publication import declencheurs  # models must be loaded first

        declencheurs.connect()
