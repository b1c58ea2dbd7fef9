"""National phone lines (knowledge/data/lignes.yml): the numbers of a danger, and the last resort of a need."""

from dataclasses import dataclass

from knowledge.demande import Ligne
from knowledge.labels import Danger
from knowledge.needs import Need, parse_date
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


def unverified(lignes: Lignes) -> list[Ligne]:
    """Return the lines that no person has verified yet ("à vérifier avant ouverture")."""
    return [ligne for ligne in lignes.lignes.values() if ligne.verifie_le is None]
