"""`action_annuaire`: look a contact up, for helpers; then the next ones of the same list, or one of them in full."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.bridge import Domain, Events, KnowledgeAction, channel_of, default_knowledge, now_of, set_slots
from actions.reponse_annuaire import UNSAID, Page, ReponseAnnuaire
from knowledge.annuaire.annuaire import Annuaire, annuaire_of
from knowledge.annuaire.consultation import Consultation, Resultat, Sorte
from knowledge.annuaire.liste import Liste
from knowledge.communes.gazetteer import DEFAULT_TERRITOIRE
from knowledge.exchange import lieu_to_json
from knowledge.snapshot import Knowledge

MAX_LIEUX = 10
"""Lieux kept of one look-up: who needs more must say more."""

WHERE_AND_WHEN = frozenset({Sorte.COMMUNE, Sorte.MOMENT})

KEPT = ("annuaire", "annuaire_criteres", "annuaire_vus", "annuaire_fiche")
"""Slots of one look-up."""


class ActionAnnuaire(KnowledgeAction):
    """Look up the text of the message; without a text, go on with the lieux found by the one before.

    Of the text nothing is kept: the slot `annuaire` holds ids of lieux, `annuaire_vus` how many of them were shown,
    `annuaire_criteres` the codes of what was understood.
    """

    placeholders = {
        "utter_annuaire": (
            "reponse",
            "lieu_sms",
            "lieu_court_sms",
            "details_sms",
            "suite_sms",
            "suite_courte_sms",
            "horaires_sms",
            "essentiel_sms",
        ),
        "utter_annuaire_rien": ("rien",),
        "utter_annuaire_fini": (),
    }

    def __init__(
        self,
        knowledge: Callable[[], Knowledge] = default_knowledge,
        territoire: Collection[str] = DEFAULT_TERRITOIRE,
    ) -> None:
        super().__init__(knowledge)
        self._territoire = territoire

    def name(self) -> str:
        return "action_annuaire"

    def play(self, knowledge: Knowledge, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        now, channel = now_of(tracker), channel_of(tracker)
        annuaire = annuaire_of(knowledge, self._territoire)
        if text := tracker.latest_message.get("text"):
            resultat = look_up(text, tracker, now, annuaire)
            reponse = ReponseAnnuaire(Page(resultat.lieux, channel), now, domain, resultat)
        else:
            page = Page(_kept(tracker, annuaire, now), channel, _number(tracker, "vus"), _number(tracker, "fiche"))
            reponse = ReponseAnnuaire(page, now, domain)
        criteres = codes(reponse.resultat.consultation) if reponse.resultat else tracker.slots.get("annuaire_criteres")
        waits = bool(tracker.latest_message.get("metadata", {}).get("asked"))
        return _say(reponse, criteres, dispatcher, waits=waits)


def look_up(text: str, tracker: Tracker, now: datetime, annuaire: Annuaire) -> Resultat:
    """Look a text up, around the person of the conversation where the text does not say where.

    Nothing is found for a text whose only words that are understood say where or when: any place would be a guess.
    """
    consultation = annuaire.lire(text)
    origin = _around(consultation, tracker, annuaire.knowledge)
    found = annuaire.chercher(consultation, now, at_most=MAX_LIEUX, origin=origin)
    says_what = any(critere.sorte not in WHERE_AND_WHEN for critere in consultation.criteres)
    if says_what or not consultation.incompris:
        return found
    return replace(found, lieux=annuaire.fiches((), consultation, now))


def codes(consultation: Consultation) -> list[str]:
    """Return what was understood as codes, without what is made of a person's own words."""
    return [f"{one.sorte}:{one.valeur}" for one in consultation.criteres if one.sorte not in UNSAID]


def _around(consultation: Consultation, tracker: Tracker, knowledge: Knowledge) -> tuple[float, float] | None:
    """Return where the person of the conversation is, in degrees, unless the query says where to look."""
    if consultation.valeurs(Sorte.COMMUNE):
        return None
    latitude, longitude = tracker.slots.get("latitude"), tracker.slots.get("longitude")
    if latitude is not None and longitude is not None:
        return latitude, longitude
    commune = knowledge.communes.by_insee(tracker.slots.get("insee") or "")
    return commune.point if commune else None


def _kept(tracker: Tracker, annuaire: Annuaire, now: datetime) -> Liste:
    """Return the lieux of the look-up before, as they are now."""
    filtres = [one.partition(":") for one in tracker.slots.get("annuaire_criteres") or ()]
    consultation = annuaire.lire("", [(sorte, valeur) for sorte, _, valeur in filtres])
    origin = _around(consultation, tracker, annuaire.knowledge)
    return annuaire.fiches(tracker.slots.get("annuaire") or (), consultation, now, origin=origin)


def _number(tracker: Tracker, name: str) -> int:
    return int(tracker.slots.get(f"annuaire_{name}") or 0)


def _say(
    reponse: ReponseAnnuaire, criteres: list[str] | None, dispatcher: CollectingDispatcher, *, waits: bool
) -> Events:
    """Say what there is and offer what may follow. `waits`: a question of the conversation has no answer yet."""
    page = reponse.page
    kept: dict[str, Any] = dict.fromkeys(KEPT)
    if page.shown:
        buttons = reponse.choices(waits=waits)
        card = {"lieux": [lieu_to_json(one) for one in page.shown]}
        dispatcher.utter_message(response="utter_annuaire", buttons=buttons, json_message=card, **reponse.values())
        kept |= {"annuaire": list(page.lieux.ids), "annuaire_criteres": criteres, "annuaire_vus": float(page.seen)}
    elif reponse.resultat:
        dispatcher.utter_message(response="utter_annuaire_rien", rien=reponse.nothing())
    else:
        dispatcher.utter_message(response="utter_annuaire_fini", buttons=reponse.back(waits=waits))
        return []
    return set_slots(**kept)
