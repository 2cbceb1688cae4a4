"""`make bench`: what each page costs, in CPU of an empty view of the same process."""

import argparse
import json
import re
import sys
import time
from itertools import cycle, islice

from . import measure, table, workloads
from .measure import Client
from .server import BUILD, Site, resident

# Beyond these sizes, the search of Wagtail takes minutes.
SEARCHED = {"sqlite": 1_000, "postgresql": 10_000}
SETTLED = 2_000  # requests before memory is read: what the process keeps (pages, answers) is full


def main():
    options = _options()
    committed = table.committed()
    runs, tables = [], []
    for size in sorted(options.tailles):
        run = _run(Site(size, options.graine), options)
        runs.append(run)
        tables.append(table.markdown(run, runs[0], committed))
        _say(tables[-1])
    if options.ecrire:
        table.write(tables)


def _options():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tailles", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--tours", type=int, default=5, help="tours alternés")
    parser.add_argument("--graine", type=int, default=1)
    parser.add_argument("--requetes", type=int, default=10_000, help="pour l’essai de mémoire")
    parser.add_argument("--seulement", default="", help="expression : noms des travaux")
    parser.add_argument("--profil", action="store_true", help="écrit aussi des profils cProfile")
    parser.add_argument("--garder", action="store_true", help="garde les données déjà faites")
    parser.add_argument("--ecrire", action="store_true", help=f"refait les tables de {table.DOC}")
    return parser.parse_args()


def _run(site, options):
    _note(f"{site.size} dispositifs, {site.engine} : données")
    with_search = site.size <= SEARCHED[site.engine]
    started = time.monotonic()
    made = site.build(with_search, keep=options.garder)
    run = {
        "size": site.size,
        "engine": site.engine,
        "data_seconds": time.monotonic() - started if made else 0,
    }
    _note("index")
    run["index"] = {**site.manage("search", "rebuild"), "bytes": site.index_bytes()}
    client = Client(site.port)
    with site.serve():
        _note("mémoire")
        # In a process that no baseline has made fat.
        run["memory"] = _memory(client, _asked(client, options), options.requetes)
    with site.serve():
        asked = _asked(client, options)
        known = [*workloads.pages(asked), *workloads.api(asked)]
        known += workloads.baselines(asked, with_search)
        _note("mesures")
        _measure(run, client, _chosen(known, options), options.tours)
        _measure(run, client, _chosen(workloads.writes(), options), options.tours)
        if options.profil:
            _profile(client, _chosen([*known, *workloads.writes()], options), site)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    path = BUILD / f"{site.engine}-{site.size}-{stamp}.json"
    path.write_text(json.dumps(run, ensure_ascii=False, indent=1), encoding="utf-8")
    return run


def _chosen(known, options):
    return [row for row in known if re.search(options.seulement, row.name)]


def _measure(run, client, chosen, rounds):
    """Add these workloads to the run, baselines apart."""
    for kind in ("workloads", "baselines"):
        run.setdefault(kind, {})
    measures = []
    for workload in chosen:
        found = measure.prepare(client, workload)
        if found:
            measures.append(found)
        else:
            run["workloads"][workload.name] = None  # no ETag yet
    if not measures:
        return
    ping = measure.run(client, measures, rounds)
    run.setdefault("ping_ms", ping / 1e6)
    for found in measures:
        workload, row = found.workload, measure.figures(found, ping)
        if workload.is_baseline:
            run["baselines"][workload.name] = row
            continue
        row |= {
            "target": workload.target(run["size"]),
            "wagtail": workload.wagtail,
            "drf": workload.drf,
        }
        run["workloads"][workload.name] = row


def _asked(client, options):
    return json.loads(client.get(f"/bench/questions/?graine={options.graine}").body)


def _memory(client, asked, requests):
    """Resident memory of the web process: once it has settled, then after many requests."""
    known = [*workloads.pages(asked), *workloads.api(asked)]
    urls = [url for row in known for url in row.urls]
    pid = int(client.get(workloads.PING).headers["X-Bench-Pid"])
    for url in islice(cycle(urls), SETTLED):
        client.get(url)
    before = resident(pid)
    for url in islice(cycle(urls), requests):
        client.get(url)
    files = resident(pid, "RssFile")
    return {"before": before, "after": resident(pid), "files": files, "requests": requests}


def _profile(client, chosen, site):
    folder = BUILD / "profils" / f"{site.engine}-{site.size}"
    folder.mkdir(parents=True, exist_ok=True)
    for workload in chosen:
        path = folder / (re.sub(r"\W+", "-", workload.name).strip("-") + ".prof")
        for url in islice(cycle(workload.urls), workload.count):
            client.get(url, {**workload.headers, "X-Bench-Profile": str(path)})
    _note(f"profils : {folder}")


def _say(text):
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


def _note(text):
    sys.stderr.write(f"→ {text}\n")


if __name__ == "__main__":
    main()
