"""`action_ask_suite`: give the answer, and ask what the person wants next in the same message."""

import json

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import (
    Domain,
    Events,
    KnowledgeAction,
    button,
    channel_of,
    demande_of,
    now_of,
    set_slots,
)
from actions.fragments import fragment
from actions.presentation import Presentation
from knowledge.demande import DEMANDE_SLOTS, Orientation
from knowledge.exchange import orientation_to_json
from knowledge.labels import Posture
from knowledge.orientation import orienter
from knowledge.snapshot import Knowledge


class ActionAskSuite(KnowledgeAction):
    """Orient, say it, and offer what may come next; say it once only for one and the same request."""

    placeholders = {
        "utter_orientation": (
            "reponse",
            "resume_sms",
            "lieu_sms",
            "lieu_court_sms",
            "horaires_sms",
            "detail_sms",
        ),
        "utter_orientation_creneau": ("reponse", "resume_sms", "creneau_sms", "creneau_court_sms"),
        "utter_orientation_ligne": ("reponse", "sujet_sms", "ligne_sms"),
        "utter_et_maintenant": (),
    }

    def name(self) -> str:
        return "action_ask_suite"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        now, channel, demande = now_of(tracker), channel_of(tracker), demande_of(tracker)
        orientation = orienter(demande, now, knowledge)
        buttons = choices(orientation, tracker, domain, knowledge)
        signature = _signature(tracker)
        if signature == tracker.slots.get("presente"):
            dispatcher.utter_message(response="utter_et_maintenant", buttons=buttons)
            return []
        presentation = Presentation(orientation, demande, now, channel, knowledge, domain)
        dispatcher.utter_message(
            response=presentation.response(),
            buttons=buttons,
            json_message=orientation_to_json(orientation),
            **presentation.values(),
        )
        return set_slots(presente=signature, montres=presentation.shown, suite=None)


def _signature(tracker: Tracker) -> str:
    """Return what tells one request from another; of a position, which is not stored, only that there is one."""
    said = {name: tracker.slots.get(name) for name in (*DEMANDE_SLOTS, "exclus")}
    placed = [said.pop(name) is not None for name in ("latitude", "longitude")]
    return json.dumps([*said.values(), any(placed)])


def choices(orientation: Orientation, tracker: Tracker, domain: Domain, knowledge: Knowledge) -> list[dict[str, str]]:
    """Return what may come next, in the order of the numbers."""
    channel = channel_of(tracker)
    found = []
    if orientation.lieux:
        found.append(button(fragment(domain, "fragment_autre_lieu", channel), suite="autre_lieu"))
    if orientation.learn_next and orientation.posture != Posture.APPRENDRE_A_FAIRE:
        found.append(button(fragment(domain, "fragment_apprendre", channel), suite="apprendre"))
    for following in (tracker.slots.get("autres_besoins") or [])[:1]:
        besoin = knowledge.needs[following].label_court
        title = fragment(domain, "fragment_besoin_suivant", channel, besoin=besoin)
        found.append(button(title, suite="besoin_suivant"))
    found.append(button(fragment(domain, "fragment_autre_besoin", channel), suite="autre_besoin"))
    return found
