from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models must be loaded first; importing `checks` registers the system check.
        from dispositifs.publication.changements import fiches_changed
        from search import checks  # noqa: F401
        from search.indexing import on_fiches_changed

        fiches_changed.connect(on_fiches_changed, dispatch_uid="search.indexing")
