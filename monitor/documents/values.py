"""What a document is told, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DocumentKind(StrEnum):
    """The formats that can be read."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    HTML = "html"
    TEXT = "text"


class Ocr(Protocol):
    """Reads the words in a picture of a page; whoever does so stands outside of this layer."""

    def words(self, picture: bytes) -> str:
        """Return the text on a picture (portable graymap, PGM); raises DocumentError."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a document is read; what lies beyond is left out, and said to be.

    file: bytes of the file. unpacked: bytes within an Office file, all parts together.
    pages, characters: of the text. cells: of a worksheet's rectangle.
    scanned: pages that are read from their picture.
    seconds: checked between pages, against the clock that `read_document` is given.
    """

    file: int = 60_000_000
    unpacked: int = 300_000_000
    pages: int = 2_000
    characters: int = 8_000_000
    cells: int = 4_000_000
    scanned: int = 30
    seconds: float = 120.0


class Budget:
    """What is left of the limits while a document is read."""

    def __init__(self, limits: Limits, clock: Callable[[], float] | None = None) -> None:
        self._limits = limits
        self._clock = clock
        self._began = clock() if clock else 0.0
        self._pages = 0
        self._characters = 0
        self._cut = False

    @property
    def limits(self) -> Limits:
        """Return the limits themselves."""
        return self._limits

    @property
    def left(self) -> bool:
        """Say whether one more page may be read."""
        return (
            self._pages < self._limits.pages
            and self._characters < self._limits.characters
            and not (self._clock and self._clock() - self._began >= self._limits.seconds)
        )

    @property
    def cut(self) -> bool:
        """Say whether text was left out."""
        return self._cut

    def take(self, text: str) -> str:
        """Count a page, and return as much of its text as is allowed."""
        allowed = text[: self._limits.characters - self._characters]
        self._pages += 1
        self._characters += len(allowed)
        self._cut = self._cut or len(allowed) < len(text)
        return allowed


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's words, page by page; page 1 is `pages[0]`.

    A worksheet is a page, and so is a Word file as far as its page breaks are written down.
    truncated: a limit ended the reading. unread: numbers of pages that are pictures, whose words
    nobody could read.
    """

    kind: DocumentKind
    pages: tuple[str, ...]
    truncated: bool = False
    unread: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return all pages as one text."""
        return "\n".join(page for page in self.pages if page)
