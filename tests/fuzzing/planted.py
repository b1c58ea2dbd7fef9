"""Numbers with right check digits, written as people write them: what masking must never let through."""

from collections.abc import Callable
from random import Random

from stdnum import iban, luhn
from stdnum.fr import nir

SEPARATORS = ("", " ", ".", "-", "\u00a0", "\u202f")
DIGITS = "0123456789"
BANK_ACCOUNTS = {
    "FR": DIGITS * 2 + "A01",
    "DE": DIGITS + "01234567",
    "BE": DIGITS + "01",
    "ES": DIGITS * 2,
    "GB": "WEST" + DIGITS + "0123",
}
"""A country and the shape of its account numbers: a digit stands for any digit, a letter for itself."""


def card(random: Random) -> str:
    """Return a card number by four, or the fifteen digits of American Express."""
    start, groups = random.choice([("3", (4, 4, 4, 4)), ("4", (4, 4, 4, 4)), ("5", (4, 4, 4, 4)), ("37", (4, 6, 5))])
    body = start + _digits(random, sum(groups) - len(start) - 1)
    return _written(random, body + luhn.calc_check_digit(body), groups)


def bank_account(random: Random) -> str:
    """Return an IBAN by four, or as a French bank prints it."""
    country, shape = random.choice(list(BANK_ACCOUNTS.items()))
    account = "".join(_digits(random, 1) if char.isdigit() else char for char in shape)
    number = country + iban.calc_check_digits(f"{country}00{account}") + account
    by_four = (4,) * (len(number) // 4) + ((len(number) % 4,) if len(number) % 4 else ())
    groups = random.choice([by_four, (4, 5, 5, 11, 2)]) if country == "FR" else by_four
    return _written(random, random.choice([number, number.lower()]), groups)


def social_security(random: Random) -> str:
    """Return a French social security number with its key."""
    department = random.choice(["64", "2A", "2B", "99"])
    body = f"{random.choice('12')}{_digits(random, 2)}{random.randint(1, 12):02}{department}{_digits(random, 6)}"
    return _written(random, body + nir.calc_check_digits(body), (1, 2, 2, 2, 3, 3, 2))


SECRETS: tuple[Callable[[Random], str], ...] = (card, bank_account, social_security)


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices(DIGITS, k=count))


def _written(random: Random, number: str, groups: tuple[int, ...]) -> str:
    separator, written, start = random.choice(SEPARATORS), [], 0
    for length in groups:
        written.append(number[start : start + length])
        start += length
    return separator.join(written)
