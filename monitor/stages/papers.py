"""Reads what is issued rather than passed: orders, rules, agreements, opinions, meetings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.models import Stage
from monitor.stages.dockets import stage_of_words
from monitor.stages.values import Reading, Said, reading
from monitor.text import fold

# Notes beneath an order, on one line: what it does to others, and what became of it.
_UNTIL_NEXT = r"[^;]*?(?=;|$|\s+(?:see|revoke|supersede|amend|continue|supplement|note))"
_REVOKED = re.compile(
    rf"(?:revoked|rescinded|superseded|repealed) by\b{_UNTIL_NEXT}", re.IGNORECASE
)
_CHANGED = re.compile(
    rf"(?:(?:revoked|superseded|modified) in part|amended|modified) by\b{_UNTIL_NEXT}",
    re.IGNORECASE,
)
_ORDER_STATUS = (
    (Stage.REPEALED, re.compile(r"^(?:rescinded|revoked|repealed|superseded)\b")),
    (Stage.AMENDED, re.compile(r"^amended\b")),
    (Stage.PROPOSED, re.compile(r"^(?:draft|proposed)\b")),
    (Stage.SIGNED, re.compile(r"^(?:signed|issued|active|in effect|current)\b")),
)
_ORDER_TITLE = re.compile(
    r"^(?:[\w. -]{0,30}: ?)?(?:(?:emergency|governor'?s|mayor'?s|the) )*(?:executive|mayoral|"
    r"administrative) (?:order|directive)s?\b(?: (?:no\.? ?)?[\d.-]+)?",
    re.IGNORECASE,
)
# Categories of the White House's posts.
_SIGNED_SORT = re.compile(
    r"(?:executive orders?|proclamations?|presidential memorand(?:a|um))$", re.IGNORECASE
)
_DRAFT = re.compile(r"\b(?:draft|proposed|proposes|proposal)\b", re.IGNORECASE)


def read_order(said: Said) -> Reading | None:
    """Read an executive order: one that is published is signed; notes tell what became of it."""
    notes = said.aside("disposition_notes")
    for stage, pattern in ((Stage.REPEALED, _REVOKED), (Stage.AMENDED, _CHANGED)):
        if found := pattern.search(notes):
            return reading(stage, found.group())
    status = fold(said.status)
    for stage, pattern in _ORDER_STATUS:
        if pattern.match(status):
            return reading(stage, said.status)
    if signed := said.fact("signing_date"):
        return reading(Stage.SIGNED, f"signing date {signed}")
    if label := next((one for one in said.labels if _SIGNED_SORT.match(one)), ""):
        return reading(Stage.SIGNED, label)
    if (titled := _ORDER_TITLE.match(said.title)) and not _DRAFT.search(said.title):
        return reading(Stage.SIGNED, titled.group())
    return None


_WITHDRAWN = re.compile(r"\bwithdraw(?:al|n|ing)\b")
_PROPOSAL = re.compile(r"\bpropos(?:ed|al)\b.{0,40}\brul|\bnotice of proposed rulemaking|\bnprm\b")
_RULE = re.compile(r"\brules?\b")
_PRESIDENTIAL = {"proclamation", "memorandum", "determination", "executive order", "notice"}


def read_register(said: Said) -> Reading | None:
    """Read a document of the Federal Register or of regulations.gov by its action and type.

    A notice has no stage: the word stands over meetings, forms and determinations alike.
    """
    if _WITHDRAWN.match(fold(said.status)):
        return reading(Stage.WITHDRAWN, said.status)
    kinds = {fold(one): one for one in said.labels}
    if "presidential document" in kinds:
        return _presidential(said, kinds)
    action = said.fact("action")
    stage = _of_action(fold(action), kinds)
    sort = kinds.get("proposed rule") or kinds.get("rule") or ""
    return reading(stage, action or sort) if stage else None


def _of_action(action: str, kinds: Mapping[str, str]) -> Stage | None:
    """Read "Proposed rule; withdrawal."; without an action the document's type tells."""
    if _WITHDRAWN.search(action):
        return Stage.WITHDRAWN
    if _PROPOSAL.search(action) or "proposed rule" in kinds:
        return Stage.PROPOSED
    return Stage.FINAL if "rule" in kinds and (not action or _RULE.search(action)) else None


def _presidential(said: Said, kinds: Mapping[str, str]) -> Reading | None:
    signed = said.fact("signing_date")
    sort = next((kinds[one] for one in kinds if one in _PRESIDENTIAL), "")
    if not signed and not sort:
        return None
    return reading(Stage.SIGNED, f"signing date {signed}" if signed else sort)


_AGREEMENTS = (
    (Stage.TERMINATED, re.compile(r"\b(?:terminat|rescind|revok|cancel)\w*|\bended\b|\bexpired\b")),
    (Stage.WITHDRAWN, re.compile(r"\bwithdr[ae]w\w*")),
    (Stage.AMENDED, re.compile(r"\bamend\w*|\baddendum")),
    (Stage.PENDING, re.compile(r"\bpending\b|\bapplied\b|\bapplication\b")),
    (Stage.SIGNED, re.compile(r"\bsigned\b|\bactive\b|\bexecuted\b|\bin (?:force|effect)\b")),
)
_ADDENDUM = re.compile(r"\b(?:addendum|amendment)\b", re.IGNORECASE)


def read_agreement(said: Said) -> Reading | None:
    """Read a 287(g) agreement: by its list, and by the addendum that hangs on it."""
    status = fold(said.status)
    stage = next((stage for stage, pattern in _AGREEMENTS if pattern.search(status)), None)
    if stage is None:
        return None
    if stage is Stage.SIGNED:
        signed = said.fact("signed")
        words = f"{said.status} {signed}".strip()
        added = next((one.title for one in said.attachments if _ADDENDUM.search(one.title)), "")
        return reading(Stage.AMENDED, f"{words}; {added}") if added else reading(stage, words)
    return reading(stage, said.status)


_HEADING = re.compile(
    r"\b(?:memorandum )?(?:opinion|decision|order)(?:,? (?:and|&) (?:opinion|order))?\s+(?:re:? "
    r"|on )?"
    r"(?:granting|denying|dissolving|vacating|staying|extending|dismissing)\b[^.\n]{0,300}",
    re.IGNORECASE,
)
_BEGINNING = 1_500


def read_opinion(said: Said) -> Reading | None:
    """Read an opinion by its label or by its own heading; what a court reasons is not read."""
    for label in said.labels:
        plain = fold(label)
        if plain == "slip opinion":
            return reading(Stage.JUDGMENT, label)
        if re.match(r"(?:miscellaneous |summary )?orders?\b", plain):
            return reading(Stage.ORDER, label)
    for words in (said.title, said.text[:_BEGINNING]):
        if found := _HEADING.search(words):
            stage = stage_of_words(found.group(), above=said.is_of_higher_court)
            return reading(stage, found.group()) if stage else None
    return None


def read_hearing(said: Said) -> Reading | None:
    """Read a date on which a thing is heard, unless it was called off."""
    for one in said.hearings:
        if one.kind in {"hearing", "meeting"} and not one.cancelled:
            return reading(Stage.HEARING_SET, f"{one.kind} {one.said}".strip())
    return None
