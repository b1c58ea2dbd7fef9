"""Each file of tests/broken_flows is broken in one way, and its first lines are all that must be said of it."""

from pathlib import Path

import pytest

from bot.engine import FlowError, FlowErrors, check_flows, load_flows

FILES = sorted((Path(__file__).parents[1] / "broken_flows").glob("*.yml"))
HEADER = "# erreur: "


def faults(*files: Path) -> list[FlowError]:
    try:
        flows = load_flows(files)
    except FlowErrors as error:
        return error.errors
    return check_flows(flows, {"action_chercher"}, {})


def test_all_files_are_found() -> None:
    assert len(FILES) == 89


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_broken_file(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(HEADER) for line in lines if line.startswith(HEADER)]
    assert expected
    found = faults(file)
    assert {error.fichier for error in found} == {f"broken_flows/{file.name}"}
    assert [str(error).split(":", 1)[1] for error in found] == expected


def test_a_name_may_be_defined_once_among_all_files(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text("responses:\n  utter_panne:\n    - text: Pardon.\n", encoding="utf-8")
    found = faults(tmp_path / "a.yml", tmp_path / "b.yml")
    where = tmp_path.name
    assert list(map(str, found)) == [
        f"{where}/b.yml:2: « utter_panne » existe déjà dans {where}/a.yml:2",
    ]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes("responses:\n  utter_panne:\n    - text: Désolé.\n".encode("latin-1"))
    (error,) = faults(tmp_path / "a.yml")
    assert error.message == "le fichier n'est pas en UTF-8 : enregistrez-le de nouveau avec cet encodage"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("responses:\n  utter_panne:\n    - text: Pardon.\n", encoding="utf-8-sig")
    assert faults(tmp_path / "a.yml") == []


def test_the_names_of_an_unreadable_file_are_not_said_to_be_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("responses:\n  utter_x: [\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text(
        "flows:\n  f:\n    description: F.\n    steps:\n      - action: utter_x\n", encoding="utf-8"
    )
    assert [error.message.split(" (")[0] for error in faults(*tmp_path.iterdir())] == ["YAML illisible"]
