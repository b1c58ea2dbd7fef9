"""The plain way: a loop over all places with haversine and hours, no numpy, no index.

It is what the index is compared with for speed, and, being obvious, what tests hold it to: the same answer.
"""

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from knowledge.acces import by_appointment, publics_of, welcome
from knowledge.communes import Gazetteer
from knowledge.demande import Demande
from knowledge.doublons import group_doublons
from knowledge.horaires import Horaires, HorairesIllisibles, is_ferie, parse_horaires
from knowledge.labels import Posture, Urgency
from knowledge.lieux import Lieu
from knowledge.needs import Need
from knowledge.positions import Position, locate
from knowledge.preuves import Preuves, receives_public

Origin = tuple[float, float] | None
NO_EVIDENCE = 7
"""The lowest rung: nothing says that the place serves the need."""


@dataclass
class Place:
    """What a careful programmer would prepare once for each place."""

    lieu: Lieu
    position: Position
    horaires: Horaires | None
    signes: int
    group: int


@dataclass
class Found:
    place: Place
    score: float
    rung: int


class Plain:
    """All places, in a list."""

    def __init__(self, lieux: Sequence[Lieu], communes: Gazetteer, preuves: Preuves) -> None:
        kept = [lieu for lieu in lieux if receives_public(lieu)]
        self.communes = communes
        self.preuves = preuves
        self.places = [
            Place(lieu, locate(lieu, communes), _horaires(lieu), preuves.signes(lieu), group)
            for lieu, group in zip(kept, group_doublons(kept), strict=True)
        ]

    def near(self, latitude: float, longitude: float, degrees: float) -> "Plain":
        """Return the same with the places of a box only, and those of no place: quicker, where no circle leaves it."""
        box = copy(self)
        box.places = [
            place
            for place in self.places
            if place.position.point is None
            or (
                abs(place.position.point[0] - latitude) <= degrees
                and abs(place.position.point[1] - longitude) <= degrees / math.cos(math.radians(latitude))
            )
        ]
        return box

    def best(self, demande: Demande, need: Need | None, posture: Posture, now: datetime) -> list[tuple[str, float]]:
        """Return the ids and the scores of at most three lieux, climbing down the ladder."""
        origin = self._origin(demande)
        refused = {place.group for place in self.places if place.lieu.id in demande.exclude}
        radius = demande.radius_km or 20.0
        serving: list[Found] = []
        silent: list[list[Found]] = []
        tries: list[tuple[int, float, list[Found]]] = []
        nearer = -1.0
        for circle in [radius, 2 * radius, 3 * radius] if origin else [radius]:
            ring = [
                self._found(place, felt, km, demande, need, posture, now)
                for place in self.places
                if place.group not in refused
                for felt, km in self._distance(place, demande, origin, nearer, circle)
            ]
            serving += [found for found in ring if found.rung < NO_EVIDENCE]
            silent.append([found for found in ring if found.rung == NO_EVIDENCE])
            nearer = circle
            top = _top(serving)
            if top:
                tries.append((top[0].rung, circle, top))
                if top[0].rung == 0:
                    break
        if not tries:
            tries = [(NO_EVIDENCE, 0.0, _top(ring)) for ring in silent if ring][:1]
        chosen = min(tries, key=lambda one: one[:2], default=(0, 0.0, []))[2]
        return [(found.place.lieu.id, found.score) for found in chosen]

    def _origin(self, demande: Demande) -> tuple[float, float] | None:
        if demande.latitude is not None and demande.longitude is not None:
            return demande.latitude, demande.longitude
        commune = self.communes.by_insee(demande.insee or "")
        if commune is None or commune.latitude is None or commune.longitude is None:
            return None
        return commune.latitude, commune.longitude

    def _distance(
        self, place: Place, demande: Demande, origin: Origin, nearer: float, farther: float
    ) -> list[tuple[float | None, float]]:
        """Return the distances to rank with and to travel if the place is between two circles, else nothing.

        When only the commune is known its places belong to the first circle, and count as at most 3 km away.
        """
        commune = self.communes.by_insee(demande.insee or "")
        only_commune = commune is not None and demande.latitude is None
        home = only_commune and place.position.insee == demande.insee
        if origin is None:
            return [(None, 0.0)] if home or commune is None else []
        if place.position.point is None:
            return []
        km = haversine(*origin, *place.position.point)
        if home:
            return [(min(km, 3.0), km)] if nearer < 0 else []
        return [(km, km)] if nearer < km <= farther else []

    def _found(
        self,
        place: Place,
        felt: float | None,
        km: float,
        demande: Demande,
        need: Need | None,
        posture: Posture,
        now: datetime,
    ) -> Found:
        lieu = place.lieu
        urgency, limit = _time_left(demande, now)
        today = urgency is Urgency.TODAY
        appointment = by_appointment(lieu)

        besoin = 1.0
        if need:
            evidence = self.preuves.need(place.signes, need)
            says_nothing = not (
                lieu.services or lieu.typologie or lieu.dispositif_programmes_nationaux or lieu.formations_labels
            )
            besoin = evidence.weight if evidence else 0.05 if says_nothing else 0.0
        help_given = self.preuves.posture(place.signes, posture)
        no_posture = not (lieu.postures or lieu.modalites_accompagnement)
        aide = help_given.weight if help_given else 0.2 if no_posture else 0.0

        in_time, opening = limit is None or _may_open(now, limit), 0.25
        if place.horaires:
            interval = place.horaires.next_opening(now + timedelta(hours=km / 40))
            in_time = limit is None or (interval is not None and interval.start <= limit)
            opening = 0.0
            if interval:
                wait = max(0.0, (interval.start - now).total_seconds() / 3600)
                half = {Urgency.TODAY: 6, Urgency.WEEK: 48, Urgency.LATER: 168, None: 72}[urgency]
                opening = 1 / (1 + wait / half)
        if appointment:
            in_time = in_time and not today
            opening /= 2

        age = 0.0
        if lieu.date_maj and lieu.date_maj.year >= 2000:
            age = 0.5 ** (max(0, (now.date() - lieu.date_maj).days) / 730)
        distance = 1 / (1 + felt / 10) if felt is not None else 0.0
        secret = not demande.confidential or self.preuves.confidential(place.signes) is not None
        score = (
            0.5 * in_time
            + 0.25 * secret
            + 0.25
            * (
                0.3 * besoin
                + 0.25 * distance
                + 0.2 * opening
                + 0.15 * aide
                + 0.05 * welcome(publics_of(lieu), (demande.publics, demande.prise_en_charge))
                + 0.05 * age
            )
        )
        lacks = (
            (not in_time, 3 if today and appointment else 2),
            (aide == 0, 4),
            (not secret, 5),
            (besoin <= 0.05, 6),
            (besoin == 0, 7),
        )
        rung = max((number for lacking, number in lacks if lacking), default=0)
        return Found(place, score, rung)


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return km between two points in degrees."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((phi2 - phi1) / 2) ** 2
    a += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def _top(found: list[Found]) -> list[Found]:
    best: dict[int, Found] = {}
    for one in sorted(found, key=lambda one: (-one.score, one.place.lieu.id)):
        best.setdefault(one.place.group, one)
    return list(best.values())[:3]


def _time_left(demande: Demande, now: datetime) -> tuple[Urgency | None, datetime | None]:
    days = []
    if demande.urgency is Urgency.TODAY:
        days.append(1)
    if demande.urgency is Urgency.WEEK:
        days.append(7)
    if demande.deadline:
        left = (demande.deadline - now.date()).days
        days.append(left if left >= 0 else 1)
    if not days:
        return demande.urgency, None
    left = min(days)
    urgency = Urgency.TODAY if left <= 1 else Urgency.WEEK if left <= 7 else Urgency.LATER
    return urgency, datetime.combine(now.date() + timedelta(days=left), time.max, now.tzinfo)


def _may_open(now: datetime, limit: datetime) -> bool:
    """Tell whether an office day (Monday to Friday, until 17:00, no public holiday) is left."""
    day = now
    while day <= limit:
        if day.weekday() < 5 and not is_ferie(day.date()) and (day.date() > now.date() or now.hour < 17):
            return True
        day += timedelta(days=1)
    return limit.date() > now.date() and limit.weekday() < 5 and not is_ferie(limit.date())


def _horaires(lieu: Lieu) -> Horaires | None:
    try:
        return parse_horaires(lieu.horaires)
    except HorairesIllisibles:
        return None
