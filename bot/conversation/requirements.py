"""What the flows must have because the conversation itself uses it, whatever an editor changes."""

from collections.abc import Collection, Iterator, Mapping

from bot.conversation.keywords import LOOK_UP
from bot.conversation.reading import OF_ONE_NEED
from bot.conversation.translation import DANGER, VALUES
from bot.conversation.turn import FLOW_INTENTS
from bot.engine.faults import Faults, FlowError, unknown
from bot.engine.languages import SPACED, Needed
from bot.engine.responses import PLACEHOLDER, parse_payload
from bot.engine.steps import Flows, SetSlots
from bot.engine.turn import BREAKDOWN
from knowledge.demande import DEMANDE_SLOTS
from knowledge.lignes import Lignes

SLOTS = frozenset({
    *DEMANDE_SLOTS, *OF_ONE_NEED, "danger", "communes_possibles", "besoins_possibles",
    "autres_besoins", "presente", "montres", "exclus", "arrete", "langue",
    "avant_conseil", "question_conseil", "questions_conseil", "conseil_donne", "suite_conseil",
    "annuaire", "annuaire_criteres", "annuaire_vus", "annuaire_fiche",
})  # fmt: skip
"""Slots filled outside of the flows: by the understanding, by the turn, by actions."""

OFFERED = ("urgency", "posture", "suite")
"""Slots, beside the need, whose values people choose by a number."""

RESPONSES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((
        "utter_menu", "utter_retour", "utter_retour_impossible", "utter_stop", "utter_effacer", "utter_merci",
        "utter_au_revoir", "utter_demonstration", "utter_danger_ensuite", "utter_secret", "utter_media",
        "utter_modification", "utter_ailleurs", "utter_groupe", "utter_bouton_ancien", "utter_trop", "utter_rappel",
        "utter_rappel_impossible", "utter_code_inconnu", "utter_passage",
    ), ()),
    "utter_rappel_promis": ("quand",),
    "utter_code": ("code",),
}  # fmt: skip
"""What the turn says by itself, beside flows and actions: each with what its text may use."""

INTENTS = FLOW_INTENTS | {"danger", LOOK_UP}
FOLDER = "le dossier des flux"


def check_requirements(flows: Flows, default_flow: str) -> list[FlowError]:
    """Return what is missing."""
    return [FlowError(FOLDER, 0, message) for message in _missing(flows, default_flow)]


def _missing(flows: Flows, default_flow: str) -> Iterator[str]:
    if default_flow not in flows.flows:
        yield f"il manque le flux « {default_flow} », par lequel tout commence"
    started = {intent for flow in flows.flows.values() for intent in flow.intents}
    for intent in sorted(INTENTS - started):
        yield f"aucun flux ne commence par « nlu_trigger: intent: {intent} », et le programme en a besoin"
    for name in sorted(SLOTS - flows.slots.keys()):
        yield f"il manque le slot « {name} », que le programme remplit"
    for name in sorted({*RESPONSES, BREAKDOWN} - flows.responses.keys()):
        yield f"il manque la réponse « {name} », que le programme dit de lui-même"
    breakdown = flows.responses.get(BREAKDOWN)
    if breakdown and not any(variation.unconditional for variation in breakdown.variations):
        yield f"la réponse « {BREAKDOWN} » doit avoir une variante sans condition ni canal"


def needed_of_languages(flows: Flows, codes: Collection[str], needs: Collection[str], lignes: Lignes) -> Needed:
    """Return what must be said in every language: each choice that is offered, each danger with its numbers."""
    chosen = {name: flows.slots[name].values for name in OFFERED if name in flows.slots}
    return Needed(
        codes=codes,
        choix={"need": needs, **chosen},
        dangers={
            danger: [ligne.telephone for ligne in alert.lignes if ligne.telephone in SPACED.sub("", alert.sentence_sms)]
            for danger, alert in lignes.by_danger.items()
        },
        values=VALUES,
        unsaid=(DANGER,),
    )


def check_needs_named(flows: Flows, needs: Collection[str]) -> list[FlowError]:
    """Return the needs that buttons and steps name and that do not exist."""
    faults = Faults()
    for fichier, ligne, need in sorted({*_needs_of_buttons(flows), *_needs_of_steps(flows)}):
        if need not in needs:
            faults.fichier = fichier
            faults.add(ligne, unknown("besoin inconnu", need, needs))
    return faults.found


def _needs_of_buttons(flows: Flows) -> Iterator[tuple[str, int, str]]:
    for response in flows.responses.values():
        for variation in response.variations:
            for button, ligne in zip(variation.buttons, variation.button_lignes, strict=True):
                need = parse_payload(button.payload).slots.get("need")
                if need and not PLACEHOLDER.search(need):
                    yield response.fichier, ligne, need


def _needs_of_steps(flows: Flows) -> Iterator[tuple[str, int, str]]:
    for flow in flows.flows.values():
        for step in flow:
            if isinstance(step, SetSlots) and (need := step.values.get("need")):
                yield flow.fichier, step.ligne, str(need)
