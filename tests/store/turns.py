"""Turns to commit."""

from typing import Any

from bot.store.turns import Turn

ANNA = "06 39 98 00 01"


def turn(**changes: Any) -> Turn:
    """Return Anna's first turn, with these changes."""
    values: dict[str, Any] = {
        "channel": "sms",
        "conversation": ANNA,
        "external_id": "m1",
        "received_at": 1795424400.0,
        "read_version": 0,
        "tracker": '{"need":"caf"}',
        "messages": ['{"text":"Quelle commune ?"}'],
    }
    return Turn(**{**values, **changes})
