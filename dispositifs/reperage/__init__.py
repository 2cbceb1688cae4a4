"""The search for personal data in what is about to be shown. It reads texts, and nothing else."""

from .examen import LIBELLES, MAXIMUM, Examen, Reperage, examine, examine_text

__all__ = ["LIBELLES", "MAXIMUM", "Examen", "Reperage", "examine", "examine_text"]
