"""Telephone numbers as people read them."""

import re

SHORT = re.compile(r"(\d\d)(\d\d)")
FRENCH = re.compile(r"\+33([1-79])(\d\d)(\d\d)(\d\d)(\d\d)")
SPECIAL = re.compile(r"(?:\+33|0)(8\d\d)(\d{3})(\d{3})")


def telephone(number: str) -> str:
    """Return a number as people read it ("05 59 28 78 87", "0 805 805 817", "39 39"); an unreadable one as it is."""
    if short := SHORT.fullmatch(number):
        return " ".join(short.groups())
    if special := SPECIAL.fullmatch(number):
        return " ".join(("0", *special.groups()))
    if french := FRENCH.fullmatch(number):
        return " ".join((f"0{french[1]}", *french.groups()[1:]))
    return _foreign(number) if number.startswith("+") else number


def _foreign(number: str) -> str:
    import phonenumbers  # slow to load, and most numbers never come here

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    french = parsed.country_code == phonenumbers.country_code_for_region("FR")
    style = phonenumbers.PhoneNumberFormat.NATIONAL if french else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
