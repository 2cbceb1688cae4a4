"""A file of JSON lines, read line by line: never the whole of it in memory."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from .erreurs import Erreurs

MAX_LINE = 20 << 20  # bytes


def read_lines(stream: BinaryIO, erreurs: Erreurs) -> Iterator[tuple[int, Any]]:
    """The number and the value of each line that is JSON; the others are told. Blank: skipped."""
    numero = 0
    while raw := stream.readline(MAX_LINE):
        numero += 1
        if len(raw) == MAX_LINE:
            erreurs.add(numero, "", "cette ligne dépasse 20 Mo.")
            return
        text = _decode(raw, numero, erreurs)
        if text and text.strip():
            yield from _parse(text.rstrip(), numero, erreurs)


def _decode(raw: bytes, numero: int, erreurs: Erreurs) -> str | None:
    try:
        # The mark that some editors put before the first line is no part of it.
        return raw.decode("utf-8-sig" if numero == 1 else "utf-8")
    except UnicodeDecodeError:
        erreurs.add(numero, "", "ce n’est pas de l’UTF-8 : enregistrez le fichier dans ce codage.")
        return None


def _parse(text: str, numero: int, erreurs: Erreurs) -> Iterator[tuple[int, Any]]:
    try:
        yield numero, parse_json(text)
    except json.JSONDecodeError as error:
        erreurs.add(numero, "", f"ce n’est pas du JSON valide (caractère {error.pos + 1}).")
    except RecursionError:
        erreurs.add(numero, "", "trop de niveaux d’imbrication.")
    except ValueError as error:
        erreurs.add(numero, "", str(error))


def parse_json(text: str) -> Any:
    """The value of a JSON text; ValueError, in French, for what JSON itself would let pass."""
    return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"la clé « {twice[:60]} » est donnée deux fois.")
    return read


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} n’est pas un nombre.")
