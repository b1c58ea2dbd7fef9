"""Take the pictures of `docs/guide-aidant.md` in a real browser, over the demonstration base.

Usage: `python -m scripts.capture_guide`. Writes `docs/images/*.png`; read the guide again after an intended change.
"""

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from bot.app import App
from bot.fiche.content import Wanted, compose
from bot.fiche.formats import FORMATS
from bot.settings import Settings
from bot.web.application import create_web
from knowledge.base import write_items
from knowledge.demonstration import demonstration
from knowledge.horaires import paris
from tests.web.chromium import launching, open_page, serving

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
NOW = datetime(2026, 11, 23, 10, tzinfo=paris())
LIEU = "demo-mauleon-france-services"
DESK, PHONE = (1000, 800), (360, 720)


class Picture(NamedTuple):
    """One picture: its file, the address to open, the size of the screen."""

    name: str
    address: str
    size: tuple[int, int]


PICTURES = (
    Picture("annuaire", "annuaire?q=caf+mauleon+aidants+connect", DESK),
    Picture("annuaire-telephone", "annuaire?q=imprimer+pau+gratuit", PHONE),
    Picture("conseil", "conseil?disponibilite=5_minutes&autonomy=none&confidential=oui&need=caf&commune=mauleon", DESK),
    Picture("fiche-page", f"lieu/{LIEU}/fiche?besoin=caf&depuis=64371", DESK),
)
CARD = "fiche"
"""The card itself, as it is sent in a chat."""


def main() -> int:
    """Write every picture."""
    IMAGES.mkdir(exist_ok=True)
    capture(IMAGES)
    print(f"{len(PICTURES) + 1} images dans {IMAGES.name}")
    return 0


def capture(folder: Path) -> None:
    """Write every picture into a folder, over a demonstration base of its own."""
    with tempfile.TemporaryDirectory(prefix="aiguilleur-") as place:
        app = App(Settings(base=SecretStr(f"sqlite:///{place}/base.db")), lambda: NOW)
        for items in demonstration(NOW):
            write_items(app.database, items, now=NOW)
        _take(app, folder)


def _take(app: App, folder: Path) -> None:
    """Photograph the pages, and draw the card."""
    page = create_web(app.reception, app.knowledge, app.settings, app.clock)
    with serving(page) as home, launching() as chromium:
        for picture in PICTURES:
            opened = open_page(chromium, home, size=picture.size)
            opened.page.goto(f"{home}{picture.address}")
            opened.page.wait_for_load_state("networkidle")
            opened.page.screenshot(path=folder / f"{picture.name}.png")
    fiche = compose(LIEU, Wanted(besoin="caf", posture=None, depuis="64371"), NOW, app.knowledge())
    assert fiche, "the demonstration base has this lieu"
    (folder / f"{CARD}.png").write_bytes(FORMATS["png"].make(fiche))


if __name__ == "__main__":
    sys.exit(main())
