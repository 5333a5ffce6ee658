"""Writes JSON Schemas of the YAML files, for editors, from the models that read them.

An editor with the YAML language server finds them by a file's first line:

    # yaml-language-server: $schema=schemas/sources.schema.json
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from monitor.config.fields import Options, written_length
from monitor.config.filters import FilterOptions
from monitor.config.settings import MonitorSettings
from monitor.config.sources import DefaultOptions, Kinds, SourceOptions
from monitor.connectors import BaseConnector
from monitor.connectors import kinds as all_kinds

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """Writes defaults as people write them."""

    ignored_warning_kinds = frozenset({"skipped-choice", "non-serializable-default"})  # type: ignore[assignment]

    def encode_default(self, dft: Any) -> Any:
        """Write a length of time as in YAML, and a group of options without what is unset."""
        if isinstance(dft, timedelta):
            return written_length(dft)
        if isinstance(dft, Options):
            return {}
        return super().encode_default(dft)


def schemas(kinds: Kinds | None = None) -> dict[str, dict[str, Any]]:
    """Make the schemas by file name; `kinds` are those of the registry where not given."""
    return {
        "sources.schema.json": _sources(all_kinds() if kinds is None else kinds),
        "filters.schema.json": _titled(_schema(FilterOptions), "One filter"),
        "monitor.schema.json": _titled(_schema(MonitorSettings), "monitor.yaml"),
    }


def write_schemas(folder: Path, kinds: Kinds | None = None) -> tuple[Path, ...]:
    """Write the schemas into a folder, which is made where it is missing; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas(kinds).items():
        path = folder / name
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return tuple(written)


def _sources(kinds: Kinds) -> dict[str, Any]:
    branches: dict[str, Any] = {}
    for name, kind in kinds.items():
        branches |= _branch(name, kind)
    chosen = [
        {
            "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in kinds
    ]
    return {
        "$schema": _DIALECT,
        "title": "sources.yaml",
        "description": "What to watch.",
        "type": "object",
        "additionalProperties": False,
        "required": ["sources"],
        "properties": {
            "defaults": _schema(DefaultOptions),
            "sources": {
                "type": "array",
                "description": "One entry for each thing to poll.",
                "items": {
                    "type": "object",
                    "required": ["id", "kind"],
                    "properties": {"kind": {"enum": list(kinds)}},
                    "allOf": chosen,
                },
            },
        },
        "$defs": branches,
    }


def _branch(name: str, kind: type[BaseConnector]) -> dict[str, Any]:
    """Describe the sources of one kind: the common options, and its own."""
    common = _schema(SourceOptions)
    own = _schema(kind, f"#/$defs/{name}.{{model}}")
    nested = {f"{name}.{key}": value for key, value in own.pop("$defs", {}).items()}
    required = [*common["required"], *own.get("required", ())]
    if "court" not in own["properties"]:
        required.append("jurisdiction")
    said, options = documented(kind)
    for option, meaning in options.items():
        if option in own["properties"]:
            own["properties"][option].setdefault("description", meaning)
    branch = {
        "title": f"kind: {name}",
        "description": said,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": {**common["properties"], **own["properties"], "kind": {"const": name}},
    }
    return {name: branch, **nested}


def documented(kind: type[BaseConnector]) -> tuple[str, dict[str, str]]:
    """Read a connector's docstring: its first line, and "name: meaning" for each option."""
    text = cleandoc(kind.__doc__ or "")
    found = re.finditer(r"^(\w+(?:, \w+)*): (.+(?:\n[ \t]+.+)*)", text, re.MULTILINE)
    options = {
        name: re.sub(r"\s+", " ", match[2]) for match in found for name in match[1].split(", ")
    }
    return text.partition("\n")[0], options


def _schema(model: type[BaseModel], template: str = "#/$defs/{model}") -> dict[str, Any]:
    schema = model.model_json_schema(
        ref_template=template, schema_generator=_Generator, mode="validation"
    )
    cleaned: dict[str, Any] = _without_titles(schema)
    return cleaned


def _titled(schema: dict[str, Any], title: str) -> dict[str, Any]:
    return {"$schema": _DIALECT, "title": title, **schema}


def _without_titles(node: Any) -> Any:
    """Drop the titles that pydantic makes up from the names, and the null of unset options."""
    if isinstance(node, list):
        return [_without_titles(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: {name: _without_titles(value) for name, value in part.items()}
        if key in {"properties", "$defs"}
        else _without_titles(part)
        for key, part in node.items()
        if not (key == "title" and isinstance(part, str))
        and not (key == "default" and part is None)
    }
    branches = [part for part in kept.get("anyOf", ()) if part != {"type": "null"}]
    if "anyOf" in kept:
        kept.pop("anyOf")
        kept |= branches[0] | kept if len(branches) == 1 else {"anyOf": branches}
    return kept
