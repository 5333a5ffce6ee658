"""The tree of one YAML file: values that know where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from monitor.config.complaints import Spot


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; `text` is what was written, `end` the spot behind it.

    style: "" for plain text, ' and " for quoted, | and > for block text.
    """

    spot: Spot
    value: str | int | float | bool | None
    text: str
    style: str
    end: Spot
    size: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `size` counts its values, those of its aliases included."""

    spot: Spot
    items: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Options: unique names, each with its own spot, and their values."""

    spot: Spot
    pairs: tuple[tuple[str, Spot, Node], ...]
    size: int

    @property
    def names(self) -> tuple[str, ...]:
        """Return the options' names."""
        return tuple(name for name, _, _ in self.pairs)

    def get(self, name: str) -> Node | None:
        """Return an option's value, None where it is not written."""
        return next((node for key, _, node in self.pairs if key == name), None)

    def key_spot(self, name: str) -> Spot:
        """Say where an option's name stands; where the mapping begins if it is not written."""
        return next((spot for key, spot, _ in self.pairs if key == name), self.spot)

    def only(self, names: frozenset[str]) -> Mapping:
        """Keep the options with these names."""
        return replace(self, pairs=tuple(pair for pair in self.pairs if pair[0] in names))

    def without(self, names: frozenset[str]) -> Mapping:
        """Leave the options with these names out."""
        return replace(self, pairs=tuple(pair for pair in self.pairs if pair[0] not in names))


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its name in complaints, its lines, and its tree (None where it holds nothing)."""

    name: str
    lines: tuple[str, ...]
    root: Node | None

    def locate(self, scalar: Scalar, offset: int) -> Spot:
        """Find where the character at `offset` of a text stands in the file.

        Exact for block texts and for texts without escapes, else the spot of the whole text.
        """
        pieces = self._pieces(scalar)
        joint = "\n" if scalar.style == "|" else " "
        if joint.join(piece for _, piece in pieces).rstrip() != scalar.text.rstrip():
            return scalar.spot
        last = scalar.spot
        for spot, piece in pieces:
            if offset <= len(piece):
                return replace(spot, column=spot.column + offset)
            offset -= len(piece) + 1
            last = replace(spot, column=spot.column + len(piece))
        return last

    def _pieces(self, scalar: Scalar) -> list[tuple[Spot, str]]:
        """Cut a text into the pieces that stand on one line each."""
        first, last = scalar.spot.line, scalar.end.line
        if scalar.style == "|":
            texts = scalar.text.rstrip("\n").split("\n")
            rows = zip(range(first + 1, len(self.lines) + 1), texts, strict=False)
            return [(self._spot(n, len(self.lines[n - 1]) - len(text)), text) for n, text in rows]
        if scalar.style == ">":
            # Where lines follow, the end mark stands at the beginning of the next one.
            last -= scalar.end.column == 1
            below = range(first + 1, last + 1)
            return [self._stripped(n, 0, None) for n in below if self.lines[n - 1].strip()]
        quote = 1 if scalar.style else 0
        pieces = []
        for n in range(first, last + 1):
            start = scalar.spot.column - 1 + quote if n == first else 0
            stop = scalar.end.column - 1 - quote if n == last else None
            pieces.append(self._stripped(n, start, stop))
        return pieces

    def _stripped(self, line: int, start: int, stop: int | None) -> tuple[Spot, str]:
        piece = self.lines[line - 1][start:stop]
        indent = len(piece) - len(piece.lstrip())
        return self._spot(line, start + indent), piece.strip()

    def _spot(self, line: int, before: int) -> Spot:
        return Spot(self.name, line, before + 1)


def plain(node: Node) -> Any:
    """Turn a tree into what JSON knows; options without a value are left out."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    pairs = ((name, value) for name, _, value in node.pairs)
    return {name: plain(value) for name, value in pairs if not is_empty(value)}


def is_empty(node: Node) -> bool:
    """Say whether an option has no value ("every:" with nothing behind it)."""
    return isinstance(node, Scalar) and node.value is None


def empty_options(node: Node) -> Iterator[tuple[str, Spot]]:
    """Find every option without a value, and every empty entry of a list."""
    if isinstance(node, Mapping):
        for name, spot, value in node.pairs:
            if is_empty(value):
                yield name, spot
            else:
                yield from empty_options(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            if is_empty(item):
                yield "-", item.spot
            else:
                yield from empty_options(item)


def texts(node: Node) -> Iterator[Scalar]:
    """Find every text in a tree."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from texts(item)
    else:
        for _, _, value in node.pairs:
            yield from texts(value)
