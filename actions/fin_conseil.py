"""`action_fin_conseil`: the advice is over, the conversation goes on as it was before."""

import json

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, set_slots
from actions.conseil import forget_advice, situation
from knowledge.snapshot import Knowledge


class ActionFinConseil(KnowledgeAction):
    """Give the slots back, but for what was said after the advice; to look for a lieu, keep the person's situation."""

    def name(self) -> str:
        return "action_fin_conseil"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        now = situation(tracker)
        if tracker.slots.get("suite_conseil") == "lieu":
            after = {**now, "pour_autrui": True}
        else:
            advised = json.loads(tracker.slots.get("conseil_donne") or "{}")
            since = {name: value for name, value in now.items() if advised and value != advised.get(name)}
            after = {**(tracker.slots.get("avant_conseil") or now), **since}
            if "need" in since:  # they asked for the person whom they help, and go on with the next one
                after["pour_autrui"] = True
        return [*forget_advice(), *set_slots(**after, avant_conseil=None)]
