"""The public fiche of a bonne pratique: a whitelist, field by field."""

from typing import Any

from dispositifs.choices import PARTIES_BONNE_PRATIQUE
from dispositifs.models import BonnePratiquePage, DispositifPage
from dispositifs.models.texte_riche import html_to_text
from dispositifs.models.vocabulaires import thematiques_of

from .territoires import Cog
from .textes import public_html

PREFETCH = ("liens_thematiques__tag__remplacee_par",)


class FicheBonnePratique:
    """One bonne pratique, with those of its dispositifs that anybody may read."""

    def __init__(
        self, page: BonnePratiquePage, *, dispositifs: list[DispositifPage], cog: Cog
    ) -> None:
        self.page = page
        self.cog = cog
        self.thematiques = thematiques_of(page.liens_thematiques.all())
        self.dispositifs = sorted(dispositifs, key=lambda row: row.title)
        self.textes = {name: getattr(page, name) for name in PARTIES_BONNE_PRATIQUE}

    @property
    def url(self) -> str:
        return f"/bonnes-pratiques/{self.page.slug}/"

    def carte(self) -> dict[str, Any]:
        return {
            "identifiant": self.page.identifiant,
            "url": self.url,
            "titre": self.page.title,
            "resume": self.page.resume,
            "date": self.page.date.isoformat(),
            "thematiques": [row.slug for row in self.thematiques],
            "dispositifs": [self._dispositif(row) for row in self.dispositifs],
            "maj": self.page.date.isoformat(),
            "libelles": {"thematiques": [row.name for row in self.thematiques]},
        }

    def fiche(self) -> dict[str, Any]:
        return {
            **self.carte(),
            "corps": {name: html_to_text(text) for name, text in self.textes.items()},
            "corps_html": {name: public_html(text) for name, text in self.textes.items()},
            "libelles": {
                "thematiques": [{"slug": row.slug, "libelle": row.name} for row in self.thematiques]
            },
        }

    def _dispositif(self, page: DispositifPage) -> dict[str, str]:
        departement = self.cog.departements[page.departement_id or ""]
        return {
            "identifiant": page.identifiant,
            "titre": page.title,
            "url": f"/dispositifs/{departement.slug}/{page.slug}/",
            "departement": departement.nom,
        }

    def textes_a_indexer(self) -> dict[str, str]:
        names = [row.name for row in self.thematiques]
        hosts = [
            f"{row['titre']} {row['departement']}"
            for row in map(self._dispositif, self.dispositifs)
        ]
        return {
            "titre": self.page.title,
            "sigle": "",
            "fort": "\n".join([self.page.resume, *names, *hosts]),
            "corps": "\n".join(filter(None, map(html_to_text, self.textes.values()))),
            "documents": "",
        }

    def facettes(self) -> dict[str, list[str]]:
        codes = {row.departement_id or "" for row in self.dispositifs}
        found = {
            "thematique": [row.slug for row in self.thematiques],
            "departement": sorted(codes),
            "region": sorted({self.cog.departements[code].region_id for code in codes}),
            "annee": [str(self.page.date.year)],
        }
        return {name: values for name, values in found.items() if values}
