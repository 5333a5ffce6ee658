"""What real councils' pages and agendas state: every hit was looked at by a person, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.models import Contact
from monitor.participation import participation
from monitor.text import clean_text
from tests.participation.test_participation import meeting

FOLDERS = (
    "agenda-other", "boarddocs", "chicago-elms", "civicclerk", "civicplus", "escribe", "granicus",
    "iqm2", "la-council", "legistar-calendar-derived", "legistar-html", "legistar-webapi",
    "novusagenda", "primegov",
)  # fmt: skip


def texts(path: Path) -> Iterator[str]:
    """Give the texts of a recording: each string of JSON, or a page's words."""
    raw = path.read_bytes().decode("utf-8", "replace")
    if path.suffix != ".json":
        yield clean_text(raw, html=path.suffix != ".txt")
        return
    try:
        yield from strings(json.loads(raw))
    except json.JSONDecodeError:
        return


def strings(value: Any) -> Iterator[str]:
    """Give each string of a JSON value."""
    if isinstance(value, str):
        yield clean_text(value, html="<" in value)
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def stated(paths: Iterator[Path]) -> dict[tuple[str, str, str], Contact]:
    """Read recordings; a statement that a file repeats counts once."""
    return {
        (path.name, one.kind.value, one.value): one
        for path in paths
        for text in texts(path)
        for one in participation(meeting(text, hearings=(), published=None))
    }


@pytest.fixture(scope="module")
def of_councils(shared: Path) -> dict[tuple[str, str, str], Contact]:
    """Read the recordings of all platforms of councils."""
    folders = (shared / "recordings" / name for name in FOLDERS)
    return stated(path for folder in folders for path in sorted(folder.iterdir()) if path.is_file())


def test_what_councils_state_is_found(of_councils: dict[tuple[str, str, str], Contact]) -> None:
    """The counts of each kind, as they were judged one by one."""
    assert Counter(kind for _, kind, _ in of_councils) == {
        "video": 35,
        "comment_deadline": 13,
        "phone": 8,
        "accommodation": 3,
        "speak_deadline": 2,
        "email": 1,
    }


def test_transcripts_and_speeches_state_little(shared: Path) -> None:
    """Hours of a council's talk about comments and testimony hold one invitation."""
    found = stated(iter(sorted((shared / "relevance" / "long").glob("*.txt"))))
    assert Counter(kind for _, kind, _ in found) == {"in_person": 1}


def test_a_call_keeps_the_code_that_its_publisher_writes_below_it(
    of_councils: dict[tuple[str, str, str], Contact],
) -> None:
    """Los Angeles writes it into the next line; of its two languages the first is taken."""
    codes = {
        value: one.code
        for (name, kind, value), one in of_councils.items()
        if kind == "phone" and name.startswith("ca__la")
    }
    assert codes == {
        "(877) 873-8017": "access code 111111",
        "(877) 692-8955": "access code 4433663",
        "888-251-2949": "access code 8231160",
    }
