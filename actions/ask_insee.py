"""`action_ask_insee`: ask for the commune openly, or between those that share a name."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bridge import (
    Domain,
    Events,
    KnowledgeAction,
    button,
    count_question,
    demande_of,
    now_of,
    set_slots,
)
from knowledge.questions import commune_utile
from knowledge.snapshot import Knowledge

MAX_CHOICES = 5


class ActionAskInsee(KnowledgeAction):
    """Ask for the commune; when the name is shared and it matters, between the communes that bear it."""

    placeholders = {"utter_ask_insee_choix": ()}

    def name(self) -> str:
        return "action_ask_insee"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        codes = tracker.slots.get("communes_possibles") or []
        shared = [commune for commune in map(knowledge.communes.by_insee, codes) if commune]
        if len(shared) > 1 and commune_utile(shared, demande_of(tracker), now_of(tracker), knowledge):
            buttons = [button(f"{c.nom} ({c.departement})", insee=c.insee) for c in shared[:MAX_CHOICES]]
            dispatcher.utter_message(response="utter_ask_insee_choix", buttons=buttons)
        elif shared:
            return set_slots(insee=max(shared, key=lambda commune: commune.population or 0).insee)
        else:
            dispatcher.utter_message(response="utter_ask_insee")
        return count_question(tracker, "insee")
