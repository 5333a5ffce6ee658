"""SECURITY.md names what is there: each threat has its tests, and each test and module exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


def named_in(path: str) -> set[str]:
    """List the tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    """A test that is renamed takes its line in SECURITY.md along."""
    assert len(NAMED) > 60
    assert [f"{path}::{name}" for path, name in NAMED if name not in named_in(path)] == []


def test_every_module_that_is_named_exists() -> None:
    """The same for what is done about a threat."""
    modules = re.findall(r"`(monitor/[\w/.]+)`", PAGE)
    assert len(modules) > 15
    assert [one for one in modules if not (ROOT / one).exists()] == []


def test_every_threat_has_its_tests_and_says_what_is_left() -> None:
    """No section of threats is only words."""
    threats = [part for part in PAGE.split("\n## ") if "| they try |" in part]
    assert len(threats) == 9
    for threat in threats:
        assert "\nLeft: " in threat, threat[:40]
        rows = re.findall(r"(?m)^\| (?!they try|---).*$", threat)
        assert rows
        assert [row for row in rows if "::test_" not in row] == []


def test_every_file_of_these_tests_is_named() -> None:
    """What is shown here is also told there."""
    here = {f"tests/security/{one.name}" for one in Path(__file__).parent.glob("test_*.py")}
    told = set(re.findall(r"tests/security/test_\w+\.py", PAGE))
    assert here == told


def test_no_address_is_given_where_to_report() -> None:
    """Reports go the repository's private way."""
    assert re.findall(r"[\w.]+@[\w.]+", PAGE) == []
    assert "Report a vulnerability" in PAGE
