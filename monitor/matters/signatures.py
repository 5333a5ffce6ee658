"""Short hashes: of a text's letters, and of its runs of words (Broder's shingles)."""

from __future__ import annotations

import re
from hashlib import blake2b
from zlib import crc32

from monitor.matters.places import named_places
from monitor.text import fold

_RUN = 5
_LETTERS = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# Fewer runs than these tell of a form, not of a text.
ENOUGH = 40


def hashed(text: str) -> str:
    """Return 16 hexadecimal digits that stand for a text, the same in every process."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def squeezed(text: str) -> str:
    """Return a text's letters and digits alone, folded: marks and white space do not count."""
    return "".join(_LETTERS.findall(fold(text)))


def sketch(text: str) -> frozenset[int]:
    """Return hashes of every run of five words; names of states and numbers are blanked.

    Two ordinances made from one model share most runs, whatever the city, date and section.
    """
    words = [
        "_" if word.isdigit() or (word,) in named_places() else word
        for word in _WORD.findall(fold(text))
    ]
    runs = zip(*(words[start:] for start in range(_RUN)), strict=False)
    return frozenset([crc32(" ".join(run).encode("utf-8", "surrogatepass")) for run in runs])


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Say how much of the shorter text stands in the longer, 0 to 1; 0 for texts too short."""
    least = min(len(one), len(other))
    return len(one & other) / least if least >= ENOUGH else 0.0


def sketch_keys(runs: frozenset[int], count: int = 3) -> tuple[str, ...]:
    """Return keys that two texts of mostly the same runs share with high odds (min-hash)."""
    if len(runs) < ENOUGH:
        return ()
    return tuple([hashed(f"s:{run}") for run in sorted(runs)[:count]])
