"""Spanish is whole: every fixed phrase, stage, sort of date and turn has its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from monitor import render
from monitor.digest import Visited, Watched, checked
from monitor.digest.composing import ACTIVITY, IN_FORCE
from monitor.models import Direction, Hearing, ItemType, Section, Stage, Turn, TurnKind
from monitor.render.digest_html import render_html
from monitor.render.digest_shown import _SECTIONS
from monitor.render.digest_text import render_text
from monitor.render.tongue import ENGLISH, SPANISH
from monitor.render.turns_es import turn_in_spanish
from monitor.render.ways import _LABELS
from monitor.render.words_es import PHRASES
from monitor.silence import Arrivals, falls_short, pauses
from monitor.wording import DIRECTIONS, HEARINGS, TYPES
from tests.render.digests import HEARING, NOW, full_week, quiet_week
from tests.render.digests import SPANISH as READER

ROOM = Path(render.__file__).parent
SAID = {"say", "counted"}
# English words that no Spanish text has; those of publishers are quoted otherwise in these tests.
ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|is|was|were|due|hearing|meeting|today|tomorrow|days|weeks|source|new|passed|"
    r"signed|filed|since|last|read|more|won|lost|Mon|Tue|Wed|Thu|Fri|Nov|Dec|year)\b"
)


def phrases() -> Iterator[str]:
    """Find every phrase that the rendering gives to a tongue, in code and in templates."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                given = node.args if node.func.attr in SAID else []
                for one in given:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield one.value
    for path in (ROOM / "templates").iterdir():
        yield from re.findall(r'say\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    for words in _SECTIONS.values():
        yield from words
    yield from _LABELS.values()
    yield from (*DIRECTIONS.values(), *TYPES.values(), *HEARINGS.values(), ACTIVITY, IN_FORCE)


@pytest.mark.parametrize("phrase", sorted(set(phrases())))
def test_every_fixed_phrase_has_its_spanish(phrase: str) -> None:
    """With the same values in it."""
    spanish = PHRASES[phrase]
    assert spanish.strip()
    assert _names(spanish) == _names(phrase)
    assert spanish != phrase


def _names(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_phrases_are_found() -> None:
    """Else the test above would hold of nothing."""
    assert len(set(phrases())) > 70


def test_an_unknown_phrase_is_an_error() -> None:
    """Nobody gets a mail that is half in English."""
    with pytest.raises(KeyError):
        SPANISH.say("Something nobody translated")


@pytest.mark.parametrize("type_", ItemType)
@pytest.mark.parametrize("stage", Stage)
def test_every_stage_of_every_type_has_its_spanish(stage: Stage, type_: ItemType) -> None:
    """Also where a type has words of its own for it."""
    assert SPANISH.stage(stage, type_) != ENGLISH.stage(stage, type_)


@pytest.mark.parametrize("kind", TurnKind)
@pytest.mark.parametrize("type_", ItemType)
def test_every_turn_has_its_spanish(kind: TurnKind, type_: ItemType) -> None:
    """Whatever is known of it."""
    bare = Turn(kind)
    full = Turn(kind, Stage.PASSED, HEARING, "sponsors", "«A»", "«B»", 3)
    far = replace(full, hearing=replace(HEARING, starts=None, said="«el martes»"))
    for turn in (bare, full, far, replace(bare, count=2), replace(full, count=1)):
        said = turn_in_spanish(turn, type_)
        assert said
        assert not ENGLISH_WORDS.search(said), said


def test_times_are_said_in_spanish() -> None:
    """Weekday, day, month, hour, zone; this year is left out where it is known."""
    at = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    zone = "America/New_York"
    assert SPANISH.spoken(at, zone) == "martes 24 de noviembre de 2026, 10:05 a. m. EST"
    assert SPANISH.spoken(at, zone, now=NOW) == "martes 24 de noviembre, 10:05 a. m. EST"
    assert SPANISH.spoken(at, zone, all_day=True) == "martes 24 de noviembre de 2026"
    noon = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    assert SPANISH.spoken(noon, zone) == "miércoles 1 de julio de 2026, 12:00 p. m. EDT"


@pytest.mark.parametrize(
    ("ahead", "english", "spanish"),
    [
        (timedelta(hours=1), "today, in 1 hour", "hoy, en 1 hora"),
        (timedelta(hours=20), "tomorrow, in 20 hours", "mañana, en 20 horas"),
        (timedelta(hours=26), "tomorrow", "mañana"),
        (timedelta(days=3), "in 3 days", "en 3 días"),
        (timedelta(hours=-1), "", ""),
    ],
)
def test_countdowns(ahead: timedelta, english: str, spanish: str) -> None:
    """The same in both languages."""
    hearing = replace(HEARING, starts=NOW + ahead)
    assert ENGLISH.countdown(hearing, NOW) == english
    assert SPANISH.countdown(hearing, NOW) == spanish


@pytest.mark.parametrize(
    ("first", "last", "english", "spanish"),
    [
        ("2026-11-16", "2026-11-22", "Nov 16 to 22, 2026", "del 16 al 22 de noviembre de 2026"),
        (
            "2026-12-28",
            "2027-01-03",
            "Dec 28, 2026 to Jan 3, 2027",
            "del 28 de diciembre de 2026 al 3 de enero de 2027",
        ),
        (
            "2026-11-30",
            "2026-12-06",
            "Nov 30 to Dec 6, 2026",
            "del 30 de noviembre al 6 de diciembre de 2026",
        ),
        ("2026-11-22", "2026-11-22", "Nov 22, 2026", "22 de noviembre de 2026"),
    ],
)
def test_periods_are_said_with_their_last_day(
    first: str, last: str, english: str, spanish: str
) -> None:
    """Also over the end of a month or a year."""
    days = (date.fromisoformat(first), date.fromisoformat(last))
    assert ENGLISH.span(*days) == english
    assert SPANISH.span(*days) == spanish


def test_what_the_composer_put_together_is_said_in_spanish() -> None:
    """Why a source failed or is silent, in all its forms; the machine's reason stays quoted."""
    today = date(2026, 11, 23)
    few = Arrivals(date(2026, 1, 1), ((date(2026, 11, 20), 2),))
    days = tuple((date(2026, 8, 3) + timedelta(days=2 * n), 1) for n in range(30))
    silences = [
        falls_short(few, 5, timedelta(weeks=1), today),
        falls_short(few, 5, timedelta(days=1), today),
        falls_short(few, 5, timedelta(days=30), today),
        falls_short(few, 5, timedelta(days=4), today),
        pauses(Arrivals(date(2026, 1, 1), days), today),
    ]
    assert all(silences)
    visits = {
        "a": Visited(polls=1, broken=True, last_good=NOW),
        "b": Visited(polls=1, broken=True, reason="HTTP 503"),
        "c": Visited(polls=1, gaps=1),
        "d": Visited(polls=1, gaps=2),
        **{str(n): Visited(polls=1, silent=why) for n, why in enumerate(silences)},
    }
    told = checked([Watched(name, name) for name in visits], visits, NOW, "America/New_York")
    for _, why in (*told.failed, *told.silent, *told.gaps):
        said = SPANISH.reworded(why)
        assert not ENGLISH_WORDS.search(said), said
        assert ENGLISH.reworded(why) == why
    assert SPANISH.reworded(told.failed[0][1]) == (
        "no se pudo leer; última lectura: lunes 23 de noviembre de 2026, 8:00 a. m. EST"
    )
    assert SPANISH.reworded(silences[-1]).startswith("nada desde el 30 de septiembre, hace ")


def test_what_is_nobodys_phrase_stays() -> None:
    """Filters and digests have titles of their operator's."""
    assert SPANISH.say_known("Sampleville digest") == "Sampleville digest"
    assert SPANISH.say_known("Immigration policy digest") == "Boletín de política migratoria"
    assert SPANISH.reworded("On the watch list: Tribe v. X") == (
        "En la lista de seguimiento: Tribe v. X"
    )


def test_a_spanish_digest_has_no_english_of_ours() -> None:
    """What publishers wrote stays; in this one they wrote nothing in English."""
    for digest in (full_week(), quiet_week()):
        bare = replace(
            digest,
            title="Immigration policy digest",
            matters=tuple(
                replace(
                    one,
                    title="Título",
                    passage=None,
                    stage_said="",
                    turns=tuple(replace(turn, new="«x»") for turn in one.turns),
                    reasons=(),
                    sources=("El Diario",),
                    contacts=tuple(replace(way, said="", code="") for way in one.contacts),
                    hearings=tuple(replace(date_, place="") for date_ in one.hearings),
                )
                for one in digest.matters
            ),
            coming=tuple(
                replace(one, title="Título", hearing=replace(one.hearing, place=""))
                for one in digest.coming
            ),
        )
        bare = replace(
            bare, checked=replace(bare.checked, failed=(), silent=(), gaps=(), never=(), partial=())
        )
        text = render_text(bare, READER)
        plain = re.sub(
            r"<style>.*?</style>|<[^>]*>", " ", render_html(bare, READER).html, flags=re.DOTALL
        )
        for said in (text, plain):
            assert not ENGLISH_WORDS.search(said), ENGLISH_WORDS.search(said)
        assert 'lang="es"' in render_html(bare, READER).html


def test_titles_say_that_they_are_english() -> None:
    """A screen reader changes its voice for what publishers wrote."""
    page = render_html(full_week(), READER).html
    assert page.count('<h3 lang="en"') == 8
    assert len(re.findall('<p class="line" lang="en"', page)) == 3
    assert 'lang="en"' not in render_html(full_week(), None).html.replace('<html lang="en"', "")


def test_all_that_is_listed_is_there() -> None:
    """Every section, direction and sort of date has its heading in both languages."""
    assert set(_SECTIONS) == set(Section)
    for direction in (Direction.LIMITS, Direction.EXPANDS):
        assert SPANISH.direction(direction) != ENGLISH.direction(direction)
    assert SPANISH.direction(Direction.UNCLEAR) == ""
    assert SPANISH.date_kind("something else") == "Fecha"
    assert SPANISH.hearing_time(Hearing("hearing", None, said="TBD")) == "TBD"
