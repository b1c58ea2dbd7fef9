"""The line in the person's language under a French answer: that it is in French, what it says, and its choices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.budget_sms import COUNT, WHOLE
from bot.channels.rendering import Rendering
from bot.channels.sms.rendering import Sms
from bot.channels.sms.text import segments
from bot.engine.languages import Language
from bot.engine.responses import PLACEHOLDER, Button, Utterance, parse_payload
from bot.engine.tracker import Tracker
from bot.messages import MessageOut
from bot.understanding.language import FRENCH
from knowledge.lignes import Lignes

SLOT = "langue"
"""The slot that holds the language of the person, as long as it is not French."""

DANGER, SECRET, NOTICE, QUESTION = "utter_danger", "utter_secret", "utter_demonstration", "utter_ask_"
VALUES: Mapping[str, tuple[str, ...]] = {
    "utter_orientation": ("besoin", "aide"),
    "utter_orientation_creneau": ("besoin",),
    "utter_orientation_ligne": ("besoin",),
}
"""What the sentences of an answer name: the need, and the kind of help."""


def speaking(tracker: Tracker, language: str | None) -> Tracker:
    """Return the tracker of a person who speaks that language, None for French. It is no answer to any question."""
    if tracker.slots.get(SLOT) == language:
        return tracker
    others = {name: value for name, value in tracker.slots.items() if name != SLOT}
    return replace(tracker, slots={**others, SLOT: language} if language else others)


@dataclass(frozen=True, slots=True)
class Translator:
    """Adds the line to the messages of a turn, in the languages that the flows have."""

    languages: Mapping[str, Language]

    def heard(self, tracker: Tracker, language: str | None) -> Tracker:
        """Return the tracker after a message in that language ("fr": clearly French; None: nothing tells)."""
        if language == FRENCH:
            return speaking(tracker, None)
        return speaking(tracker, language) if language in self.languages else tracker

    def add(
        self,
        messages: Sequence[MessageOut],
        said: Sequence[Utterance],
        slots: Mapping[str, Any],
        lignes: Callable[[], Lignes],
        rendering: Rendering,
    ) -> tuple[MessageOut, ...]:
        """Return the messages with the line at their end, when the person speaks one of the languages.

        `lignes` gives the national lines, and is asked for nothing but a danger.
        """
        language = self.languages.get(slots.get(SLOT) or "")
        if language is None or not messages:
            return tuple(messages)
        *first, last = messages
        if isinstance(rendering, Sms) and (question := questions(language, said)):
            text = rendering.render(min(question, key=_segments), ())
            return (replace(last, text=text, langue=language.name),)
        alerts = lignes() if any(one.response == DANGER for one in said) else None
        if isinstance(rendering, Sms) and not any(_translated(language, one) for each in said for one in each.choices):
            said = [replace(one, choices=()) for one in said]  # communes: their names stand above
        written = lines(language, said, slots, alerts)
        if isinstance(rendering, Sms) and _is_an_answer(said):
            asked = 0 if alerts else int(slots.get(COUNT) or 0)  # a number to call is in these messages
            room = WHOLE - asked - sum(segments(message.text) for message in messages)
            written = tuple(line for line in written if _segments(line) <= max(room, 1)) or written
        text, *rest = rendering.add(last.text, written)
        if not rest:
            return (*first, replace(last, text=text, langue=language.name))
        return (*first, last, *(MessageOut(text=line, langue=language.name) for line in rest))


def questions(language: Language, said: Sequence[Utterance]) -> tuple[str, ...]:
    """Return a question and its choices in that language, whole then shorter; nothing for what is no question alone.

    An SMS says it without the French: the numbers are the same, and it costs half. Choices without a word in that
    language (communes) stay in French, once.
    """
    asked = [one for one in said if (one.response or "").startswith(QUESTION)]
    sentences = [language.phrases.get(one.response or "", "") for one in said]
    buttons = [button for one in said for button in one.choices]
    if len(asked) != 1 or not all(sentences) or not all(_translated(language, button) for button in buttons):
        return ()
    if not buttons or any(one.response != NOTICE for one in said if one not in asked):
        return ()
    choices = _choices(language, buttons)
    return tuple(" ".join([*parts, choices]) for parts in (sentences, [language.phrases[asked[0].response or ""]]))


def _is_an_answer(said: Sequence[Utterance]) -> bool:
    told = {one.response for one in said}
    return not told.isdisjoint(VALUES) and SECRET not in told


def _segments(line: str) -> int:
    return Sms().cost(line, ())


def lines(
    language: Language, said: Sequence[Utterance], slots: Mapping[str, Any], lignes: Lignes | None
) -> tuple[str, ...]:
    """Return the line whole, then shorter and shorter: a number to call and the choices go last."""
    danger = _danger(language, said, lignes)
    secret = " ".join(language.phrases.get(SECRET, "") for one in said if one.response == SECRET)
    others = [one for one in said if one.response not in (DANGER, SECRET)]
    sentences = [sentence for one in others if (sentence := _sentence(language, one, slots))]
    choices = _choices(language, [button for one in said for button in one.choices])
    last = sentences[-1] if sentences else ""
    rest = _sentence(language, others[-1], slots, first=1) if others else ""
    candidates = (
        (danger, secret, language.avis, *sentences, choices),
        (danger, secret, language.avis, last, choices),
        (danger, secret, last, choices),
        (danger, secret, rest or last, choices),
        (danger, secret, language.avis, choices),
        (danger, last, choices),
        (danger, choices),
        (danger or choices or last,),
    )
    return tuple(dict.fromkeys(" ".join(part for part in parts if part) for parts in candidates))


def _danger(language: Language, said: Sequence[Utterance], lignes: Lignes | None) -> str:
    told = " ".join(one.text for one in said if one.response == DANGER)
    dangers = (
        danger
        for danger, alert in (lignes.by_danger.items() if lignes else ())
        if told and (alert.sentence in told or alert.sentence_sms in told)
    )
    return " ".join(language.dangers.get(danger, "") for danger in dangers)


def _sentence(language: Language, said: Utterance, slots: Mapping[str, Any], first: int = 0) -> str:
    """Return what the response says in that language from a line on, less those whose value is not known."""
    values = {
        "besoin": language.choix.get("need", {}).get(slots.get("need") or ""),
        "aide": language.choix.get("posture", {}).get((said.custom or {}).get("posture", "")),
    }
    written = language.phrases.get(said.response or "", "").split("\n")[first:]
    known = [line for line in written if all(values.get(name) for name in PLACEHOLDER.findall(line))]
    return " ".join(PLACEHOLDER.sub(lambda match: values[match[1]] or "", line) for line in known)


def _choices(language: Language, buttons: Sequence[Button]) -> str:
    """Return the choices with the numbers that the French ones have."""
    labels = [f"{number} {_label(language, button)}" for number, button in enumerate(buttons, start=1)]
    return "; ".join(labels) + "." if labels else ""


def _label(language: Language, button: Button) -> str:
    return _translated(language, button) or button.title


def _translated(language: Language, button: Button) -> str | None:
    try:
        slots = parse_payload(button.payload).slots
    except ValueError:
        slots = {}
    labels = (language.choix.get(slot, {}).get(value or "") for slot, value in slots.items())
    return next((label for label in labels if label), None)
