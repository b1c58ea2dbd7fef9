"""Actions of rasa_sdk, in process: what they may do, and the same result as through rasa_sdk's own executor."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk import Tracker as RasaTracker
from rasa_sdk import events as rasa
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from bot.engine import Button, Engine, Flows, Input, Utterance
from bot.engine.bridge import run_action
from tests.engine.conftest import Chercher, Dialogue, fits_all

PANNE = "Pardon, une panne de mon côté. Demandez à l'accueil de votre mairie."
KNOWN = {"need": "atelier", "insee": "64445"}
Body = Callable[[CollectingDispatcher, RasaTracker, dict[str, Any]], list[dict[str, Any]]]


class Stub(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """`action_chercher` with another body."""

    def __init__(self, body: Body) -> None:
        self.body = body

    def name(self) -> str:
        return "action_chercher"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: RasaTracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        return self.body(dispatcher, tracker, domain)


def play(flows: Flows, body: Body, **fields: Any) -> tuple[Dialogue, list[Utterance]]:
    dialogue = Dialogue(Engine(flows, [Stub(body)], fits=fits_all, default_flow="orienter"))
    return dialogue, dialogue.turn(Input(**{"slots": KNOWN, **fields}))


def returning(*events: dict[str, Any]) -> Body:
    return lambda _dispatcher, _tracker, _domain: list(events)


def test_what_an_action_sees(flows: Flows) -> None:
    seen: list[Any] = []

    def body(_: CollectingDispatcher, tracker: RasaTracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        seen.append((tracker.sender_id, tracker.get_slot("need"), tracker.get_slot("age")))
        seen.append((tracker.latest_message["text"], tracker.latest_message["metadata"]))
        seen.append(tracker.get_latest_input_channel())
        seen.append(domain["responses"]["utter_rien"])
        return []

    play(flows, body, text="un atelier à Pau", metadata={"now": "2026-11-23T10:00:00+01:00"})
    assert seen == [
        ("anna", "atelier", None),
        ("un atelier à Pau", {"now": "2026-11-23T10:00:00+01:00"}),
        "terminal",
        [{"text": "Je n'ai rien trouvé."}],
    ]


def test_what_an_action_says(flows: Flows) -> None:
    def body(dispatcher: CollectingDispatcher, _: RasaTracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        oui = {"title": "Oui", "payload": "/aide"}
        dispatcher.utter_message(response="utter_trouve", nom="Pau", buttons=[oui], json_message={"id": "1"})
        dispatcher.utter_message(text="Voilà.")
        return [rasa.SlotSet("nom", "Pau")]

    dialogue, said = play(flows, body)
    oui = (Button("Oui", "/aide"),)
    assert said[:2] == [
        Utterance(response="utter_trouve", text="Allez à Pau.", choices=oui, custom={"id": "1"}),
        Utterance(response=None, text="Voilà."),
    ]
    assert dialogue.tracker.choices == oui


HONOURED: list[tuple[list[dict[str, Any]], list[str], dict[str, Any]]] = [
    ([rasa.SlotSet("trouves", 0)], ["Je n'ai rien trouvé."], {"trouves": 0}),
    ([rasa.SlotSet("trouves", 0), rasa.SlotSet("trouves", None), rasa.SlotSet("nom", "Pau")],
     ["Allez à Pau."], {"nom": "Pau"}),
    ([rasa.FollowupAction("utter_aide"), rasa.SlotSet("trouves", 0)],
     ["Répondez par un chiffre ou par des mots.", "Je n'ai rien trouvé."], {"trouves": 0}),
    ([rasa.SlotSet("trouves", 0), rasa.AllSlotsReset(), rasa.SlotSet("nom", "Pau")], ["Allez à Pau."], {"nom": "Pau"}),
]  # fmt: skip


@pytest.mark.parametrize(("events", "texts", "slots"), HONOURED)
def test_honoured_events(flows: Flows, events: list[dict[str, Any]], texts: list[str], slots: dict[str, Any]) -> None:
    dialogue, said = play(flows, returning(*events))
    assert [utterance.text for utterance in said] == texts
    kept = {name: dialogue.tracker.slots.get(name) for name in ("trouves", "nom")}
    assert kept == {"trouves": None, "nom": None, **slots}


@pytest.mark.parametrize(
    ("event", "slots"),
    [(rasa.SessionEnded(), {**KNOWN, "langue": "fr", "refus": []}), (rasa.Restarted(), {"langue": "fr", "refus": []})],
)
def test_the_end_of_a_conversation_is_silent(flows: Flows, event: dict[str, Any], slots: dict[str, Any]) -> None:
    dialogue = Dialogue(Engine(flows, [Stub(returning(event))], fits=fits_all, default_flow="orienter"))
    dialogue.hear("bonjour")
    dialogue.hear(slots={"urgency": "later"})
    assert dialogue.tracker.history
    assert dialogue.hear(slots=KNOWN) == []
    assert dialogue.tracker.stack == ()
    assert dialogue.tracker.choices == ()
    assert dialogue.tracker.slots == {**slots, **({"urgency": "later"} if "need" in slots else {})}
    assert bool(dialogue.tracker.history) == ("need" in slots)


def reading(name: str) -> Body:
    return lambda _dispatcher, tracker, _domain: [rasa.SlotSet("nom", tracker.get_slot(name))]


def saying(**message: Any) -> Body:
    def body(dispatcher: CollectingDispatcher, _: RasaTracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(**message)
        return []

    return body


FAULTS: list[tuple[Body, str]] = [
    (returning(rasa.SlotSet("inconnu", 1)), "undeclared slot inconnu"),
    (returning(rasa.SlotSet("need", "cafe")), "ValueError"),
    (returning(rasa.SlotSet("noms", [object()])), "ValueError"),
    (returning(rasa.ActionReverted()), "event undo is not supported"),
    (returning(rasa.ConversationPaused()), "event pause is not supported"),
    (returning({}), "event None is not supported"),
    (returning(rasa.FollowupAction("action_absente")), "unknown action action_absente"),
    (returning(rasa.FollowupAction("action_chercher")), "more than 100 steps in a turn"),
    (reading("ned"), "undeclared slot ned"),
    (saying(response="utter_absent"), "unknown response utter_absent"),
    (saying(response="utter_trouve"), "no variation of utter_trouve can be said on terminal"),
    (saying(text="x", image="x.png"), "messages with image are not supported"),
]


@pytest.mark.parametrize(("body", "message"), FAULTS)
def test_faults(flows: Flows, body: Body, message: str, caplog: pytest.LogCaptureFixture) -> None:
    dialogue, said = play(flows, body)
    assert said[-1].text == PANNE
    assert caplog.messages[-1].startswith(f"flux orienter, étape action:action_chercher : {message} (")
    assert dialogue.tracker.stack == ()


def test_what_was_said_before_a_fault_offers_nothing(flows: Flows) -> None:
    def body(dispatcher: CollectingDispatcher, _: RasaTracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_ask_need")
        return [rasa.SlotSet("inconnu", 1)]

    def followed(dispatcher: CollectingDispatcher, _: RasaTracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_ask_need")
        return [rasa.FollowupAction("action_absente")]

    assert [(said.text, said.choices) for said in play(flows, body)[1]] == [(PANNE, ())]
    assert [(said.text, said.choices) for said in play(flows, followed)[1]] == [
        ("De quoi avez-vous besoin ?", ()),
        (PANNE, ()),
    ]


def test_an_action_cannot_change_the_tracker_in_place(flows: Flows) -> None:
    def body(_: CollectingDispatcher, tracker: RasaTracker, __: dict[str, Any]) -> list[dict[str, Any]]:
        tracker.slots["noms"].append("intrus")
        return [rasa.SlotSet("trouves", 0)]

    dialogue, _ = play(flows, body, slots={**KNOWN, "noms": ["a"]})
    assert dialogue.tracker.slots["noms"] == ["a"]


def test_an_action_may_ask_and_may_know_the_answer(flows: Flows) -> None:
    class Demander(Stub):
        def name(self) -> str:
            return "action_ask_insee"

    def ask(dispatcher: CollectingDispatcher, tracker: RasaTracker, _: dict[str, Any]) -> list[dict[str, Any]]:
        if tracker.get_slot("souhait"):
            return [rasa.SlotSet("insee", "64445")]
        dispatcher.utter_message(response="utter_ask_insee")
        return []

    actions = [Chercher(), Demander(ask)]
    dialogue = Dialogue(Engine(flows, actions, fits=fits_all, default_flow="orienter"))
    assert dialogue.hear(slots={"need": "atelier"}) == ["Dans quelle commune êtes-vous ?"]
    assert dialogue.tracker.pending == "insee"
    assert dialogue.hear(slots={"souhait": "ici"}) == ["Allez à la mairie de 64445."]


def test_an_action_that_asks_may_end_the_conversation(flows: Flows) -> None:
    class Demander(Stub):
        def name(self) -> str:
            return "action_ask_insee"

    ending = Demander(returning(rasa.SessionEnded()))
    dialogue = Dialogue(Engine(flows, [Chercher(), ending], fits=fits_all, default_flow="orienter"))
    assert dialogue.hear(slots={"need": "atelier"}) == []
    assert dialogue.tracker.pending is None


def test_same_result_as_rasa_sdk(flows: Flows) -> None:
    action = Chercher()
    slots = {name: KNOWN.get(name) for name in flows.slots}
    message = {"text": "Pau", "metadata": {}}

    async def both() -> tuple[Any, Any]:
        executor = ActionExecutor()
        executor.register_action(action)
        tracker = {"sender_id": "anna", "slots": slots, "latest_message": message}
        theirs = await executor.run({"next_action": "action_chercher", "tracker": tracker, "domain": flows.domain()})
        ours = await run_action(action, "anna", "sms", flows.slots, KNOWN, message, flows.domain())
        return theirs, ours

    theirs, (events, messages) = asyncio.run(both())
    assert events == theirs.events
    assert len(events) == 2
    assert [message.response for message in messages] == [r["response"] for r in theirs.responses]


def test_the_web_server_of_rasa_sdk_is_loaded_only_when_it_is_asked_for() -> None:
    program = (
        "import sys; from bot.engine.sdk import spare_the_server; spare_the_server(); import actions.registry\n"
        "assert 'sanic' not in sys.modules\n"
        "from rasa_sdk import Action; from rasa_sdk.interfaces import Action as Same\n"
        "assert 'sanic' in sys.modules and Action is Same"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
