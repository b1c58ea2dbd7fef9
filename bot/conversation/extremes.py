"""What each response is said with at its longest: the values of its placeholders, the choices under it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from heapq import nlargest

from rasa_sdk import Tracker

from actions.ask_insee import MAX_CHOICES as MAX_COMMUNES
from actions.ask_insee import commune_choices
from actions.ask_need import MAX_CHOICES as MAX_NEEDS
from actions.ask_suite import choices
from actions.ask_suite_conseil import suites
from actions.bridge import Domain, button
from actions.charte import charte_values
from actions.presentation import Presentation, ligne_text
from actions.presentation_conseil import conseil_values
from actions.reponse_annuaire import Page, ReponseAnnuaire
from bot.channels.sms.text import width
from bot.engine.responses import Button
from bot.messages import SMS
from knowledge.annuaire.consultation import Consultation, Critere, Resultat, Sorte
from knowledge.annuaire.liste import Liste
from knowledge.communes import Commune
from knowledge.conseil import Conseil, load_guide
from knowledge.demande import CreneauPropose, Demande, LieuPropose, Orientation
from knowledge.labels import Posture, Urgency
from knowledge.lieux import DEMONSTRATION
from knowledge.longest import AT_LENGTH, Longest
from knowledge.needs import Need
from knowledge.snapshot import Knowledge

FARTHEST_KM = 999.0


@dataclass(frozen=True, slots=True)
class Extreme:
    """What an action gives with a response: values and choices than which none are longer."""

    values: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


LONGEST_MOMENT = "mercredi 30 septembre à 18 h 30"
A_CODE = "ABC234"
A_SENTENCE = "mot " * 40
"""A doubt, or what was dropped of a look-up: as long as it may be, a shorter version leaves it out."""


@dataclass(frozen=True)
class Extremes:
    """The longest that is said by SMS, over the values of a base."""

    knowledge: Knowledge
    longest: Longest
    contact: str
    domain: Domain

    def of(self, response: str) -> list[Extreme]:
        """Return what the response may be said with, several where the longest is not known beforehand."""
        givers: Mapping[str, Callable[[], Iterator[Extreme]]] = {
            "utter_ask_need_choix": self._needs,
            "utter_ask_insee_choix": self._communes,
            "utter_orientation": lambda: self._orientations(self._with_lieu),
            "utter_orientation_creneau": lambda: self._orientations(self._with_creneau),
            "utter_orientation_ligne": lambda: self._orientations(self._with_ligne),
            "utter_et_maintenant": self._next,
            "utter_danger": self._dangers,
            "utter_humain": self._lignes,
            "utter_annuaire": self._found,
            "utter_annuaire_rien": self._not_found,
            "utter_contact": self._contacts,
            "utter_conseil": self._conseils,
            "utter_charte": lambda: iter([Extreme(charte_values(load_guide().charte))]),
            "utter_rappel_promis": lambda: iter([Extreme({"quand": LONGEST_MOMENT})]),
            "utter_code": lambda: iter([Extreme({"code": A_CODE})]),
        }
        giver = givers.get(response)
        return list(giver()) if giver else [Extreme()]

    def _needs(self) -> Iterator[Extreme]:
        needs = sorted(self.knowledge.needs.values(), key=lambda need: -width(need.label_court))
        yield Extreme(buttons=_buttons([button(need.label_court, need=need.id) for need in needs[:MAX_NEEDS]]))

    def _communes(self) -> Iterator[Extreme]:
        """Yield the longest names of all, as if they were one name that several communes share."""
        yield Extreme(buttons=_buttons(commune_choices(self._longest_communes, SMS)))

    @cached_property
    def _longest_communes(self) -> list[Commune]:
        rows = nlargest(MAX_COMMUNES, self.knowledge.communes.communes.rows, key=lambda row: width(row.nom))
        communes = (self.knowledge.communes.by_insee(row.insee) for row in rows)
        return [commune for commune in communes if commune]

    def _orientations(self, orient: Callable[[Need], Orientation]) -> Iterator[Extreme]:
        for need in self.knowledge.needs.values():
            demande, orientation = Demande(need=need.id, urgency=Urgency.TODAY), orient(need)
            said = Presentation(orientation, demande, AT_LENGTH, SMS, self.knowledge, self.domain)
            yield Extreme(said.values(), self._choices(orientation))

    def _with_lieu(self, need: Need) -> Orientation:
        return self._orientation(need, Posture.FAIRE_A_LA_PLACE, lieux=(self._lieu(),))

    def _with_creneau(self, need: Need) -> Orientation:
        slot = CreneauPropose(creneau=self.longest.creneau, distance_km=None, reasons=())
        return self._orientation(need, Posture.APPRENDRE_A_FAIRE, lieux=(self._lieu(),), creneaux=(slot,))

    def _with_ligne(self, need: Need) -> Orientation:
        return self._orientation(need, Posture.FAIRE_A_LA_PLACE)

    def _orientation(
        self,
        need: Need,
        posture: Posture,
        lieux: tuple[LieuPropose, ...] = (),
        creneaux: tuple[CreneauPropose, ...] = (),
    ) -> Orientation:
        reasons = (said for row in self.knowledge.echelle.maintenant for said in (row.court, row.aidant_court))
        return Orientation(
            posture=posture,
            posture_reason="",
            posture_court=max(reasons, key=width),
            lieux=lieux,
            creneaux=creneaux,
            learn_next=Posture.APPRENDRE_A_FAIRE,
            learn_creneaux=(),
            relaxed=(),
            fallback=self.knowledge.lignes.for_need(need),
        )

    def _lieu(self) -> LieuPropose:
        """Return the longest place, by appointment, which does not say that it gives the help."""
        names = [self.longest.lieu.commune, *(commune.nom for commune in self._longest_communes)]
        return LieuPropose(
            lieu=self.longest.lieu,
            commune=max(names, key=width),
            distance_km=FARTHEST_KM,
            open_now=None,
            next_opening=None,
            horaires_phrase=None,
            by_appointment=True,
            postures=(),
            reasons=(),
            doubts=(),
            score=0,
        )

    def _choices(self, orientation: Orientation) -> tuple[Button, ...]:
        """Return all that may be offered under an answer, another need of the longest name among it."""
        other = max(self.knowledge.needs.values(), key=lambda need: width(need.label_court)).id
        said = {"metadata": {"channel": SMS}}
        tracker = Tracker("", {"autres_besoins": [other]}, said, [], False, None, {}, None)
        return _buttons(choices(orientation, tracker, self.domain, self.knowledge))

    def _next(self) -> Iterator[Extreme]:
        yield Extreme(buttons=self._choices(self._with_lieu(next(iter(self.knowledge.needs.values())))))

    def _dangers(self) -> Iterator[Extreme]:
        for alert in self.knowledge.lignes.by_danger.values():
            yield Extreme({"alerte": alert.sentence_sms})

    def _lignes(self) -> Iterator[Extreme]:
        for ligne in self.knowledge.lignes.lignes.values():
            yield Extreme({"ligne": ligne_text(ligne, self.domain, SMS)})

    def _conseils(self) -> Iterator[Extreme]:
        """Yield the advice with the longest words of each list and the longest lieu."""
        guide = load_guide()
        longest = {
            name: tuple(sorted(regles, key=lambda regle: -width(regle.court))) for name, regles in guide.listes.items()
        }
        orientation = self._with_lieu(next(iter(self.knowledge.needs.values())))
        conseil = Conseil(
            posture=orientation.posture,
            nom="",
            nom_court=max((court for _, court in guide.noms.values()), key=width),
            raison="",
            raison_courte=orientation.posture_court,
            lieux=orientation.lieux,
            ligne=None,
            elargi=(),
            plus_tard="",
            creneaux=(),
            apporter=None,
            row="",
            **longest,
        )
        buttons = _buttons(suites(self.domain, SMS))
        yield Extreme(conseil_values(conseil, self.domain, SMS), buttons)

    def _found(self) -> Iterator[Extreme]:
        """Yield a fictional lieu of which all is said, with all that may be offered below it."""
        one = self._lieu()
        lieu = replace(one.lieu, source=DEMONSTRATION)
        found = replace(one, lieu=lieu, horaires_phrase=A_SENTENCE, doubts=(A_SENTENCE, A_SENTENCE))
        reponse = self._annuaire((found, found))
        yield Extreme(reponse.values(), _buttons(reponse.choices(waits=True)))

    def _not_found(self) -> Iterator[Extreme]:
        yield Extreme({"rien": self._annuaire(()).nothing()})

    def _annuaire(self, lieux: tuple[LieuPropose, ...]) -> ReponseAnnuaire:
        asked = Critere(sorte=Sorte.LABEL, valeur="", libelle=A_SENTENCE)
        consultation = Consultation(
            texte="", criteres=(asked,), incompris=("mot",) * 100, ecartes=(A_SENTENCE, A_SENTENCE)
        )
        resultat = Resultat(consultation=consultation, lieux=Liste.of(lieux), total=len(lieux), elargi=(A_SENTENCE,))
        return ReponseAnnuaire(Page(resultat.lieux, SMS), AT_LENGTH, self.domain, resultat)

    def _contacts(self) -> Iterator[Extreme]:
        if self.contact:
            yield Extreme({"contact": self.contact})


def _buttons(offered: Sequence[Mapping[str, str]]) -> tuple[Button, ...]:
    return tuple(Button(one["title"], one["payload"]) for one in offered)
