"""`action_autre_lieu`: the person wants another place, or another slot."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, set_slots
from knowledge.snapshot import Knowledge


class ActionAutreLieu(KnowledgeAction):
    """Set aside what was already shown."""

    def name(self) -> str:
        return "action_autre_lieu"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        shown = {*(tracker.slots.get("exclus") or []), *(tracker.slots.get("montres") or [])}
        return set_slots(exclus=sorted(shown), presente=None, suite=None)
