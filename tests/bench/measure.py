"""One client, rounds that alternate, and figures in P: the CPU of an empty view in the same run."""

import http.client
import math
import statistics
from dataclasses import dataclass
from itertools import pairwise

from .workloads import PING

PINGS = 20  # before each workload of each round


class UnexpectedAnswer(Exception):
    pass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cpu(self):
        """Nanoseconds used by the server when this request came."""
        return int(self.headers["X-Bench-Cpu"])


class Client:
    def __init__(self, port):
        self.port = port

    def get(self, url, headers=None, expected=(200,)):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=900)
        try:
            connection.request("GET", url, headers={"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        if answer.status not in expected:
            raise UnexpectedAnswer(f"{answer.status} pour {url}")
        return answer


@dataclass
class Measure:
    """Figures of one workload: costs are in nanoseconds, by address."""

    workload: object
    queries: int
    size: int
    asked: list  # (address, headers)
    costs: list
    done: int = 0

    def next(self):
        """The addresses come in turn, from one round to the next."""
        pair = self.asked[self.done % len(self.asked)]
        self.done += 1
        return pair


def prepare(client, workload):
    """Ask every address once, which warms the server, and count its queries.

    None when a conditional request has nothing to send: the page has no ETag.
    """
    asked, queries, sizes = [], [], []
    for url in workload.urls[: max(workload.count, 1) if workload.is_baseline else None]:
        headers = dict(workload.headers)
        if workload.conditional:
            etag = client.get(url).headers["ETag"]
            if etag is None:
                return None
            headers["If-None-Match"] = etag
        answer = client.get(url, {**headers, "X-Bench-Count": "1"}, _expected(workload))
        asked.append((url, headers))
        queries.append(int(answer.headers["X-Bench-Queries"]))
        sizes.append(len(answer.body))
    return Measure(workload, max(queries), round(statistics.median(sizes)), asked, [])


def run(client, measures, rounds):
    """Fill the costs of the measures; gives the median of the ping, in nanoseconds."""
    pings = []
    for number in range(rounds):
        for measure in measures if number % 2 == 0 else reversed(measures):
            pings += costs(client, [(PING, {})] * PINGS, (200,))
            asked = [measure.next() for _ in range(measure.workload.count)]
            found = costs(client, asked, _expected(measure.workload))
            measure.costs += zip((url for url, _ in asked), found, strict=True)
    return statistics.median(pings)


def costs(client, asked, expected):
    """What the server uses from a request to the next one."""
    used = [client.get(url, headers, expected).cpu for url, headers in asked]
    used.append(client.get(PING).cpu)
    return [after - before for before, after in pairwise(used)]


def _expected(workload):
    return (304,) if workload.conditional else (200,)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def figures(measure, ping):
    """What is kept of a workload; `p` figures are in P, the dearest address beside."""
    values = [cost / ping for _, cost in measure.costs]
    dearest = max(measure.costs, key=lambda pair: pair[1])
    return {
        "p": statistics.median(values),
        "p95": quantile(values, 0.95),
        "queries": measure.queries,
        "bytes": measure.size,
        "requests": len(values),
        "dearest": {"url": dearest[0], "p": dearest[1] / ping},
    }
