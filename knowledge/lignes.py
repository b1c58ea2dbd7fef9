"""National phone lines (knowledge/data/lignes.yml): the numbers of a danger, and the last resort of a need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.demande import Ligne
from knowledge.labels import Danger
from knowledge.needs import Need, load_needs, parse_date
from knowledge.yaml_files import read_data


@dataclass(frozen=True, slots=True, kw_only=True)
class AlerteDanger:
    """What to say first when a message tells a danger.

    `sentence_sms` fits one SMS: at most 160 characters of GSM 03.38. `lignes` are the numbers that both name.
    """

    danger: Danger
    sentence: str
    sentence_sms: str
    lignes: tuple[Ligne, ...]

    def said(self, *, by_sms: bool) -> str:
        """Return the sentence for an SMS, or for a screen."""
        return self.sentence_sms if by_sms else self.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lignes:
    """All the lines by id, in file order; the line of each need; the answer to each danger."""

    lignes: dict[str, Ligne]
    generale: Ligne
    by_need: dict[str, Ligne]
    by_danger: dict[Danger, AlerteDanger]

    def for_need(self, need: Need | None) -> Ligne:
        """Return the need's own line, or the general one.

        The line that needs.yml names wins, unless it is the general line and lignes.yml knows a closer one.
        """
        if need is None:
            return self.generale
        named = self.lignes.get(need.ligne or "", self.generale)
        return self.by_need.get(need.id, named) if named is self.generale else named

    def for_danger(self, danger: Danger) -> AlerteDanger:
        """Return the sentence and the numbers to give before anything else."""
        return self.by_danger[danger]


def load_lignes() -> Lignes:
    """Read lignes.yml."""
    content = read_data("lignes.yml")
    lignes: dict[str, Ligne] = {}
    by_need: dict[str, Ligne] = {}
    for key, value in content["lignes"].items():
        besoins = value.pop("besoins", ())
        verifie_le = parse_date(value.pop("verifie_le"))
        lignes[key] = Ligne(id=key, verifie_le=verifie_le, **value)
        by_need |= dict.fromkeys(besoins, lignes[key])
    by_danger = {
        Danger(key): AlerteDanger(
            danger=Danger(key),
            sentence=value["phrase"],
            sentence_sms=value["sms"],
            lignes=tuple(lignes[ligne] for ligne in value["lignes"]),
        )
        for key, value in content["dangers"].items()
    }
    return Lignes(lignes=lignes, generale=lignes[content["generale"]], by_need=by_need, by_danger=by_danger)


def check_lignes(content: Mapping[str, Any] | None = None) -> list[str]:
    """Return every fault of lignes.yml (or of `content`) as a French sentence; [] when it is sound."""
    content = read_data("lignes.yml") if content is None else content
    lignes, dangers, needs = content["lignes"], content["dangers"], load_needs()
    faults = [f"la ligne générale « {name} » n'existe pas" for name in [content["generale"]] if name not in lignes]
    for name, ligne in lignes.items():
        faults += [
            f"ligne « {name} » : « {key} » manque" for key in ("nom", "telephone", "source") if not ligne.get(key)
        ]
        faults += [
            f"ligne « {name} » : « {n} » n'est pas un besoin" for n in ligne.get("besoins", ()) if n not in needs
        ]
    for danger in Danger:
        named = dangers.get(danger, {}).get("lignes", ())
        faults += [f"danger « {danger} » : la ligne « {name} » n'existe pas" for name in named if name not in lignes]
        faults += [f"danger « {danger} » : aucun numéro"] if not named else []
    return [f"lignes.yml, {fault}" for fault in faults]


def unverified(lignes: Lignes) -> list[Ligne]:
    """Return the lines that no person has verified yet ("à vérifier avant ouverture")."""
    return [ligne for ligne in lignes.lignes.values() if ligne.verifie_le is None]
