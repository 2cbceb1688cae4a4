"""The tables of docs/performances.md: written, read again, compared."""

import re
import subprocess

from .server import ROOT

DOC = "docs/performances.md"
START, STOP = "<!-- mesures -->", "<!-- fin des mesures -->"
HEADER = (
    *("travail", "P", "P 95", "requêtes", "octets", "cible"),
    *("Wagtail", "DRF", "croissance", "avant"),
)
MOTEURS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def title(run):
    return f"{number(run['size'])} dispositifs, {MOTEURS[run['engine']]}"


def markdown(run, first, committed):
    """One table; `first` is the run of the smallest size, `committed` the figures of the doc."""
    known = committed.get(title(run), {})
    lines = [f"### {title(run)}", "", _row(HEADER), _row(["---", *["---:"] * (len(HEADER) - 1)])]
    for name, row in run["workloads"].items():
        if row is None:
            lines.append(_row([name, "pas d’ETag", *[""] * (len(HEADER) - 2)]))
            continue
        baselines = [_ratio(run, row, row["wagtail"]), _ratio(run, row, row["drf"])]
        figures = [
            decimal(row["p"]),
            decimal(row["p95"]),
            str(row["queries"]),
            number(row["bytes"]),
        ]
        growth = _growth(run, first, name)
        lines.append(
            _row([name, *figures, _target(row), *baselines, growth, _before(row, known.get(name))])
        )
    return "\n".join([*lines, "", *_beside(run)])


def _beside(run):
    """What is not a request: the ping, the index, the memory."""
    index, memory = run["index"], run["memory"]
    growth = decimal((memory["after"] / memory["before"] - 1) * 100)
    return [
        f"- ping : {decimal(run['ping_ms'])} ms de processeur",
        f"- données préparées en {number(round(run['data_seconds']))} s"
        if run["data_seconds"]
        else "- données reprises de l’essai précédent",
        f"- index reconstruit en {number(round(index['seconds']))} s "
        f"({number(round(index['cpu']))} s de processeur, {megabytes(index['rss'])} au plus), "
        f"{megabytes(index['bytes'])} sur le disque",
        f"- mémoire du processus web : {megabytes(memory['before'])}, puis "
        f"{megabytes(memory['after'])} après {number(memory['requests'])} requêtes ({growth} %), "
        f"dont {megabytes(memory['files'])} de fichiers projetés (bibliothèques, index)",
    ]


def _ratio(run, row, baseline):
    """« ×12 »: the baseline costs twelve times as much."""
    found = run["baselines"].get(baseline)
    if not baseline:
        return ""
    return f"×{decimal(found['p'] / row['p'])}" if found else "non mesuré"


def _growth(run, first, name):
    before = first["workloads"].get(name)
    if run is first or not before:
        return ""
    return f"×{decimal(run['workloads'][name]['p'] / before['p'])}"


def _target(row):
    if row["target"] is None:
        return ""
    said = f"≤ {decimal(row['target'])}"
    return said if row["p"] <= row["target"] else f"{said} **dépassée**"


def _before(row, known):
    if known is None:
        return ""
    change = (row["p"] / known - 1) * 100
    return f"{decimal(known)} ({change:+.0f} %)"


def _row(cells):
    return f"| {' | '.join(cells)} |"


# --- figures in French ---------------------------------------------------------------------------
def decimal(value):
    return f"{value:.2f}".replace(".", ",") if value < 1 else f"{value:,.1f}".translate(FRENCH)


def number(value):
    return f"{value:,}".translate(FRENCH)


def megabytes(value):
    return f"{number(round(value / 1e6))} Mo"


FRENCH = str.maketrans({",": "\u202f", ".": ","})


# --- the committed tables ------------------------------------------------------------------------
def committed():
    """{title: {workload: P}} of the last committed docs/performances.md; {} before the first."""
    command = ["git", "show", f"HEAD:{DOC}"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return read(shown.stdout)


def read(text):
    found, table = {}, {}
    for line in text.splitlines():
        if line.startswith("### "):
            table = found.setdefault(line[4:], {})
        elif cells := re.match(r"\| (.+?) \| ([\d\u202f,]+) \|", line):
            table[cells[1]] = float(cells[2].replace("\u202f", "").replace(",", "."))
    return {name: table for name, table in found.items() if table}


def write(tables):
    """Put these tables in the doc, in place of those of the same title; leave the rest."""
    path = ROOT / DOC
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    known, _, after = rest.partition(STOP)
    found = {_title(part): part.strip() for part in re.split(r"^(?=### )", known, flags=re.M)[1:]}
    found |= {_title(part): part for part in tables}
    body = "\n\n".join([START, *found.values(), STOP])
    path.write_text(f"{before}{body}{after}", encoding="utf-8")


def _title(part):
    return part.partition("\n")[0]
