"""Reads how far a measure has come from one action or status word of a legislature or a council.

Legislatures, councils and Congress share most of their words. Rules are tried in order, and the
first one that holds decides: what only looks like a later stage is caught before it ("Enacted
(Mayor's Desk for Signature)", "Motion to reconsider laid on the table", the "Signed by President"
of a state's senate).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.models import Stage
from monitor.stages.values import Chambers, any_of
from monitor.text import fold

_PHRASES = 8_192
_LONGEST = 600


def stage_of_action(
    words: str, chambers: Chambers, *, bill: bool = True, by_committee: bool = False
) -> Stage | None:
    """Read an action or a status; None where it says nothing about a stage.

    bill: chambers pass it; everything else is passed by one council. by_committee: a committee
    acts, so that what it approves is reported and not passed.
    """
    return _stage(fold(words[:_LONGEST]), chambers, bill, by_committee) if words else None


# A vote, a paper or a date of which nothing follows for the measure itself.
_SILENT = any_of(
    r"^(?:\w+ )?motion (?:to|for|by|on)\b(?!.*\b(?:adopt|approve|pass|agree to the)\b)",
    r"^motion (?:carried|passed|failed|withdrawn|bill|previous)|motions? to reconsider"
    r"|\breconsidered$",
    r"vote .{0,20}reconsidered|\bmoved (?:that|to)\b|committee (?:of the whole .{0,40})?rises?\b",
    r"motion to (?:recommit|table|adjourn|commit)\b|\bconference\b|^laid over (?:one|on|until"
    r"|under|for)",
    r"^considered (?:under|as|by)\b|referred to (?:the )?(?:secretary|clerk)\b|^house message",
    r"^cloture|^point of order|^the previous question|^debate\b|^unfinished business -",
    r"^notice (?:given|to|of intent)|^rules? (?:suspended|h\.? ?res|provides|#)"
    r"|^rules committee res",
    r"^resolution provides|^for further action|^see also|^(?:motion )?laid on (?:the )?table"
    r"|^tabled$",
    r"sponsor(?:s|ship|\(s\))* (?:added|withdrawn|removed)|(?:add|remove)(?:ed|s)? .{0,30}sponsor",
    r"sponsor introductory|fiscal (?:note|impact)|reference dispensed|conferees",
    r"amendments?\b.{0,90}\b(?:fail|failed|rejected|defeated|lost|withdrawn|offered|submitted|filed"
    r"|pending|tabled|ruled out|not agreed)\b|amendments?\b.{0,60}\bproposed\b(?! by comm)",
    r"(?:substitute|amendments?)\b.{0,20}\b(?:defeated|nonconcurred|not adopted)|^sa \d+ fell",
    r"immediate effect defeated|hearing .{0,40}(?:cancel|postpone)|title .{0,30}(?:amended|agreed)",
    r"^(?:deferred|continued|postponed|held over|deferred and published)\b(?!.*indefinitely)",
    r"(?:withdrawn|removed) from (?:the )?(?:agenda|calendar)|^title amend",
    r"^(?:received|rcvd|ordered)[^a-z]+(?:and )?(?:ord|print|plac|fil|not)|^placed on file"
    r"|^filed,? by",
    r"^filed$|^note and file|(?:hearing held|hearing scheduled) by mayor|^bill signing scheduled",
    r"^recved from mayor|approved as to form|special pamphlet|^companion pending|^pass$|^fail$",
    r"^effective (?:from|date|july|immediately|\d)|^given immediate effect|^enrollment vacated",
)
# Tried in this order: the later in a measure's life, the earlier here.
_LATE = (
    (Stage.REPEALED, any_of(r"^repealed\b", r"\brepealed by (?:ordinance|chapter|act|public)")),
    (
        Stage.PASSED,
        any_of(
            r"mayor.?s (?:desk|office)|^mayor for signature|laid before the governor",
            r"(?:sent|transmitted|forwarded|presented|delivered|submitted|conveyed) to (?:the )?"
            r"(?:governor|president(?! (?:pro|of))|mayor|county executive)",
            r"^to (?:the )?(?:governor|mayor)\b|received by (?:the )?governor"
            r"|cleared for white house",
            r"\benrol+(?:ed|ment)\b|passed to be enacted|completed legislative action|truly agreed",
            r"^(?:speaker|president) signed",
        ),
    ),
    (
        Stage.VETOED,
        any_of(
            r"(?:fail\w*|refus\w*) to override|override (?:fail|not)|veto sustained|veto message",
            r"^vetoed|\bvetoed by|^(?:pocket |total )?veto(?! overr)|disapproved by (?:the )?mayor",
            r"(?:governor|mayor)'?s? vetoed|returned .{0,40}with (?:his |her |their )?objections",
            r"consideration of the veto",
        ),
    ),
    (
        Stage.ENACTED,
        any_of(
            r"veto (?:was )?overrid|^veto overr|^overridden|passed over (?:the )?(?:governor"
            r"|mayor)",
            r"(?:passed|agreed).{0,60}objections .{0,40}notwithstanding|became (?:public "
            r"|private )?law",
            r"\b(?:public|private) law(?: no\.?)?:? ?\d|\bchaptered\b|^chapter(?: no\.?"
            r"| number)? ?\d",
            r"assigned (?:p\.?a|public act)\b|^public (?:act|law$)|^act(?: no\.?)? ?\d"
            r"|signed .{0,10}chap\.? ?\d",
            r"law without|without (?:the )?(?:(?:governor|mayor)'?s? )?signature|unsigned by mayor",
            r"city charter rule adopted|^enacted\b|enacted into law|, enacted$",
        ),
    ),
    (
        Stage.SIGNED,
        any_of(
            r"(?:signed|approved)(?: into law)? by (?:the )?(?:acting )?(?:governor|mayor"
            r"|county exec)",
            r"(?:governor|mayor)(?: \w+)? (?:signed|approved)|signed into law|executive approv",
            r"^signed$|approved with line.item veto",
        ),
    ),
    (
        Stage.WITHDRAWN,
        any_of(
            r"^(?:bill |item |application )?withdrawn\b(?! from (?:\w+ ){0,3}committee)",
            r"\bwithdrawn (?:by (?:the )?(?:sponsor|author|patron|admin|applicant)"
            r"|from (?:further )?"
            r"consideration)|^returned to (?:sponsor|author)|, withdrawn$",
        ),
    ),
    (
        Stage.FAILED,
        any_of(
            r"\bfail(?:ed)? (?:to pass|passage|in|of|on|final|\()|^failed\b|, fail(?:ed)?$"
            r"|^defeated\b",
            r"^disapproved\b(?! line)|^(?:not )?rejected\b|\bdefeated by|^killed\b|\bdied\b"
            r"|^dead\b|^lapsed\b",
            r"indefinitely postponed|postponed indefinitely|passed by indefinitely|sine die"
            r"|^retired\b",
            r"inexpedient to legislate|(?<!do )\bnot (?:adopted|approved|passed|pass)\b(?! out)"
            r"|^expired\b",
            r"filed \(end of session\)|^stricken\b|^denied\b|^lost\b|enacting clause stricken"
            r"|^void\b",
            r"left in (?:committee|\w+)$|(?:approve|adopt|pass)\b.{0,20}\b(?:failed|defeated"
            r"|lost)\b",
        ),
    ),
)
_IN_BETWEEN = (
    (
        Stage.IN_COMMITTEE,
        any_of(
            r"but first to|\bre-?referred|recommended for re-?refer|recommitted"
            r"|approved.{0,60}referred",
            r"amendment proposed by comm|laid over|^forwarded by subcomm|hearing on p-c"
            r"|held in (?:sub)?committee",
            r"^(?:hearings?|tour) held\b(?!$)|hearing held by"
            r"|(?:sub)?committee.{0,80}hearings held",
            r"mark-?up|^subcommittee (?:consideration|hearings)",
        ),
    ),
    (
        Stage.REPORTED,
        any_of(
            r"\breported\b|^be adopted|recommend(?:ed|s|ation)?\b.{0,40}\b(?:pass|approv|adopt"
            r"|favor)",
            r"\bdo(?: not)? pass\b|ought to pass|favorabl[ey]|affirmatively recommended",
            r"(?:passed|approved|adopted)(?: with modifications?)?(?: out)? (?:of|from|by"
            r"|in) (?:the )?"
            r"(?:\w+ ){0,4}?(?:sub)?comm(?:ittee)?\b",
            r"(?:sub)?committee(?: on [\w, ]+)? (?:has )?(?:approved|passed|adopted)",
            r"ordered to be reported|\bdischarged\b|^discharge committee|filed written report",
            r"general orders|placed (?:on|in) (?:the )?(?:\w+ ){0,4}(?:calendar|reading)",
            r"^on (?:\w+ ){0,2}(?:calendar|reading|business)|^read (?:a )?(?:2nd|3rd|second|third)",
            r"referred to (?:second|third|(?:the )?committee of the whole)|^ready for (?:council"
            r"|vote)",
            r"committee (?:substitute|amendment) reported",
        ),
    ),
    (
        Stage.INTRODUCED,
        any_of(
            r"(?:first|1st) reading|read (?:a |for the )?(?:first|1st)|^direct introduction",
            r"^introduced (?:in|by|on|and read)\b(?!.*(?:referred|passed|agreed))|pre-?filed",
        ),
    ),
)
_EARLY = (
    (
        Stage.AMENDED,
        any_of(
            r"\bamended\b|amendments?\b.{0,120}\b(?:adopted|agreed|concurred)|^substituted\b",
            r"substitute\b.{0,20}\b(?:adopted|concurred)",
        ),
    ),
    (
        Stage.HEARING_SET,
        any_of(
            r"hearings? (?:is |are )?(?:set|scheduled|noticed)|(?:set|scheduled|noticed"
            r"|posted) (?:for|"
            r"item)\b|^notice of (?:public )?hearing|hearing (?:\w{3,9}\.? \d|\d+/\d)|^scheduled\b",
            r"public hearing (?:on )?\w+ \d",
        ),
    ),
    (
        Stage.IN_COMMITTEE,
        any_of(
            r"\breferred\b|\breferral\b|\bin (?:sub)?committee|^committee\b|^(?:re)?assigned to",
            r"^committed\b|^refer\b|^under review by .{0,40}committee|^held\b(?! at)",
            r"^pending (?:in )?committee",
        ),
    ),
    (
        Stage.INTRODUCED,
        any_of(r"\bintroduced\b|introduction|^draft$|^new(?: business)?$|^filed (?:for|in)\b"),
    ),
)
# Written by West Virginia and a few others: "To Judiciary", "To House Finance then Rules".
_SENT = re.compile(r"^to (?!governor|mayor|conference|printer|engross)[a-z]")
_PASSED = re.compile(r"\b(?:passed|adopted|agreed to|engrossed|ratified)\b|^considered and passed")
_ADOPTED = re.compile(
    r"\b(?:passed|adopt(?:ed)?|approved?|ratified|confirmed|accepted)\b"
    r"|^pass(?: as amended)?, pass$"
    r"|carried unanimously"
)
# Something else was agreed to: an amendment, the minutes, a report.
_OF_ANOTHER = re.compile(
    r"(?:amendments?|substitute|^title|^report|^rules?|minutes|agenda|^preamble)\b.{0,60}"
    r"\b(?:adopted|agreed|approved|passed|concurred)\b(?! bill)|^discharge|approved (?:for|to) "
    r"|^on agreeing to (?:the )?.{0,60}amendment|^(?:roll call votes on )?(?:house "
    r"|senate )?amendment"
)
_AMENDMENTS_OF = re.compile(
    r"\b(house|senate|assembly) (?:concur\w*|agreed? to|recede\w*)\b.{0,80}(?:amend|substitut)"
    r"|\b(?:house|senate|assembly) (?:amendments?|substitutes?)\b.{0,40}\bconcurred"
)
_AGAIN = re.compile(r"with (?:an? )?(?:further )?amend|concurred in as (?:substitut|amend)")
_BOTH = re.compile(
    r"passed both|finally passed|passed finally|passed (?:the )?legislature|repassed"
)
_WITHOUT = re.compile(r"\bwithout (?:an? )?amendments?(?:\(s\))?|no amendments?")
_CHANGED = re.compile(r"\bamend|substitut")
_CHAMBERS = (
    ("house", re.compile(r"\b(?:house|assembly)\b")),
    ("senate", re.compile(r"\bsenate\b")),
)
_ARRIVED = re.compile(
    r"^(?:received in|introduced in|referred in|communicated to|transmitted to|delivered to|"
    r"ordered to|message .{0,30}(?:sent|received in)(?: to)?|received from|returned from)"
    r" (?:the )?(house|senate|assembly)\b"
)
_PRESIDENT = re.compile(r"^signed by (?:the )?president\b(?! (?:pro|of))")
_OFFICERS = re.compile(r"^signed by (?:the )?(?:president|speaker)")


@lru_cache(maxsize=_PHRASES)
def _stage(words: str, chambers: Chambers, bill: bool, by_committee: bool) -> Stage | None:
    if _SILENT.search(words):
        return None
    if _OFFICERS.match(words):
        is_law = chambers.congress and _PRESIDENT.match(words)
        return Stage.SIGNED if is_law else Stage.PASSED
    found = _first(_LATE, words) or (bill and _arrival(words, chambers)) or _middle(words)
    found = found or (_of_chambers(words, chambers) if bill else _of_council(words))
    if found is None:
        found = _first(_EARLY, words)
    if found is None and bill and _SENT.match(words):
        found = Stage.IN_COMMITTEE
    return Stage.REPORTED if by_committee and found is Stage.PASSED else found or None


def _first(rules: Iterable[tuple[Stage, re.Pattern[str]]], words: str) -> Stage | None:
    return next((stage for stage, pattern in rules if pattern.search(words)), None)


def _middle(words: str) -> Stage | None:
    """Read what lies between introduction and passage; concurrence comes after both."""
    return None if _AMENDMENTS_OF.search(words) else _first(_IN_BETWEEN, words)


def _arrival(words: str, chambers: Chambers) -> Stage | None:
    """Read a bill's arrival in the other chamber: the one in which it began has passed it."""
    found = _ARRIVED.match(words)
    if found is None or not chambers.origin:
        return None
    there = "house" if found[1] == "assembly" else found[1]
    if there == chambers.origin:
        return None
    if words.startswith("returned from") and _WITHOUT.search(words):
        return Stage.PASSED
    return _of_chambers(words, chambers) or Stage.PASSED_ONE_CHAMBER


def _of_chambers(words: str, chambers: Chambers) -> Stage | None:
    """Read a vote on passage: the second chamber's, without changes, passes the bill."""
    plain = _WITHOUT.sub("", words)
    if _AMENDMENTS_OF.search(plain):
        return Stage.PASSED_ONE_CHAMBER if _AGAIN.search(plain) else Stage.PASSED
    if not _PASSED.search(plain) or _OF_ANOTHER.search(plain):
        return None
    if chambers.alone or _BOTH.search(plain) or plain == "passed":
        return Stage.PASSED
    voted = {name for name, pattern in _CHAMBERS if pattern.search(plain)}
    is_second = bool(chambers.origin) and len(voted) == 1 and chambers.origin not in voted
    return Stage.PASSED if is_second and not _CHANGED.search(plain) else Stage.PASSED_ONE_CHAMBER


def _of_council(words: str) -> Stage | None:
    """Read a council's vote; what a committee approved is only reported."""
    if not _ADOPTED.search(words) or _OF_ANOTHER.search(words):
        return None
    return Stage.REPORTED if re.search(r"\bcommittee\b(?!'?s? report)", words) else Stage.PASSED
