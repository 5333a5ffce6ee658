"""What `monitor doctor` finds out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """ok: usable; warn: works, and something is missing; fail: a person must act."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: its subject, what came of it, and what to do about it.

    cure: one sentence; "" where all is well. No secret stands in any of the three texts.
    """

    level: Level
    subject: str
    says: str
    cure: str = ""
