"""`python -m benchmarks`: measure on the real places of `../shared/data`, and print a table."""

import sys

from rich.console import Console
from rich.table import Table

from benchmarks.bench_orient import measure


def main() -> int:
    """Print the table; return the exit status."""
    table = Table("mesure", "valeur", "attendu", title="Orientation")
    console = Console()
    try:
        with console.status("Mesures en cours…"):
            for line in measure():
                table.add_row(line.what, line.value, line.aim)
    except FileNotFoundError as error:
        console.print(f"Fichier réel absent : {error.filename}. Les mesures ont besoin de ../shared/data.")
        return 1
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
