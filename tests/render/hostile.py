"""What a publisher (or who writes into its forms) could try, and what would show that it worked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.models import (
    Alert,
    Attachment,
    ChangeKind,
    Contact,
    ContactKind,
    FieldChange,
    Identifier,
    Passage,
    Posted,
    Present,
    Priority,
    Receipt,
    Related,
    Stage,
)
from tests.alerts.builders import HEARING, NOW, alert, item, match

CORPUS = (
    "<!channel>",
    "<!here> <!everyone> @channel @here @everyone",
    "<@U012AB3CD> <#C024BE7LR|general> <!subteam^SAZ94GDB8>",
    "<https://evil.example|https://good.example>",
    "<javascript:alert(1)|click> <mailto:a@b.example|mail>",
    "https://evil.example/now?a=1&b=2",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt; &#60;!here&#62;",
    "```code``` `inline` *bold* _italic_ ~struck~ :tada: :+1:",
    "> quoted\n> twice\n&gt; thrice\n>>> all the rest",
    "* one\n* two\n1. three\n- four",
    "\u202eevil\u202c txt.exe \u2066isolate\u2069 \u200f\u061c",
    "I\u200bC\u200dE zero\ufeffwidth soft\u00adhyphen",
    "\x00\x01\x07\x08\x1b[31mred\x1b[0m\x7f\x85\u2028next\u2029",
    "lone \ud800 surrogate \udfff here",
    "<b>HTML</b> <script>alert(1)</script> <table><tr><td>1</td></tr></table>",
    "<!date^1392734382^{date}|never> <https://a.example/?x=<!channel>>",
    "🗽" * 400,
    "漢字" * 500,
    "T" * 3_000,
    "word & more <angles> " * 150,
    "a\u0301" * 900,
    "*" * 700,
    "clerk@everyone.example clerk@everyone a_b_c@example.gov mailto:x@y.example",
    "[click](https://evil.example) ![x](https://evil.example/x.png) {{ 7 * 7 }} ${x} %s",
    "# heading\n## two\n| a | b |\n|---|---|\n\\[escaped\\] <details><summary>x",
    "A 012 345 678 lives at 12 Main Street, Apt 4, call 212-555-0134",
    " ",
    "",
)
HOSTILE_URLS = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://user:secret@evil.example/",
    'https://good.example/a|b>c<d e"f`g*h_i~j',
    "https://good.example/<!channel>",
    "http://x.example/" + "y" * 4_000,
    "//evil.example/",
    "slack://open",
    "https://évil.example/ü?q=ö",
    "",
)

# A mention, a special word or a link in Slack's own markup.
MARKUP = re.compile(r"<[!@#][^>]*>|<[a-z][a-z0-9+.-]*:[^>]*>")
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def everywhere(text: str, url: str = "https://good.example/1") -> Alert:
    """Put a text into every field of an alert that a publisher fills."""
    places = (Passage("title", 0, len(text), text, ((0, 5),)), Passage(text, 0, 9, text, ((1, 8),)))
    body = replace(places[0], field="text")
    hearing = replace(HEARING, place=text, said=text)
    return alert(
        headline=text,
        priority=Priority.HIGH,
        change=ChangeKind.UPDATED,
        source_name=text,
        item=item(
            title=text,
            text=text,
            url=url,
            office=text,
            status=text,
            identifiers=(Identifier("bill", "x", text),),
            hearings=(
                hearing,
                replace(hearing, starts=None),
                replace(hearing, starts=NOW + timedelta(days=9), cancelled=True, kind=text),
            ),
            attachments=(Attachment(text, url), Attachment(text, f"{url}2")),
            facts=((text, text), ("sponsors", text)),
            participation=contacts(text, url),
        ),
        fields=(
            FieldChange(text, "", text),
            FieldChange("text", text, f"a {text} b"),
            FieldChange("hearings", text, f"{text}\n{text}"),
        ),
        matches=(match(text, title=text, passages=(*places, body), terms=(text,) * 12),),
        lines=((text, url), (text, "")),
        stage=Stage.PASSED,
        related=(Related(9, text, "ocd-division/country:us/state:fl", url, text),),
    )


def contacts(text: str, url: str) -> tuple[Contact, ...]:
    """Put a text into every way to comment; deadlines with and without a time."""
    plain = tuple(Contact(kind, text, text, text, text) for kind in ContactKind)
    links = tuple(Contact(kind, url, code=text) for kind in (ContactKind.FORM, ContactKind.VIDEO))
    due = NOW + timedelta(days=2)
    zone = "America/New_York"
    dated = Contact(ContactKind.SPEAK_DEADLINE, text, text, due=due, timezone=zone)
    return (*plain, *links, dated)


def of_all_kinds(text: str, url: str = "https://good.example/1") -> tuple[Alert, ...]:
    """Make every sort of alert of it."""
    made = everywhere(text, url)
    moved = replace(
        made,
        fields=(FieldChange("stage", text, f"{text} b"), FieldChange("status", text, text[::-1])),
    )
    return (
        made,
        moved,
        replace(made, kind="reminder"),
        replace(made, change=ChangeKind.GONE),
        replace(made, change=ChangeKind.NEW, fields=(), matches=(), for_everyone=True),
        replace(made, kind="summary", item=None),
        replace(made, kind="health", item=None),
    )


def posted(text: str, url: str = "https://good.example/1") -> tuple[Posted, ...]:
    """Put a text into everything that a first message shows of its matter later."""
    hearing = replace(HEARING, place=text, said=text)
    present = Present(
        1,
        stage=Stage.VETOED,
        stage_said=text,
        stage_since=NOW,
        hearings=(hearing, replace(hearing, starts=NOW + timedelta(days=1))),
        sources=(text,) * 6,
        changes=3,
        changed_at=NOW,
        relevant=2,
        not_relevant=1,
        muted=True,
    )
    first, receipt = everywhere(text, url), Receipt("1700000000.000001", "C01ALERTS")
    return (
        Posted(first, receipt, NOW, present),
        Posted(first, receipt, NOW, replace(present, claimed_by="U0ANA", claimed_at=NOW)),
        Posted(first, receipt, NOW, goes_on=Receipt("1700000001.000001", "C01ALERTS")),
    )


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of a payload with the name under which it stands."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from strings(part, key)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from strings(part, name)
    elif isinstance(value, str):
        yield name, value
