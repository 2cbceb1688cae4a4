from django.apps import AppConfig


class DispositifsConfig(AppConfig):
    name = "dispositifs"
    verbose_name = "Dispositifs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models must be loaded first.
        from dispositifs.documents.lecture import declencheurs as lecture
        from dispositifs.publication import declencheurs as publication

        publication.connect()
        lecture.connect()
