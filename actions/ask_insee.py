"""`action_ask_insee`: ask for the commune openly, or between those that share a name."""

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import (
    SMS,
    Domain,
    Events,
    KnowledgeAction,
    button,
    channel_of,
    count_question,
    demande_of,
    now_of,
    set_slots,
)
from actions.questions_sms import count_segments
from knowledge.communes import Commune
from knowledge.questions import commune_utile
from knowledge.snapshot import Knowledge

MAX_CHOICES = 5
ROOM_SMS = 220
"""Characters of the choices that an SMS has room for: five communes, fewer when their names are long."""


class ActionAskInsee(KnowledgeAction):
    """Ask for the commune; when a name is shared, between those that bear it; a postal code only when it matters."""

    placeholders = {"utter_ask_insee_choix": ()}

    def name(self) -> str:
        return "action_ask_insee"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        codes = tracker.slots.get("communes_possibles") or []
        shared = [commune for commune in map(knowledge.communes.by_insee, codes) if commune]
        counted: Events = []
        if shared and _worth_asking(shared, tracker, knowledge):
            buttons = commune_choices(shared, channel_of(tracker))
            dispatcher.utter_message(response="utter_ask_insee_choix", buttons=buttons)
            counted = count_segments(tracker, "utter_ask_insee_choix")
        elif shared:
            return set_slots(insee=max(shared, key=lambda commune: commune.population or 0).insee)
        else:
            dispatcher.utter_message(response="utter_ask_insee")
        return count_question(tracker, "insee") + counted


def commune_choices(communes: Sequence[Commune], channel: str) -> list[dict[str, str]]:
    """Return the first communes as choices, as many as the channel has room for."""
    buttons = [button(f"{c.nom} ({c.departement})", insee=c.insee) for c in communes[:MAX_CHOICES]]
    if channel == SMS:
        while sum(len(one["title"]) for one in buttons) > ROOM_SMS:
            buttons.pop()
    return buttons


def _worth_asking(shared: Sequence[Commune], tracker: Tracker, knowledge: Knowledge) -> bool:
    """Tell whether to ask: for a shared name always, between neighbours of one postal code only if it matters."""
    if not set.intersection(*(set(commune.codes_postaux) for commune in shared)):
        return True
    return commune_utile(shared, demande_of(tracker), now_of(tracker), knowledge)
