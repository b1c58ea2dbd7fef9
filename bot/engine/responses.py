"""The sentences of the bot: variations of a response, choice of one, placeholders, buttons and their payloads."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from bot.engine.conditions import Condition

logger = logging.getLogger(__name__)

FRAGMENT = "fragment_"
"""Responses so named are pieces of sentences, that actions fill and put together (`domain["responses"]`)."""

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
SET_SLOTS = re.compile(r"/SetSlots\((.*)\)")
INTENT = re.compile(r"/([A-Za-z_][A-Za-z0-9_-]*)")
PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*([^=,()]*?)\s*")


class Button(NamedTuple):
    """A choice offered to the person: what is shown and what it means."""

    title: str
    payload: str


Fits = Callable[[str, str, Sequence[Button]], bool]
"""`fits(channel, text, buttons)`: does the message fit what the channel can carry at once?"""


class RenderError(ValueError):
    """A sentence cannot be said: a placeholder has no value, or no variation applies."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """One way to say a response."""

    text: str
    ligne: int = 0
    channel: str | None = None
    condition: Condition | None = None
    buttons: tuple[Button, ...] = ()
    button_lignes: tuple[int, ...] = ()
    custom: Mapping[str, Any] | None = None

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """The names that the text and the buttons wait for."""
        whole = [self.text, *(part for button in self.buttons for part in button)]
        return frozenset(name for part in whole for name in PLACEHOLDER.findall(part))

    @property
    def unconditional(self) -> bool:
        """Tell whether it can be said at any time on any channel."""
        return not (self.placeholders or self.channel or self.condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response and its variations, in file order."""

    name: str
    variations: tuple[Variation, ...]
    fichier: str = ""
    ligne: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What the bot says, ready for a channel. `response` is None when an action gave the text itself.

    The choices of a turn are numbered from 1 in order, through all its utterances (see `match_choice`).
    """

    response: str | None
    text: str
    choices: tuple[Button, ...] = ()
    custom: dict[str, Any] | None = None


def render(
    response: Response,
    channel: str,
    slots: Mapping[str, Any],
    context: Mapping[str, Any],
    fits: Fits,
    buttons: tuple[Button, ...] = (),
) -> Utterance:
    """Say a response: the first variation that fits among the most specific ones that apply, else the last.

    Rasa's order (conditional + channel, channel, conditional, the rest), made deterministic. `context` holds
    the values that the action gave; they hide slots of the same name; `buttons` those that it adds, shown
    before the response's own. A variation that lacks a value is an
    error in the log and is passed over: a shorter sentence is better than « None ». Raises RenderError when
    none is left.
    """
    values = {**slots, **context}
    for variations in _by_rank(response, channel, slots, context):
        utterance = None
        for variation in variations:
            if missing := sorted(n for n in variation.placeholders if not _sayable(values.get(n))):
                logger.error("%s:%d : aucune valeur pour %s", response.fichier, variation.ligne, ", ".join(missing))
                continue
            utterance = _filled(response.name, variation, values, buttons)
            if fits(channel, utterance.text, utterance.choices):
                break
        if utterance is not None:
            return utterance
    raise RenderError(f"no variation of {response.name} can be said on {channel}")


def _by_rank(
    response: Response, channel: str, slots: Mapping[str, Any], context: Mapping[str, Any]
) -> list[list[Variation]]:
    ranked: dict[tuple[bool, bool], list[Variation]] = {}
    for variation in response.variations:
        if variation.channel not in (None, channel):
            continue
        if variation.condition and not variation.condition.holds(slots, context):
            continue
        rank = (variation.channel is not None, variation.condition is not None)
        ranked.setdefault(rank, []).append(variation)
    return [ranked[rank] for rank in sorted(ranked, reverse=True)]


def _filled(name: str, variation: Variation, values: Mapping[str, Any], buttons: tuple[Button, ...]) -> Utterance:
    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda match: _said(values[match[1]]), text)

    return Utterance(
        response=name,
        text=fill(variation.text),
        choices=(*buttons, *(Button(fill(title), fill(payload)) for title, payload in variation.buttons)),
        custom=dict(variation.custom) if variation.custom else None,
    )


def _sayable(value: Any) -> bool:
    """Only texts and numbers can be said; "None", "True" and "[]" never are."""
    return (isinstance(value, str) and bool(value.strip())) or (
        isinstance(value, int | float) and not isinstance(value, bool)
    )


def _said(value: str | float) -> str:
    return str(value).removesuffix(".0").replace(".", ",") if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Payload:
    """What a button means: slots to fill (values still written, None empties), an intent, or a plain text."""

    slots: Mapping[str, str | None] = field(default_factory=dict)
    intent: str | None = None
    text: str | None = None


def parse_payload(payload: str) -> Payload:
    """Read `/SetSlots(a=b, c=null)`, `/intent`, or a plain text. Raises ValueError for a broken `/…`."""
    if not payload.startswith("/"):
        return Payload(text=payload)
    if match := SET_SLOTS.fullmatch(payload):
        pairs = [PAIR.fullmatch(pair) for pair in match[1].split(",")]
        if not all(pairs):
            raise ValueError(f"payload illisible « {payload} »")
        return Payload(slots={p[1]: None if p[2] == "null" else p[2] for p in pairs if p})
    if match := INTENT.fullmatch(payload):
        return Payload(intent=match[1])
    raise ValueError(f"payload illisible « {payload} »")
