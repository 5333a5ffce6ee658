"""What is read, and what is read out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.jurisdictions import Court, CourtKind, court
from monitor.models import Attachment, Hearing, Identifier, ItemType, Pairs, Stage
from monitor.text import one_line

LONGEST = 120
# Officers and headings come first; what follows is argument.
READ = 2_000
_HOUSE = re.compile(r"(?:H|A)[A-Z.]*\s*\d")
_SENATE = re.compile(r"S[A-Z.]*\s*\d")
_SIMPLE = re.compile(r"(?:HRES|SRES)\d|(?:HR|SR|AR) \d")
_FEDERAL_SIMPLE = re.compile(r"(?:HRES|SRES) ?\d")
_US = "ocd-division/country:us"
_ONE_CHAMBER = ("/state:ne", "/district:dc")


@dataclass(frozen=True, slots=True)
class Reading:
    """A stage, and the publisher's own words that tell it.

    weak: read out of a headline; it never overrules what a publisher's own records say.
    """

    stage: Stage
    said: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry or an item says about itself, as clean text."""

    type: ItemType
    title: str
    text: str = ""
    status: str = ""
    office: str = ""
    jurisdiction: str = ""
    labels: tuple[str, ...] = ()
    facts: Pairs = ()
    noise: Pairs = ()
    identifiers: tuple[Identifier, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def fact(self, name: str) -> str:
        """Return a fact's value, "" where it is missing."""
        return next((value for key, value in self.facts if key == name), "")

    def aside(self, name: str) -> str:
        """Return a value of the noise, "" where it is missing."""
        return next((value for key, value in self.noise if key == name), "")

    def named(self, scheme: str) -> Identifier | None:
        """Return the first identifier of a scheme."""
        return next((one for one in self.identifiers if one.scheme == scheme), None)

    @property
    def court(self) -> Court | None:
        """Say which court it is; None where it is none, or a state's."""
        docket = self.named("docket")
        return court(docket.scope if docket else self.jurisdiction)

    @property
    def is_of_higher_court(self) -> bool:
        """Say whether a court of appeals or the Supreme Court speaks."""
        where = self.court
        return where is not None and where.kind in {CourtKind.APPELLATE, CourtKind.SUPREME}

    @property
    def chambers(self) -> Chambers:
        """Say in which chamber a bill began, and how many must pass it."""
        number = self._number()
        simple = _FEDERAL_SIMPLE if self.jurisdiction == _US else _SIMPLE
        alone = bool(simple.match(number)) or self.jurisdiction.endswith(_ONE_CHAMBER)
        origin = "senate" if _SENATE.match(number) else "house" if _HOUSE.match(number) else ""
        return Chambers(origin, alone, self.jurisdiction == _US)

    def _number(self) -> str:
        found = self.named("bill")
        return (found.value if found else self.aside("number")).upper()


@dataclass(frozen=True, slots=True)
class Chambers:
    """How a legislature passes a bill: where it began ("house", "senate" or ""), and who must.

    alone: one chamber is enough: a simple resolution, Nebraska, a council.
    congress: the President who signs is that of the country, not of a senate.
    """

    origin: str = ""
    alone: bool = False
    congress: bool = False


def reading(stage: Stage, said: str, *, weak: bool = False) -> Reading:
    """Make a reading; the words are cut to one line of at most 120 characters."""
    return Reading(stage, one_line(said, LONGEST), weak)


def any_of(*patterns: str) -> re.Pattern[str]:
    """Compile several regular expressions into one that holds where any of them does."""
    return re.compile("|".join(patterns))
