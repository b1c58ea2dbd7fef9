"""Telephone numbers of people: one spelling, and none that cannot be answered."""

import phonenumbers

REGION = "FR"


def read_number(text: str) -> str | None:
    """Return a number in E.164 ("+33639980001"), None for what is no person's: a short code, a name, nonsense."""
    text = text.strip()
    if any(char.isalpha() for char in text):
        return None  # the library would find a number in the name "A0639980001"
    if text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        number = None
    if (number is None or not phonenumbers.is_possible_number(number)) and text.isdigit() and len(text) > 10:
        try:
            number = phonenumbers.parse(f"+{text}", REGION)  # gateways leave the "+" out
        except phonenumbers.NumberParseException:
            return None
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
