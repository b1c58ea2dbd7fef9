"""`action_autre_situation`: a helper asks for advice about another person."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, set_slots
from actions.conseil import OF_THE_HELPER, SITUATION, forget_advice
from knowledge.snapshot import Knowledge


class ActionAutreSituation(KnowledgeAction):
    """Forget the person; the helper's commune and habilitation stay."""

    def name(self) -> str:
        return "action_autre_situation"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        empty: dict[str, None] = dict.fromkeys(name for name in SITUATION if name not in OF_THE_HELPER)
        return [*forget_advice(), *set_slots(**empty)]
