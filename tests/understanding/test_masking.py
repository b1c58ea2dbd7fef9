"""Secrets are masked, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.masking import MASK, Secret, mask

SECRETS = [
    ("ma carte 4970 1012 3456 7893 ne passe pas", Secret.CARTE, "ma carte ••• ne passe pas"),
    ("4970101234567893", Secret.CARTE, "•••"),
    ("amex 3714 496353 98431", Secret.CARTE, "amex •••"),
    ("mon iban FR76 3000 6000 0112 3456 7890 189 pour la caf", Secret.IBAN, "mon iban ••• pour la caf"),
    ("FR7630006000011234567890189", Secret.IBAN, "•••"),
    ("ES91 2100 0418 4502 0005 1332", Secret.IBAN, "•••"),
    ("mon iban BE68 5390 0754 7034 pour la caf", Secret.IBAN, "mon iban ••• pour la caf"),
    ("FR76 30006 00001 12345678901 89", Secret.IBAN, "•••"),
    ("dossier 3456 4970 1012 3456 7893", Secret.CARTE, "dossier 3456 •••"),
    ("n° sécu 2 53 07 2B 073 004 70, carte vitale perdue", Secret.NIR, "n° sécu •••, carte vitale perdue"),
    ("253072B07300470", Secret.NIR, "•••"),
    (
        "mon mot de passe est Soleil64! et ça marche pas",
        Secret.MOT_DE_PASSE,
        "mon mot de passe est ••• et ça marche pas",
    ),
    ("mdp: azerty", Secret.MOT_DE_PASSE, "mdp: •••"),
    ("le mot de passe ameli c'est toto1955", Secret.MOT_DE_PASSE, "le mot de passe ameli c'est •••"),
    ("my password is Pepper99", Secret.MOT_DE_PASSE, "my password is •••"),
    ("mi contraseña es gato2020", Secret.MOT_DE_PASSE, "mi contraseña es •••"),
    ("code secret 4821 de ma carte", Secret.CODE, "code secret ••• de ma carte"),
    ("j'ai le code reçu par sms 482913 je fais quoi", Secret.CODE, "j'ai le code reçu par sms ••• je fais quoi"),
    ("code de validation : 123 456", Secret.CODE, "code de validation : •••"),
    ("mon identifiant franceconnect est 3012345678901", Secret.IDENTIFIANT, "mon identifiant franceconnect est •••"),
    ("code secret 4821 et 2 500 personnes", Secret.CODE, "code secret ••• et 2 500 personnes"),
    ("mdp: " + "a1" * 30, Secret.MOT_DE_PASSE, "mdp: •••"),
    ("numéro fiscal : 3012345678901", Secret.IDENTIFIANT, "numéro fiscal : •••"),
]

HARMLESS = [
    "mon numéro c'est le 05 59 28 78 87",
    "appelez le 0559287887 à 64130 Mauléon",
    "+33 6 12 34 56 78",
    "allocataire 1234567 à la caf de Pau",
    "siret 552 100 554 00013",
    "73282932000074",
    "code postal 64130",
    "le code 64130",
    "mot de passe perdu",
    "mot de passe oublié, comment faire ?",
    "mot de passe : perdu",
    "j'ai oublié mon mot de passe ameli",
    "mon mot de passe ne marche plus depuis mardi",
    "le mot de passe de la messagerie est refusé",
    "on me demande un code reçu par sms et je ne reçois rien",
    "code de validation jamais reçu, 3 fois",
    "j'ai perdu mes identifiants impots",
    "mon identifiant ne passe pas",
    "ma carte bancaire 4970 1012 3456 7890 a un faux numéro",
    "1 234 567 890 123 45",
    "rdv le 12/12/2026 à 14h30, dossier 2026-64-000123456789",
    "carte avec code à payer 1500 euros",
    "FR76 3000 6000 0112 3456 7890 188",
]


@pytest.mark.parametrize(("text", "secret", "masked"), SECRETS)
def test_a_secret_is_masked(text: str, secret: Secret, masked: str) -> None:
    assert mask(text) == (masked, (secret,))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == (text, ())


def test_several_secrets_in_one_message() -> None:
    found = mask("mdp: azerty64, carte 4970101234567893, nir 253072B07300470")
    assert found.text == "mdp: •••, carte •••, nir •••"
    assert set(found.secrets) == {Secret.MOT_DE_PASSE, Secret.CARTE, Secret.NIR}


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


def test_a_masked_code_hides_no_number_further_on() -> None:
    once = mask("code secret 4821 pour 5555 personnes")
    assert once.text == "code secret ••• pour 5555 personnes"
    assert mask(once.text) == (once.text, ())


def test_a_long_message_costs_little() -> None:
    assert mask("mot de passe " * 800).secrets == ()
    assert mask("4" * 10_000).text.count(MASK) == 0
