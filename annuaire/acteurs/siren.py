"""SIREN and SIRET: the Luhn check of the INSEE, and La Poste's exception to it."""

from django.core.exceptions import ValidationError

LA_POSTE = "356000000"


def luhn(digits: str) -> bool:
    """Whether the digits satisfy Luhn's formula."""
    total = 0
    for rank, char in enumerate(reversed(digits)):
        value = int(char) * (1 + rank % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_siren(value: str) -> bool:
    return len(value) == 9 and value.isascii() and value.isdigit() and luhn(value)


def is_siret(value: str) -> bool:
    """A SIRET satisfies Luhn; La Poste's other establishments have a digit sum multiple of 5."""
    if len(value) != 14 or not (value.isascii() and value.isdigit()):
        return False
    if value.startswith(LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return True
    return luhn(value)


def validate_siren(value: str) -> None:
    if not is_siren(value):
        raise ValidationError(
            "Ce SIREN n’est pas valide : il compte neuf chiffres, sans espace. Vérifiez la frappe."
        )


def validate_siret(value: str) -> None:
    if not is_siret(value):
        raise ValidationError(
            "Ce SIRET n’est pas valide : il compte quatorze chiffres, sans espace."
            " Vérifiez la frappe."
        )
