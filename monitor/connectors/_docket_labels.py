"""Reads what courts call docket entries, and makes captions readable.

CM/ECF names a motion by the relief it asks for, without the word "motion": [Preliminary
Injunction] is what somebody wants, [Order on Motion for Preliminary Injunction] what was ruled.
"""

from __future__ import annotations

import re

# Labels that tell nothing about a case: the clerk's own, and lawyers' formalities.
_CLERICAL = re.compile(
    r"^(?:~|util\b|summons|notice of appearance|set/reset|certificate\b|letter$|text only"
    r"|(?:initial )?case assign|initial case|\d - |terminate (?:deadlines|hearings)"
    r"|immigration mandamus case procedural)"
    r"|pro hac vice|electronic filing error|\btranscript\b|^attorney appearance",
    re.IGNORECASE,
)
# Case types of CM/ECF that are no civil suits: criminal, magistrate, petty offences, warrants.
_CRIMINAL = {"cr", "mj", "po", "sw", "gj", "pt", "mb", "te", "wt", "y", "tk"}
# Labels with which a case begins. "Amended Complaint" is not among them.
_OPENING = re.compile(
    r"^(?:complaint\b|notice of removal\b|petition for\b|verified complaint\b"
    r"|(?:adversary )?case opening|case opened|civil case opening)",
    re.IGNORECASE,
)
_RELIEF = re.compile(
    r"^(?:(?:emergency |expedited )?(?:temporary restraining order|tro|preliminary injunction)"
    r"|dismiss|(?:partial )?summary judgment|stay|remand|intervene|(?:certify class|class cert\w+)"
    r"|expedite|compel|vacate|transfer case|change venue|reconsideration)\b"
    r"(?!.*\b(?:order|granted|denied|hearing|opinion)\b)",
    re.IGNORECASE,
)
_MOTION = re.compile(
    r"^(?:(?:first|second|third|joint|amended|emergency|ex parte|unopposed|consent|renewed|cross)"
    r"[\s-]+)*(?:motion\b|application \(\w+\) (?:for|to)\b)",
    re.IGNORECASE,
)
# Only where it begins so: "Notice of Appeal as to Order on Motion" is none.
_RULING = re.compile(
    r"^(?:(?:text|minute|paperless|electronic|oral|amended|final|scheduling|per curiam|so|tro)"
    r"[\s-]+)*(?:order(?:ed)?\b|opinion\b|judgment\b|mandate\b)"
    r"|^memorandum (?:&|and|and/or|of)? ?(?:opinion|order|decision)|^clerk.s judgment"
    r"|^permanent injunction|^usca (?:mandate|opinion|order|judgment)"
    r"|^(?:the )?petition (?:granted|denied)\b|^application \(\w+\) (?:granted|denied)\b",
    re.IGNORECASE,
)
# Words that stay in capitals when a caption in capitals is made readable.
_CAPITALS = {
    "ACLU", "CBP", "DC", "DEA", "DHS", "DOJ", "DOL", "DOT", "EPA", "FBI", "FEMA", "FERC", "HHS",
    "HUD", "ICE", "II", "III", "INS", "IRS", "IV", "LLC", "LLP", "LP", "NAACP", "NLRB", "NY", "SSA",
    "UAW", "US", "USA", "USCIS", "USDA", "VA",
}  # fmt: skip
_SMALL = {"al", "and", "et", "for", "in", "of", "on", "ex", "rel", "the", "to", "v", "vs", "by"}
_CAPTION_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def is_clerical(label: str) -> bool:
    """Tell whether a label is the clerk's own or a lawyer's formality, and no news."""
    return bool(_CLERICAL.search(label))


def opens_a_case(label: str) -> bool:
    """Tell whether a case begins with such an entry."""
    return bool(_OPENING.match(label))


def is_criminal(number: str) -> bool:
    """Tell whether a docket number is that of a criminal case, a magistrate's or a warrant."""
    parts = number.rpartition(":")[2].split("-")
    return len(parts) == 3 and parts[1] in _CRIMINAL  # noqa: PLR2004 - year, type, number


def event(label: str) -> str:
    """Show an event's label; a motion that is named by its relief alone is called a motion."""
    return f"[{label}] (a motion)" if asks_for_relief(label) else f"[{label}]"


def asks_for_relief(label: str) -> bool:
    """Tell whether a label is a motion that is named by its relief alone."""
    return bool(_RELIEF.match(label))


def sort_of(text: str) -> str:
    """Say what an entry's words begin with: "Motion", "Ruling", or "" where neither is certain."""
    said = text.strip(" []")
    if asks_for_relief(said) or _MOTION.match(said):
        return "Motion"
    return "Ruling" if _RULING.match(said) else ""


def readable(caption: str) -> str:
    """Write a caption in capitals (D.D.C., D.N.J.) as others write theirs; leave all others."""
    letters = [word for word in _CAPTION_WORD.findall(caption) if word.lower() not in _SMALL]
    if not letters or not all(map(str.isupper, letters)):
        return caption
    return _CAPTION_WORD.sub(_cased, caption)


def _cased(found: re.Match[str]) -> str:
    word = found.group()
    dotted = found.string[found.end() : found.end() + 1] == "." and len(word) == 1
    if word in _CAPITALS or dotted:
        return word.lower() if word in {"V", "v"} else word
    if word.lower() in _SMALL and found.start():
        return word.lower()
    return word.capitalize()
