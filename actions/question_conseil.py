"""`action_question_conseil`: ask a helper only what can change the advice."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, demande_of, now_of, set_slots
from knowledge.conseil_questions import question_conseil
from knowledge.snapshot import Knowledge


class ActionQuestionConseil(KnowledgeAction):
    """Set `question_conseil` to the slot worth asking, or to None; remember it as asked."""

    def name(self) -> str:
        return "action_question_conseil"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        asked = tracker.slots.get("questions_conseil") or []
        question = question_conseil(demande_of(tracker), asked, now_of(tracker), knowledge)
        return set_slots(question_conseil=question, questions_conseil=[*asked, question] if question else asked)
