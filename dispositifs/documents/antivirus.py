"""ClamAV, asked by its own protocol (INSTREAM) at CLAMAV_URL; without it, nobody is asked.

`tcp://host:3310` or `unix:///path`. The delays are short: when clamd does not answer, the document
waits for its verdict, read by whoever deposited it alone, and the worker asks again.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File

from dispositifs.choices import EtatAntivirus

CONNECTION = 2.0  # seconds
ANSWER = 20.0  # seconds, for the largest file on a busy machine
BLOCK = 1 << 16
LONGEST_ANSWER = 4096
DEFAULT_PORT = 3310


class AntivirusMuet(Exception):
    """No verdict: clamd is absent, slow, or refuses to look at this file."""


def is_asked() -> bool:
    return bool(settings.CLAMAV_URL)


def verdict_on(file: File) -> tuple[EtatAntivirus, str]:
    """The state of a document that holds this file, and what was recognised in it if infected.

    The file is left open, at its beginning.
    """
    if not is_asked():
        return EtatAntivirus.NON_DEMANDE, ""
    try:
        found = scan(file)
    except AntivirusMuet:
        return EtatAntivirus.A_ANALYSER, ""
    return (EtatAntivirus.INFECTE if found else EtatAntivirus.SAIN), found


def scan(file: File) -> str:
    """Name of the signature recognised, empty for none; raises AntivirusMuet."""
    file.seek(0)
    try:
        answer = _ask(b"zINSTREAM\0", file.chunks(BLOCK))
    finally:
        file.seek(0)
    told = answer.removeprefix("stream: ")
    if told == "OK":
        return ""
    if told.endswith(" FOUND"):
        return told.removesuffix(" FOUND")
    raise AntivirusMuet(f"clamd ne juge pas ce fichier : {told}")


def answers() -> bool:
    try:
        return _ask(b"zPING\0") == "PONG"
    except AntivirusMuet:
        return False


def _ask(command: bytes, blocks: Iterable[bytes] | None = None) -> str:
    try:
        with closing(_connect()) as connection:
            connection.settimeout(ANSWER)
            connection.sendall(command)
            if blocks is not None:
                _send(connection, blocks)
            return _answer(connection)
    except OSError as error:
        raise AntivirusMuet(f"clamd ne répond pas : {error}") from error


def _connect() -> socket.socket:
    url = urlsplit(settings.CLAMAV_URL)
    if url.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(CONNECTION)
        try:
            connection.connect(url.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((url.hostname, url.port or DEFAULT_PORT), CONNECTION)


def _send(connection: socket.socket, blocks: Iterable[bytes]) -> None:
    """Each block after its length; an empty one ends the file."""
    try:
        for block in blocks:
            connection.sendall(struct.pack(">I", len(block)) + block)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # it has already answered why: the file is too large for its own limit


def _answer(connection: socket.socket) -> str:
    told = b""
    while not told.endswith(b"\0") and len(told) < LONGEST_ANSWER:
        block = connection.recv(LONGEST_ANSWER)
        if not block:
            break
        told += block
    return told.rstrip(b"\0").decode(errors="replace").strip()
