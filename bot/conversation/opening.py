"""How a message came: a poster's link, a command with its slash, a button of some turn."""

import re
from dataclasses import replace

from bot.engine.tracker import Tracker
from bot.messages import MessageIn
from knowledge.communes import Commune

GROUP = "groupe"
"""`MessageIn.media` of a message to several persons at once."""

START = re.compile(r"/?start(?:\s+(?:c(?P<insee>\d[\dAB]\d{3})|\S*))?\s*", re.IGNORECASE)
"""What Telegram sends when a person opens the bot; a poster's link adds the code of its commune ("c64371")."""

COMMAND = re.compile(r"/(?P<word>[a-z_]+)\b\s*", re.IGNORECASE)

ENGLISH = {"help": "aide", "stop": "stop", "settings": "aide"}
"""Commands that every bot of Telegram is expected to know."""

TURNS_A_SECOND = 1000
"""Nobody has more."""


def begin(tracker: Tracker, message: MessageIn) -> Tracker:
    """Return a conversation that begins. Its turns are counted from the instant: no button of an erased one fits."""
    return replace(tracker, turn=int(message.received_at.timestamp() * TURNS_A_SECOND))


def read_opening(text: str) -> tuple[str, str | None]:
    """Return the text without what only a machine wrote, and the commune (INSEE) of a poster's link."""
    if start := START.fullmatch(text.strip()):
        return "bonjour", start["insee"] and start["insee"].upper()
    if command := COMMAND.match(text):
        word = ENGLISH.get(command["word"].lower(), command["word"]).replace("_", " ")
        return f"{word} {text[command.end() :]}".strip(), None
    return text, None


def opened_at(tracker: Tracker, commune: Commune | None) -> Tracker:
    """Return the conversation at the place of the poster; a commune that is no more is asked for."""
    return replace(tracker, slots={**tracker.slots, "insee": commune.insee}) if commune else tracker


def read_pressed(message: MessageIn, tracker: Tracker) -> str | None:
    """Return the payload of a button of the last turn, "" for one of an earlier turn, None when none was pressed."""
    if message.pressed is None:
        return None
    turn, _, key = message.pressed.partition(":")
    if turn != str(tracker.turn) or not key.isdecimal() or not 1 <= int(key) <= len(tracker.choices):
        return ""
    return tracker.choices[int(key) - 1].payload
