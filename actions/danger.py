"""`action_danger`: the number to call, before anything else."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, channel_of, set_slots
from knowledge.labels import Danger
from knowledge.snapshot import Knowledge


class ActionDanger(KnowledgeAction):
    """Say which number to call for the danger in the message."""

    placeholders = {"utter_danger": ("alerte",)}

    def name(self) -> str:
        return "action_danger"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        alert = knowledge.lignes.for_danger(Danger(tracker.slots["danger"]))
        sentence = alert.sentence_sms if channel_of(tracker) == "sms" else alert.sentence
        dispatcher.utter_message(response="utter_danger", alerte=sentence)
        return set_slots(danger=None)
