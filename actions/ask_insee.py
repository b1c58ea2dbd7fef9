"""`action_ask_insee`: ask for the commune openly, or between those that share a name."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bridge import Domain, Events, KnowledgeAction, button, count_question
from knowledge.snapshot import Knowledge

MAX_CHOICES = 5


class ActionAskInsee(KnowledgeAction):
    """Ask for the commune; when the name is shared, between the communes that bear it."""

    placeholders = {"utter_ask_insee_choix": ()}

    def name(self) -> str:
        return "action_ask_insee"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        codes = tracker.slots.get("communes_possibles") or []
        shared = [commune for commune in map(knowledge.communes.by_insee, codes) if commune]
        if shared:
            buttons = [button(f"{c.nom} ({c.departement})", insee=c.insee) for c in shared[:MAX_CHOICES]]
            dispatcher.utter_message(response="utter_ask_insee_choix", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_ask_insee")
        return count_question(tracker, "insee")
