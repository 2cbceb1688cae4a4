"""Linked data (JSON-LD, schema.org): what machines read of a public page.

Made from the projection alone; nothing is said that the page does not say.
A dispositif is a Project: a common work towards one aim, which associations often lead.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from dispositifs.documents.affichage import DOWNLOADED, SHOWN

Json = dict[str, Any]

CONTEXT = "https://schema.org"
CONTENT_TYPES = {**SHOWN, **DOWNLOADED, "jpeg": SHOWN["jpg"]}
DIHAL = "Délégation interministérielle à l’hébergement et à l’accès au logement (Dihal)"
# As json_script does: nothing in the text may end the element, nor open a comment.
ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def as_script(data: Json) -> SafeString:
    """A data block: browsers do not run it, so the content security policy has nothing to say."""
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, separators=(",", ":"))
    block = f'<script type="application/ld+json">{text.translate(ESCAPES)}</script>'
    return mark_safe(block)  # noqa: S308  # escaped just above


def absolute(url: str) -> str:
    """The public address of this one, unless it is whole already (files kept elsewhere)."""
    return f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url


def breadcrumb(maillons: list[Json]) -> Json:
    """The breadcrumb of a page after « Accueil »; the last step, this page, needs no address."""
    steps = [{"libelle": "Accueil", "url": "/"}, *maillons]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": step["libelle"],
                **({"item": absolute(step["url"])} if step["url"] else {}),
            }
            for position, step in enumerate(steps, start=1)
        ],
    }


def website() -> Json:
    return {
        "@type": "WebSite",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": absolute("/"),
        "inLanguage": "fr",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute("/dispositifs/?q={q}"),
            },
            "query-input": "required name=q",
        },
    }


def project(fiche: Json) -> Json:
    """A dispositif, its territory, the structures that take part, and its public documents."""
    labels = fiche["libelles"]
    keywords = [row["libelle"] for row in (*labels["thematiques"], *labels["formes"])]
    return _known(
        {
            "@type": "Project",
            "@id": absolute(fiche["url"]),
            "url": absolute(fiche["url"]),
            "identifier": fiche["identifiant"],
            "name": fiche["titre"],
            "alternateName": fiche["sigle"],
            "description": fiche["resume"],
            "keywords": ", ".join([*keywords, *fiche["mots_cles"]]),
            "foundingDate": fiche["date_debut"],
            "dissolutionDate": fiche["date_fin"],
            "areaServed": _areas(fiche),
            "member": [
                {
                    "@type": "OrganizationRole",
                    "roleName": row["role"],
                    "member": {"@type": "Organization", "name": row["nom"]},
                }
                for row in labels["structures"]
            ],
            "subjectOf": [document(row) for row in fiche["documents"]],
            "mainEntityOfPage": _page(fiche),
        }
    )


def document(row: Json) -> Json:
    """A public document: its address downloads it."""
    return _known(
        {
            "@type": "DigitalDocument",
            "url": absolute(row["url"]),
            "identifier": row["identifiant"],
            "name": row["titre"],
            "genre": row["libelles"]["type"],
            "dateCreated": row["date"],
            "inLanguage": row["langue"],
            "encodingFormat": CONTENT_TYPES.get(row["format"], "application/octet-stream"),
            "isAccessibleForFree": True,
        }
    )


def article(fiche: Json) -> Json:
    """A bonne pratique, about the dispositifs where it was observed."""
    return _known(
        {
            "@type": "Article",
            "@id": absolute(fiche["url"]),
            "url": absolute(fiche["url"]),
            "identifier": fiche["identifiant"],
            "headline": fiche["titre"],
            "description": fiche["resume"],
            "keywords": ", ".join(row["libelle"] for row in fiche["libelles"]["thematiques"]),
            "inLanguage": "fr",
            "datePublished": fiche["date"],
            "dateModified": fiche["maj"],
            "author": {"@type": "GovernmentOrganization", "name": DIHAL},
            "about": [
                {"@type": "Project", "@id": absolute(row["url"]), "name": row["titre"]}
                for row in fiche["dispositifs"]
            ],
            "mainEntityOfPage": _page(fiche),
        }
    )


def _page(fiche: Json) -> Json:
    return {"@type": "WebPage", "url": absolute(fiche["url"]), "dateModified": fiche["maj"]}


def _areas(fiche: Json) -> list[Json]:
    """The communes and EPCI that it names, else its départements; France when it covers it."""
    if fiche["france_entiere"]:
        return [{"@type": "Country", "name": "France"}]
    labels = fiche["libelles"]
    named = [{"@type": "City", "name": row["nom"]} for row in labels["communes"]]
    named += [{"@type": "AdministrativeArea", "name": row["nom"]} for row in labels["epci"]]
    return named or [
        {"@type": "AdministrativeArea", "name": row["nom"]}
        for row in (labels["departement"], *labels["departements_secondaires"])
    ]


def _known(data: Json) -> Json:
    """Without what is empty or unknown."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}
