"""The dispositifs that an address carries, to be compared: `?f=…&f=…`, by identifiant."""

from django.http import QueryDict

FEWEST, MOST = 2, 4
MOST_READ = 20  # the rest is not looked at
LONGEST = 80  # characters of an identifiant


def asked(params: QueryDict) -> list[str]:
    """What was asked, each once, whether it may be an identifiant or not."""
    return list(dict.fromkeys(filter(None, map(str.strip, params.getlist("f")))))


def readable(params: QueryDict) -> list[str]:
    """What may be an identifiant among the first that were asked."""
    first = asked(params)[:MOST_READ]
    return [row for row in first if len(row) <= LONGEST and "\0" not in row]
