"""`python -m benchmarks`: measure on the real places and phrases of `../shared/data`, and print tables."""

import gc
import sys

from rich.console import Console
from rich.table import Table

from benchmarks import bench_gateways, bench_lookup, bench_orient, bench_start, bench_turn, bench_understand
from bot.__main__ import RARE_COLLECTIONS

BENCHES = {
    "Démarrage": bench_start,
    "Compréhension": bench_understand,
    "Orientation": bench_orient,
    "Annuaire": bench_lookup,
    "Un tour de conversation": bench_turn,
    "Les passerelles": bench_gateways,
}
"""The start comes first: a process begins as a copy of this one, and would be charged with the memory of the others."""


def main() -> int:
    """Print a table a bench; return the exit status."""
    gc.set_threshold(*RARE_COLLECTIONS)  # as the program does
    console = Console()
    try:
        for title, bench in BENCHES.items():
            table = Table("mesure", "valeur", "attendu", title=title)
            with console.status("Mesures en cours…"):
                for line in bench.measure():
                    table.add_row(line.what, line.value, line.aim)
            console.print(table)
    except FileNotFoundError as error:
        console.print(f"Fichier réel absent : {error.filename}. Les mesures ont besoin de ../shared/data.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
