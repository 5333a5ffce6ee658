"""Collects what is wrong with the configuration: all of it, each with its file and line.

sources.yaml:14: unknown option 'evry' (did you mean 'every'?)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

# A secret that stands in YAML by mistake must not be printed by the complaint about it.
_SECRETS = re.compile(
    r"""(?x)
      xox[a-z]-[\w-]+
    | xapp-[\w-]+
    | (?<=hooks\.slack\.com/)[\w/]+
    | (?<=://)[^\s/:@'"]+:[^\s/@'"]+(?=@)
    | (?<=[?&])(?:api_?key|token|access_token)=[^\s&'"]+
    | gh[pousr]_\w{20,}
    """,
    re.IGNORECASE,
)
_LONGEST = 600


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file: line and column count from 1; line 0 is the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(slots=True)
class Complaints:
    """The faults and the doubts found so far, in no order."""

    _faults: list[tuple[Spot, str]] = field(default_factory=list)
    _doubts: list[tuple[Spot, str]] = field(default_factory=list)
    _secret: set[tuple[str, int]] = field(default_factory=set)

    def add(self, spot: Spot, text: str, *, with_column: bool = False) -> None:
        """Note a fault: nothing runs while there is one."""
        if (spot.file, spot.line) not in self._secret:
            self._faults.append((spot, _line(spot, text, with_column=with_column)))

    def add_secret(self, spot: Spot) -> None:
        """Note that a secret stands on a line; whatever else is said of the line might show it."""
        self.add(
            spot,
            "what looks like a secret stands here (put it into the environment, as "
            "SLACK_BOT_TOKEN or its like, and have this one replaced: it was written down)",
        )
        self._secret.add((spot.file, spot.line))

    def warn(self, spot: Spot, text: str) -> None:
        """Note what is probably a mistake, and can run."""
        self._doubts.append((spot, _line(spot, text)))

    @property
    def faults(self) -> tuple[str, ...]:
        """Return every fault once, by file and line."""
        return _ordered(self._faults)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return every warning once, by file and line."""
        return _ordered(self._doubts)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean 'every'?)", or all that is known, or "" where nothing is."""
    words = list(known)
    near = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if near:
        return f" (did you mean '{near[0]}'?)"
    return f" (there are: {', '.join(words)})" if words else ""


def looks_secret(text: str) -> bool:
    """Say whether a text holds what looks like a token or a password."""
    return bool(_SECRETS.search(text))


def redacted(text: str) -> str:
    """Blank what looks like a token or a password."""
    return _SECRETS.sub("***", text)


def _line(spot: Spot, text: str, *, with_column: bool = False) -> str:
    place = f"{spot}:{spot.column}" if with_column and spot.column else str(spot)
    one_line = text if with_column else text.replace("\n", " ")
    safe = redacted("".join(c if c.isprintable() or c == "\n" else "�" for c in one_line))
    shown = safe if len(safe) <= _LONGEST else safe[: _LONGEST - 1] + "…"
    return f"{place}: {shown}"


def _ordered(found: list[tuple[Spot, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for _, text in sorted(found)))
