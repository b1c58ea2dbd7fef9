"""An `Orientation` as the values of the texts: long for a screen, short for an SMS."""

from dataclasses import dataclass
from datetime import datetime

from actions.bridge import SMS, Domain
from actions.fragments import fragment
from knowledge.autrui import is_for_another, said_of_another
from knowledge.creneaux import Creneau
from knowledge.demande import CreneauPropose, Demande, LieuPropose, Ligne, Orientation
from knowledge.horaires_phrases import phrase_sms
from knowledge.labels import Posture, Urgency
from knowledge.raisons import say_day, say_distance, say_hour
from knowledge.semaines import read_horaires
from knowledge.snapshot import Knowledge
from knowledge.telephones import telephone
from knowledge.textes import capital, court, tidy_case

LIEUX_SMS = 1

TOO_FAR_TO_WALK_KM = 5.0
"""From here on an SMS says how far a lieu is."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """The texts of one answer on one channel."""

    orientation: Orientation
    demande: Demande
    now: datetime
    channel: str
    knowledge: Knowledge
    domain: Domain

    @property
    def lieux(self) -> tuple[LieuPropose, ...]:
        """The places that this channel names: an SMS has room for one."""
        return self.orientation.lieux[:LIEUX_SMS] if self.channel == SMS else self.orientation.lieux

    @property
    def shown(self) -> list[str]:
        """The ids of what this channel names, so that something else can be shown next."""
        creneaux = self.orientation.creneaux
        if self.channel == SMS and creneaux:
            return [creneaux[0].creneau.id]
        return [*(one.creneau.id for one in creneaux), *(one.lieu.id for one in self.lieux)]

    @property
    def _autrui(self) -> bool:
        return is_for_another(self.demande)

    def response(self) -> str:
        """Return the response that suits what was found."""
        if self.orientation.posture == Posture.APPRENDRE_A_FAIRE and self.orientation.creneaux:
            return "utter_orientation_creneau"
        return "utter_orientation" if self.orientation.lieux else "utter_orientation_ligne"

    def values(self) -> dict[str, str]:
        """Return the values that the response of `response()` may use on this channel."""
        return self._values_sms() if self.channel == SMS else self._values()

    def _fragment(self, name: str, **values: str | None) -> str:
        return fragment(self.domain, name, self.channel, **values)

    def _values(self) -> dict[str, str]:
        creneaux = [self._creneau(c) for c in self.orientation.creneaux]
        lieux = [self._lieu(p) for p in self.orientation.lieux]
        parts = [self._resume(), *creneaux, *lieux, self._complements()]
        return {"reponse": "\n\n".join(filter(None, parts))}

    def _resume(self) -> str:
        need = self.knowledge.needs.get(self.demande.need or "")
        return self._fragment(
            "fragment_resume_autrui" if self._autrui else "fragment_resume",
            besoin=need.label if need else None,
            raison=self.orientation.posture_reason,
        )

    def _lieu(self, propose: LieuPropose) -> str:
        lieu = propose.lieu
        distance = self._distance(propose.distance_km, lieu.code_insee)
        already_said = (distance, propose.horaires_phrase)
        return self._fragment(
            "fragment_lieu",
            titre=_joined(lieu.nom, distance),
            adresse=adresse(propose),
            telephone=spoken(lieu.telephone),
            horaires=capital(propose.horaires_phrase),
            raisons=" · ".join(reason for reason in propose.reasons if reason not in already_said),
            doutes=" · ".join(propose.doubts),
        )

    def _distance(self, km: float | None, insee: str | None) -> str | None:
        if km is None:
            return None
        commune = self.knowledge.communes.by_insee(insee) if insee and insee == self.demande.insee else None
        return say_distance(km, commune.nom if commune else None)

    def _creneau(self, propose: CreneauPropose) -> str:
        creneau = propose.creneau
        seats = creneau.places_restantes
        return self._fragment(
            "fragment_creneau",
            titre=creneau.titre,
            quand=quand(creneau.start),
            lieu=_joined(
                ", ".join(filter(None, (creneau.lieu, creneau.commune))),
                self._distance(propose.distance_km, creneau.code_insee),
            ),
            inscription=inscription(creneau),
            places=f"{seats} places libres" if seats and seats > 1 else "1 place libre" if seats else None,
        )

    def _complements(self) -> str:
        need = self.knowledge.needs.get(self.demande.need or "")
        fallback = self.orientation.fallback
        learn = [f"{c.creneau.titre}, {quand(c.creneau.start)}" for c in self.orientation.learn_creneaux]
        return self._fragment(
            "fragment_complements",
            elargi=" ".join(self.orientation.relaxed),
            apporter=self._say(need.apporter) if need and self.orientation.lieux else None,
            site=need.site.url if need and need.site else None,
            apprendre=" ; ".join(learn),
            ligne=ligne_text(fallback, self.domain, self.channel) if fallback else None,
        )

    def _say(self, sentence: str | None) -> str | None:
        return said_of_another(sentence) if sentence and self._autrui else sentence

    def _values_sms(self) -> dict[str, str]:
        need = self.knowledge.needs.get(self.demande.need or "")
        urgent = self._fragment("fragment_urgent_sms") if self.demande.urgency == Urgency.TODAY else ""
        besoin = need.label_court if need else ""
        sujet = besoin + urgent
        values = {"resume_sms": f"{sujet} : {self.orientation.posture_court}{self._unsure_sms()}"}
        if self.response() == "utter_orientation":
            return values | self._lieu_sms(self.orientation.lieux[0], self._say(need.apporter_court) if need else None)
        if self.response() == "utter_orientation_creneau":
            return values | self._creneau_sms(self.orientation.creneaux[0])
        fallback = self.orientation.fallback
        return {"sujet_sms": sujet, "ligne_sms": ligne_text(fallback, self.domain, SMS) if fallback else ""}

    def _unsure_sms(self) -> str:
        """Return what tempers the kind of help when the place shown does not say that it gives it."""
        shown = self.orientation.lieux[:LIEUX_SMS]
        given = all(self.orientation.posture in propose.postures for propose in shown)
        return "" if given else " " + self._fragment("fragment_a_confirmer_sms")

    def _lieu_sms(self, propose: LieuPropose, apporter: str | None) -> dict[str, str]:
        lieu = propose.lieu
        end = (self._far(propose), spoken(lieu.telephone))
        horaires = horaires_sms(propose, self.now, self.domain)
        name = "fragment_apporter_autrui_sms" if self._autrui else "fragment_apporter_sms"
        bring = self._fragment(name, apporter=apporter)
        return {
            "lieu_sms": ", ".join(filter(None, (lieu.nom, tidy_case(lieu.adresse), *end))),
            "lieu_court_sms": ", ".join(filter(None, (court(lieu.nom), *end))),
            "horaires_sms": horaires,
            "detail_sms": f"{horaires}. {bring}" if apporter else horaires,
        }

    def _far(self, propose: LieuPropose) -> str | None:
        """Return the commune of a lieu, and how far it is for who cannot walk there."""
        km = propose.distance_km
        if km is None or km < TOO_FAR_TO_WALK_KM or propose.lieu.code_insee == self.demande.insee:
            return propose.commune
        return self._fragment("fragment_loin_sms", commune=propose.commune, km=str(round(km)))

    def _creneau_sms(self, propose: CreneauPropose) -> dict[str, str]:
        creneau = propose.creneau
        register = inscription(creneau)
        said = (creneau.titre, quand(creneau.start), creneau.lieu, creneau.commune, register)
        shorter = (court(creneau.titre), said[1], court(creneau.lieu), creneau.commune, court(register))
        return {
            "creneau_sms": ", ".join(filter(None, said)),
            "creneau_court_sms": ", ".join(filter(None, shorter)),
        }


def horaires_sms(propose: LieuPropose, now: datetime, domain: Domain) -> str:
    """Return when to go, in few characters, or that nobody knows."""
    horaires = read_horaires(propose.lieu.horaires)
    if horaires is None:
        return fragment(domain, "fragment_horaires_inconnus_sms", SMS)
    appointment = fragment(domain, "fragment_rdv_sms", SMS) + ". " if propose.by_appointment else ""
    return appointment + phrase_sms(horaires, now)


def ligne_text(ligne: Ligne, domain: Domain, channel: str) -> str:
    """Return "name, number (checked or not)"."""
    etat = "fragment_numero_verifie" if ligne.verifie_le else "fragment_numero_a_verifier"
    return fragment(
        domain,
        "fragment_ligne",
        channel,
        nom=ligne.nom,
        telephone=telephone(ligne.telephone),
        etat=fragment(domain, etat, channel),
    )


def inscription(creneau: Creneau) -> str | None:
    """Return how to register, with the number to call where the words have none."""
    said = creneau.inscription or ""
    number = None if any(map(str.isdigit, said)) else spoken(creneau.telephone)
    return ", ".join(filter(None, (said, number))) or None


def _joined(name: str | None, distance: str | None) -> str:
    return " – ".join(filter(None, (name, distance)))


def spoken(number: str | None) -> str | None:
    return telephone(number) if number else None


def adresse(propose: LieuPropose) -> str:
    """Return the address on one line."""
    lieu = propose.lieu
    town = f"{lieu.code_postal} {propose.commune}".strip()
    return ", ".join(filter(None, (tidy_case(lieu.adresse), lieu.complement_adresse, town)))


def quand(start: datetime) -> str:
    """Return "mardi 24 novembre à 14 h 30"."""
    return f"{say_day(start)} à {say_hour(start)}"
