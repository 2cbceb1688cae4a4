from collections import Counter

from django.db import migrations

FACETTES = ("thematique", "departement", "region")


def count(apps, schema_editor):
    """As publication.comptes did when this was written."""
    version = apps.get_model("dispositifs", "VersionAnnuaire").objects.filter(pk=1)
    if not version.exists():
        return
    fiches = apps.get_model("dispositifs", "FichePublique").objects
    comptes = Counter()
    for nature, departement, facettes in fiches.values_list(
        "nature", "departement", "facettes"
    ).iterator(chunk_size=1000):
        comptes[f"{nature}:total:"] += 1
        if departement:
            comptes[f"{nature}:pilote:{departement}"] += 1
        comptes.update(
            f"{nature}:{facette}:{valeur}"
            for facette in FACETTES
            for valeur in facettes.get(facette, ())
        )
    version.update(comptes=comptes)


class Migration(migrations.Migration):
    dependencies = [("dispositifs", "0004_comptes_de_l_annuaire")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
