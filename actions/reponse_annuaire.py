"""A `Resultat` as the values of the texts: up to three lieux for a screen, one for an SMS, ready to be forwarded."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions.bridge import SMS, Domain, button
from actions.fragments import fragment
from actions.presentation import adresse, horaires_sms, spoken
from knowledge.annuaire.consultation import Consultation, Resultat, Sorte
from knowledge.annuaire.liste import Liste
from knowledge.demande import LieuPropose
from knowledge.lieux import DEMONSTRATION
from knowledge.raisons import say, say_day
from knowledge.textes import capital, court, tidy_case

SHOWN, SHOWN_SMS = 3, 1
TELEGRAM = "telegram"
"""The channel on which a lieu can be touched, to have its map and its card."""

SAID_WITH_HOURS = frozenset(say("doutes", key) for key in ("rendez_vous", "horaires_inconnus"))
"""Doubts that the hours of an SMS already hold."""

DIGIT = re.compile(r"\d")

UNSAID = frozenset({Sorte.NOM, Sorte.TELEPHONE})
"""What is made of a person's own words: answers are stored until they are sent, and nothing of these is."""


@dataclass(frozen=True, slots=True)
class Page:
    """The lieux of a look-up, and which of them are shown: those after the `before` first, or one (`fiche`, from 1)."""

    lieux: Liste
    channel: str
    before: int = 0
    fiche: int = 0

    @property
    def shown(self) -> Sequence[LieuPropose]:
        """The lieux to say now."""
        if self.fiche:
            return self.lieux[self.fiche - 1 : self.fiche]
        return self.lieux[self.before : self.before + (SHOWN_SMS if self.channel == SMS else SHOWN)]

    @property
    def seen(self) -> int:
        """How many lieux were said, these among them."""
        return self.before if self.fiche else self.before + len(self.shown)

    @property
    def touchable(self) -> Iterator[tuple[int, LieuPropose]]:
        """The lieux on the screen whose map and card were not sent, with their numbers."""
        first = max(0, self.seen - SHOWN) if self.fiche else self.before
        sent = self.fiche or first + 1
        around = enumerate(self.lieux[first : self.seen], start=first + 1)
        return ((number, one) for number, one in around if number != sent)


@dataclass(frozen=True, slots=True)
class ReponseAnnuaire:
    """The texts of one answer on one channel. `resultat` None: the look-up was answered before, this goes on."""

    page: Page
    now: datetime
    domain: Domain
    resultat: Resultat | None = None

    def values(self) -> dict[str, str]:
        """Return the values of `utter_annuaire` on this channel."""
        shown = self.page.shown
        return self._values_sms(shown[0]) if self.page.channel == SMS else {"reponse": self._screen(shown)}

    def nothing(self) -> str:
        """Return that nothing was found, with what was understood and what to try."""
        if self.resultat is None:
            return ""
        if line := national_line(self.resultat):
            return line
        return self._fragment("fragment_annuaire_rien", **self._notes(self.resultat))

    def choices(self, *, waits: bool) -> list[dict[str, str]]:
        """Return what may come next, in the order of the numbers; when anything may, also to go back to what waits."""
        found = []
        if self.page.channel == TELEGRAM:
            found = [button(f"📍 {court(one.lieu.nom)}", annuaire_fiche=str(n)) for n, one in self.page.touchable]
        if len(self.page.lieux) > self.page.seen:
            found.append(button(self._fragment("fragment_annuaire_suite"), suite="lieu_suivant"))
        return [*found, *self.back(waits=waits and (bool(found) or self.resultat is None))]

    def back(self, *, waits: bool) -> list[dict[str, str]]:
        """Return the choice that goes back to what waits: the numbers of that question are no more on the screen."""
        return [button(self._fragment("fragment_annuaire_reprendre"), suite="reprendre")] if waits else []

    def _fragment(self, name: str, **values: str | None) -> str:
        filled = fragment(self.domain, name, self.page.channel, **values)
        return " ".join(filled.split("\n")) if self.page.channel == SMS else filled

    def _notes(self, resultat: Resultat) -> dict[str, str | None]:
        """Return what was understood, what was not, what was dropped or given up; None where there is nothing."""
        consultation = resultat.consultation
        count = len(consultation.incompris)
        words = "fragment_annuaire_mot" if count == 1 else "fragment_annuaire_mots"
        return {
            "compris": ", ".join(said(consultation)) or None,
            "incompris": self._fragment(words, nombre=str(count)) if count else None,
            "ecartes": self._told(consultation.ecartes, resultat),
            "elargi": self._told(resultat.elargi, resultat),
        }

    def _remarks(self) -> str:
        if self.resultat is None:
            return ""
        return self._fragment("fragment_annuaire_remarques", **self._notes(self.resultat))

    def _told(self, sentences: Sequence[str], resultat: Resultat) -> str | None:
        """Return sentences of the look-up; of a query of which nothing was understood, that says enough."""
        if not resultat.consultation.criteres:
            return None
        return " ".join(dict.fromkeys(self._without_quotes(sentences, resultat))) or None

    def _without_quotes(self, sentences: Sequence[str], resultat: Resultat) -> Iterator[str]:
        """Yield sentences; where one quotes the name or the number that was asked for, the same in other words."""
        asked = {one.sorte: one for one in resultat.consultation.criteres if one.sorte in UNSAID}
        name, number = asked.get(Sorte.NOM), asked.get(Sorte.TELEPHONE)
        for sentence in sentences:
            if name and (name.libelle in sentence or name.valeur in sentence):
                yield self._fragment("fragment_annuaire_nom")
            elif number and DIGIT.search(sentence) and sentence != national_line(resultat):
                yield self._fragment("fragment_annuaire_numero")
            else:
                yield sentence

    def _screen(self, shown: Sequence[LieuPropose]) -> str:
        others = self.resultat.total - self.page.seen if self.resultat else 0
        more = self._fragment("fragment_annuaire_autres", nombre=str(others)) if others > 1 else ""
        return "\n\n".join(filter(None, (self._remarks(), *map(self._lieu, shown), more)))

    def _lieu(self, propose: LieuPropose) -> str:
        lieu, hours = propose.lieu, propose.horaires_phrase
        return self._fragment(
            "fragment_annuaire_lieu",
            nom=lieu.nom,
            adresse=adresse(propose),
            telephone=spoken(lieu.telephone),
            horaires=capital(hours),
            raisons=" · ".join(reason for reason in propose.reasons if reason != hours),
            doutes=" · ".join(propose.doubts),
            source=source(propose, self.domain),
        )

    def _values_sms(self, propose: LieuPropose) -> dict[str, str]:
        lieu = propose.lieu
        end = (propose.commune, spoken(lieu.telephone))
        hours = self._hours_sms(propose)
        fictional = self._fragment("fragment_annuaire_demonstration") if lieu.source == DEMONSTRATION else ""
        unsaid = [doubt for doubt in propose.doubts if doubt not in SAID_WITH_HOURS]
        doubts, doubt = (
            self._fragment("fragment_annuaire_doutes", doutes="; ".join(few)) for few in (unsaid, unsaid[:1])
        )
        remarks = self._remarks()
        short = self._fragment("fragment_annuaire_remarque_courte") if remarks else ""
        wider = self._told(self.resultat.elargi, self.resultat) if self.resultat else None
        other = self._fragment("fragment_annuaire_autre_chose") if wider else None
        return {
            "lieu_sms": _after(wider, lieu.nom, tidy_case(lieu.adresse), *end),
            "lieu_court_sms": _after(other, court(lieu.nom), *end),
            "details_sms": sentences(hours, doubts, fictional, remarks),
            "suite_sms": sentences(hours, doubt, fictional, remarks),
            "suite_courte_sms": sentences(hours, fictional, remarks),
            "horaires_sms": sentences(hours, fictional, short),
            "essentiel_sms": sentences(horaires_sms(propose, self.now, self.domain), fictional),
        }

    def _hours_sms(self, propose: LieuPropose) -> str:
        """Return hours that can be forwarded: they say of which day they are."""
        if not propose.horaires_phrase:
            return horaires_sms(propose, self.now, self.domain)
        hours = horaires_sms(replace(propose, by_appointment=False), self.now, self.domain)
        dated = self._fragment("fragment_annuaire_horaires", date=f"{self.now:%d/%m}", horaires=lower(hours))
        return f"{self._fragment('fragment_rdv_sms')}. {dated}" if propose.by_appointment else dated


def card_text(propose: LieuPropose, now: datetime, domain: Domain) -> str:
    """Return all that a chat must know of a lieu beside its name, true whenever it is read."""
    hours = propose.horaires_phrase
    return fragment(
        domain,
        "fragment_cartes_lieu",
        adresse=adresse(propose),
        telephone=spoken(propose.lieu.telephone),
        horaires=fragment(domain, "fragment_cartes_horaires", date=say_day(now), horaires=hours),
        doutes=" · ".join(propose.doubts),
        source=source(propose, domain),
    )


def national_line(resultat: Resultat) -> str | None:
    """Return the sentence that says whose national number was asked for, None for any other number."""
    numbers = resultat.consultation.valeurs(Sorte.TELEPHONE)
    return next((said for said in resultat.elargi if "".join(DIGIT.findall(said)) in numbers), None)


def lower(text: str) -> str:
    """Return a sentence that goes on after another word."""
    return text[:1].lower() + text[1:]


def said(consultation: Consultation) -> Iterator[str]:
    """Yield what was understood, in our words."""
    return (critere.libelle for critere in consultation.criteres if critere.sorte not in UNSAID)


def source(propose: LieuPropose, domain: Domain) -> str | None:
    """Return who says it, and since when; that it is fictional, when it is."""
    lieu = propose.lieu
    if lieu.source == DEMONSTRATION:
        return fragment(domain, "fragment_annuaire_demonstration")
    known = lieu.date_maj.strftime("%d/%m/%Y") if lieu.date_maj else None
    return fragment(domain, "fragment_annuaire_source", source=lieu.source, date=known).replace("\n", " ") or None


def _after(sentence: str | None, *parts: str | None) -> str:
    """Return a lieu after a sentence about it: it is not quite what was looked for, and must not be taken for it."""
    return " ".join(filter(None, (sentence, ", ".join(filter(None, parts)))))


def sentences(*said: str | None) -> str:
    """Return sentences one after the other, each with its full stop and its capital."""
    return " ".join(f"{capital(one).rstrip('.')}." for one in said if one)
