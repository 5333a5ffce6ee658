"""Reads docket entries: what is asked for is never taken for what was ruled.

CM/ECF names a motion by the relief it asks for: [Preliminary Injunction] is somebody's wish, the
ruling is [Order on Motion for Preliminary Injunction], whose outcome only its text tells ("ORDER
granting 12 Motion for Preliminary Injunction"). The first words of an entry say what it is; the
rest may name any other paper of the case. So the head is read first, and an outcome only where a
court speaks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.models import Stage
from monitor.stages.rulings import relief_ruled
from monitor.stages.values import READ, Reading, Said, reading
from monitor.text import fold

# An event's name, as against the text of an entry.
_SHORT = 120
# Labels of this program's own; courts' labels are the names of events.
_SORTS = frozenset({"motion", "ruling"})
# Of several events of one filing the weightiest speaks.
_WEIGHT = (
    Stage.INJUNCTION_STAYED, Stage.INJUNCTION_VACATED, Stage.INJUNCTION_GRANTED,
    Stage.INJUNCTION_DENIED, Stage.TRO_GRANTED, Stage.TRO_DENIED, Stage.JUDGMENT, Stage.REMANDED,
    Stage.MANDATE, Stage.APPEALED, Stage.CLOSED, Stage.HEARING_SET, Stage.ORDER, Stage.MOTION,
    Stage.FILED,
)  # fmt: skip

_PREFIX = re.compile(
    r"^(?:\W+|\(?(?:util|text(?:[- ]only)?(?: entry)?|paperless|electronic|endorsed|sealed|public"
    r"|redacted|corrected|updated|modified|received|entered)\)?[:\s-]+(?=\w))+"
)
# In Massachusetts an entry begins with the judge: "Judge A. Example: ORDER entered. …".
_JUDGE = re.compile(r"^(?:(?:chief|senior|magistrate|district) )*judge [^:;]{3,50}: ")
_HOW = (
    r"(?:(?:first|second|third|joint|amended|emergency|ex parte|unopposed|consent|agreed|opposed"
    r"|renewed|cross|oral|partial|expedited|supplemental|miscellaneous|defendants?'?s?"
    r"|plaintiffs?'?s?|petitioners?'?s?|government'?s?)[\s-]+)*"
)
_MOTION = re.compile(
    rf"^{_HOW}(?:motions?\b|application (?:\(\w+\) )?(?:for|to)\b|notice of motion"
    r"|petition for (?:panel |initial )?(?:rehearing|hearing en banc)|suggestion of rehearing)"
)
# A motion that is named by its relief alone, unless a court's words follow.
_RELIEF = re.compile(
    rf"^{_HOW}(?P<what>temporary restraining order|tro\b|preliminary injunction|injunctive relief"
    r"|dismiss\b|summary judgment|stay\b|remand\b|intervene\b|certify class|class cert|expedite\b"
    r"|compel\b|vacate\b|transfer case|change venue|reconsideration|extension of time|quash\b"
    r"|strike\b|seal\b)(?P<rest>.*)$"
)
_OF_A_COURT = re.compile(
    r"\b(?:orders?|granted|denied|hearing|opinion|signed by|issued|entered|appeal|mandate)\b"
)
_SIGNED = re.compile(
    r"\bsigned by\b|\bso ordered\b|it is (?:hereby )?ordered|\bby (?:chief )?judge\b"
)
_OWN_PAPER = re.compile(
    r"^(?:\w+ )?(?:order (?:granting|for|of|entering|issuing) )?"
    r"(?P<what>temporary restraining order|(?:preliminary|permanent) injunction)\b"
)
_RULING = re.compile(
    r"^(?:(?:text|minute|minutes|paperless|electronic|oral|amended|final|scheduling|per curiam|so"
    r"|tro|clerk'?s?|court|case management|status report|pretrial|protective|initial"
    r"|stipulation and"
    r"|stipulated|agreed|consent|consolidated|published|unpublished|standing|briefing"
    r"|adr scheduling"
    r"|informal briefing|civil|interim|administrative|partial|memo(?:randum)?"
    r"|findings of fact,? (?:&|and) conclusions of law,?|opinion|order|judgment|decision|&|and)"
    r"[\s,-]+)*"
    r"(?:orders?(?:ed)?\b|opinion\b|judgment\b|ruling\b|decision\b|decree\b|endorsement\b"
    r"|memorandum (?:&|and|and/or|of)? ?(?:opinion|order|decision|ruling)|minute (?:entry|order)"
    r"|findings of fact|conclusions of law|usca (?:opinion|order|judgment))"
    r"|^minutes? (?:entry|of)|^clerk.s judgment|^(?:the )?(?:court|judge)\b.{0,60}\b(?:grant|den)"
    r"|^(?:the )?application(?: \(\w+\))?.{0,200}\b(?:granted|denied)\b|^certiorari (?:granted"
    r"|denied)"
    r"|^(?:the )?(?:motion|petition)\b[^.;]{0,160}\b(?:granted|denied)(?:\.| by\b| in part|$)"
)
_FILED_BY_CLERK = re.compile(r"\border filed\b|\bopinion issued\b|\bjudgment (?:order )?filed\b")
# A record of a hearing is no ruling, unless one was given from the bench.
_HELD = re.compile(r"^(?:civil )?(?:minute entry|minutes)\b")
_RULED = re.compile(r"\b(?:grant|den)(?:s|ies|ied|ed|ing|ying)\b|\border(?:s|ed)\b")

_APPEAL = re.compile(
    r"^(?:(?:amended|joint|interlocutory|cross|protective|civil|emergency|transmission of)[\s-]+)*"
    r"(?:notice of (?:(?:\w+[\s-]+){0,2})?appeal\b(?! (?:fee|hearing|conference))|appeal from)"
    r"|^transmission of (?:the )?notice of appeal"
)
_MANDATE = re.compile(
    r"^(?:(?:amended|formal|certified|true copy of)[\s-]+)*(?:usca )?(?:mandate|judgment issued)\b"
)
_FILED = re.compile(
    r"^(?:verified |class action |civil )?complaint\b|^notice of removal\b"
    r"|^petition for (?:a )?(?:writ|review|permission)|^petition(?:\.|$| \w+ filed)"
    r"|^(?:civil |adversary |agency )?(?:case|appeal) (?:docketed|opened|opening)"
)
_DISMISSAL = re.compile(
    r"^(?:joint |stipulated )?(?:notice of |stipulation (?:of |for ))?(?:voluntary )?dismissal\b"
    r"|^(?:stipulation and )?order (?:of|on stipulation of) (?:voluntary )?dismissal"
    r"|^order dismissing (?:the )?(?:case|action|appeal|petition)"
)
_IN_PART = re.compile(
    r"\bas to (?!all\b)|\bpartial|\bcounts?\b|\bclaims?\b|\bpart(?:y|ies)\b|\bonly\b|\bin part\b"
    r"|\bof (?:defendants?|certain)\b|dismissal (?:is )?denied"
)
_ENDED = re.compile(
    r"^terminate (?:civil )?case|^close (?:adversary )?case"
    r"|^(?:civil )?case (?:is )?(?:administratively )?(?:closed|terminat)|^terminated$|^closed$"
)
_HEARING = re.compile(
    r"^(?:amended )?(?:notice of (?:\w+ ){0,3}hearing\b|hearing (?:set|scheduled)\b"
    r"|(?:set|reset)(?:/reset)? (?:\w+ )?hearings?\b|(?:clerk'?s )?notice setting (?:\w+ )?hearing"
    r"|set for argument|order (?:specially )?(?:setting|scheduling) (?:a |oral |\w+ )?"
    r"(?:hearing|argument))"
)
_SUMMARY = re.compile(
    r"\bgrant(?:s|ed|ing)\b(?! in part)(?![^.;]{0,60}\b(?:extension|leave|expedite))[^.;]{0,60}"
    r"\bsummary judge?ment"
)
_DISMISSES = re.compile(
    r"\b(?:case|action|suit|petition|appeal|proceeding)(?: is| be| are)?(?: hereby)? (?:dismissed"
    r"|closed|terminated)\b|\bdismissing (?:the |this )?(?:case|action|suit|petition|appeal)\b"
    r"|\b(?:close|terminate) (?:the |this )?(?:civil )?case\b"
)
_TO_OTHER_COURT = re.compile(
    r"\bremand(?:s|ed|ing)?\b[^.;]{0,60}\b(?:state|superior|county|circuit) court\b"
)
_SENT_BACK = re.compile(r"\bremand(?:s|ed|ing)?\b")
_REOPENS = re.compile(r"\bre-?open")
_REVIEW_DENIED = re.compile(r"^(?:the )?petition (?:for .{0,30}certiorari )?(?:is )?denied\b")
_DECIDED = re.compile(r"(?:\w+ ){0,3}opinion\b|.*\b(?:affirm|revers|vacat)(?:s|es|ed|ing)\b")


def read_docket_entry(said: Said) -> Reading | None:
    """Read a docket entry by its events' labels, or by the clerk's words where a court gives them.

    Of several events the weightiest speaks.
    """
    labels = [one for one in said.labels if fold(one) not in _SORTS]
    above = said.is_of_higher_court
    found = []
    for words in labels or [words_of(said)]:
        stage = stage_of_words(words, above=above)
        if stage:
            found.append(reading(stage, words))
    return min(found, key=lambda one: _WEIGHT.index(one.stage), default=None)


def words_of(said: Said) -> str:
    """Return what the clerk wrote: the text, else what stands in the title behind the caption.

    A search's snippet of the document is no docket text: the text counts where it goes on from the
    title.
    """
    caption, dash, shown = said.title.partition(" \N{EM DASH} ")
    shown = (shown if dash else caption).removesuffix(" (a motion)")
    start = shown.rstrip("\N{HORIZONTAL ELLIPSIS}. ")
    return said.text if said.text.startswith(start) else shown


def stage_of_words(words: str, *, above: bool = False) -> Stage | None:
    """Read one label or the text of one entry. above: a court of appeals or the Supreme Court."""
    return _of_label(words, above) if len(words) <= _SHORT else _of_words(words, above)


@lru_cache(maxsize=4_096)
def _of_label(words: str, above: bool) -> Stage | None:
    """Remember events: a court has a few hundred names for them."""
    return _of_words(words, above)


def _of_words(words: str, above: bool) -> Stage | None:
    plain = _PREFIX.sub("", _JUDGE.sub("", fold(words[:READ])))
    head = _head(plain, above)
    return _outcome(plain, above) if head is Stage.ORDER else head


def _head(plain: str, above: bool) -> Stage | None:
    """Say what an entry is by its first words; ORDER where a court speaks."""
    if _MANDATE.match(plain):
        return _mandate(plain)
    return _event(plain) or _paper(plain, above)


def _event(plain: str) -> Stage | None:
    """Read what happens to a case: an appeal, a hearing that is set, its end."""
    if _APPEAL.match(plain):
        return Stage.APPEALED
    if _HEARING.match(plain) and not re.match(r"order\b.*\b(?:grant|den)", plain):
        return Stage.HEARING_SET
    if _ENDED.match(plain) or (_DISMISSAL.match(plain) and not _IN_PART.search(plain)):
        return Stage.CLOSED
    return None


def _paper(plain: str, above: bool) -> Stage | None:
    """Tell a court's paper from a party's."""
    own = _OWN_PAPER.match(plain)
    if own and (_SIGNED.search(plain) or own["what"].startswith("permanent")):
        return _granted(own["what"])
    if _HELD.match(plain) and not _RULED.search(plain):
        return None
    if _RULING.match(plain) or (above and _FILED_BY_CLERK.search(plain)):
        return Stage.ORDER
    return _asked(plain)


def _asked(plain: str) -> Stage | None:
    """Read what a party files: a motion, by its name or by its relief alone, or a first paper."""
    relief = _RELIEF.match(plain)
    if _MOTION.match(plain) or (relief and not _OF_A_COURT.search(relief["rest"])):
        return Stage.MOTION
    return Stage.FILED if _FILED.match(plain) else None


def _granted(what: str) -> Stage:
    return Stage.TRO_GRANTED if what.startswith("temp") else Stage.INJUNCTION_GRANTED


def _mandate(plain: str) -> Stage:
    if plain.startswith("judgment issued"):
        return Stage.JUDGMENT
    return Stage.REMANDED if _SENT_BACK.search(plain) else Stage.MANDATE


def _outcome(plain: str, above: bool) -> Stage:
    """Say what a court ruled; a plain order where its words tell of nothing more."""
    if _REOPENS.search(plain):
        return Stage.ORDER
    return relief_ruled(plain) or _decided(plain, above) or Stage.ORDER


def _decided(plain: str, above: bool) -> Stage | None:
    """Read a decision of the whole case, here or above."""
    if above and _REVIEW_DENIED.match(plain):
        return Stage.CLOSED
    if above and _SENT_BACK.search(plain):
        return Stage.REMANDED
    if re.match(r"(?:\w+ ){0,3}judgment\b", plain) or _SUMMARY.search(plain):
        return Stage.JUDGMENT
    ends = _DISMISSES.search(plain) and not _IN_PART.search(plain)
    if ends or _TO_OTHER_COURT.search(plain):
        return Stage.CLOSED
    return Stage.JUDGMENT if above and _DECIDED.match(plain) else None
