"""`action_besoin_suivant`: the person named several needs; on to the next."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, forget_need, set_slots
from knowledge.snapshot import Knowledge


class ActionBesoinSuivant(KnowledgeAction):
    """Take the first of the needs that the person also named."""

    def name(self) -> str:
        return "action_besoin_suivant"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        following, *others = tracker.slots.get("autres_besoins") or [None]
        return forget_need() + set_slots(need=following, autres_besoins=others or None)
