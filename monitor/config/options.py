"""Reads a mapping of the tree into a model, and turns pydantic's errors into complaints."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.config.complaints import Complaints, Spot, did_you_mean
from monitor.config.tree import (
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    empty_options,
    is_empty,
    plain,
)

Model = TypeVar("Model", bound=BaseModel)
_SHOWN = 60
_SECRET_NAMES = ("token", "password", "secret", "api_key", "apikey", "webhook")
_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "list_type": "a list ([a, b])",
    "tuple_type": "a list ([a, b])",
    "set_type": "a list ([a, b])",
    "frozen_set_type": "a list ([a, b])",
    "dict_type": "options (name: value)",
    "model_type": "options (name: value)",
    "model_attributes_type": "options (name: value)",
    "dataclass_type": "options (name: value)",
}


def read_options(
    model: type[Model], node: Mapping, complaints: Complaints, needed_by: str = ""
) -> Model | None:
    """Build a model from a mapping; None where something is wrong, with all the complaints.

    needed_by: who needs an option that is missing, as in "kind 'legistar'".
    """
    try:
        # JSON mode: lists become tuples and words become enumerations, all else stays strict.
        return model.model_validate_json(json.dumps(plain(node)))
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            _complain(model, error, node, complaints, needed_by)
    return None


def option_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Return a model's options as they are written in YAML."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def root_mapping(document: Document | None, cure: str, complaints: Complaints) -> Mapping | None:
    """Return a file's mapping; None with a complaint where it is empty or something else."""
    if document is None:
        return None
    root = document.root
    if root is None or is_empty(root):
        complaints.add(Spot(document.name), f"is empty ({cure})")
        return None
    if not isinstance(root, Mapping):
        complaints.add(root.spot, f"should hold options (name: value), not {_given(root)} ({cure})")
        return None
    complain_of_empty(root, document, complaints)
    return root


def complain_of_empty(root: Mapping, document: Document, complaints: Complaints) -> None:
    """Complain of every option without a value: YAML that is accepted and does nothing."""
    for name, spot in empty_options(root):
        behind = document.lines[spot.line - 1][spot.column - 1 :]
        cure = (
            'a # begins a comment: write it in quotes, as in "#name"'
            if ": #" in behind or "- #" in behind
            else "give it a value, or take it out"
        )
        what = "an entry of the list" if name == "-" else f"'{name}'"
        complaints.add(spot, f"{what} is empty ({cure})")


def unknown_option(name: str, spot: Spot, known: tuple[str, ...], complaints: Complaints) -> None:
    """Complain of an option that does not exist, naming the nearest one that does."""
    if _sounds_secret(name):
        cure = " (secrets stand in the environment, never in YAML: see the README)"
        complaints.add(spot, f"unknown option '{name}'{cure}")
    else:
        complaints.add(spot, f"unknown option '{name}'{did_you_mean(name, known)}")


def _sounds_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET_NAMES)


def _complain(
    model: type[BaseModel], error: Any, root: Mapping, complaints: Complaints, needed_by: str
) -> None:
    kind, where = error["type"], tuple(error["loc"])
    node, name, spot, depth = _follow(root, where)
    if _sounds_secret(name) and isinstance(node, Scalar):
        node = replace(node, value="…", text="…")
    if kind == "extra_forbidden":
        known = _known_at(model, where[:-1])
        unknown_option(str(where[-1]), spot, known, complaints)
    elif kind == "missing":
        if not _stands_empty(root, where):
            by = f" ({needed_by} needs it)" if needed_by else ""
            complaints.add(node.spot, f"option '{where[-1]}' is missing{by}")
    elif kind == "value_error":
        text = str(error["ctx"]["error"]).replace("\n", " ")
        complaints.add(spot, f"{name}: {text}" if name else text)
    elif kind in _WANTED or kind == "wanted":
        wanted = _WANTED.get(kind) or error["msg"]
        given = _given(node, quotable=kind == "string_type")
        complaints.add(spot, f"{name or 'this'} should be {wanted}, not {given}")
    else:
        text = error["msg"].replace("Input should", "should")
        shown = f", not {_given(node)}" if isinstance(node, Scalar) and depth == len(where) else ""
        complaints.add(spot, f"{name} {text}{shown}".strip())


def _follow(root: Mapping, where: tuple[str | int, ...]) -> tuple[Node, str, Spot, int]:
    """Walk to the value that an error is about: the value, its option's name, its spot.

    Steps that stand for nothing in the file (a union's branch) are passed over.
    """
    node: Node = root
    name, spot, taken = "", root.spot, 0
    for step in where:
        below: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            below = node.get(step)
            if below is not None:
                name, spot = step, node.key_spot(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            below = node.items[step]
            spot = below.spot
        if below is not None:
            node, taken = below, taken + 1
    return node, name, spot, taken


def _stands_empty(root: Mapping, where: tuple[str | int, ...]) -> bool:
    holder, _, _, _ = _follow(root, where[:-1])
    value = holder.get(str(where[-1])) if isinstance(holder, Mapping) else None
    return value is not None and is_empty(value)


def _known_at(model: type[BaseModel], where: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the options of the nested model at a place, by way of the annotations."""
    schema = model.model_json_schema()
    node: Any = schema
    for step in where:
        node = _resolved(node, schema)
        if isinstance(step, int):
            node = node.get("items", node)
        else:
            node = node.get("properties", {}).get(step, node)
    return tuple(_resolved(node, schema).get("properties", {}))


def _resolved(node: Any, schema: Any) -> Any:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    for branch in node.get("anyOf", ()):
        found = _resolved(branch, schema)
        if "properties" in found or "items" in found:
            return found
    return node


def _given(node: Node, *, quotable: bool = False) -> str:
    """Say what stands in the file; `quotable` says that quotes would mend it."""
    if isinstance(node, Mapping):
        return "a mapping (name: value)"
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node.value, str):
        shown = node.text if len(node.text) <= _SHOWN else node.text[: _SHOWN - 1] + "…"
        return "the text '" + shown.replace("\n", " ") + "'"
    what = "" if isinstance(node.value, bool) else "the number "
    return what + node.text + (f' (as text: "{node.text}", in quotes)' if quotable else "")
