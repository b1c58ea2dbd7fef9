"""What a card says of a lieu: plain French values, nothing of the person, true at the instant that it bears."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from knowledge.acces import GRATUIT, SE_PRESENTER, contradictory_fees
from knowledge.demande import Demande, LieuPropose
from knowledge.description import describe
from knowledge.guichet import say_at_desk
from knowledge.horaires import Horaires, in_paris
from knowledge.horaires_phrases import phrase, semaine_en_mots
from knowledge.labels import Posture
from knowledge.lieux import DEMONSTRATION, Lieu
from knowledge.needs import Need
from knowledge.raisons import MOIS, say_day, say_hour
from knowledge.ranking import FIRST_BELIEVED
from knowledge.semaines import read_horaires
from knowledge.snapshot import Knowledge
from knowledge.telephones import telephone
from knowledge.textes import capital, tidy_case

WEEK = timedelta(days=6)
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
"""Every telephone opens it; a `geo:` address, no iPhone does."""
MAP_SEARCH = "https://www.openstreetmap.org/search?query={}"

NO_PUBLIC = "Ce lieu n'accueille pas de public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a card is made for: ids of needs.yml and of the scale, and the INSEE code of where the person comes from."""

    besoin: str | None = None
    posture: Posture | None = None
    depuis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """The texts of a card; None or () where nothing is known.

    `quand` is a sentence that bears its date, `semaine` the days and the hours of seven days from then on, `periode`
    which ones. `adresse` is its lines. `telephone` is written as people read it, `appel` as a telephone dials it.
    `carte` is an address of OpenStreetMap. `doutes` are what to check by telephone. `fictif`: nobody is there.
    """

    lieu: Lieu
    need: Need | None
    nom: str
    demarche: str | None
    guichet: str
    apporter: str | None
    quand: str
    periode: str
    semaine: tuple[tuple[str, str], ...]
    adresse: tuple[str, ...]
    commune: str
    distance: str | None
    acces: tuple[str, ...]
    acces_libre: str | None
    telephone: str | None
    appel: str | None
    carte: str | None
    doutes: tuple[str, ...]
    source: str
    fictif: bool
    by_appointment: bool
    now: datetime


def compose(lieu_id: str, wanted: Wanted, now: datetime, knowledge: Knowledge) -> Fiche | None:
    """Return the card of a lieu at `now` (aware); None when the base has none of that id."""
    now = in_paris(now)
    demande = Demande(need=wanted.besoin, posture=wanted.posture, insee=wanted.depuis)
    proposed = describe(lieu_id, demande, now, knowledge)
    if proposed is None:
        return None
    lieu, need = proposed.lieu, knowledge.needs.get(wanted.besoin or "")
    horaires = read_horaires(lieu.horaires)
    return Fiche(
        lieu=lieu,
        need=need,
        nom=" ".join(lieu.nom.split()),
        demarche=need.label if need else None,
        guichet=say_at_desk(need, wanted.posture),
        apporter=need.apporter if need else None,
        quand=_quand(horaires, now) if horaires else _unknown_hours(lieu),
        periode=_periode(now.date()),
        semaine=tuple(semaine_en_mots(horaires, now)) if horaires else (),
        adresse=tuple(_adresse(lieu, proposed.commune)),
        commune=proposed.commune,
        distance=_distance(proposed, wanted, knowledge),
        acces=tuple(_acces(lieu)),
        acces_libre=lieu.fiche_acces_libre if (lieu.fiche_acces_libre or "").startswith("https://") else None,
        telephone=telephone(lieu.telephone) if lieu.telephone else None,
        appel=f"tel:{lieu.telephone}" if lieu.telephone else None,
        carte=_carte(lieu, proposed.commune),
        doutes=tuple(capital(doubt) for doubt in proposed.doubts),
        source=_source(lieu, now.date()),
        fictif=lieu.source == DEMONSTRATION,
        by_appointment=proposed.by_appointment,
        now=now,
    )


def _unknown_hours(lieu: Lieu) -> str:
    return "Horaires inconnus. Téléphonez avant de venir." if lieu.telephone else "Horaires inconnus."


def _quand(horaires: Horaires, now: datetime) -> str:
    """Return when to go. What is said of today bears its date, for a card is read on other days too."""
    opening = horaires.next_opening(now)
    far = now.date() + timedelta(days=366)
    said = phrase(horaires, now, deadline=far)
    if opening and opening.start.date() > now.date():
        return f"{capital(said)}."
    return f"{capital(say_day(now))} à {say_hour(now)} : {said}."


def _periode(today: date) -> str:
    last = today + WEEK
    first = _day(today) if last.month == today.month else f"{_day(today)} {MOIS[today.month - 1]}"
    return f"Du {first} au {_day(last)} {MOIS[last.month - 1]}"


def _adresse(lieu: Lieu, commune: str) -> Iterator[str]:
    yield from filter(None, (tidy_case(lieu.adresse), lieu.complement_adresse))
    yield f"{lieu.code_postal} {commune}".strip()


def _distance(proposed: LieuPropose, wanted: Wanted, knowledge: Knowledge) -> str | None:
    home = knowledge.communes.by_insee(wanted.depuis) if wanted.depuis else None
    if proposed.distance_km is None or home is None:
        return None
    if proposed.distance_km < 1:
        return f"À moins de 1 km du centre ({home.nom})"
    return f"À {round(proposed.distance_km)} km à vol d'oiseau depuis {home.nom}"


def _acces(lieu: Lieu) -> Iterator[str]:
    """Yield how one is let in, as far as the lieu itself says it."""
    if NO_PUBLIC in lieu.modalites_acces:
        yield "Ce lieu ne reçoit pas le public sur place. Téléphonez."
    elif SE_PRESENTER in lieu.modalites_acces:
        yield "On peut venir sans rendez-vous."
    if GRATUIT in lieu.frais_a_charge and not contradictory_fees(lieu):
        yield "C'est gratuit."
    if lieu.prise_en_charge_specifique:
        yield f"Accueil adapté : {', '.join(value.lower() for value in lieu.prise_en_charge_specifique)}."


def _carte(lieu: Lieu, commune: str) -> str | None:
    """Return where the map is; by the address where the lieu gives no position of its own, None without both."""
    if lieu.latitude is not None and lieu.longitude is not None:
        return MAP.format(lieu.latitude, lieu.longitude)
    if lieu.adresse:
        return MAP_SEARCH.format(quote(f"{lieu.adresse}, {lieu.code_postal} {commune}"))
    return None


def _source(lieu: Lieu, today: date) -> str:
    who = "inventé pour la démonstration" if lieu.source == DEMONSTRATION else f"source : {lieu.source or 'inconnue'}"
    dated = lieu.date_maj if lieu.date_maj and lieu.date_maj >= FIRST_BELIEVED else None
    updated = f"mis à jour le {_date(dated)}" if dated else "sans date de mise à jour"
    return f"Lieu {updated}, {who}. Fiche faite le {_date(today)}."


def _date(day: date) -> str:
    return f"{_day(day)} {MOIS[day.month - 1]} {day.year}"


def _day(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)
