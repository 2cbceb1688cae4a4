"""What a first visit weighs, and the next ones, on a site served as in production."""

import json

import pytest

pytestmark = pytest.mark.browser

FIRST = 400_000  # bytes on the wire, headers included
NEXT = 30_000
PATHS = ("/", "/dispositifs/", "/dispositifs/33-gironde/", "/territoires/75/", "/plan-du-site/")


def measure(chromium, production, paths):
    """[{bytes, requests, kept, seconds…}] of these pages, one after the other, in a new browser."""
    context = chromium.new_context(base_url=production, locale="fr-FR")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    received, problems = [], []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.on("console", lambda message: problems.append(message.text))
    figures = []
    for path in paths:
        received.clear()
        page.goto(path, wait_until="networkidle")
        figures.append({"page": path, "octets": int(sum(received)), **timings(page)})
    shifts = [figure.pop("deplacement") for figure in figures]
    context.close()
    assert problems == [], "un bloc de données ne doit rien faire dire à la politique"
    return figures, max(shifts)


def timings(page):
    return page.evaluate(
        """() => new Promise((done) => {
          let shift = 0, largest = 0;
          const watch = (type, each) => new PerformanceObserver(
            (list) => list.getEntries().forEach(each)).observe({type, buffered: true});
          watch("layout-shift", (entry) => { shift += entry.value; });
          watch("largest-contentful-paint", (entry) => { largest = entry.startTime; });
          setTimeout(() => {
            const [page] = performance.getEntriesByType("navigation");
            const files = performance.getEntriesByType("resource");
            const paint = performance.getEntriesByName("first-contentful-paint")[0];
            done({
              statut: page.responseStatus,
              demandes: 1 + files.filter((file) => file.transferSize > 0).length,
              "html compressé": page.encodedBodySize,
              "html": page.decodedBodySize,
              "éléments": document.getElementsByTagName("*").length,
              "premier affichage ms": Math.round(paint ? paint.startTime : 0),
              "plus grand affichage ms": Math.round(largest),
              deplacement: Math.round(shift * 1000) / 1000,
            });
          }, 300);
        })"""
    )


def test_the_first_visit_is_light_and_the_next_ones_lighter(chromium, production, record_property):
    first, shift = measure(chromium, production, ["/", "/", *PATHS[1:]])
    home, again, *others = first

    for figure in first:
        record_property("poids", json.dumps(figure, ensure_ascii=False))
    assert home["octets"] <= FIRST
    assert again["octets"] <= NEXT
    assert [figure for figure in others if figure["octets"] > 2 * NEXT] == []
    assert shift < 0.1


def test_static_files_are_kept_for_ever_and_compressed(chromium, production):
    context = chromium.new_context(base_url=production)
    page = context.new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    files = [answer for answer in answers if "/static/" in answer.url]
    headers = {answer.url.removeprefix(production): answer.all_headers() for answer in files}
    context.close()

    texts = {url: found for url, found in headers.items() if url.endswith((".css", ".js", ".svg"))}
    assert len(texts) > 3
    assert {found["cache-control"] for found in headers.values()} == {
        "max-age=315360000, public, immutable"
    }
    large = {url for url, found in texts.items() if int(found["content-length"]) > 4_000}
    assert {url for url in large if texts[url].get("content-encoding") != "gzip"} == set()


def test_a_page_already_read_is_not_sent_again(chromium, production):
    request = chromium.new_context(base_url=production).request
    first = request.get("/")

    again = request.get("/", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status, again.body()) == (304, b"")
    assert "set-cookie" not in first.headers
    assert first.headers["x-robots-tag"] == "noindex"
