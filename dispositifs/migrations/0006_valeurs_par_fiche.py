import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispositifs", "0005_compter_l_annuaire")]

    operations = [
        migrations.AddIndex(
            model_name="fichevaleur",
            index=models.Index(
                fields=["fiche", "facette", "valeur"], name="fiche_valeur_par_fiche"
            ),
        ),
        # The new index serves the key too.
        migrations.AlterField(
            model_name="fichevaleur",
            name="fiche",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="valeurs",
                to="dispositifs.fichepublique",
            ),
        ),
    ]
