"""`action_humain`: offer a person when the conversation does not get anywhere."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, channel_of
from actions.presentation import ligne_text
from knowledge.snapshot import Knowledge


class ActionHumain(KnowledgeAction):
    """Offer a person: the national line of the need, or the general one."""

    placeholders = {"utter_humain": ("ligne",)}

    def name(self) -> str:
        return "action_humain"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        ligne = knowledge.lignes.for_need(knowledge.needs.get(tracker.slots.get("need") or ""))
        text = ligne_text(ligne, domain, channel_of(tracker))
        dispatcher.utter_message(response="utter_humain", ligne=text)
        return []
