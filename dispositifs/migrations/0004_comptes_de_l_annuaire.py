from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispositifs", "0003_documents_textes_propositions")]

    operations = [
        migrations.AddField(
            model_name="versionannuaire",
            name="comptes",
            field=models.JSONField(
                default=dict, help_text="{« nature:facette:valeur »: nombre de fiches}"
            ),
        )
    ]
