"""`action_ask_need`: ask for the need openly, or between the few that the message left open."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, button, count_question
from actions.questions_sms import count_segments
from knowledge.snapshot import Knowledge

MAX_CHOICES = 3


class ActionAskNeed(KnowledgeAction):
    """Ask for the need; when two or three are close, between these."""

    placeholders = {"utter_ask_need_choix": ()}

    def name(self) -> str:
        return "action_ask_need"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        close = [knowledge.needs[key] for key in tracker.slots.get("besoins_possibles") or [] if key in knowledge.needs]
        if close:
            buttons = [button(need.label_court, need=need.id) for need in close[:MAX_CHOICES]]
            response = "utter_ask_need_choix"
            dispatcher.utter_message(response=response, buttons=buttons)
        else:
            response = "utter_ask_need"
            dispatcher.utter_message(response=response)
        return count_question(tracker, "need") + count_segments(tracker, response)
