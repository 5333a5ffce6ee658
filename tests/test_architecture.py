"""The house keeps its floors: a module imports only from layers below its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    ("errors", "models"),
    ("text", "dates", "urls", "addresses", "identifiers", "jurisdictions", "stages", "wording"),
    (
        "connectors",
        "documents",
        "matching",
        "schedule",
        "normalise",
        "matters",
        "telling",
        "reminders",
        "personal",
        "floods",
        "precision",
        "silence",
        "outages",
        "alerts",
        "participation",
        "digest",
        "render",
    ),
    ("config", "files"),
    ("fetch", "store", "channels", "ocr", "apart"),
    (
        "attachments",
        "look",
        "visit",
        "pipeline",
        "deliver",
        "mailing",
        "letters",
        "locking",
        "keeping",
        "clock",
        "rounds",
        "neighbours",
        "bulletin",
        "revising",
        "heart",
        "watching",
        "tally",
        "troubles",
        "queueing",
        "digesting",
        "overview",
        "exporting",
    ),
    ("station", "service", "slackapp", "web", "cli", "__main__"),
)
FLOOR = {name: floor for floor, names in enumerate(LAYERS) for name in names}
# Third-party libraries that touch the outside; only these rooms may use them.
OUTSIDE = {
    "httpx": {"fetch"},
    "httpcore": {"fetch"},
    "warcio": {"fetch"},
    "sqlite3": {"store"},
    "sqlite_utils": {"store"},
    "slack_sdk": {"channels", "slackapp"},
    "smtplib": {"channels"},
    "click": {"cli"},
    "rich": {"cli"},
    "flask": {"web"},
    "waitress": {"web"},
    "prometheus_client": {"web"},
}
CLOCKS = {("datetime", "now"), ("time", "time"), ("date", "today"), ("datetime", "utcnow")}
MODULES = sorted((ROOT / "monitor").rglob("*.py"))


def room(path: Path) -> str:
    """Name the room of the house in which a module stands."""
    parts = path.relative_to(ROOT / "monitor").with_suffix("").parts
    return parts[0]


def imported(tree: ast.AST) -> set[str]:
    """List the dotted names that a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_lower_layers(path: Path) -> None:
    """Every import of the product's own modules runs downwards, or stays in its room."""
    own = room(path)
    assert own == "__init__" or own in FLOOR, f"{own} has no floor in the table"
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "monitor" or len(parts) < 2:
            continue
        target = parts[1]
        if target == own or target not in FLOOR:
            continue
        assert FLOOR[target] <= FLOOR[own], f"{own} (floor {FLOOR[own]}) imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_rooms_at_the_edge_touch_the_outside(path: Path) -> None:
    """HTTP, SQL, Slack and the terminal each have their own room."""
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        allowed = OUTSIDE.get(name.split(".")[0])
        assert allowed is None or room(path) in allowed, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_stages_never_ask_the_clock(path: Path) -> None:
    """The stages of floor 0 to 3 are told `now`."""
    if FLOOR.get(room(path), 0) > 3:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in CLOCKS, f"{path}:{node.lineno} asks the clock"


def test_the_noun_layer_knows_no_stage() -> None:
    """Nouns and errors import nothing of the house but each other."""
    for path in MODULES:
        if room(path) in ("errors", "models"):
            for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
                assert not name.startswith("monitor.") or name.split(".")[1] in LAYERS[0]
