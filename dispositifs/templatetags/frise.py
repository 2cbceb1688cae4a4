"""The life of a dispositif told from its public dates: what has happened, what is to come."""

from typing import Any

from django import template
from django.utils import timezone

from dispositifs.choices import Statut

register = template.Library()

Json = dict[str, Any]
FEWEST = 2  # events: one date alone is already said « En bref »
DEBUT = ("Début du dispositif", "Début prévu du dispositif")
FINS = {
    Statut.ABANDONNE: ("Abandon du dispositif", "Abandon prévu du dispositif"),
    Statut.TERMINE: ("Fin du dispositif", "Fin prévue du dispositif"),
}
FIN_DEPASSEE = "Fin prévue du dispositif, qui n’est pas annoncée comme terminée"


@register.filter
def frise(fiche: Json) -> list[Json]:
    """[{"date", "titre", "detail", "url", "passe"}] from the first day to the last.

    Only what the fiche publishes: its dates, those of its structures, its dated documents. Empty
    when fewer than two events are known.
    """
    today = timezone.localdate().isoformat()
    events = [*_life(fiche, today), *_structures(fiche), *_documents(fiche)]
    if len(events) < FEWEST:
        return []
    events.sort(key=lambda event: event["date"])  # stable: a beginning comes before its documents
    return [{**event, "passe": event["date"] <= today} for event in events]


def _event(date: str, titre: str, detail: str = "", url: str = "") -> Json:
    return {"date": date, "titre": titre, "detail": detail, "url": url}


def _life(fiche: Json, today: str) -> list[Json]:
    events = []
    start, planned, end = (fiche[name] for name in ("date_debut", "date_fin_prevue", "date_fin"))
    if start:
        events.append(_event(start, DEBUT[start > today]))
    if end:
        titles = FINS.get(fiche["statut"], FINS[Statut.TERMINE])
        events.append(_event(end, titles[end > today]))
    elif planned:
        late = planned <= today and fiche["statut"] == Statut.EN_COURS
        events.append(_event(planned, FIN_DEPASSEE if late else FINS[Statut.TERMINE][1]))
    return events


def _structures(fiche: Json) -> list[Json]:
    """Arrivals and departures, those of the first and last day of the dispositif left out."""
    events = []
    for row in fiche["libelles"]["structures"]:
        if row["du"] and row["du"] != fiche["date_debut"]:
            events.append(_event(row["du"], f"Arrivée : {row['nom']}", row["role"]))
        if row["au"] and row["au"] != fiche["date_fin"]:
            events.append(_event(row["au"], f"Départ : {row['nom']}", row["role"]))
    return events


def _documents(fiche: Json) -> list[Json]:
    return [
        _event(row["date"], row["titre"], row["libelles"]["type"], row["url"])
        for row in fiche["documents"]
        if row["date"]
    ]
