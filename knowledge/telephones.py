"""Telephone numbers as people read them."""

import re

import phonenumbers

SHORT = re.compile(r"(\d\d)(\d\d)")
SPECIAL = re.compile(r"(?:\+33|0)(8\d\d)(\d{3})(\d{3})")


def telephone(number: str) -> str:
    """Return a number as people read it ("05 59 28 78 87", "0 805 805 817", "39 39"); an unreadable one as it is."""
    if short := SHORT.fullmatch(number):
        return " ".join(short.groups())
    if special := SPECIAL.fullmatch(number):
        return " ".join(("0", *special.groups()))
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    french = parsed.country_code == phonenumbers.country_code_for_region("FR")
    style = phonenumbers.PhoneNumberFormat.NATIONAL if french else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
