"""`action_ask_suite_conseil`: give the advice, and ask what the helper wants next in the same message."""

import json

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, button, channel_of, demande_of, now_of, set_slots
from actions.conseil import situation
from actions.fragments import fragment
from actions.presentation_conseil import conseil_values
from knowledge.conseil import conseiller
from knowledge.snapshot import Knowledge

SUITES = ("lieu", "charte", "autre_situation", "fin")
"""What may come next, in the order of the numbers."""


class ActionAskSuiteConseil(KnowledgeAction):
    """Advise; say it once only for one and the same situation. Another need, once advised, is for the main flow."""

    placeholders = {
        "utter_conseil": (
            "conseil",
            "posture_sms",
            "attention_sms",
            "attention_courte_sms",
            "relais_sms",
            "relais_court_sms",
        ),
        "utter_et_maintenant": (),
    }

    def name(self) -> str:
        return "action_ask_suite_conseil"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        given, advised = situation(tracker), json.loads(tracker.slots.get("conseil_donne") or "{}")
        if advised and advised["need"] and given["need"] != advised["need"]:
            return set_slots(suite_conseil="fin")
        buttons = suites(domain, channel_of(tracker))
        if given == advised:
            dispatcher.utter_message(response="utter_et_maintenant", buttons=buttons)
            return []
        conseil = conseiller(demande_of(tracker), now_of(tracker), knowledge)
        values = conseil_values(conseil, domain, channel_of(tracker))
        dispatcher.utter_message(response="utter_conseil", buttons=buttons, **values)
        return set_slots(conseil_donne=json.dumps(given))


def suites(domain: Domain, channel: str) -> list[dict[str, str]]:
    """Return the choices under an advice."""
    return [button(fragment(domain, f"fragment_conseil_{one}", channel), suite_conseil=one) for one in SUITES]
