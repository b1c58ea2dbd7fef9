"""What the flows must have because the conversation itself uses it, whatever an editor changes."""

from collections.abc import Collection, Iterator

from bot.conversation.reading import DEMANDE_SLOTS, OF_ONE_NEED
from bot.conversation.turn import FLOW_INTENTS
from bot.engine.faults import FlowError
from bot.engine.steps import Flows
from bot.engine.turn import BREAKDOWN

SLOTS = frozenset({
    *DEMANDE_SLOTS, *OF_ONE_NEED, "latitude", "longitude", "danger", "communes_possibles", "besoins_possibles",
    "autres_besoins", "presente", "montres", "exclus", "arrete",
})  # fmt: skip
"""Slots filled outside of the flows: by the understanding, by the turn, by actions."""

INTENTS = FLOW_INTENTS | {"danger"}


def check_requirements(flows: Flows, default_flow: str, said: Collection[str]) -> list[FlowError]:
    """Return what is missing; `said` are the responses that the conversation says by itself."""
    return [FlowError("flows", 0, message) for message in _missing(flows, default_flow, said)]


def _missing(flows: Flows, default_flow: str, said: Collection[str]) -> Iterator[str]:
    if default_flow not in flows.flows:
        yield f"il manque le flux « {default_flow} », par lequel tout commence"
    started = {intent for flow in flows.flows.values() for intent in flow.intents}
    for intent in sorted(INTENTS - started):
        yield f"aucun flux ne commence par « nlu_trigger: intent: {intent} », et le programme en a besoin"
    for name in sorted(SLOTS - flows.slots.keys()):
        yield f"il manque le slot « {name} », que le programme remplit"
    for name in sorted({*said, BREAKDOWN} - flows.responses.keys()):
        yield f"il manque la réponse « {name} », que le programme dit de lui-même"
    breakdown = flows.responses.get(BREAKDOWN)
    if breakdown and not any(variation.unconditional for variation in breakdown.variations):
        yield f"la réponse « {BREAKDOWN} » doit avoir une variante sans condition ni canal"
