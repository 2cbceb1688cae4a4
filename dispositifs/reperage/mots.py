"""The lists of words of the searches: a file each, in mots/, in lower case and without accents."""

from pathlib import Path

FOLDER = Path(__file__).with_name("mots")


def read_words(name: str) -> frozenset[str]:
    """The words of `mots/<name>.txt`; a line that begins with # explains."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


PRENOMS = read_words("prenoms")
SERVICES = read_words("services")
CELEBRES = read_words("celebres")
COMMUNS = read_words("communs")
LIEUX = read_words("lieux")
LIENS = read_words("liens")
TITRES = read_words("titres")
