"""`make bench-fichiers`: what serving files costs, and the archive of a dispositif.

In P (CPU of an empty view of the same process) up to the first byte; in megabytes for each second
of CPU for whole files; in bytes of memory while 200 MB go out.
"""

import http.client
import json
import statistics
import sys

from .measure import PINGS, Client, costs
from .server import Site, resident
from .workloads import PING

ROUNDS = 5
COUNT = 20
FIRST_BYTE = {"Range": "bytes=0-0"}


def main():
    site = Site(60, 1)
    site.build(False, keep=True)
    with site.serve():
        client = Client(site.port)
        asked = json.loads(client.get("/bench/fichiers/").body)
        ping = statistics.median(costs(client, [(PING, {})] * (PINGS * ROUNDS), (200,)))
        _first_bytes(client, ping, asked)
        _whole(client, site, asked)


def _first_bytes(client, ping, asked):
    for name, headers, expected in (
        ("premier octet d’un fichier de 5 Mo", FIRST_BYTE, (206,)),
        ("304 du même", {"If-None-Match": asked["etag"]}, (304,)),
    ):
        counted = client.get(asked["fichier"], {**headers, "X-Bench-Count": "1"}, expected)
        requests = [(asked["fichier"], headers)] * (COUNT * ROUNDS)
        cost = statistics.median(costs(client, requests, expected))
        queries = counted.headers["X-Bench-Queries"]
        _say(f"{name} : {cost / ping:.1f} P (cible 12), {queries} requête(s)")


def _whole(client, site, asked):
    pid = int(client.get(PING).headers["X-Bench-Pid"])
    for name, url, target in (
        ("fichier de 5 Mo entier", asked["fichier"], ""),
        ("archive de 200 Mo", asked["archive"], " (cible 100)"),
    ):
        before = client.get(PING).cpu
        size, grown = _download(site.port, url, pid)
        spent = (client.get(PING).cpu - before) / 1e9
        _say(
            f"{name} : {size / 1e6 / spent:.0f} Mo par seconde de processeur{target},"
            f" mémoire + {grown / 1e6:.1f} Mo (cible < 40)"
        )


def _download(port, url, pid):
    """Bytes received, and the growth of the server's resident memory meanwhile."""
    before = largest = resident(pid)
    size = 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=900)
    connection.request("GET", url)
    response = connection.getresponse()
    while block := response.read(1 << 20):
        size += len(block)
        largest = max(largest, resident(pid))
    connection.close()
    return size, largest - before


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
