"""Reads off the product itself which secrets it knows, so that a new one is covered by itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from monitor.config.environment import NAMES

ROOT = Path(__file__).resolve().parents[2]
# Families of variables: the code knows the beginning, the operator chooses the end.
FAMILIES = ("LEGISTAR_TOKEN_", "SLACK_WEBHOOK_", "APPRISE_URL_")
PUBLIC = {"SLACK_API_URL"}


def credentials() -> Iterator[tuple[str, ast.Call]]:
    """Find each `Credential(…)` that a connector makes, with the module's name."""
    for path in sorted((ROOT / "monitor" / "connectors").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Credential":
                yield path.name, node


def key_variables() -> set[str]:
    """Name the variables of the keys that connectors send, but for families."""
    firsts = (call.args[0] for _, call in credentials())
    return {str(one.value) for one in firsts if isinstance(one, ast.Constant)}


def secret_variables() -> set[str]:
    """Name every variable that holds a secret, but for families."""
    return (set(NAMES) | key_variables()) - PUBLIC
