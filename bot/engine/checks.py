"""The checks that need to know the actions, and the care of sentences (`aiguilleur check`)."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.engine.faults import Faults, FlowError, unknown
from bot.engine.responses import FRAGMENT, PLACEHOLDER, Response, Variation
from bot.engine.steps import Act, Collect, Flows
from bot.engine.turn import NOT_UNDERSTOOD, SAID_BY_ENGINE

LONGEST_SENTENCE = 20
"""Words; FALC (European easy-to-read rules) asks for short sentences."""

URL = re.compile(r"https?://|www\.")
SENTENCE_END = re.compile(r"[.!?…:;]\s|\n")


def check_flows(
    flows: Flows, action_names: Collection[str], action_placeholders: Mapping[str, Collection[str]]
) -> list[FlowError]:
    """Return the faults that `load_flows` cannot see, and the warnings, in file and line order.

    `action_placeholders` tells, for each response that the actions (or the conversation) say, the values that
    they give with it.
    """
    faults = Faults()
    said = {*SAID_BY_ENGINE, *action_placeholders, *_said_by_flows(flows)}
    said |= {f"{name}_{slot}" for name in NOT_UNDERSTOOD for slot in flows.slots}
    for response in flows.responses.values():
        faults.fichier = response.fichier
        _check_response(response, faults)
        if response.name.startswith(FRAGMENT):
            continue
        known = {*flows.slots, *action_placeholders.get(response.name, ())}
        for variation in response.variations:
            _check_placeholders(variation, known, faults)
        if response.name not in said:
            faults.add(response.ligne, f"la réponse « {response.name} » ne sert nulle part", warning=True)
    for name in sorted(action_placeholders.keys() - flows.responses.keys()):
        faults.fichier = "actions"
        faults.add(0, unknown("réponse inconnue", name, flows.responses))
    return sorted([*check_actions(flows, action_names), *faults.found])


def check_actions(flows: Flows, action_names: Collection[str]) -> list[FlowError]:
    """Return the actions that the flows name and that do not exist, and the questions that nothing asks."""
    faults = Faults()
    for flow in flows.flows.values():
        faults.fichier = flow.fichier
        for step in flow:
            if isinstance(step, Act) and not step.name.startswith("utter_") and step.name not in action_names:
                faults.add(step.ligne, unknown("action inconnue", step.name, action_names))
            if isinstance(step, Collect) and not (step.utter in flows.responses or step.ask_action in action_names):
                ways = f"la réponse « {step.utter} » ou l'action « {step.ask_action} »"
                faults.add(step.ligne, f"rien ne pose cette question : il faut {ways}")
    return faults.found


def _said_by_flows(flows: Flows) -> Iterator[str]:
    for flow in flows.flows.values():
        for step in flow:
            if isinstance(step, Act):
                yield step.name
            elif isinstance(step, Collect):
                yield step.utter
                yield from (rejection.utter for rejection in step.rejections)


def _check_response(response: Response, faults: Faults) -> None:
    if response.variations and all(variation.channel for variation in response.variations):
        message = f"la réponse « {response.name} » n'a pas de variante pour tous les canaux (sans « channel »)"
        faults.add(response.ligne, message)
    for variation in response.variations:
        _check_wording(variation, faults)


def _check_placeholders(variation: Variation, known: Collection[str], faults: Faults) -> None:
    read = variation.placeholders | (variation.condition.context if variation.condition else frozenset())
    for name in sorted(read - set(known)):
        faults.add(variation.ligne, unknown("valeur inconnue", name, known))


def _check_wording(variation: Variation, faults: Faults) -> None:
    for text in (variation.text, *(button.title for button in variation.buttons)):
        if text != text.strip():
            faults.add(variation.ligne, f"espace ou ligne vide au début ou à la fin de « {_start(text)} »")
        if URL.search(text):
            faults.add(variation.ligne, "adresse de site dans une phrase : donnez-la par une {valeur}")
        if set("{}") & set(PLACEHOLDER.sub("", text)):
            faults.add(variation.ligne, f"accolade seule dans « {_start(text)} »")
        for sentence in SENTENCE_END.split(text):
            words = len(re.findall(r"\w+(?:['’]\w+)*", sentence))
            if words > LONGEST_SENTENCE:
                message = f"phrase de {words} mots (au plus {LONGEST_SENTENCE}) : « {_start(sentence)} »"
                faults.add(variation.ligne, message, warning=True)


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:5]) + ("…" if len(words) > 5 else "")
