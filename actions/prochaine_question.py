"""`action_prochaine_question`: ask only what can change the answer, three questions at most, fewer by SMS."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, demande_of, now_of, set_slots
from actions.questions_sms import count_segments, too_dear
from knowledge.questions import prochaine_question
from knowledge.snapshot import Knowledge


class ActionProchaineQuestion(KnowledgeAction):
    """Set `question` to the slot worth asking, or to None; remember it as asked."""

    def name(self) -> str:
        return "action_prochaine_question"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        asked = tracker.slots.get("questions_posees") or []
        question = prochaine_question(demande_of(tracker), asked, now_of(tracker), knowledge, too_dear(tracker))
        if question is None:
            return set_slots(question=None, questions_posees=asked)
        counted = count_segments(tracker, f"utter_ask_{question}")
        return set_slots(question=question, questions_posees=[*asked, question]) + counted
