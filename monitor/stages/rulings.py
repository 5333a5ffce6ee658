"""Reads what a court ruled about an injunction or a restraining order, in the words of a docket.

The injunction must be the object of the court's verb. "Granting Motion to Stay Preliminary
Injunction", "granting Motion for Extension of Time to oppose Preliminary Injunction", "denying
Motion to Dissolve" and "denying reconsideration of order granting Preliminary Injunction" are four
other things than a grant or a denial.
"""

from __future__ import annotations

import re

from monitor.models import Stage

_TRO = r"(?:temporary restraining order|\btro\b|restraining order)"
_INJ = (
    r"(?:(?:preliminary|permanent|nationwide|universal) injuncti(?:on|ve relief)s?|injunctions?"
    r"|injunctive relief|\bpi\b)"
)
_EITHER = rf"(?:{_TRO}|{_INJ})"
# What stands between "granting" and the motion: numbers, whose motion it is, how urgent.
_WHOSE = (
    r"(?:in part|and (?:denying|granting) in part|\(?\[?\d+[-\d]*\]?\)?|the|an?|[\w.]+'s?|re|doc"
    r"|dkt"
    r"|ecf|no|with|without|prejudice|as|and|their|its|his|her|request|in|for|entry|of|issuance"
    r"|plaintiffs?|defendants?|petitioners?|respondents?|movants?|government|federal|states?"
    r"|count(?:y|ies)|cit(?:y|ies)|emergency|ex|parte|renewed|amended|joint|first|second|third"
    r"|expedited|unopposed|consent|sealed|supplemental|motions?|applications?|requests?|petitions?"
    r"|seeking|partial|limited|modified|narrowed|class-?wide|temporary|preliminary)"
)
_GRANT, _DENY = r"grant(?:s|ed|ing)", r"den(?:ies|ied|ying)"
# "Motion for Preliminary Injunction Hearing" asks for a hearing.
_ITSELF = (
    r"(?! (?:motion )?(?:hearing|brief|schedul|discovery|bond|proceeding|argument|appeal|response))"
)


def _active(verb: str, relief: str) -> str:
    return rf"\b{verb}\W+(?:{_WHOSE}\W+){{0,14}}?{relief}{_ITSELF}"


def _passive(relief: str, verb: str) -> str:
    return (
        r"(?:motion|application|request|petition)s?\b(?:\W+\w+)?\W+(?:for|seeking)\b"
        rf"[^.;]{{0,30}}?{relief}{_ITSELF}[^.;]{{0,90}}?\b{verb}\b"
        rf"|{relief}(?: is| are)?(?: hereby)? {verb}\b"
    )


_OUTCOMES = (
    (Stage.INJUNCTION_GRANTED, re.compile(_active(_GRANT, _INJ))),
    (Stage.TRO_GRANTED, re.compile(_active(_GRANT, _TRO))),
    (Stage.INJUNCTION_GRANTED, re.compile(_passive(_INJ, "granted"))),
    (Stage.TRO_GRANTED, re.compile(_passive(_TRO, "granted"))),
    (Stage.INJUNCTION_DENIED, re.compile(_active(_DENY, _INJ))),
    (Stage.TRO_DENIED, re.compile(_active(_DENY, _TRO))),
    (Stage.INJUNCTION_DENIED, re.compile(_passive(_INJ, "denied"))),
    (Stage.TRO_DENIED, re.compile(_passive(_TRO, "denied"))),
    (
        Stage.INJUNCTION_GRANTED,
        re.compile(
            rf"\b(?:enter|issu|impos|convert)(?:s|ed|ing)\b[^.;]{{0,60}}{_INJ}{_ITSELF}"
            r"|(?:preliminarily|permanently) (?:enjoin|restrain)"
            rf"|^order (?:for|of) {_INJ}{_ITSELF}"
        ),
    ),
    (
        Stage.TRO_GRANTED,
        re.compile(
            rf"\b(?:enter|issu|extend|impos)(?:s|ed|ing)\b[^.;]{{0,40}}{_TRO}{_ITSELF}"
            r"|temporarily (?:enjoin|restrain)"
        ),
    ),
)
# What is not ruled here: moot motions, rulings of old, questions, other papers' names.
_ASIDE = re.compile(
    r"\b(?:den(?:ying|ied|ies)|find(?:ing|s)|dismiss(?:ing|ed))(?: in part)?(?: as)? moot\b[^.;]*"
    r"|\b(?:of|re|from|on|the|court's|prior|\d+|to|modify|enforce|clarify|reconsider\w*|amend)\W+"
    r"(?:\d+\W+)?(?:opinion and )?(?:orders?|decision|opinion|ruling) (?:granting|denying|that)"
    r"[^.;]*"
    r"|\b(?:having|previously|earlier|had|already)\b[^.;]{0,20}(?:grant|den)\w*[^.;,]*"
    r"|\b(?:why|whether|if|should|would|could|unless)\b[^.;]{0,80}"
    r"\b(?:grant|den)(?:y|ied|ed)?\b[^.;]*"
)
_NAMED = re.compile(rf"\bmotions? (?:for|to|seeking)\b(?: an?| the)? (?:{_EITHER}{_ITSELF})?")
_THE_MOTION = re.compile(
    r"\b(?:the|this|said|plaintiffs?'?|petitioners?'?|government'?s?) (?:\w+ )?"
    r"(?:motion|application) (?:is|be) (?:hereby )?(granted|denied)\b(?! as moot)"
)
_MOOT = re.compile(r"\b(?:denied|is|are)(?: as)? moot\b")
_REFERENCE = re.compile(r"\((?:doc|dkt|ecf|docket|no)[^)]{0,40}\)|\[dkt[^\]]{0,40}\]")
_STAY_OF = (
    r"(?:\W+(?:of|enforcement|the|this|its|our|court's|courts|district|lower|order|granting|in|part"
    r"|portions?|\w+ \d+,? \d{4},?|preliminary|permanent)){0,10}?\W+"
)
_STAYED = re.compile(
    rf"\bstay(?:s|ing|ed)?{_STAY_OF}{_EITHER}{_ITSELF}"
    rf"|{_INJ}(?: order)?(?: (?:issued|entered)[^.;]{{0,60}})? (?:is|are|be|was)(?: hereby)?"
    r"(?: administratively| temporarily| partially)? stayed\b"
    rf"|{_EITHER} stayed\b"
)
_STAY_REFUSED = re.compile(
    rf"\b(?:{_DENY}|declin\w+|withdr\w+|lift\w*|dissolv\w*|vacat\w*)\b[^.;]{{0,120}}\bstay\b"
    r"|\bstay\b[^.;]{0,120}\b(?:denied|lifted|dissolved|vacated|moot)\b"
)
_STAY_ASKED = re.compile(
    r"\b(?:motions?|applications?|requests?) (?:to|for)(?: \w+){0,3} stay|\bstay of\b"
)
_END = r"(?:dissolv(?:es|ed|ing)|vacat(?:e|es|ed|ing)|revers(?:e|es|ed|ing)|lift(?:s|ed|ing))"
_TO_END = rf"(?:{_END}|dissolve|lift)"
_ENDED = re.compile(
    rf"\b{_TO_END}(?:\W+(?:the|this|its|our|and|remand(?:s|ed|ing)?|district|court's|order|of"
    rf"|granting|grant|entry|in|part|preliminary|permanent)){{0,9}}?\W+{_EITHER}{_ITSELF}"
    rf"|{_EITHER}(?: order)?(?: (?:issued|entered)[^.;]{{0,60}})?(?: (?:is|are|be|was))?"
    r"(?: hereby)? (?:dissolved|vacated|reversed|lifted)\b"
)
_END_REFUSED = re.compile(
    rf"\b{_DENY}\b[^.;]{{0,100}}\b{_TO_END}\b|\bdeclin\w* to {_TO_END}"
    rf"|\b{_TO_END}\b[^.;]{{0,100}}\bdenied\b"
)
_DATE_ENDED = re.compile(
    rf"\b{_TO_END}[^.;]{{0,40}}\b(?:hearing|deadline|schedule|conference|trial|stay)\b"
)


def relief_ruled(words: str) -> Stage | None:
    """Say what became of an injunction or a restraining order; None where nothing did.

    words: folded, of a ruling. Relief that was granted in part was granted; a motion that is denied
    as moot decides nothing.
    """
    plain = _REFERENCE.sub("", words)
    if _STAYED.search(plain):
        asked_only = _STAY_ASKED.search(plain) and not re.search(rf"\b{_GRANT}\b", plain)
        if not asked_only and not _STAY_REFUSED.search(plain):
            return Stage.INJUNCTION_STAYED
        return None
    clauses = [one for one in re.split(r"(?<=[.;])", plain) if not _MOOT.search(one)]
    ruled = _granted_or_denied(_ASIDE.sub(" ", "".join(clauses)))
    ended = _ENDED.search(plain)
    if ended is None:
        return ruled
    if _END_REFUSED.search(plain) or _DATE_ENDED.search(plain):
        return None
    # A restraining order ends when the injunction takes its place.
    is_replaced = ruled is Stage.INJUNCTION_GRANTED and "inj" not in ended.group()
    return ruled if is_replaced else Stage.INJUNCTION_VACATED


def _granted_or_denied(plain: str) -> Stage | None:
    """Prefer relief that was granted; among equals what is named first."""
    found = [(one.start(), stage) for stage, pattern in _OUTCOMES if (one := pattern.search(plain))]
    grants = {Stage.INJUNCTION_GRANTED, Stage.TRO_GRANTED}
    ordered = sorted(found, key=lambda one: (one[1] not in grants, one[0]))
    return ordered[0][1] if ordered else _only_motion(plain)


def _only_motion(plain: str) -> Stage | None:
    """Read "re 12 Motion for Preliminary Injunction. The motion is granted", if it is the only."""
    named, ruled = _NAMED.findall(plain), _THE_MOTION.search(plain)
    if len(named) != 1 or ruled is None:
        return None
    is_tro, granted = "restraining" in named[0] or "tro" in named[0], ruled[1] == "granted"
    if is_tro:
        return Stage.TRO_GRANTED if granted else Stage.TRO_DENIED
    if "inj" not in named[0] and "pi" not in named[0].split():
        return None
    return Stage.INJUNCTION_GRANTED if granted else Stage.INJUNCTION_DENIED
