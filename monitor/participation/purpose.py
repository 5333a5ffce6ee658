"""Tells what a sentence's addresses and times are for: comment, speech, joining, or none of these.

Staff act by what is shown as a way to comment. So a sentence that also asks for an interpreter,
names the press office or says how to get copies is no such way, unless its own words send comments
there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.participation.contacts import without_links


@dataclass(frozen=True, slots=True)
class Purpose:
    """What one sentence is about; several may hold.

    comment, speak, join: written comment, a turn to speak, taking part by telephone or video.
    accommodation: for those who need an interpreter, an aid, another format.
    other: its contacts serve another end; refused: it says how one may not comment.
    invites: it tells people to do something, so that the next lines may say where.
    """

    comment: bool = False
    speak: bool = False
    join: bool = False
    accommodation: bool = False
    other: bool = False
    refused: bool = False
    invites: bool = False

    @property
    def is_heard(self) -> bool:
        """Say whether people are told how to be heard, in writing or aloud."""
        return (self.comment or self.speak) and not self.is_barred

    @property
    def is_barred(self) -> bool:
        """Say whether the sentence's contacts are none for comments."""
        return self.accommodation or self.other or self.refused

    @property
    def is_silent(self) -> bool:
        """Say whether the sentence tells nothing of its own end."""
        return not (self.comment or self.speak or self.join or self.is_barred)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


COMMENT = _words(
    r"e-?comments?\b|comment(?:s|ing|ed|ers?)?\b|testimon(?:y|ies)\b|testif(?:y|ying)\b"
    r"|public input\b"
    r"|public participation\b|written statements?\b|position (?:letters?|statements?)\b"
    r"|comentarios?\b"
    r"|testimonios?\b|opini[o\u00f3]n(?:es)? por escrito\b"
)
SPEAK = _words(
    r"(?:wish(?:es|ing)?|request(?:s|ing)?|want(?:s|ing)?|like|in order|intend(?:s|ing)?"
    r"|plan(?:s|ning)?|able) to (?:speak|testify|address|be heard|comment"
    r"|make (?:a )?(?:public )?comments?)"
    r"|speakers?(?:'s|\u2019s)? (?:cards?|slips?|forms?|requests?|registration|sign|list)"
    r"|to speak\b"
    r"|(?:oral|verbal|live|remote|virtual|in-person|spoken) (?:public )?(?:comments?|testimony)"
    r"|address(?:ing)? the (?:\w+ ){0,3}(?:council|board|commission|committee|supervisors|trustees)"
    r"|sign(?:ing|ed)?[ -]?up to (?:speak|testify|comment)|hablar\b|tomar la palabra"
)
# Registering is for a turn to speak only where the sentence says for what.
_REGISTERS = _words(
    r"sign(?:ing|ed)?[ -]?up\b|(?:pre-?)?regist(?:er|ration|ering|ered)\b|inscribirse"
    r"|inscripci[o\u00f3]n|registrarse"
)
_OF_A_MEETING = _words(
    r"speak|comment|testi|address|meetings?\b|hearings?\b|agenda|audiencia|reuni"
    r"|sesi[o\u00f3]n|coment|item\b"
)
WRITTEN = _words(
    r"written|in writing|e-?comments?\b|por escrito|env[i\u00ed](?:ar|e|en)\b"
    r"|(?:submit|submitted|submitting|submission of|send|sent|file|filed|mail|mailed)"
    r" [^.;:]{0,40}?(?:comments?|testimony|statements?)"
    r"|(?:comments|testimony|statements|comentarios) (?:on \w+ )?(?:\w+ ){0,2}(?:must|may"
    r"|should|shall|can|will|are|be)\b"
)
_JOIN = _words(
    r"join(?:ing)?\b|zoom|webex|web-?ex|microsoft teams|ms teams|gotomeeting|webinars?\b"
    r"|dial(?:ing|-in)?\b|call(?:ing)?[ -]in\b|call-in\b|conference call|tele-?conference"
    r"|by (?:tele)?phone"
    r"|via (?:tele)?phone|one[ -]tap|listen(?:ing)?\b|live[- ]?stream(?:ed|ing)?|live video"
    r"|live broadcast"
    r"|watch(?:ed|ing)?\b|view(?:ed)? (?:the |this |live |a )?(?:\w+ ){0,3}(?:meeting|hearing"
    r"|session|live|broadcast)"
    r"|broadcast|participate (?:\w+ ){0,4}(?:by|via|remotely|virtually|online|through)"
    r"|attend (?:\w+ ){0,4}(?:virtually|remotely|online|electronically|via)"
    r"|(?:webinar|meeting|conference) ?id\b|virtual (?:meeting|hearing)|video ?conferenc\w*"
    r"|toll[- ]?free"
    r"|en vivo|unirse|[u\u00fa]nase|por tel[e\u00e9]fono|llam(?:e|ar|ando)\b|transmisi[o\u00f3]n"
)
_ACCOMMODATION = _words(
    r"accommodations?\b|\bADA\b|americans with disabilit|disabilit(?:y|ies)\b|disabled\b"
    r"|interpret(?:er|ers|ation|ing|ive)\b"
    r"|translat(?:ion|or|ors|ed)\b|sign language|\bASL\b|assistive|auxiliary"
    r"|hearing[- ]impaired|hard of hearing"
    r"|accessib(?:ility|le format)|alternat(?:e|ive) formats?|special (?:assistance|needs)"
    r"|reasonable (?:arrangements|modification)"
    r"|large print|closed caption|captioning|title vi\b|language (?:assistance|access|services)"
    r"|adaptaci[o\u00f3]n|adaptaciones|acomod|int[e\u00e9]rprete|interpretaci[o\u00f3]n"
    r"|traducci[o\u00f3]n|discapacidad"
)
_OTHER = _words(
    r"press (?:contact|inquir|office|release)|media (?:contact|inquir|relations|advisory)"
    r"|reporters\b"
    r"|(?:if you have|with|any|for|further|additional) questions?\b|questions (?:about"
    r"|regarding|concerning|on|may|should|can)"
    r"|questions\?|for (?:more|further|additional) (?:information|details)"
    r"|additional information (?:on|about|may|can|is|contact)"
    r"|to obtain (?:a |more |further )?(?:copy|copies|information)|information contact\b"
    r"|cop(?:y|ies) of (?:the |this |any |all |said |these )?|public records|records request"
    r"|available for (?:public )?(?:review|inspection)"
    r"|supporting (?:documents|materials)|technical (?:difficult|assistance|support|issue|problem)"
    r"|sign(?:ing)?[- ]?up (?:for|to) (?:\w+ ){0,3}(?:e-?mail|notif|alerts?|news|updates"
    r"|volunteer|receive|text)"
    r"|subscri(?:be|ption)|newsletter|notification list|follow us|website (?:feedback|comments"
    r"|questions)|webmaster"
    r"|comments? (?:about|on) (?:this|our|the) (?:web ?)?site|(?:bid|bids|bidders?|proposals?"
    r"|quotes|rfp|rfq|applications?|"
    r"nominations?|grants?|resumes?)\b[^.;]{0,60}?\b(?:due|received|submitted|submit|accepted"
    r"|deadline)|letters? of (?:interest|intent)"
    r"|tip(?:s|line)?\b line|crime|hotline|appeals? (?:must|may|of|to)\b|lobbyist|employment"
    r"|job opening"
    r"|para m[a\u00e1]s informaci[o\u00f3]n|preguntas\b"
)
# What only the words before a contact can undo: "for more information … or to submit comments".
_SENDS_COMMENTS = _words(
    r"(?:submit(?:ted|ting)?|send(?:ing)?|sent|e-?mail(?:ed|ing)?|provid(?:e|ed|ing)"
    r"|deliver(?:ed)?|make|making|file|filed|mail(?:ed)?|fax(?:ed)?|direct(?:ed)?|address(?:ed)?"
    r"|forward(?:ed)?|leave) [^.;:]{0,60}?(?:comments?|testimony|statements?|input)\b"
    r"|(?:comments?|testimony|statements?|input)\b[^.;:]{0,110}? (?:submitted|sent|e-?mailed"
    r"|received|accepted|mailed|directed|delivered|filed|made|provided|given|addressed|forwarded"
    r"|emailing|to)\b|comments?\b[^.;]{0,20} by (?:e-?mail|phone|mail)"
    r"|env[i\u00ed](?:ar|e|en)\b[^.;]{0,60}comentarios"
    r"|comentarios\b[^.;]{0,90}(?:correo|env[i\u00ed]|present|recib)"
)
_INFORMATION_FIRST = _words(
    r"(?:for|obtain|find|more|further|additional) (?:more |further "
    r"|additional )?(?:information|details|instructions)"
    r" (?:on|about|regarding|concerning)|how (?:you can "
    r"|to )(?:\w+ ){0,4}comments?[^.;]{0,40}\b(?:call|contact)"
)
_REFUSED = _words(
    r"(?:not|no longer) (?:be )?(?:accept(?:ed|ing)?|taken|permitted|allowed|monitored|heard"
    r"|entertained)\b"
    r"|cannot (?:be )?(?:accept|submit|made|given|take)|unable to accept|does not accept"
    r"|do not (?:e-?mail|send|reply|use)"
    r"|no (?:public )?(?:comments?|testimony) (?:will|shall|is|are|may|was|were)\b"
    r"|no se aceptar[a\u00e1]n"
)
_LATE = _words(r"(?:after|later than|past|despu[e\u00e9]s)\b")
# Minutes tell what was; a deadline of the past helps nobody.
_PAST = _words(
    r"(?:were|was|had been|have been|has been) (?:\w+ ){0,2}(?:received|submitted|due|accepted"
    r"|e-?mailed|closed|held|read|provided|made)\b"
    r"|(?:ended|closed|spoke|testified|stated|reported|thanked) (?:on|that|in|for|as|the)\b"
    r"|opened the (?:\w+ ){0,3}(?:comment|hearing)"
)
# A resident's letter among a meeting's papers.
_FIRST_PERSON = re.compile(
    r"(?:^|[\s\"\u201c(])(?:I|I'm|I\u2019m|I am|my|My|me|mine)(?=[\s,.'\u2019])|\b(?:sincerely"
    r"|dear (?:council|mayor|members?))\b"
)
_INVITES = _words(
    r"submit|send|e-?mail|mail\b|call\b|sign|register|visit|provide|join|follow|participat"
    r"|one of the following|ways to|how to|"
    r"options?\b|use the|click|deliver|complete|fill|options|methods?|env[i\u00ed]|opciones|inscr"
)


# A sentence without any of these says nothing of its own end.
_TELLING = (
    "comment", "testi", "coment", "speak", "input", "particip", "statement", "regist", "sign",
    "address", "hablar", "inscri", "join", "zoom", "web", "teams", "dial", "call", "listen", "live",
    "stream", "watch", "view", "broadcast", "conferenc", "phone", "virtual", "toll", "one tap",
    "one-tap", "meeting id", "llam", "transmis", "vivo", "unirse", "\u00fanase", "opini", "palabra",
    "position", "question", "information", "cop", "record", "pregunta", "accommodat", "ada",
    "disab", "interpret", "translat", "traduc", "int\u00e9rprete", "discapac", "assist", "access",
    "attend", "hearing", "language", "@",
)  # fmt: skip


def purpose(sentence: str) -> Purpose:
    """Read what a sentence's contacts and times are for; see the words of each kind above."""
    plain = sentence.casefold()
    if not any(mark in plain for mark in _TELLING):
        return Purpose()
    words = without_links(sentence)
    comment, speak = bool(COMMENT.search(words)), speaks(words)
    refused = bool(_REFUSED.search(sentence)) and not _LATE.search(sentence)
    told = bool(_PAST.search(sentence) or _FIRST_PERSON.search(sentence))
    return Purpose(
        comment=comment,
        speak=speak,
        join=bool(_JOIN.search(sentence)),
        accommodation=bool(_ACCOMMODATION.search(sentence)),
        other=told or _is_of_other_end(words),
        refused=refused,
        invites=sentence.endswith(":") or bool(_INVITES.search(sentence)),
    )


def speaks(words: str) -> bool:
    """Say whether words are about a turn to speak: asked for, or registered for."""
    if SPEAK.search(words):
        return True
    return bool(_REGISTERS.search(words)) and bool(_OF_A_MEETING.search(words))


def _is_of_other_end(sentence: str) -> bool:
    if not _OTHER.search(sentence):
        return False
    return bool(_INFORMATION_FIRST.search(sentence)) or not _SENDS_COMMENTS.search(sentence)
