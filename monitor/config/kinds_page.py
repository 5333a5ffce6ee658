"""The page of kinds and options, written from the connectors' own docstrings and fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from monitor.config.schemas import documented
from monitor.connectors import BaseConnector
from monitor.connectors import kinds as all_kinds

PAGE = "KINDS.md"
_HEAD = """# Kinds of publishers, and their options

Made by `make schemas` from the code: change the connectors' docstrings, not this page. Options that
all sources have (`id`, `name`, `jurisdiction`, `every` or `cron`, `topics`, …) stand in README.md.
"""


def kinds_page(kinds: Mapping[str, type[BaseConnector]] | None = None) -> str:
    """Write the page as Markdown: each kind, what it reads, its pace, its options."""
    known = all_kinds() if kinds is None else kinds
    lines = [_HEAD, "| kind | reads |", "| --- | --- |"]
    lines += [f"| [`{name}`](#{name}) | {documented(kind)[0]} |" for name, kind in known.items()]
    for name, kind in known.items():
        lines += ["", f"## {name}", "", *_kind(kind)]
    return "\n".join(lines) + "\n"


def _kind(kind: type[BaseConnector]) -> list[str]:
    said, options = documented(kind)
    lines = [said, "", f"Pause between two requests to a host: {kind.pace:g} s."]
    if not kind.model_fields:
        return lines
    lines += ["", "| option | default | meaning |", "| --- | --- | --- |"]
    for name, field in kind.model_fields.items():
        meaning = (options.get(name) or field.description or "").replace("|", "\\|")
        value = None if field.is_required() else field.get_default(call_default_factory=True)
        default = "required" if field.is_required() else f"`{_shown(value)}`"
        lines.append(f"| `{name}` | {default} | {meaning} |")
    return lines


def _shown(default: object) -> str:
    """Write a default as YAML would have it."""
    if isinstance(default, bool):
        return str(default).lower()
    if default in ("", (), None, {}):
        return "none"
    if isinstance(default, (tuple, list)):
        return "[" + ", ".join(map(str, default)) + "]"
    return str(default)


def write_kinds_page(folder: Path) -> Path:
    """Write the page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PAGE
    path.write_text(kinds_page(), encoding="utf-8")
    return path
