"""Keeps the words of others from steering a terminal: only colours of our own get through.

Titles are cleaned where they come in; errors, names in YAML and arguments may hold anything.
https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing, ECMA-48 for the controls.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

# Controls of both sets but for line feed and tab, and the marks that turn text around.
_STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_COLOUR = r"\x1b\[[0-9;]{0,12}m"
_STEERS = re.compile(f"({_COLOUR})|\r\n|[{_STEERING}]")
_STEERS_JSON = re.compile(f"[{_STEERING}]")
_BLOT = "\ufffd"


class Harmless:
    """A text stream in front of another, which shows what steers a terminal as a blot."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write text; colours (SGR) stay. Raises TypeError for bytes, as a text stream does."""
        return self.stream.write(_STEERS.sub(_blotted, text))

    def writelines(self, lines: list[str]) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _blotted(found: re.Match[str]) -> str:
    return found[1] or ("\n" if found[0] == "\r\n" else _BLOT)


@contextmanager
def harmless_output() -> Iterator[None]:
    """Let nothing that is written inside steer the terminal."""
    out, err = (cast("TextIO", Harmless(one)) for one in (sys.stdout, sys.stderr))
    with redirect_stdout(out), redirect_stderr(err):
        yield


def steered() -> TextIO:
    """Return standard error for what draws on it itself: a bar that shows no words of others."""
    return sys.stderr.stream if isinstance(sys.stderr, Harmless) else sys.stderr


def escaped(document: str) -> str:
    r"""Write in JSON what steers a terminal as \u escapes: the same document, harmless to show."""
    return _STEERS_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)
