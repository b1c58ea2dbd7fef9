"""Opening hours in French: one short sentence for a screen, a shorter one for an SMS, the week for a card.

What is said is true at `now`, or is hedged ("sans doute fermé"): a public holiday of which the hours say nothing.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from knowledge.demande import Opening
from knowledge.horaires import Horaires, in_paris, is_ferie, midnight
from knowledge.horaires_controle import clock
from knowledge.raisons import JOURS, say_day

ONE_DAY = timedelta(days=1)
CLOSED = "fermé"


def phrase(horaires: Horaires, now: datetime, deadline: date | None = None) -> str:
    """Say when a person can go, without capital or full stop: "fermé maintenant, ouvre à 14 h (jusqu'à 17 h)".

    With a `deadline` (a day, included), other days than today carry their date, to be compared with it.
    """
    now = in_paris(now)
    opening = horaires.next_opening(now)
    if opening is None:
        return "fermé, aucune ouverture prévue dans les deux mois qui viennent"
    if horaires.is_open(now):
        return _open(horaires, opening, now)
    start, day = _heure(opening.start), opening.start.date()
    if day == now.date():
        return f"fermé maintenant, ouvre à {start}{_until(opening)}"
    if deadline is None:
        return f"{_closed(horaires, now)}, ouvre {_near_day(day, now.date())} à {start}"
    if day > deadline:
        return f"pas ouvert avant {say_day(day)} à {start}"
    return f"ouvert {say_day(day)} {_from_to(opening)}"


def phrase_sms(horaires: Horaires, now: datetime) -> str:
    """Say the same in few characters: "Ouvert jusqu'à 12h30, puis 13h30-17h", "Ouvre jeu. 26/11 9h-12h"."""
    now = in_paris(now)
    opening = horaires.next_opening(now)
    if opening is None:
        return "Fermé ces 2 prochains mois"
    if not horaires.is_open(now):
        return f"Ouvre {_short(opening, now)}"
    if opening.end is None:
        return "Ouvert 24h/24"
    after = horaires.next_opening(opening.end)
    return f"Ouvert jusqu'à {_tight(_end(opening.end, now))}" + (f", puis {_short(after, now)}" if after else "")


def semaine(horaires: Horaires, now: datetime) -> list[tuple[str, str]]:
    """Return today and the six days to come: `[("lundi 23 novembre", "9 h – 12 h, 14 h – 17 h"), …]`, or "fermé"."""
    today = in_paris(now).date()
    spans: dict[date, list[str]] = {today + n * ONE_DAY: [] for n in range(7)}
    for opening in horaires.openings(midnight(today - ONE_DAY), midnight(today + 8 * ONE_DAY)):
        for day, span in _spans(opening):
            spans.get(day, []).append(span)
    return [(say_day(day), ", ".join(found) or _closed_day(horaires, day)) for day, found in spans.items()]


def semaine_en_mots(horaires: Horaires, now: datetime) -> list[tuple[str, str]]:
    """Return the same seven days by weekday, those of like hours together: `[("lundi à jeudi", "9 h – 12 h"), …]`.

    The days that are closed come last.
    """
    today = in_paris(now).date()
    days: dict[str, list[int]] = {}
    by_weekday = sorted(((today.weekday() + n) % 7, hours) for n, (_, hours) in enumerate(semaine(horaires, now)))
    for weekday, hours in by_weekday:
        days.setdefault(hours, []).append(weekday)
    closed = days.pop(CLOSED, [])
    week = [(_weekdays(found), hours) for hours, found in days.items()]
    if not closed:
        return week
    return [*week, ("les autres jours" if week and len(closed) > 2 else _weekdays(closed), CLOSED)]


def _weekdays(days: list[int]) -> str:
    """Return "lundi", "lundi et mardi", "lundi à jeudi", "lundi, mercredi et vendredi", "tous les jours"."""
    if len(days) == len(JOURS):
        return "tous les jours"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{JOURS[days[0]]} à {JOURS[days[-1]]}"
    names = [JOURS[day] for day in days]
    return " et ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _open(horaires: Horaires, opening: Opening, now: datetime) -> str:
    if opening.end is None:
        return "ouvert maintenant, 24 heures sur 24"
    end = _end(opening.end, now)
    after = horaires.next_opening(opening.end)
    if after is None:
        return f"ouvert maintenant, jusqu'à {end}"
    if after.start.date() == now.date():
        return f"ouvert maintenant, jusqu'à {end}, puis {_from_to(after)}"
    then = f"{_near_day(after.start.date(), now.date())} {_heure(after.start)}"
    lead = "ouvert aujourd'hui" if opening.end.date() == now.date() else "ouvert maintenant,"
    return f"{lead} jusqu'à {end}, puis {then}"


def _closed(horaires: Horaires, now: datetime) -> str:
    """Say how a day with nothing more to come is closed: it may have been open this morning."""
    today = now.date()
    if horaires.openings(midnight(today), now):
        return "fermé maintenant"
    if not is_ferie(today):
        return "fermé aujourd'hui"
    return f"{'' if horaires.feries_dits else 'sans doute '}fermé aujourd'hui (jour férié)"


def _closed_day(horaires: Horaires, day: date) -> str:
    if not is_ferie(day):
        return CLOSED
    return "fermé (jour férié)" if horaires.feries_dits else "sans doute fermé (jour férié)"


def _spans(opening: Opening) -> Iterator[tuple[date, str]]:
    """Give an interval to the day of its start (a night belongs to its evening), a longer one to each of its days."""
    start, end = opening.start, opening.end
    while end and end - start > ONE_DAY:
        next_day = midnight(start.date() + ONE_DAY)
        yield start.date(), _range(Opening(start, next_day), " – ")
        start = next_day
    yield start.date(), _range(Opening(start, end), " – ")


def _range(opening: Opening, between: str) -> str:
    if opening.end is None or opening.end - opening.start > ONE_DAY:
        return _heure(opening.start)
    if opening.end - opening.start == ONE_DAY:
        return "24 h sur 24"
    return f"{_heure(opening.start)}{between}{_closing(opening.end)}"


def _from_to(opening: Opening) -> str:
    text = _range(opening, " à ")
    return f"de {text}" if " à " in text else text


def _short(opening: Opening, now: datetime) -> str:
    return f"{_short_day(opening.start.date(), now.date())}{_tight(_range(opening, '-'))}"


def _short_day(day: date, today: date) -> str:
    if day == today:
        return ""
    return "demain " if day == today + ONE_DAY else f"{JOURS[day.weekday()][:3]}. {day:%d/%m} "


def _near_day(day: date, today: date) -> str:
    """Name a day as people do: "demain", "jeudi" within the week, "jeudi 3 décembre" beyond."""
    away = (day - today).days
    if away == 1:
        return "demain"
    return JOURS[day.weekday()] if away < 7 else say_day(day)


def _end(end: datetime, now: datetime) -> str:
    """Write the end of what is open now: "17 h", "minuit", "demain 2 h" for a night."""
    last = (end - timedelta(minutes=1)).date()
    return _closing(end) if last == now.date() else f"{_near_day(last, now.date())} {_closing(end)}"


def _until(opening: Opening) -> str:
    if opening.end is None or opening.end - opening.start > ONE_DAY:
        return ""
    return f" (jusqu'à {_closing(opening.end)})"


def _closing(end: datetime) -> str:
    return _heure(end) if end.hour or end.minute else "minuit"


def _heure(instant: datetime) -> str:
    return clock(instant.hour * 60 + instant.minute)


def _tight(text: str) -> str:
    """Write hours without blanks: "9 h 30" is "9h30"."""
    return re.sub(r"(\d) h(?: (\d\d))?", r"\1h\2", text)
