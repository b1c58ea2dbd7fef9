"""Check that everything that the flows and the sentences name exists, and is given values that it accepts."""

from collections.abc import Callable
from typing import Any

from bot.engine.conditions import Condition
from bot.engine.faults import Faults, unknown
from bot.engine.responses import PLACEHOLDER, Payload, Response, parse_payload
from bot.engine.steps import Act, Call, Collect, Flow, Flows, Link, SetSlots, Step

DYNAMIC = "valeur_donnee_plus_tard"
"""Stands for a placeholder in a payload: its value is known only when the button is shown."""


def check_names(flows: Flows, faults: Faults) -> None:
    """Add the unknown names and the refused values to `faults`; a flow that could not be read is left out."""
    for flow in flows.flows.values():
        faults.fichier = flow.fichier
        if flow.sound:
            _check_flow(flow, flows, faults)
    for response in flows.responses.values():
        faults.fichier = response.fichier
        _check_response(response, flows, faults)


def _check_flow(flow: Flow, flows: Flows, faults: Faults) -> None:
    _check_condition(flow.guard, flows, faults)
    for slot in flow.persisted:
        _check_slot(slot, flow.ligne, flows, faults)
    for intent in flow.intents:
        rivals = [f for f in flows.flows.values() if intent in f.intents and f.guard is None]
        if flow in rivals[1:]:
            message = f"l'intention « {intent} » lance déjà le flux « {rivals[0].id} »"
            faults.add(flow.ligne, message)
    for step in flow:
        for branch in step.next:
            _check_condition(branch.condition, flows, faults)
        _check_step(step, flows, faults)


def _check_step(step: Step, flows: Flows, faults: Faults) -> None:
    if isinstance(step, Collect):
        _check_collect(step, flows, faults)
    elif isinstance(step, Act) and step.name.startswith("utter_"):
        _check_said(step.name, step.ligne, flows, faults)
    elif isinstance(step, Link | Call) and step.flow not in flows.flows:
        faults.add(step.ligne, unknown("flux inconnu", step.flow, flows.flows))
    elif isinstance(step, SetSlots):
        for name, value in step.values.items():
            if _check_slot(name, step.ligne, flows, faults):
                _try(flows.slots[name].check, value, step.ligne, faults)


def _check_collect(step: Collect, flows: Flows, faults: Faults) -> None:
    _check_slot(step.slot, step.ligne, flows, faults)
    if step.utter != f"utter_ask_{step.slot}":
        _check_said(step.utter, step.ligne, flows, faults)
    for rejection in step.rejections:
        _check_said(rejection.utter, rejection.ligne, flows, faults)
        _check_condition(rejection.condition, flows, faults)
        if others := sorted(rejection.condition.names - {step.slot}):
            message = f"« rejections » ne peut lire que « {step.slot} », pas « {others[0]} »"
            faults.add(rejection.ligne, message)


def _check_response(response: Response, flows: Flows, faults: Faults) -> None:
    for variation in response.variations:
        _check_condition(variation.condition, flows, faults)
        for button, ligne in zip(variation.buttons, variation.button_lignes, strict=True):
            try:
                payload = parse_payload(PLACEHOLDER.sub(DYNAMIC, button.payload))
            except ValueError as error:
                faults.add(ligne, f"bouton « {button.title} » : {error}")
                continue
            _check_payload(button.title, payload, ligne, flows, faults)


def _check_payload(title: str, payload: Payload, ligne: int, flows: Flows, faults: Faults) -> None:
    intents = {intent for flow in flows.flows.values() for intent in flow.intents}
    if payload.intent is not None and payload.intent not in intents:
        faults.add(ligne, f"bouton « {title} » : " + unknown("intention inconnue", payload.intent, intents))
    for name, written in payload.slots.items():
        if name not in flows.slots:
            faults.add(ligne, f"bouton « {title} » : " + unknown("slot inconnu", name, flows.slots))
            continue
        if written is None or DYNAMIC not in written:
            _try(flows.slots[name].parse, written, ligne, faults, f"bouton « {title} » : ")


def _check_condition(condition: Condition | None, flows: Flows, faults: Faults) -> None:
    if condition is None:
        return
    ligne = condition.ligne
    known = {name for name in sorted(condition.names) if _check_slot(name, ligne, flows, faults)}
    for name, literal in condition.comparisons:
        if name in known and flows.slots[name].type not in ("list", "any"):
            _try(flows.slots[name].check, literal, ligne, faults, f"condition « {condition.source} » : ")


def _check_slot(name: str, ligne: int, flows: Flows, faults: Faults) -> bool:
    if name in flows.slots:
        return True
    faults.add(ligne, unknown("slot inconnu", name, flows.slots))
    return False


def _check_said(name: str, ligne: int, flows: Flows, faults: Faults) -> None:
    if name not in flows.responses:
        faults.add(ligne, unknown("réponse inconnue", name, flows.responses))


def _try(accept: Callable[[Any], object], value: Any, ligne: int, faults: Faults, before: str = "") -> None:
    try:
        accept(value)
    except ValueError as error:
        faults.add(ligne, before + str(error))
