"""The arrows and the budgets of docs/architecture.md, asserted on the source itself."""

import ast
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("actions", "bot", "knowledge")
FORBIDDEN_NAMES = {"utils", "core", "common", "helpers", "manager"}
MAX_FILE_LINES, MEDIAN_FILE_LINES = 300, 90
MAX_FUNCTION_LINES, MEDIAN_FUNCTION_LINES = 50, 8

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"knowledge"}),
    frozenset({"actions"}),
    frozenset({"bot.letters", "bot.messages", "bot.failpoints", "bot.limits", "bot.journal", "bot.printing"}),
    frozenset({"bot.gateway_settings"}),
    frozenset({"bot.settings"}),
    frozenset({"bot.understanding", "bot.engine", "bot.channels", "bot.store"}),
    frozenset({"bot.conversation", "bot.fiche"}),
    frozenset({"bot.delivery", "bot.gateways"}),
    frozenset({"bot.web", "bot.poster"}),
    frozenset({"bot.app"}),
    frozenset({"bot.diagnosis"}),
    frozenset({"bot.commands"}),
    frozenset({"bot.__main__"}),
)
"""Each part may import itself and the parts of the layers above its own."""


def sources() -> list[Path]:
    """Return the source files; migrations are history, not code to keep in shape."""
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if path.parent.name != "versions"]
    assert len(found) > 40
    return found


def part(module: str) -> str:
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "bot" else names[0]


def layer(module: str) -> int:
    found = [rank for rank, parts in enumerate(LAYERS) if part(module) in parts]
    assert found, f"{module} has no place in the architecture"
    return found[0]


def module_name(path: Path) -> str:
    names = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            base = node.module or ""
            found |= {f"{base}.{alias.name}" if is_module(f"{base}.{alias.name}") else base for alias in node.names}
    return {name for name in found if name.split(".")[0] in ROOMS}


def test_imports_point_one_way() -> None:
    faults = [
        f"{module_name(path)} -> {name}"
        for path in sources()
        if module_name(path) != "bot"
        for name in imports(path)
        if part(name) != part(module_name(path)) and layer(name) >= layer(module_name(path))
    ]
    assert not faults


def test_flows_are_data_only() -> None:
    suffixes = {path.suffix for path in (ROOT / "flows").rglob("*") if path.is_file()}
    assert suffixes == {".yml"}


def test_the_engine_knows_no_action_of_ours() -> None:
    engine = sorted((ROOT / "bot" / "engine").glob("*.py"))
    assert len(engine) > 3
    assert not [path for path in engine for name in imports(path) if part(name) in {"actions", "knowledge"}]


def test_files_are_short_and_named_by_nouns() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    written = [length for path, length in lengths.items() if path.name != "__init__.py"]
    assert not [str(path) for path, length in lengths.items() if length > MAX_FILE_LINES]
    assert median(written) <= MEDIAN_FILE_LINES
    assert not [path for path in lengths if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES]
    assert not [path for path in lengths if len(path.relative_to(ROOT).parts) > 4]


def test_functions_are_short() -> None:
    lengths = {
        f"{module_name(path)}.{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: length for name, length in lengths.items() if length > MAX_FUNCTION_LINES}
    assert median(lengths.values()) <= MEDIAN_FUNCTION_LINES


def test_no_pair_of_modules_import_each_other() -> None:
    graph = {module_name(path): imports(path) for path in sources()}
    assert not [(a, b) for a, names in graph.items() for b in names if a != b and a in graph.get(b, set())]
