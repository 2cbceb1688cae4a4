"""What is asked of the server, the target in P of docs/performances.md, and the baseline of each."""

from dataclasses import dataclass, field

PING = "/bench/ping/"
REFERENCE = "/bench/reference"
COLD = {"X-Bench-Cold": "1"}
GZIP = {"Accept-Encoding": "gzip"}
SLOW = 3  # requests in a round of what takes seconds


@dataclass(frozen=True)
class Workload:
    """`targets` are (up to 10,000, beyond), in P. `wagtail` and `drf` name the baselines."""

    name: str
    urls: list[str]
    targets: tuple[float | None, float | None] = (None, None)
    wagtail: str = ""
    drf: str = ""
    count: int = 20  # requests in a round
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = False  # the ETag of a first answer is sent back: 304
    is_baseline: bool = False

    def target(self, size):
        return self.targets[size > 10_000]


def pages(asked):
    return [
        Workload("accueil", ["/"], (24, None), headers=COLD),
        _directory("annuaire, sans critère", asked["rien"]),
        _directory("annuaire, filtres", asked["filtres"]),
        _directory("annuaire, texte", asked["textes"]),
        _directory("annuaire, texte et filtres", asked["mixtes"]),
        Workload("documents, sans critère", ["/documents/"]),
        Workload("documents, texte", _with("/documents/?", asked["textes"])),
        Workload("fiche", asked["fiches"], (48, None), wagtail="Wagtail : fiche"),
        Workload(
            "département",
            [f"/dispositifs/{slug}/" for slug in asked["departements"]],
            (95, None),
            wagtail="Wagtail : département",
        ),
        # What a browser asks: the same pages, compressed; the bytes are kept for the next one.
        Workload("accueil, gzip", ["/"], headers=COLD | GZIP),
        Workload(
            "annuaire, sans critère, gzip",
            _with("/dispositifs/?", asked["rien"]),
            headers=COLD | GZIP,
        ),
        Workload("fiche, gzip", asked["fiches"], headers=COLD | GZIP),
        Workload("accueil, gzip, répété", ["/"], headers=GZIP),
        Workload("annuaire, sans critère, gzip, répété", ["/dispositifs/"], headers=GZIP),
        Workload("fiche, gzip, répétée", asked["fiches"][:1], headers=GZIP),
        Workload("annuaire, 304", ["/dispositifs/"], (3, 3), conditional=True),
        Workload("fiche, 304", asked["fiches"], (3, 3), conditional=True),
    ]


def api(asked):
    liste = "/api/v1/dispositifs/"
    textes = _with(f"{liste}?", asked["textes"])
    facettes = [f"{url}&facets=1" for url in textes]
    return [
        Workload("API liste", [liste], (10, None), drf="DRF : liste", headers=COLD),
        Workload("API recherche", textes, (21, None), drf="DRF : recherche", headers=COLD),
        Workload(
            "API recherche et facettes",
            facettes,
            (28, None),
            drf="DRF : recherche et facettes",
            headers=COLD,
        ),
        Workload("API recherche et facettes, répétée", facettes[1:2], (4, None)),
        Workload(
            "API fiche",
            [f"{liste}{i}" for i in asked["identifiants"]],
            (6, None),
            drf="DRF : fiche",
        ),
        Workload("API liste, 304", [liste], (3, 3), conditional=True),
        Workload(
            "API fiche, 304",
            [f"{liste}{i}" for i in asked["identifiants"]],
            (3, 3),
            conditional=True,
        ),
        Workload(
            "moteur seul, texte et facettes", _with("/bench/moteur/?", asked["textes"]), (None, 35)
        ),
    ]


def baselines(asked, with_search):
    """`with_search`: also the search of Wagtail, which takes minutes on a large SQLite."""
    facettes = [f"{texte}&facets=1" for texte in asked["textes"]]
    liste, drf = f"{REFERENCE}/dispositifs/?", f"{REFERENCE}/drf/"
    found = [
        _baseline("Wagtail : fiche", [f"{REFERENCE}{url}" for url in asked["fiches"]], 10),
        _baseline(
            "Wagtail : département",
            [f"{REFERENCE}/dispositifs/{slug}/" for slug in asked["departements"]],
            5,
        ),
        _baseline("Wagtail : annuaire, sans critère", _with(liste, asked["rien"]), SLOW),
        _baseline("Wagtail : annuaire, filtres", _with(liste, asked["filtres"]), SLOW),
        _baseline("DRF : liste", [drf], 10),
        _baseline("DRF : fiche", [f"{drf}{i}/" for i in asked["identifiants"]], 10),
        _baseline("DRF : recherche", _with(f"{drf}?", asked["textes"]), SLOW),
        _baseline("DRF : recherche et facettes", _with(f"{drf}?", facettes), SLOW),
    ]
    if not with_search:
        return found
    return [
        *found,
        _baseline("Wagtail : annuaire, texte", _with(liste, asked["textes"]), SLOW),
        _baseline("Wagtail : annuaire, texte et filtres", _with(liste, asked["mixtes"]), SLOW),
    ]


def writes():
    """Asked last: they change the version of the directory."""
    return [
        Workload(
            "index : une fiche", [f"/bench/indexer/{n}/" for n in range(40)], (250, 250), count=8
        ),
        Workload("publier une fiche", [f"/bench/publier/{n}/" for n in range(40)], count=4),
    ]


def _directory(name, queries):
    urls = _with("/dispositifs/?", queries)
    return Workload(name, urls, (50, 70), wagtail=f"Wagtail : {name}", headers=COLD)


def _baseline(name, urls, count):
    return Workload(name, urls, count=count, is_baseline=True)


def _with(prefix, queries):
    return [prefix + query for query in queries]
