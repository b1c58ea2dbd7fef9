"""The card as a contact of a telephone's address book."""

from bot.channels.vcard import vcard
from bot.fiche.content import Fiche


def to_vcard(fiche: Fiche) -> bytes:
    """Return the file: name, number, address, position, and a note with the hours and their dates."""
    lieu = fiche.lieu
    who = {
        "nom": fiche.nom,
        "telephone": lieu.telephone,
        "adresse": ", ".join(fiche.adresse[:-1]),
        "commune": fiche.commune,
        "code_postal": lieu.code_postal,
        "latitude": lieu.latitude,
        "longitude": lieu.longitude,
        "site": next(iter(lieu.site_web), None),
    }
    week = ", ".join(f"{days} {hours}" for days, hours in fiche.semaine)
    hours = f"{fiche.periode} : {week}." if week else fiche.quand
    fiction = "DÉMONSTRATION : lieu inventé." if fiche.fictif else ""
    note = " ".join(filter(None, (fiction, hours, "Sur rendez-vous." if fiche.by_appointment else "", fiche.source)))
    return (vcard(who, note) or "").encode()
