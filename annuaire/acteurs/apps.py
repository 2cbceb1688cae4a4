from django.apps import AppConfig


class ActeursConfig(AppConfig):
    name = "annuaire.acteurs"
    label = "acteurs"
    verbose_name = "Acteurs et territoires"
    default_auto_field = "django.db.models.BigAutoField"
