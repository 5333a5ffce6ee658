"""Finds e-mail addresses, telephone numbers, links and the codes of calls in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.models import Contact, ContactKind

_EMAIL = re.compile(
    r"(?<![\w.%+@-])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@[A-Za-z0-9-]{1,63}"
    r"(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)
# Of a private person, unless a small town's clerk has nothing else.
_FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|mac|comcast"
    r"|verizon|att|"
    r"sbcglobal|cox|charter|earthlink|proton|protonmail|gmx|mail)\.",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"clerk|town|city|council|comment|village|board|county|township|borough|hearing|meeting"
    r"|testimony|"
    r"secretary|admin|office|commission",
    re.IGNORECASE,
)
_ENDS = "com|org|gov|us|net|edu|info|tv|ly|io|gle|gl|me|live|video"
_URL = re.compile(
    rf"https?://[^\s<>\"'\u201c\u201d\u2018\u2019)\]|]{{4,1000}}"
    rf"|(?<![\w@./-])(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,5}}(?:{_ENDS})\b"
    rf"(?:/[^\s<>\"'\u201c\u201d\u2018\u2019)\]|]{{0,500}})?",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.\-+/,=#])(?<!\d )(?:\+?1[-.\s]{0,2})?(?:\([2-9]\d{2}\)[-.\s]{0,2}"
    r"|[2-9]\d{2}[-.\s]{1,3})[2-9]\d{2}[-.\s]{1,3}\d{4}(?![\d-])"
    r"(?:,?\s{0,2}(?:ext\.?|extension|x)\s?\d{1,6})?|(?<![\w+])\+1[2-9]\d{9}(?!\d)",
    re.IGNORECASE,
)
_NOT_A_CALL = re.compile(r"(?:fax|facsimile|tty|tdd|relay)\b[^\d]{0,24}$", re.IGNORECASE)
_NOT_A_CALL_AFTER = re.compile(
    r"[\s,(/-]{0,4}(?:v/)?(?:fax|tty|tdd|\(?f\))\b(?!\W{0,3}\d)", re.IGNORECASE
)
_ONE_TAP = re.compile(r"(\+1\d{10}),{1,2}(\d{9,11})#(?:,{1,6}\*(\d{3,10})#)?")
_MEETING_ID = re.compile(
    r"\b(?P<label>(?:zoom )?(?:meeting|webinar|conference|event)\s?(?:id|number|no\.?|#)"
    r"|access code|"
    r"phone conference id|conference code|participant code|id de (?:la )?reuni[o\u00f3]n"
    r"|c[o\u00f3]digo de acceso)"
    r"(?: to join| is| number)?[\s:#\u2013-]{0,4}(?P<code>\d[\d \u00a0-]{2,16}\d)#?",
    re.IGNORECASE,
)
_PASSCODE = re.compile(
    r"\b(?P<label>(?:webinar |meeting |zoom )?(?:pass\s?code|password)|contrase[n\u00f1]a)"
    r"(?P<sure>(?: is)?\s?[:=]|\sis)?\s{0,2}(?P<code>[A-Za-z0-9!@#$%&*+?_-]{3,20})(?=$|[\s.,;)])",
    re.IGNORECASE,
)
_ALWAYS_VIDEO = re.compile(
    r"(?:^|[/.])(?:zoom(?:gov)?\.(?:us|com)/(?:j|w|s|my|meeting|webinar|join|wc)\b|webex\.com/"
    r"|teams\.(?:microsoft|live)\.com/|"
    r"meet\.google\.com/|gotomeeting\.com/|gotowebinar\.com/|meet\.goto\.com/|gotomeet\.me/"
    r"|bluejeans\.com/|meetings\.ringcentral|"
    r"youtube\.com/live/|youtube\.com/\S{1,60}/live\b|video\.ibm\.com|ringcentral\.com/j)",
    re.IGNORECASE,
)
_WATCHED = re.compile(
    r"(?:youtube\.com|youtu\.be|facebook\.com|vimeo\.com|swagit\.com|cablecast|viebit\.com"
    r"|dailymotion|twitch\.tv|"
    r"granicus\.com/(?:player|mediaplayer|viewpublisher)|/live\b|livestream|/watch\b|/stream"
    r"|tvlive|champds\.com)",
    re.IGNORECASE,
)
_WATCHES = re.compile(
    r"watch|live[- ]?stream|stream(?:ed|ing)|broadcast|televised"
    r"|view(?:ed)? (?:\w+ ){0,4}(?:meeting|hearing|live)|live video|"
    r"join\b|zoom|webinar|webex|attend (?:\w+ ){0,3}(?:virtually|remotely|online)|en vivo"
    r"|[u\u00fa]nase|unirse|transmisi",
    re.IGNORECASE,
)
_NO_MEETING = re.compile(
    r"(?:support|explore|blog|help)\.zoom|zoom\.(?:us|com)/(?:u/|download|support|test|signup"
    r"|signin|pricing|client)|/download"
    r"|clip_id=|AgendaViewer|MetaViewer|\.pdf\b|\.docx?\b|\.ics\b",
    re.IGNORECASE,
)
_ROOM = re.compile(r"zoom(?:gov)?\.(?:us|com)/[jws]/(\d*)", re.IGNORECASE)
_ROOM_DIGITS = range(9, 12)
_FORM_HOST = re.compile(
    r"granicusideas|e-?comment|publicinput\.com|forms\.gle|forms\.office|forms\.microsoft"
    r"|docs\.google\.com/forms|jotform|surveymonkey|"
    r"formstack|cognitoforms|regulations\.gov|speakup|publiccomment|public-comment|speaker"
    r"|signup|sign-up|seamlessdocs|"
    r"wufoo|smartsheet|testimony|testify|commenton|zencity|polco|peakdemocracy|opengov"
    r"|/register|webinar/register",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"(?:available|posted|found|viewed|accessed|published|reviewed|downloaded|located|obtained"
    r"|view(?:ing)? (?:the |this )?(?:agenda|packet)|"
    r"agendas?|materials|documents|copies|recordings?|minutes|policy|rules"
    r"|archived?)\b(?:[\s,:(]+[\w'\u2019./-]+){0,6}[\s,:(]*$",
    re.IGNORECASE,
)
_LEADS_TO = re.compile(
    r"(?:\b(?:at|via|link|visit|on|to|here|using|by|through|is|web|website|or|and|en)|[:(=|-])[\s:(<]*$",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"submit|submission|visit|regist|sign(?:ing)?[- ]?up|\buse\b|using|complet|\bfill|online"
    r"|portal|\bform\b|\bvia\b|through|"
    r"go to|click|link|comments? (?:\w+ ){0,4}at\b|testi|en l[i\u00ed]nea|inscri",
    re.IGNORECASE,
)
_NEAR = 100
_TRAILING = ".,;:!?*\u2026"


def emails(sentence: str) -> Iterator[str]:
    """Give the addresses of offices; those that look like a private person's are left out."""
    if "@" not in sentence:
        return
    for found in _EMAIL.finditer(sentence):
        address = found[0].rstrip(".-'")
        if not _FREE_MAIL.search(address) or _OFFICE.search(address.partition("@")[0]):
            yield address


def phones(sentence: str) -> Iterator[str]:
    """Give the telephone numbers to call, as they are written; no fax, no TTY, no meeting's id."""
    if sum(map(str.isdigit, sentence)) < 10:  # noqa: PLR2004 - digits of a number
        return
    for found in _ONE_TAP.finditer(sentence):
        yield found[1]
    rest = _MEETING_ID.sub(" ", _ONE_TAP.sub(" ", _URL.sub(" ", sentence)))
    for found in _PHONE.finditer(rest):
        before, after = rest[max(found.start() - 40, 0) : found.start()], rest[found.end() :]
        if not (_NOT_A_CALL.search(before) or _NOT_A_CALL_AFTER.match(after)):
            yield " ".join(found[0].split())


def codes(sentence: str) -> Iterator[tuple[str, str]]:
    """Give what a call or a video meeting asks for: (label, number), as ("passcode", "123")."""
    for found in _ONE_TAP.finditer(sentence):
        yield "meeting ID", found[2]
        if found[3]:
            yield "passcode", found[3]
    for found in _MEETING_ID.finditer(sentence):
        label = (
            "access code" if "ode" in found["label"] or "ódigo" in found["label"] else "meeting ID"
        )
        yield label, " ".join(found["code"].replace("-", " ").split())
    for found in _PASSCODE.finditer(sentence):
        code = found["code"].rstrip(".,;")
        if any(map(str.isdigit, code)) or (found["sure"] and found["sure"].strip() in {":", "="}):
            yield "passcode", code


def links(sentence: str) -> Iterator[tuple[str, str]]:
    """Give links with the words before each; those without a scheme get https."""
    if "." not in sentence:
        return
    plain = _EMAIL.sub(lambda found: " " * len(found[0]), sentence)
    for found in _URL.finditer(plain):
        url = found[0].rstrip(_TRAILING)
        before = plain[max(found.start() - 120, 0) : found.start()]
        yield (url if "://" in url else f"https://{url}"), before


def without_links(sentence: str) -> str:
    """Return a sentence without its links: their words are no words of the sentence."""
    return _URL.sub(" ", sentence) if "/" in sentence or "www" in sentence else sentence


def is_video(url: str, before: str) -> bool:
    """Say whether a link leads into a meeting, or to where one watches it.

    before: the words that lead to it.
    """
    if _NO_MEETING.search(url):
        return False
    room = _ROOM.search(url)
    if room:
        return len(room[1]) in _ROOM_DIGITS
    if _ALWAYS_VIDEO.search(url):
        return True
    told = _WATCHES.search(without_links(before))
    is_own_page = bool(_LEADS_TO.search(before[-_NEAR:])) and not _SHOWS.search(before)
    return bool(told) and (bool(_WATCHED.search(url)) or is_own_page)


def is_form(url: str, before: str) -> bool:
    """Say whether a link in a sentence on comments leads to where one gives them."""
    if _NO_MEETING.search(url) or _ROOM.search(url):
        return False
    return bool(_FORM_HOST.search(url)) or bool(
        _INVITES.search(before) and not _SHOWS.search(before)
    )


def room_of(url: str) -> str:
    """Return the number of a Zoom meeting that a link leads to, "" where it names none."""
    found = _ROOM.search(url)
    return found[1] if found else ""


def is_joined(contact: Contact) -> bool:
    """Say whether one is asked for a meeting's number or passcode there."""
    if contact.kind is ContactKind.VIDEO:
        return not _WATCHED.search(contact.value) or bool(_ALWAYS_VIDEO.search(contact.value))
    return contact.kind is ContactKind.PHONE
