"""Composes digests: what happened to which matters since the last one, and what was checked.

    Edition (which digest, when) → Period
    MatterNews + Statistics + Checked → compose → Digest → short → Alert for Slack

Pure: the store gives the values, and `now` is passed.
"""

from monitor.digest.composing import compose
from monitor.digest.coverage import Visited, Watched, checked
from monitor.digest.editions import Edition
from monitor.digest.periods import (
    first_day,
    following,
    is_day,
    midnight,
    parse_period,
    period_of,
    previous,
)
from monitor.digest.sentences import sentence
from monitor.digest.short import short
from monitor.digest.values import Arrived, Dated, MatterNews, Revised, Span, Statistics

__all__ = [
    "Arrived",
    "Dated",
    "Edition",
    "MatterNews",
    "Revised",
    "Span",
    "Statistics",
    "Visited",
    "Watched",
    "checked",
    "compose",
    "first_day",
    "following",
    "is_day",
    "midnight",
    "parse_period",
    "period_of",
    "previous",
    "sentence",
    "short",
]
