import json

from django.db import migrations


def read_fiches(apps, schema_editor):
    """As publication.projection did when this was written."""
    lieu_public = apps.get_model("dispositifs", "FicheLieu")
    fiches = apps.get_model("dispositifs", "FichePublique").objects.filter(
        nature="dispositif", valeurs__facette="lieu"
    )
    rows = fiches.distinct().values_list("pk", "fiche").iterator(chunk_size=1000)
    lieu_public.objects.bulk_create(
        [
            lieu_public(
                fiche_id=pk,
                nature=lieu["nature"],
                nom=lieu["nom"],
                commune_id=lieu["commune"],
                longitude=lieu["longitude"],
                latitude=lieu["latitude"],
            )
            for pk, fiche in rows
            for lieu in json.loads(fiche)["lieux"]
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [("dispositifs", "0007_lieux_publics")]

    operations = [migrations.RunPython(read_fiches, migrations.RunPython.noop)]
