"""Random places around Mauléon, and random requests of somebody there."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from knowledge.demande import Demande
from knowledge.horaires import paris
from knowledge.labels import Autonomy, Posture, Urgency
from knowledge.lieux import Lieu
from tests.orientation.cases import KM, LATITUDE, LONGITUDE, MAULEON, NOW, lieu

NEEDS = ("caf", "sante", "messagerie", "imprimer-scanner", "logement")
HORAIRES = (
    None,
    "illisible",
    "24/7",
    "Mo-Fr 09:00-12:00,14:00-17:30",
    "Tu,Th 13:30-17:00",
    "Sa 09:00-12:30",
    "Mo-Fr 09:00-17:00; PH off",
    "Mo-Fr 09:00-12:00; PH 10:00-11:00",
    "Fr 20:00-02:00",
    "Jan-Jun Mo 08:00-18:00",
    "2026 Dec 24 10:00-12:00",
    "We[1] 09:00-12:00",
    "Mo-Su off",
    'Mo-Fr 09:00-12:00 "sur rendez-vous"',
)
MODALITES_ACCES = ((), ("Se présenter",), ("Téléphoner",), ("Prendre un RDV en ligne", "Se présenter"))
ACCOMPAGNEMENT = ((), ("Accompagnement individuel",), ("Dans un atelier collectif",), ("En autonomie",))
SERVICES = (
    (),
    ("Aide aux démarches administratives",),
    ("Maîtrise des outils numériques du quotidien",),
    ("Accès internet et matériel informatique",),
)
PROGRAMMES = ((), ("France Services",), ("Aidants Connect",), ("Conseillers numériques",))
TYPOLOGIES = ((), ("BIB",), ("CCAS",), ("CAF",), ("FABLAB",))
PUBLICS = ((), ("Seniors",), ("Jeunes", "Femmes"))
CARE = ((), ("Surdité",), ("Illettrisme", "Surdité"))
COMMUNES = (("Mauléon-Licharre", "64130"), ("Chéraute", "64130"), ("Pau", "64000"), ("Nulle part", "99999"))

instants = st.one_of(
    st.just(NOW),
    st.integers(0, 200 * 24 * 60).map(lambda minutes: NOW - timedelta(days=30) + timedelta(minutes=minutes)),
    st.sampled_from(["2026-11-11T10:00", "2026-12-24T23:59", "2027-03-27T22:00", "2027-05-01T00:30"]).map(
        lambda text: datetime.fromisoformat(text).replace(tzinfo=paris())
    ),
)


@st.composite
def places(draw: st.DrawFn, key: str) -> Lieu:
    commune, code_postal = draw(st.sampled_from(COMMUNES))
    placed = draw(st.booleans())
    return lieu(
        key,
        nom=draw(st.sampled_from(["Maison", "Médiathèque", "CCAS", f"Lieu {key}"])),
        commune=commune,
        code_postal=code_postal,
        latitude=LATITUDE + draw(st.integers(-70, 70)) * KM if placed else None,
        longitude=LONGITUDE + draw(st.integers(-70, 70)) * KM if placed else None,
        horaires=draw(st.sampled_from(HORAIRES)),
        services=draw(st.sampled_from(SERVICES)),
        dispositif_programmes_nationaux=draw(st.sampled_from(PROGRAMMES)),
        typologie=draw(st.sampled_from(TYPOLOGIES)),
        modalites_acces=draw(st.sampled_from([*MODALITES_ACCES, ("Ce lieu n'accueille pas de public",)])),
        modalites_accompagnement=draw(st.sampled_from(ACCOMPAGNEMENT)),
        publics_specifiquement_adresses=draw(st.sampled_from(PUBLICS)),
        prise_en_charge_specifique=draw(st.sampled_from(CARE)),
        telephone=draw(st.sampled_from([None, "+33536490001", "+33536490002"])),
        date_maj=draw(
            st.sampled_from([None, date(1969, 12, 31), date(2019, 5, 1), date(2026, 11, 1), date(2027, 1, 1)])
        ),
    )


bases = st.integers(0, 6).flatmap(lambda count: st.tuples(*(places(f"l{number}") for number in range(count))))


@st.composite
def demandes(draw: st.DrawFn, now: datetime) -> Demande:
    demande = Demande(
        need=draw(st.sampled_from([None, *NEEDS])),
        urgency=draw(st.sampled_from([None, *Urgency])),
        posture=draw(st.sampled_from([None, *Posture])),
        autonomy=draw(st.sampled_from([None, *Autonomy])),
        confidential=draw(st.sampled_from([None, None, True])),
        deadline=draw(st.none() | st.integers(-2, 15).map(lambda days: now.date() + timedelta(days=days))),
        publics=draw(st.sampled_from(PUBLICS)),
        prise_en_charge=draw(st.sampled_from(CARE)),
        radius_km=draw(st.sampled_from([None, None, 1.0, 30.0])),
        exclude=frozenset(draw(st.sampled_from([(), (), ("l0",), ("l1", "inconnu")]))),
        insee=draw(st.sampled_from([None, MAULEON, MAULEON, "00000"])),
    )
    placed = draw(st.booleans())
    return replace(demande, latitude=LATITUDE, longitude=LONGITUDE) if placed else demande
