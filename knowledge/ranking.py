"""The formula that ranks a lieu, explained by its own numbers (each from 0 to 1, more is better).

    score   = 1/2 a_temps + 1/4 secret + 1/4 qualite
    qualite = 0.30 besoin + 0.25 distance + 0.20 ouverture + 0.15 posture + 0.05 accueil + 0.05 fraicheur

`a_temps` and `secret` are 0 or 1 and weigh as much as all that follows them: a lieu that cannot receive the person
before the deadline ranks below any that can; for a confidential matter, one bound to secrecy ranks above the others.
Unknown hours count as office hours for `a_temps` (certainly too late < unknown < open), with a low `ouverture`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from knowledge.demande import Demande
from knowledge.horaires import is_ferie
from knowledge.labels import Urgency

A_TEMPS, SECRET, QUALITE = 0.5, 0.25, 0.25
BESOIN, DISTANCE, OUVERTURE, POSTURE, ACCUEIL, FRAICHEUR = 0.30, 0.25, 0.20, 0.15, 0.05, 0.05

DIGITS = 9
"""Scores are rounded so that equals are equal however they were added up; ties are then settled by id."""

HALF_DISTANCE_KM = 10.0
"""`distance` is 1 on the spot, 1/2 at 10 km, 1/3 at 20 km."""
HALF_WAIT_HOURS = {Urgency.TODAY: 6.0, Urgency.WEEK: 48.0, Urgency.LATER: 168.0, None: 72.0}
"""`ouverture` is 1 when open now, 1/2 when the wait is this long: a night counts much today, little later."""
UNKNOWN_OPENING = 0.25
APPOINTMENT = 0.5
"""An appointment halves `ouverture`: one must still obtain it."""
HALF_AGE_DAYS = 730.0
OFFICE_ENDS = 17
"""The hour after which a lieu of unknown hours is taken as closed until the next weekday."""
FIRST_BELIEVED = date(2000, 1, 1)
"""An earlier `date_maj` is an accident (1969-12-31), not an age."""
UNKNOWN_NEED = 0.05
"""`besoin` where a lieu says nothing of what it does: to be asked by telephone, after all those that say something."""
UNKNOWN_POSTURE = 0.2
"""`posture` where a lieu states none at all: less than any evidence, more than stating only others."""


@dataclass(frozen=True, slots=True)
class Criteres:
    """The numbers of one lieu for one request."""

    a_temps: bool
    secret: bool
    besoin: float
    distance: float
    ouverture: float
    posture: float
    accueil: float
    fraicheur: float

    @property
    def qualite(self) -> float:
        return (
            BESOIN * self.besoin
            + DISTANCE * self.distance
            + OUVERTURE * self.ouverture
            + POSTURE * self.posture
            + ACCUEIL * self.accueil
            + FRAICHEUR * self.fraicheur
        )

    @property
    def score(self) -> float:
        return round(A_TEMPS * self.a_temps + SECRET * self.secret + QUALITE * self.qualite, DIGITS)


@dataclass(frozen=True, slots=True)
class Delai:
    """How much time there is: the urgency to rank with, and the last useful instant (None: no limit).

    `ouvrable` tells whether a lieu that says nothing of its hours may be open before: not on a Saturday evening for
    a Sunday.
    """

    urgency: Urgency | None
    limite: datetime | None
    ouvrable: bool = True

    @property
    def presse(self) -> bool:
        return self.urgency is Urgency.TODAY


def delai(demande: Demande, now: datetime) -> Delai:
    """Return the time left, from the urgency and the deadline, whichever presses more.

    Today means today or tomorrow, a week 7 days (contract: urgency). A deadline that has passed presses as today.
    """
    today = now.date()
    last = {Urgency.TODAY: today + timedelta(days=1), Urgency.WEEK: today + timedelta(days=7)}
    days = [last[demande.urgency]] if demande.urgency in last else []
    if demande.deadline:
        days.append(demande.deadline if demande.deadline >= today else last[Urgency.TODAY])
    if not days:
        return Delai(demande.urgency, None)
    limite = datetime.combine(min(days), time.max, now.tzinfo)
    return Delai(_urgency(min(days) - today), limite, _has_office_hours(now, limite))


def _urgency(left: timedelta) -> Urgency:
    if left <= timedelta(days=1):
        return Urgency.TODAY
    return Urgency.WEEK if left <= timedelta(days=7) else Urgency.LATER


def _has_office_hours(now: datetime, limite: datetime) -> bool:
    """Tell whether a weekday before the end of the afternoon, not a public holiday, is left."""
    first = now.date() + timedelta(days=now.hour >= OFFICE_ENDS)
    days = (first + timedelta(days=number) for number in range(min(8, (limite.date() - first).days + 1)))
    return any(day.weekday() < 5 and not is_ferie(day) for day in days)


def promptitude(hours: float | None, urgency: Urgency | None) -> float:
    """Return `ouverture` for a wait in hours: 0 is open now, None is closed as far as the hours say."""
    return 0.0 if hours is None else 1.0 / (1.0 + hours / HALF_WAIT_HOURS[urgency])


def freshness(updated: date | None, today: date) -> float:
    """Return 1 for a row of today, 1/2 after two years, 0 when the date is unknown or impossible."""
    if updated is None or updated < FIRST_BELIEVED:
        return 0.0
    return float(0.5 ** (max(0, (today - updated).days) / HALF_AGE_DAYS))


Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]


def near_numbers(km: Numbers) -> Numbers:
    """Return `distance` of many lieux; where the distance is unknown it is 0, which is for the caller to say."""
    return 1.0 / (1.0 + km / HALF_DISTANCE_KM)


def fresh_numbers(ordinals: np.ndarray[tuple[int], np.dtype[np.int64]], today: date) -> Numbers:
    """Return `freshness` of many proleptic ordinals; 0 stands for an unknown date."""
    ages = np.maximum(0, today.toordinal() - ordinals)
    return np.where(ordinals < FIRST_BELIEVED.toordinal(), 0.0, np.exp2(-ages / HALF_AGE_DAYS))


def scores(
    *,
    a_temps: Numbers,
    secret: Numbers,
    besoin: Numbers,
    distance: Numbers,
    ouverture: Numbers,
    posture: Numbers,
    accueil: Numbers,
    fraicheur: Numbers,
) -> Numbers:
    """Return `Criteres.score` of many lieux at once."""
    qualite = (
        BESOIN * besoin
        + DISTANCE * distance
        + OUVERTURE * ouverture
        + POSTURE * posture
        + ACCUEIL * accueil
        + FRAICHEUR * fraicheur
    )
    return np.round(A_TEMPS * a_temps + SECRET * secret + QUALITE * qualite, DIGITS)
