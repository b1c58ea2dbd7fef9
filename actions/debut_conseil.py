"""`action_debut_conseil`: a helper asks for advice; what the conversation knew is set aside."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, set_slots
from actions.conseil import forget_advice, situation
from knowledge.snapshot import Knowledge


class ActionDebutConseil(KnowledgeAction):
    """Remember the conversation before the advice; asked again under way, begin from there."""

    def name(self) -> str:
        return "action_debut_conseil"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        before = tracker.slots.get("avant_conseil") or situation(tracker)
        return [*forget_advice(), *set_slots(**before, avant_conseil=before)]
