"""A page that is watched changes when its text does, and not when only its clothes do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.alerts import Routing
from monitor.config import Source
from monitor.connectors.page import Page
from monitor.documents import difference
from monitor.errors import FormatError, SoftError
from monitor.matching import Filter, FilterSet
from monitor.models import (
    Access,
    ChangeKind,
    Entry,
    Item,
    ItemType,
    Request,
    Response,
    Validators,
)
from monitor.normalise import normalise
from monitor.pipeline import Recorded, Rules, collect, prepare, record
from monitor.store import Store
from tests.connectors.feed_visit import NOW, POLL, RECORDINGS

URL = "https://sheriff.example/policy"
POLICY = (RECORDINGS / "page" / "policy.html").read_text(encoding="utf-8")
WATCH = Page(url=URL)


def read(page: str | bytes, connector: Page = WATCH) -> Item:
    """Read a page into the only item that it is."""
    body = page.encode() if isinstance(page, str) else page
    (entry,) = connector.parse(Response(Request(URL), URL, 200, (), body, NOW), POLL)
    assert isinstance(entry, Entry)
    return normalise(entry, "page", "us")


def test_a_page_is_one_item() -> None:
    """With its own title, and its text without what stands around it."""
    item = read(POLICY)
    assert (item.key, item.type, item.url) == ("page", ItemType.PAGE_CHANGE, URL)
    assert item.title == "Immigration policy | Example Sheriff"
    first, policy, *rest = item.text.splitlines()
    assert first == "Policy 12: Detainers"
    assert policy.startswith("Deputies shall not hold a person on an ICE detainer without")
    assert rest == [
        "(c) 2026 hearings are held monthly.",
        "Hearing:",
        "November 16, 2026 6:00 PM",
    ]
    (request,) = WATCH.requests(POLL)
    assert (request.access, request.conditional) == (Access.PAGE, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("November 2, 2026</p>", "November 9, 2026</p>"),
        ("Visitors: 12,345", "Visitors: 12,346"),
        ("\u00a9 2026", "\u00a9 2027"),
        ("Home | Jail", "Home | Jail | Careers"),
        ("Follow us", "Follow us on Example"),
        ("<p>Hearing:", "<p class='x'>\n Hearing:"),
        ("</main>", "<p>Page generated in 0.3 seconds</p></main>"),
        ("</main>", "<p>Today is Monday, November 9, 2026 3:15 PM</p></main>"),
        ("</main>", "<p>Copyright \u00a9 2026 Example County. All rights reserved.</p></main>"),
        ("</main>", "<p>3 hours ago</p><p>72\u00b0F Sunny</p></main>"),
        ("</main>", "<script>var nonce='a8f'</script><p>csrf_token: f00fd00dbeef</p></main>"),
    ],
)
def test_what_changes_by_itself_is_no_change(old: str, new: str) -> None:
    """Dates of editing, counters, clocks, copyright, menus, markup."""
    assert old in POLICY
    assert read(POLICY.replace(old, new)).fingerprint == read(POLICY).fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("shall not hold", "shall hold"),
        ("November 16, 2026 6:00 PM", "November 17, 2026 6:00 PM"),
        ("(c) 2026 hearings", "(c) 2027 hearings"),
        ("12: Detainers", "12: Detainers and 287(g)"),
        ("<p>Hearing:</p>", ""),
    ],
)
def test_what_a_person_would_notice_is_a_change(old: str, new: str) -> None:
    """One word, a hearing's date alone in its line, a subsection, a heading, what is gone."""
    assert old in POLICY
    assert read(POLICY.replace(old, new)).fingerprint != read(POLICY).fingerprint


def test_noise_may_be_watched_too() -> None:
    """Where the date of editing is what one waits for."""
    text = read(POLICY, Page(url=URL, noise=False)).text
    assert "Last updated: November 2, 2026" in text
    assert "Visitors: 12,345" in text


def test_selectors_and_expressions_narrow_what_is_watched() -> None:
    """Elements to take, elements to leave, text to leave."""
    narrow = Page(url=URL, select="main p", ignore=("p:nth-of-type(2)",), ignore_text=(r"\d{4}",))
    lines = read(POLICY, narrow).text.splitlines()
    assert lines[0].startswith("Deputies shall not hold")
    assert lines[0].endswith("the policy of .")
    assert not any("subsection" in line or line.startswith("(c)") for line in lines)


def test_the_title_may_be_fixed_and_every_change_told() -> None:
    """Some pages name themselves anew each day; some need no keyword."""
    item = read(POLICY, Page(url=URL, title="Detainer policy", watch=True))
    assert (item.title, item.watched) == ("Detainer policy", "the page itself is watched")


def test_a_page_without_what_is_watched_is_a_failure() -> None:
    """It was rebuilt, or it is an error page; never "unchanged"."""
    with pytest.raises(FormatError, match="nothing on the page matches"):
        read(POLICY, Page(url=URL, select="#policy-text"))
    for empty in ("", " \n"):
        with pytest.raises(SoftError):
            read(empty)
    with pytest.raises(SoftError, match="holds no words"):
        read("<html><body><main> </main><script>x</script></body></html>")


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ({"select": "p["}, "is no CSS selector"),
        ({"ignore_text": ("(",)}, "is no regular expression"),
        ({"url": "policy.html"}, "http or https address"),
    ],
)
def test_options_are_checked(option: dict[str, object], complaint: str) -> None:
    """Before the first poll."""
    with pytest.raises(ValidationError, match=complaint):
        Page(**{"url": URL, **option})  # type: ignore[arg-type]


class Sheriff:
    """Answers with one page, which may be put up anew."""

    page = POLICY

    def fetch(self, request: Request, last: Validators | None = None) -> Response:
        """Answer."""
        del last
        return Response(request, URL, 200, (), self.page.encode(), NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new database."""
    with Store.open(tmp_path / "monitor.db") as opened:
        yield opened


def test_a_change_is_told_with_both_states(store: Store) -> None:
    """The store keeps the text, so that the alert can show what went and what came."""
    filters = FilterSet((Filter("detainers", "Detainers", "detainer"),))
    source = Source(
        "page", "Sheriff", "page", WATCH, "us", timedelta(hours=1), "", "America/New_York"
    )
    sheriff, rules = Sheriff(), Rules(Routing("#alerts"))

    def poll(hours: int) -> Recorded:
        task = prepare(store, source, NOW + timedelta(hours=hours), pace=0.0)
        return record(store, None, source, collect(task, sheriff, filters), rules)

    assert poll(0).alerts == ()
    sheriff.page = POLICY.replace("Visitors: 12,345", "Visitors: 12,999")
    assert poll(1).updated == 0
    sheriff.page = POLICY.replace("shall not hold", "shall hold")
    (alert,) = poll(2).alerts
    assert alert.change is ChangeKind.UPDATED
    (change,) = alert.fields
    assert change.name == "text"
    shown = difference(change.old, change.new).splitlines()
    assert [line[:36] for line in shown] == [
        "- Policy 12: Detainers Deputies shal",
        "+ Policy 12: Detainers Deputies shal",
    ]


def test_labelled_pairs_of_real_pages(shared: Path) -> None:
    """EDGI's: a footer that changed is no change; a data set that was removed is one."""
    folder = shared / "recordings" / "web-pages"
    scores = {"true": 0, "false": 0}
    pairs = sorted(folder.glob("edgi_*-a.html"))
    for before in pairs:
        after = before.with_name(before.name.replace("-a.html", "-b.html"))
        old, new = read(before.read_bytes()), read(after.read_bytes())
        wanted = "truepos" in before.name
        scores["true" if (old.fingerprint != new.fingerprint) is wanted else "false"] += 1
        if wanted:
            assert len(difference(old.text, new.text).splitlines()) == 1
    assert len(pairs) == 2
    assert scores == {"true": 2, "false": 0}


def test_every_real_page_has_words(shared: Path) -> None:
    """Of nine systems, with nothing configured; what is watched is less than the whole page."""
    for path in sorted((shared / "recordings" / "web-pages").glob("*.html")):
        text = read(path.read_bytes()).text
        assert len(text) > 100, path.name
        assert "function(" not in text
        assert len(text) < path.stat().st_size


def test_equal_pages_are_equal_items() -> None:
    """Nothing of the visit itself gets into the item."""
    later = replace(POLL, now=NOW + timedelta(days=400))
    response = Response(Request(URL), URL, 200, (), POLICY.encode(), NOW)
    assert tuple(WATCH.parse(response, POLL)) == tuple(WATCH.parse(response, later))
