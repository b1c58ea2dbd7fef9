"""The pictures of the helpers' guide are those that its script takes."""

from pathlib import Path

import pytest
from PIL import Image

from scripts.capture_guide import CARD, IMAGES, PICTURES, capture

pytestmark = pytest.mark.xdist_group("chromium")
GUIDE = IMAGES.parent / "guide-aidant.md"


def sizes(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.iterdir():
        with Image.open(path) as picture:
            found[path.name] = picture.size
    return found


def test_the_script_takes_the_pictures_that_the_guide_shows(tmp_path: Path) -> None:
    capture(tmp_path)
    taken = sizes(tmp_path)
    assert set(taken) == {f"{name}.png" for name in (*(picture.name for picture in PICTURES), CARD)}
    assert taken == sizes(IMAGES)
    text = GUIDE.read_text(encoding="utf-8")
    assert all(f"](images/{name})" in text for name in taken)
