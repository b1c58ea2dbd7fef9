"""`action_charte`: the charter of accompaniment, in ten sentences of ours."""

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction
from knowledge.conseil import Charte, load_guide
from knowledge.snapshot import Knowledge


class ActionCharte(KnowledgeAction):
    """Say the charter, and whose words these are."""

    placeholders = {"utter_charte": ("titre", "avis", "phrases", "charte_sms")}

    def name(self) -> str:
        return "action_charte"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        dispatcher.utter_message(response="utter_charte", **charte_values(load_guide().charte))
        return []


def charte_values(charte: Charte) -> dict[str, str]:
    """Return the values of the response: long for a screen, short for an SMS."""
    numbered = [(number, *both) for number, both in enumerate(charte.phrases, start=1)]
    return {
        "titre": charte.titre,
        "avis": charte.avis,
        "phrases": "\n".join(f"{number}. {phrase}" for number, phrase, _ in numbered),
        "charte_sms": f"{charte.avis_court}. " + ". ".join(court for _, _, court in numbered),
    }
