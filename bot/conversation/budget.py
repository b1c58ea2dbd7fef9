"""What an SMS costs at its worst: every text with the longest values and choices, before any cutting.

So does a whole orientation: the questions count for what `actions/budget_sms.py` says, and may not take more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from actions.budget_sms import COSTS, COSTS_ABROAD
from bot.channels.sms.rendering import MAX_SEGMENTS, Sms
from bot.channels.sms.text import width
from bot.conversation.extremes import Extreme, Extremes
from bot.conversation.translation import VALUES, lines, questions
from bot.engine.faults import FlowError
from bot.engine.languages import Language
from bot.engine.responses import FRAGMENT, Button, RenderError, Response, Utterance, Variation, render
from bot.engine.slots import Slot
from bot.engine.steps import Flows
from bot.messages import SMS
from knowledge.lignes import Lignes

ROOM = 40
"""Characters spared for a slot that a text names and whose longest value nobody knows."""

LINE_OF_AN_ANSWER = 1
"""Segments of the line in another language under an answer, once a question was asked."""

SMS_TEXTS = Sms()


@dataclass(frozen=True, slots=True)
class Cost:
    """The dearest that a response can be: what is said then, its segments, and the values in it."""

    response: Response
    said: Utterance
    segments: int
    values: Mapping[str, str]

    def fault(self) -> FlowError | None:
        """Return what is wrong with it, None when it fits."""
        limit = COSTS.get(self.response.name, MAX_SEGMENTS)
        if self.segments <= limit:
            return None
        shortest = _sms_versions(self.response)[-1]
        longest = max(shortest.placeholders, key=lambda name: width(self.values.get(name, "")), default="")
        why = f" ({longest} = « {self.values.get(longest, '')} »)" if longest else ""
        message = f"« {self.response.name} » peut coûter {self.segments} SMS, {limit} au plus{why}"
        return FlowError(self.response.fichier, shortest.ligne, message)


def check_budget(flows: Flows, extremes: Extremes) -> list[FlowError]:
    """Return the texts that may not fit, even in their shortest version, in two segments, or in what they count for."""
    found = list(costs(flows, extremes))
    french = [fault for cost in found if (fault := cost.fault())]
    return [*french, *_foreign_faults(found, [*flows.languages.values()], extremes.knowledge.lignes)]


def costs(flows: Flows, extremes: Extremes) -> Iterator[Cost]:
    """Yield the worst of each response; apart, that of each version which a condition may make the only one."""
    slots = {name: _longest_of(slot) for name, slot in flows.slots.items()}
    for response in flows.responses.values():
        if response.name.startswith(FRAGMENT):
            continue
        for planned in _planned(response):
            found = [cost for one in extremes.of(response.name) if (cost := _cost(planned, one, slots))]
            if found:
                yield max(found, key=lambda cost: cost.segments)


def _longest_of(slot: Slot) -> str:
    return max(slot.values or ("m" * ROOM,), key=len)


def _planned(response: Response) -> Iterator[Response]:
    """Yield the versions among which one is chosen: all those without a condition, then each of the others."""
    if certain := tuple(variation for variation in response.variations if not variation.condition):
        yield replace(response, variations=certain)
    for variation in response.variations:
        if variation.condition and variation.channel in (None, SMS):
            yield replace(response, variations=(replace(variation, condition=None),))


def _sms_versions(response: Response) -> Sequence[Variation]:
    return [v for v in response.variations if v.channel == SMS] or [v for v in response.variations if not v.channel]


def _cost(planned: Response, extreme: Extreme, slots: Mapping[str, str]) -> Cost | None:
    """Return the cost of a response; None when it lacks a value, and something else is said."""
    values = {**slots, **extreme.values}
    try:
        said = render(planned, SMS, values, {}, _fits, extreme.buttons)
    except RenderError:
        return None
    return Cost(planned, said, SMS_TEXTS.cost(said.text, _titles(said.choices)), values)


def _fits(_channel: str, text: str, buttons: Sequence[Button]) -> bool:
    return SMS_TEXTS.fits(text, _titles(buttons))


def _titles(buttons: Sequence[Button]) -> list[str]:
    return [button.title for button in buttons]


def _foreign_faults(found: Sequence[Cost], languages: Sequence[Language], lignes: Lignes) -> Iterator[FlowError]:
    """Yield what needs more segments in another language than a line has, or a question that is said in it alone."""
    for language in languages:
        for cost in found:
            asked = questions(language, [cost.said])
            segments = SMS_TEXTS.cost(asked[-1] if asked else _shortest_line(language, cost.said, lignes), ())
            limit = _limit(cost.response.name, alone=bool(asked))
            if segments > limit:
                name = f"phrases.{cost.response.name}"
                message = f"{name} : la ligne peut coûter {segments} SMS, {limit} au plus"
                yield FlowError(language.fichier, language.lignes.get(name, language.ligne), message)


def _limit(response: str, *, alone: bool) -> int:
    if alone:
        return COSTS_ABROAD.get(response, MAX_SEGMENTS)
    return LINE_OF_AN_ANSWER if response in VALUES else MAX_SEGMENTS


def _shortest_line(language: Language, said: Utterance, lignes: Lignes) -> str:
    """Return what is never given up: the number to call, the choices, else the sentence."""
    *_, shortest = lines(language, [said], {}, lignes)
    return shortest or language.phrases.get(said.response or "", "")
