"""The card as one SMS of two segments at most, and the check that every lieu has one."""

from collections.abc import Iterator
from dataclasses import replace

from bot.channels.sms.rendering import MAX_SEGMENTS, Sms
from bot.channels.sms.text import width
from bot.fiche.content import Fiche, Wanted, compose
from knowledge.communes import load_gazetteer
from knowledge.horaires_phrases import phrase_sms
from knowledge.lieux import DEMONSTRATION, Lieu
from knowledge.longest import AT_LENGTH, Longest
from knowledge.raisons import JOURS
from knowledge.semaines import read_horaires
from knowledge.snapshot import build_knowledge
from knowledge.textes import court, tidy_case

FICTION = "DÉMO, lieu inventé."
END = "STOP : plus de SMS."
"""How to have no other one."""

SMS = Sms()


def to_sms(fiche: Fiche) -> str:
    """Return the fullest text that fits: the sentence to say goes first, then the street, then what to bring."""
    texts = list(_texts(fiche))
    return SMS.render(next((text for text in texts if SMS.fits(text, ())), texts[-1]), ())


def _texts(fiche: Fiche) -> Iterator[str]:
    """Yield the card shorter and shorter."""
    need, lieu = fiche.need, fiche.lieu
    head = [FICTION] if fiche.fictif else []
    head += [f"{need.label_court} :"] if need else []
    place = ", ".join(filter(None, (fiche.nom, tidy_case(lieu.adresse), fiche.commune, fiche.telephone)))
    shorter = ", ".join(filter(None, (court(fiche.nom), fiche.commune, fiche.telephone)))
    hours = _hours(fiche)
    bring = [f"Apportez {need.apporter_court}."] if need and need.apporter_court else []
    say = [f"Dites : {fiche.guichet}"]
    yield " ".join([*head, f"{place}.", hours, *bring, *say, END])
    yield " ".join([*head, f"{place}.", hours, *bring, END])
    yield " ".join([*head, f"{shorter}.", hours, *bring, END])
    yield " ".join([*head, f"{shorter}.", hours, END])


def _hours(fiche: Fiche) -> str:
    """Return when to go, after the day on which it is said: an SMS is read again later."""
    horaires = read_horaires(fiche.lieu.horaires)
    today = f"{JOURS[fiche.now.weekday()][:3].capitalize()}. {fiche.now:%d/%m}"
    now = phrase_sms(horaires, fiche.now) if horaires else ""
    said = f"{today} : {now[:1].lower()}{now[1:]}." if now else "Horaires inconnus."
    return f"Sur rendez-vous. {said}" if fiche.by_appointment else said


def check_cards(longest: Longest) -> Iterator[str]:
    """Yield in French the needs whose card has no text of two segments, with the longest values of a base."""
    lieu = _longest_lieu(longest.lieu)
    knowledge = build_knowledge([lieu])
    for need in knowledge.needs:
        fiche = compose(lieu.id, Wanted(besoin=need), AT_LENGTH, knowledge)
        assert fiche, "the base has this lieu"
        *_, shortest = _texts(fiche)
        if not SMS.fits(shortest, ()):
            yield f"fiche par SMS, {need} : elle peut dépasser {MAX_SEGMENTS} SMS (« {shortest} »)"


def _longest_lieu(lieu: Lieu) -> Lieu:
    communes = (row.nom for row in load_gazetteer().communes.rows)
    town = max((lieu.commune, *communes), key=width)
    return replace(lieu, commune=town, source=DEMONSTRATION, modalites_acces=("Téléphoner",))
