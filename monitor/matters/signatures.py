"""Short hashes: of a text's letters, and of its runs of words (Broder's shingles)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from hashlib import blake2b
from zlib import crc32

from monitor.matters.places import named_places
from monitor.text import fold

_RUN = 5
_LETTERS = re.compile(r"[^\W_]+")
_WORD = re.compile(rb"[a-z]+|[0-9]+")
_NINE = ord("9")
# Fewer runs than these tell of a form, not of a text.
ENOUGH = 40


def hashed(text: str) -> str:
    """Return 16 hexadecimal digits that stand for a text, the same in every process."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def squeezed(text: str) -> str:
    """Return a text's letters and digits alone, folded: marks and white space do not count."""
    return "".join(_LETTERS.findall(fold(text)))


@lru_cache(maxsize=512)
def sketch(text: str) -> frozenset[int]:
    """Return hashes of every run of five words; names of states and numbers are blanked.

    Two ordinances made from one model share most runs, whatever the city, date and section. A
    text too short to tell has none.
    """
    words = _WORD.findall(text.lower().encode("ascii", "replace"))
    if len(words) < ENOUGH + _RUN:
        return frozenset()
    blanked = _blanked()
    said = [b"_" if word in blanked or word[0] <= _NINE else word for word in words]
    runs = zip(said, said[1:], said[2:], said[3:], said[4:], strict=False)
    return frozenset(map(crc32, map(b" ".join, runs)))


@cache
def _blanked() -> frozenset[bytes]:
    """Return the names of places that are one word."""
    return frozenset([name[0].encode() for name in named_places() if len(name) == 1])


def resemblance(one: str, other: str) -> float:
    """Say how much of the shorter text stands in the longer, 0 to 1; 0 for texts too short."""
    first, second = sketch(one), sketch(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def sketch_keys(text: str, count: int = 3) -> tuple[str, ...]:
    """Return keys that two texts of mostly the same runs share with high odds (min-hash)."""
    return tuple([hashed(f"s:{run}") for run in sorted(sketch(text))[:count]])
