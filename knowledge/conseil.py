"""The advice to a helper: the posture now and why, what to do and not to do, to whom to hand over, what to learn later.

The posture is the scale's (`knowledge/echelle.py`), the sentences are those of knowledge/data/conseil.yml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from knowledge.autrui import said_of_another
from knowledge.demande import CreneauPropose, Demande, LieuPropose, Ligne
from knowledge.echelle import NON_DIT, VALUES, Decision
from knowledge.labels import Posture
from knowledge.orientation import decide, orienter
from knowledge.ranking import delai
from knowledge.snapshot import Knowledge
from knowledge.standard import allowed
from knowledge.yaml_files import read_data

LISTES = ("gestes", "ne_pas_faire", "acteurs")
CARE = "prise_en_charge"
"""The condition that holds when one of the person's own values is among those of the line."""


@dataclass(frozen=True, slots=True)
class Regle:
    """A line of the file: a sentence, the same for an SMS ("" for a gesture), and where it comes from."""

    id: str
    phrase: str
    court: str
    source: str
    conditions: tuple[tuple[str, frozenset[Any]], ...] = ()

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether all conditions hold."""
        return all(
            bool(accepted & set(facts[name])) if name == CARE else facts[name] in accepted
            for name, accepted in self.conditions
        )


@dataclass(frozen=True, slots=True)
class Charte:
    """The charter in a few sentences of ours; `phrases`: the sentence, and the same for an SMS."""

    titre: str
    avis: str
    avis_court: str
    phrases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """conseil.yml, read."""

    listes: Mapping[str, tuple[Regle, ...]]
    au_plus: Mapping[str, int]
    noms: Mapping[Posture, tuple[str, str]]
    plus_tard: Mapping[str, str]
    charte: Charte

    def choose(self, name: str, facts: Mapping[str, Any]) -> tuple[Regle, ...]:
        """Return the lines of a list that hold, the first ones if there are too many."""
        return tuple(regle for regle in self.listes[name] if regle.holds(facts))[: self.au_plus[name]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conseil:
    """The advice. `nom`: the posture in words ("aider à faire"), `nom_court` at the beginning of an SMS.

    `lieux`, `ligne` and `elargi` are `orienter`'s answer, () and None when neither commune nor position is known; then
    `acteurs`, kinds of places, stand alone. `plus_tard`: what to learn later, or why nothing. `row`: that of the scale.
    """

    posture: Posture
    nom: str
    nom_court: str
    raison: str
    raison_courte: str
    gestes: tuple[Regle, ...]
    ne_pas_faire: tuple[Regle, ...]
    acteurs: tuple[Regle, ...]
    lieux: tuple[LieuPropose, ...]
    ligne: Ligne | None
    elargi: tuple[str, ...]
    plus_tard: str
    creneaux: tuple[CreneauPropose, ...]
    apporter: str | None
    row: str


def conseiller(demande: Demande, now: datetime, knowledge: Knowledge) -> Conseil:
    """Advise the helper who has this person in front of them. `now` is aware. Every request has an answer."""
    demande = replace(demande, pour_autrui=True)
    guide, need = load_guide(), knowledge.needs.get(demande.need or "")
    decision, facts = facts_of(demande, now, knowledge)
    near = orienter(demande, now, knowledge) if demande.insee or demande.latitude is not None else None
    nom, nom_court = guide.noms[decision.posture]
    return Conseil(
        posture=decision.posture,
        nom=nom,
        nom_court=nom_court,
        raison=decision.reason_aidant,
        raison_courte=decision.reason_aidant_court,
        gestes=guide.choose("gestes", facts),
        ne_pas_faire=guide.choose("ne_pas_faire", facts),
        acteurs=guide.choose("acteurs", facts),
        lieux=near.lieux if near else (),
        ligne=near.fallback if near else None,
        elargi=near.relaxed if near else (),
        plus_tard=_later(guide, decision, demande),
        creneaux=(*near.creneaux, *near.learn_creneaux) if near else (),
        apporter=said_of_another(need.apporter) if need and need.apporter else None,
        row=decision.row,
    )


def facts_of(demande: Demande, now: datetime, knowledge: Knowledge) -> tuple[Decision, dict[str, Any]]:
    """Return what the scale decides, and what the lines of the file look at."""
    urgency, need = delai(demande, now).urgency, knowledge.needs.get(demande.need or "")
    decision = decide(demande, urgency, need, knowledge)
    return decision, {
        **{name: getattr(demande, name) for name in VALUES if hasattr(demande, name)},
        "urgency": urgency,
        "famille": need.famille if need else None,
        "recurrent": need.recurrent if need else None,
        "maintenant": decision.posture,
        CARE: demande.prise_en_charge,
    }


def _later(guide: Guide, decision: Decision, demande: Demande) -> str:
    if decision.learn_reason_aidant:
        return decision.learn_reason_aidant
    return guide.plus_tard["prive" if demande.confidential else "rien"]


@cache
def load_guide() -> Guide:
    """Read conseil.yml; once a process."""
    return read_guide(read_data("conseil.yml"))


def read_guide(content: Mapping[str, Any]) -> Guide:
    """Return the guide that a file's content says. It must be sound (`check_conseil`)."""
    charte = content["charte"]
    return Guide(
        listes={name: tuple(_regle(line, content["sources"]) for line in content[name]) for name in LISTES},
        au_plus=content["au_plus"],
        noms={Posture(key): (value["nom"], value["court"]) for key, value in content["postures"].items()},
        plus_tard=content["plus_tard"],
        charte=Charte(
            charte["titre"],
            charte["avis"],
            charte["avis_court"],
            tuple((line["phrase"], line["court"]) for line in charte["phrases"]),
        ),
    )


def _regle(line: Mapping[str, Any], sources: Mapping[str, str]) -> Regle:
    conditions = tuple(
        (name, frozenset(known(name)[value] for value in listed(accepted)))
        for name, accepted in line.get("si", {}).items()
    )
    return Regle(line["id"], line["phrase"], line.get("court", ""), sources[line["source"]], conditions)


def listed(value: Any) -> list[str]:
    """Return the values of a condition: one, or several between brackets."""
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@cache
def known(condition: str) -> Mapping[str, Any]:
    """Return the words of a condition and their values. Raises KeyError for a condition that does not exist."""
    if condition == CARE:
        return {value: value for value in allowed("prise_en_charge_specifique")}
    values = VALUES["posture"] if condition == "maintenant" else VALUES[condition]
    return {**values, NON_DIT: None}
