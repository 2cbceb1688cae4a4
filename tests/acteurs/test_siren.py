import pytest
from django.core.exceptions import ValidationError

from annuaire.acteurs.siren import is_siren, is_siret, validate_siren, validate_siret

LA_POSTE_ETABLISSEMENT = "35600000049837"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("356000000", True),  # La Poste
        ("732829320", True),
        ("732829321", False),
        ("73282932", False),
        ("7328293200", False),
        ("732 829 320", False),
        ("73282932O", False),
        ("٧٣٢٨٢٩٣٢٠", False),
        ("", False),
    ],
)
def test_siren_follows_luhn_on_nine_digits(value, expected):
    assert is_siren(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("73282932000074", True),
        ("73282932000075", False),
        ("35600000000048", True),  # La Poste's head office satisfies Luhn
        (LA_POSTE_ETABLISSEMENT, True),  # digit sum multiple of five, not Luhn
        ("35600000049838", False),
        ("7328293200007", False),
        ("732829320 0074", False),
    ],
)
def test_siret_follows_luhn_save_for_la_poste(value, expected):
    assert is_siret(value) is expected


def test_the_digit_sum_of_la_poste_opens_nothing_to_others():
    assert is_siret("73282932000004") is False


@pytest.mark.parametrize(
    ("validate", "value", "words"),
    [
        (
            validate_siren,
            "123456789",
            "Ce SIREN n’est pas valide\xa0: il compte neuf chiffres, sans espace. Vérifiez la frappe.",
        ),
        (
            validate_siret,
            "12345678900011",
            "Ce SIRET n’est pas valide\xa0: il compte quatorze chiffres, sans espace. Vérifiez la frappe.",
        ),
    ],
)
def test_a_wrong_number_is_refused_in_words(validate, value, words):
    with pytest.raises(ValidationError) as refusal:
        validate(value)

    assert refusal.value.messages == [words]
