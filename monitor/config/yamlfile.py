"""Reads one YAML file into a tree that knows where each value stands.

    bytes -> text -> events (libyaml) -> Scalar, Sequence, Mapping, each with its Spot

YAML 1.2's core schema decides what a word is (https://yaml.org/spec/1.2.2/#103-core-schema): `no`,
`on` and `12:30` are text, and `010` is ten. Anchors, aliases and merge keys work; tags do not.
Depth and size are bounded before anything is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from monitor.config.complaints import Complaints, Spot
from monitor.config.tree import Document, Mapping, Node, Scalar, Sequence

MOST_BYTES = 2_000_000
MOST_DEPTH = 20
MOST_VALUES = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,2})?")
_TEXT_TAG = "tag:yaml.org,2002:str"


class _Broken(Exception):
    """The file cannot be read any further."""

    def __init__(self, spot: Spot, text: str) -> None:
        super().__init__(text)
        self.spot = spot
        self.text = text


def read_yaml(path: Path, name: str, complaints: Complaints) -> Document | None:
    """Read a file that complaints call `name`; None where it holds no tree, with the complaint."""
    try:
        text = _decoded(path, name)
        lines = tuple(text.splitlines())
        root = _Composer(text, name, complaints).document()
    except _Broken as fault:
        complaints.add(fault.spot, fault.text)
        return None
    return Document(name, lines, root)


def _decoded(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _Broken(Spot(name), f"cannot be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise _Broken(Spot(name), f"is larger than {MOST_BYTES // 1_000_000} MB (split it)")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Broken(Spot(name, 1), "is UTF-16 (save it as UTF-8)")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _Broken(
            Spot(name, line), "a character is not UTF-8 (save the file as UTF-8)"
        ) from error
    # Python and libyaml must agree on what a line is.
    return re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)


class _Composer:
    """Turns one file's events into a tree; libyaml's own composer recurses without a bound."""

    def __init__(self, text: str, name: str, complaints: Complaints) -> None:
        self._lines = text.split("\n")
        self._name = name
        self._complaints = complaints
        self._anchors: dict[str, Node] = {}
        self._text = text
        self._events: Iterator[Any] = iter(())

    def document(self) -> Node | None:
        """Compose the only document; None where the file holds nothing but comments."""
        try:
            self._events = yaml.parse(self._text, Loader=_Loader)
            next(self._events)
            first = next(self._events)
            if isinstance(first, yaml.StreamEndEvent):
                return None
            root = self._node(next(self._events), 0)
            next(self._events)
            last = next(self._events)
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from error
        except yaml.reader.ReaderError as error:
            raise self._reader(error) from error
        if isinstance(last, yaml.DocumentStartEvent):
            spot = self._spot(last.start_mark)
            raise _Broken(spot, "a second document begins here (remove the line with ---)")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        spot = self._spot(event.start_mark)
        if depth > MOST_DEPTH:
            raise _Broken(spot, f"is nested deeper than {MOST_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _Broken(
                    spot, f"*{event.anchor} refers to nothing above (define &{event.anchor})"
                )
            return self._anchors[event.anchor]
        if event.tag not in {None, "!", _TEXT_TAG}:
            raise _Broken(spot, f"the tag {event.tag!r} is not used here (remove it)")
        node = self._composed(event, spot, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _composed(self, event: Any, spot: Spot, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.tag is None
            value = _scalar_value(event.value) if plain else event.value
            end = self._spot(event.end_mark)
            return Scalar(spot, value, event.value, event.style or "", end)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            size = 1
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
                size = self._bounded(size + items[-1].size, spot)
            return Sequence(spot, tuple(items), size)
        return self._mapping(spot, depth)

    def _mapping(self, spot: Spot, depth: int) -> Mapping:
        pairs: dict[str, tuple[Spot, Node]] = {}
        merged: list[Mapping] = []
        size = 1
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            size = self._bounded(size + value.size, spot)
            if not isinstance(key, Scalar):
                self._complaints.add(
                    key.spot, "a list or a mapping cannot be the name of an option"
                )
            elif key.text == "<<" and not key.style:
                merged += self._merges(value)
            elif key.text in pairs:
                before = pairs[key.text][0].line
                self._complaints.add(
                    key.spot, f"'{key.text}' stands twice (first on line {before})"
                )
            else:
                pairs[key.text] = (key.spot, value)
        for mapping in merged:
            for name, name_spot, value in mapping.pairs:
                pairs.setdefault(name, (name_spot, value))
        return Mapping(spot, tuple((k, s, v) for k, (s, v) in pairs.items()), size)

    def _merges(self, value: Node) -> list[Mapping]:
        nodes = value.items if isinstance(value, Sequence) else (value,)
        for node in nodes:
            if not isinstance(node, Mapping):
                self._complaints.add(node.spot, "<< can only merge mappings (write <<: *name)")
        return [node for node in nodes if isinstance(node, Mapping)]

    def _bounded(self, size: int, spot: Spot) -> int:
        if size > MOST_VALUES:
            raise _Broken(spot, f"expands to more than {MOST_VALUES:,} values")
        return size

    def _spot(self, mark: Any) -> Spot:
        return Spot(self._name, mark.line + 1, mark.column + 1)

    def _syntax(self, error: yaml.MarkedYAMLError) -> _Broken:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return _Broken(Spot(self._name), f"is no YAML: {error.problem}")
        line = mark.line + 1
        around = [n for n in (line, line - 1) if 0 < n <= len(self._lines)]
        for number in around:
            text = self._lines[number - 1]
            if "\t" in text[: len(text) - len(text.lstrip())]:
                return _Broken(Spot(self._name, number), "a tab indents this line (use spaces)")
        written = [self._lines[n - 1] for n in around]
        problem = error.problem or "cannot be read"
        if error.context_mark and error.context_mark.line != mark.line:
            problem += f" ({error.context}, line {error.context_mark.line + 1})"
        return _Broken(self._spot(mark), f"is no YAML: {problem}{_cure(problem, written)}")

    def _reader(self, error: yaml.reader.ReaderError) -> _Broken:
        before = self._text.encode()[: error.position]
        spot = Spot(self._name, before.count(b"\n") + 1)
        return _Broken(spot, f"is no YAML: {error.reason} (remove the character)")


def _scalar_value(text: str) -> str | int | float | bool | None:
    if text[:1].isalpha() and text[0] not in "nNtTfF":  # a word, as most values are
        return text
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _cure(problem: str, lines: list[str]) -> str:
    if "mapping values are not allowed" in problem:
        return " (indent it like the lines around it, or quote a text that holds ': ')"
    if any(re.search(r"[\[{,:]\s*#", line) for line in lines):
        return """ (a # begins a comment: quote channels, as in "#ny")"""
    if "start any token" in problem:
        return " (quote a text that begins with one of @ ` %)"
    if "expected" in problem:
        return " (check the indentation, colons, brackets and quotes here and on the line above)"
    return ""
