"""`action_autre_besoin`: the person has another need."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, forget_need, set_slots
from knowledge.snapshot import Knowledge


class ActionAutreBesoin(KnowledgeAction):
    """Forget what belonged to the need just answered."""

    def name(self) -> str:
        return "action_autre_besoin"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        return forget_need() + set_slots(autres_besoins=None)
