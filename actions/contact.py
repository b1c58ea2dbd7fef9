"""`action_contact`: say who runs the service."""

from collections.abc import Callable

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, default_knowledge
from knowledge.snapshot import Knowledge


class ActionContact(KnowledgeAction):
    """Say who runs the service."""

    placeholders = {"utter_contact": ("contact",), "utter_contact_inconnu": ()}

    def __init__(self, knowledge: Callable[[], Knowledge] = default_knowledge, contact: str = "") -> None:
        super().__init__(knowledge)
        self._contact = contact

    def name(self) -> str:
        return "action_contact"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        if self._contact:
            dispatcher.utter_message(response="utter_contact", contact=self._contact)
        else:
            dispatcher.utter_message(response="utter_contact_inconnu")
        return []
