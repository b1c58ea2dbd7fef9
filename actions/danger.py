"""`action_danger`: the number to call, before anything else."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import SMS, Domain, Events, KnowledgeAction, channel_of, set_slots
from actions.questions_sms import count_segments
from knowledge.labels import Danger
from knowledge.snapshot import Knowledge

NOT_ASKED = ("urgency", "posture")
"""Nobody whose life is in danger, or who has no roof, is asked whether it presses, or how they would be helped."""


class ActionDanger(KnowledgeAction):
    """Say which number to call for the danger in the message; few questions are asked after that."""

    placeholders = {"utter_danger": ("alerte",)}

    def name(self) -> str:
        return "action_danger"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        danger = Danger(tracker.slots["danger"])
        alert = knowledge.lignes.for_danger(danger)
        sentence = alert.said(by_sms=channel_of(tracker) == SMS)
        dispatcher.utter_message(response="utter_danger", alerte=sentence)
        asked = tracker.slots.get("questions_posees") or []
        passed = () if danger is Danger.FRAUD else NOT_ASKED
        counted = count_segments(tracker, "utter_danger")
        return set_slots(danger=None, questions_posees=list(dict.fromkeys([*asked, *passed]))) + counted
