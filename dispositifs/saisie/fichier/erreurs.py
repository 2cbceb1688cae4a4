"""What is wrong in a file, with the line and the field, in the words of whoever wrote it."""

from dataclasses import dataclass, field

MAXIMUM = 50


@dataclass(frozen=True)
class Erreur:
    ligne: int | None
    champ: str
    message: str

    def __str__(self) -> str:
        places = [f"ligne {self.ligne}"] if self.ligne else []
        places += [f"champ {self.champ}"] if self.champ else []
        return f"{', '.join(places)} : {self.message}" if places else self.message


class FichierRefuse(Exception):
    """The file holds errors; nothing of it was written."""

    def __init__(self, erreurs: list[Erreur], *, complet: bool = True) -> None:
        # Checks run in several passes; whoever corrects the file reads it once.
        self.erreurs = sorted(erreurs, key=lambda erreur: erreur.ligne or 0)
        super().__init__("\n".join(map(str, self.erreurs)))
        self.complet = complet


@dataclass
class Erreurs:
    """Errors found so far: reading goes on until there are too many to be read."""

    liste: list[Erreur] = field(default_factory=list)

    def add(self, ligne: int | None, champ: str, message: str) -> None:
        """Keep this error; the fiftieth ends the reading."""
        self.liste.append(Erreur(ligne, champ, message))
        if len(self.liste) >= MAXIMUM:
            raise FichierRefuse(self.liste, complet=False)

    def on_line(self, ligne: int | None) -> "Ligne":
        return Ligne(self, ligne)

    def raise_if_any(self) -> None:
        if self.liste:
            raise FichierRefuse(self.liste)


@dataclass(frozen=True)
class Ligne:
    """Where the errors of one line go."""

    erreurs: Erreurs
    numero: int | None

    def refuse(self, champ: str, message: str) -> None:
        self.erreurs.add(self.numero, champ, message)
