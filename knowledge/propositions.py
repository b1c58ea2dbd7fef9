"""A ranked lieu as it is shown: its reasons and its doubts, each resting on a fact of the lieu."""

from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import shorten

from knowledge.acces import by_prescription, contradictory_fees
from knowledge.communes import Gazetteer
from knowledge.demande import LieuPropose, Opening
from knowledge.horaires import Horaires, HorairesIllisibles, parse_horaires
from knowledge.horaires_phrases import phrase
from knowledge.lieux import Lieu
from knowledge.raisons import say, say_distance
from knowledge.ranking import FIRST_BELIEVED, UNKNOWN_NEED, UNKNOWN_POSTURE
from knowledge.recherche import Recherche
from knowledge.search import Candidat, travel

FEE, ITINERANT = "Payant", "Itinérant"
WEAK_EVIDENCE = 0.5
"""Evidence below this must be confirmed by telephone."""
OLD_DAYS = 365
RAW_HOURS = 120
"""Characters of the publisher's own words on hours: beyond, a telephone call says it better."""


def propose(recherche: Recherche, candidat: Candidat, communes: Gazetteer) -> LieuPropose:
    """Return the lieu with all that is said of it."""
    lieu = recherche.index.lieux[candidat.row]
    horaires = recherche.index.horaires_of(candidat.row)
    sentence = phrase(horaires, recherche.now, recherche.demande.deadline) if horaires else None
    opening = horaires.next_opening(recherche.now) if horaires else None
    return LieuPropose(
        lieu=lieu,
        commune=_official_name(recherche.index.positions[candidat.row].insee, communes) or lieu.commune,
        distance_km=candidat.km,
        open_now=(opening is not None and opening.start <= recherche.now) if horaires else None,
        next_opening=opening,
        horaires_phrase=sentence,
        by_appointment=bool(recherche.index.by_appointment[candidat.row]),
        postures=tuple(recherche.index.columns.posture_evidence(candidat.profile)),
        reasons=tuple(_reasons(recherche, candidat, sentence)),
        doubts=tuple(dict.fromkeys(_doubts(recherche, candidat, horaires, opening))),
        score=candidat.criteres.score,
    )


def _official_name(insee: str | None, communes: Gazetteer) -> str | None:
    commune = communes.by_insee(insee) if insee else None
    return commune.nom if commune else None


def _reasons(recherche: Recherche, candidat: Candidat, sentence: str | None) -> Iterator[str]:
    lieu = recherche.index.lieux[candidat.row]
    if candidat.km is not None:
        yield say_distance(candidat.km, recherche.home_name(candidat.row))
    yield from _evidence(recherche, candidat)
    if sentence:
        yield sentence
    if served := _served(recherche, lieu):
        yield say("raisons", "public", valeurs=_listed(served))
    if sources := _other_sources(recherche, candidat.row):
        yield say("raisons", "autres_sources", sources=", ".join(sources))


def _evidence(recherche: Recherche, candidat: Candidat) -> Iterator[str]:
    """Yield on what the secret (if asked), the need and the kind of help rest."""
    columns, profile = recherche.index.columns, candidat.profile
    secret = columns.secret_evidence(profile) if recherche.demande.confidential else None
    found = (
        secret,
        columns.need_evidence(profile, recherche.need),
        columns.posture_evidence(profile).get(recherche.posture),
    )
    yield from (evidence.phrase for evidence in found if evidence)


def _served(recherche: Recherche, lieu: Lieu) -> list[str]:
    asked = (*recherche.demande.publics, *recherche.demande.prise_en_charge)
    stated = {*lieu.publics_specifiquement_adresses, *lieu.prise_en_charge_specifique}
    return [value for value in asked if value in stated]


def _other_sources(recherche: Recherche, row: int) -> list[str]:
    index = recherche.index
    own = index.lieux[row].source
    others = {index.lieux[other].source for other in index.same_lieu(row)}
    return sorted(source for source in others if source and source != own)


def _doubts(
    recherche: Recherche, candidat: Candidat, horaires: Horaires | None, opening: Opening | None
) -> Iterator[str]:
    lieu = recherche.index.lieux[candidat.row]
    yield from _evidence_doubts(recherche, candidat)
    yield from _hour_doubts(lieu, horaires)
    if _closes_too_soon(recherche, candidat, opening):
        yield say("doutes", "ferme_bientot")
    if horaires and not candidat.criteres.a_temps and not recherche.index.by_appointment[candidat.row]:
        yield say("doutes", "trop_tard")
    yield from _access_doubts(recherche, candidat)
    yield from _age_doubts(lieu.date_maj, recherche.now.date())
    if not lieu.telephone:
        yield say("doutes", "sans_telephone")


def _evidence_doubts(recherche: Recherche, candidat: Candidat) -> Iterator[str]:
    criteres = candidat.criteres
    if criteres.besoin <= UNKNOWN_NEED:
        yield say("doutes", "besoin")
    elif criteres.besoin < WEAK_EVIDENCE:
        yield say("doutes", "besoin_faible")
    if criteres.posture <= UNKNOWN_POSTURE:
        yield say("doutes", "posture", posture=say("postures", recherche.posture))
    if recherche.demande.confidential and not criteres.secret:
        yield say("doutes", "secret")


def _closes_too_soon(recherche: Recherche, candidat: Candidat, opening: Opening | None) -> bool:
    """Tell whether the lieu is open now, but not any more when the person gets there."""
    is_open = opening is not None and opening.start <= recherche.now
    return is_open and (candidat.opening is None or candidat.opening.start > recherche.now + travel(candidat.km))


def _hour_doubts(lieu: Lieu, horaires: Horaires | None) -> Iterator[str]:
    if horaires:
        yield from horaires.doutes
        return
    yield say("doutes", "horaires_illisibles" if _unreadable(lieu.horaires) else "horaires_inconnus")
    if lieu.horaires_brut:
        yield say("doutes", "horaires_bruts", texte=shorten(lieu.horaires_brut, RAW_HOURS, placeholder="…"))


def _unreadable(text: str | None) -> bool:
    try:
        parse_horaires(text)
    except HorairesIllisibles:
        return True
    return False


def _access_doubts(recherche: Recherche, candidat: Candidat) -> Iterator[str]:
    index, row = recherche.index, candidat.row
    lieu, position = index.lieux[row], index.positions[row]
    if by_prescription(lieu):
        yield say("doutes", "prescription")
    elif index.by_appointment[row]:
        yield say("doutes", "rendez_vous")
    if ITINERANT in lieu.itinerance:
        yield say("doutes", "itinerant")
    if position.point is None:
        yield say("doutes", "sans_position")
    elif position.approximate:
        yield say("doutes", "position")
    if contradictory_fees(lieu):
        yield say("doutes", "frais")
    elif FEE in lieu.frais_a_charge:
        yield say("doutes", "payant")
    yield from _public_doubts(recherche, lieu)


def _public_doubts(recherche: Recherche, lieu: Lieu) -> Iterator[str]:
    demande = recherche.demande
    reserved = lieu.publics_specifiquement_adresses
    if reserved and not set(reserved) & set(demande.publics):
        yield say("doutes", "public_reserve", valeurs=_listed(reserved))
    missing = [value for value in demande.prise_en_charge if value not in lieu.prise_en_charge_specifique]
    if missing:
        yield say("doutes", "prise_en_charge", valeurs=_listed(missing))


def _listed(values: Iterable[str]) -> str:
    return ", ".join(value.lower() for value in values)


def _age_doubts(updated: date | None, today: date) -> Iterator[str]:
    if updated is None or updated < FIRST_BELIEVED:
        yield say("doutes", "fiche_sans_date")
    elif (today - updated).days > OLD_DAYS:
        yield say("doutes", "fiche_ancienne", annee=updated.year)
