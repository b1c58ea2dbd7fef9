"""Real (old) rows read plainly: enough of the columns for the evidence, values as published."""

import csv
import re
from pathlib import Path

from knowledge.lieux import Lieu


def read_lieux(path: Path) -> list[Lieu]:
    """Return one `Lieu` an id; old and current column names are understood, values are left as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return list({row["id"]: _lieu(row) for row in csv.DictReader(file)}.values())


def _lieu(row: dict[str, str]) -> Lieu:
    def many(*names: str) -> tuple[str, ...]:
        values = (value for name in names for value in re.split(r"[;|]", row.get(name) or ""))
        return tuple(value.strip() for value in values if value.strip())

    return Lieu(
        id=row["id"],
        nom=row["nom"],
        commune=row["commune"],
        code_postal=row["code_postal"],
        typologie=many("typologie"),
        services=many("services"),
        dispositif_programmes_nationaux=many("labels_nationaux", "dispositif_programmes_nationaux"),
        formations_labels=many("formations_labels"),
        autres_formations_labels=many("labels_autres", "autres_formations_labels"),
        modalites_acces=many("modalites_acces"),
        modalites_accompagnement=many("modalites_accompagnement"),
        presentation_resume=row.get("presentation_resume") or None,
        presentation_detail=row.get("presentation_detail") or None,
    )
