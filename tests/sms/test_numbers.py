"""Telephone numbers, as gateways and people write them."""

import pytest

from bot.channels.sms.numbers import read_number

NUMBER = "+33639980001"
WRITTEN = ["+33639980001", "33639980001", "0033639980001", "0639980001", "06 39 98 00 01", " +33 6 39 98 00 01 "]
NOBODY = [
    "",
    "36000",
    "3915",
    "+3915",
    "CAF",
    "Orange",
    "38245 ",
    "+",
    "0",
    "-1",
    "９９",
    "06 39 98",
    "A0639980001",
    "tel:+33639980001",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_one_spelling(written: str) -> None:
    assert read_number(written) == NUMBER


@pytest.mark.parametrize("written", NOBODY)
def test_nobody_to_answer(written: str) -> None:
    assert read_number(written) is None


def test_other_countries() -> None:
    assert read_number("34600111222") == "+34600111222"
    assert read_number("+44 7911 123456") == "+447911123456"
