"""What people see: what is ahead, what is new, a search, a matter, each source's health."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.models import Collected, Outcome
from tests.store.builders import NOW, alert
from tests.web.page_checks import faults, links, words
from tests.web.site import Site, hearing

HOSTILE = '<script>alert(1)</script> & "><img src=x onerror=alert(1)> {{ 7*7 }} A 123-456-789'


@pytest.fixture
def full(site: Site) -> Site:
    """Fill a site with what a month may bring, in hostile words, too."""
    site.see("plain", title="Resolution on the jail", hearings=(hearing(),))
    site.see("off", title="A cancelled one", hearings=(hearing(3, cancelled=True),))
    bad = "javascript:alert(1)"
    site.see("hostile", title=HOSTILE, text=f"{HOSTILE} 287(g)", office=HOSTILE, url=bad)
    number = site.see("twice", title="First title", source="herald", hearings=(hearing(5),))
    site.see("twice", title="Second title", source="herald", at=NOW + timedelta(minutes=1))
    with site.store() as store:
        store.outbox.enqueue([alert("told", matter=number, headline=HOSTILE)], NOW)
        before = NOW - timedelta(minutes=1)
        failed = Collected("herald", before, Outcome.FAILED, f"HTTP 500 {HOSTILE}", gap=True)
        store.sources.finish_poll(failed, NOW)
        store.sources.finish_poll(Collected("council", NOW, Outcome.CHANGED), NOW)
    return site


PAGES = ("/", "/?page=2", "/search", "/search?q=287", "/search?q=script", "/status", "/nowhere")


@pytest.mark.parametrize("path", [*PAGES, "/matters/1", "/matters/3", "/matters/4"])
def test_every_page_is_valid_and_accessible(full: Site, path: str) -> None:
    """Without scripts, pictures, or anything from elsewhere; links out say nothing of us."""
    assert faults(full.ask(path).text) == []


@pytest.mark.parametrize("path", ["/", "/search?q=script", "/status", "/matters/3", "/matters/4"])
def test_words_from_outside_are_words(full: Site, path: str) -> None:
    """Nothing that a publisher writes is markup, a template, or an address that runs."""
    html = full.page(path)
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in words(html).replace("{{ 7*7 }}", "")
    assert not [link for link in links(html) if link.lower().startswith("javascript")]


def test_an_alien_number_is_masked(full: Site) -> None:
    """As everywhere that official words are repeated."""
    for path in ("/", "/matters/3", "/search?q=script"):
        assert "123-456-789" not in full.page(path)


def test_the_front_page_shows_what_is_ahead_before_what_is_new(full: Site) -> None:
    """The next date first, with its countdown; one that is called off says so."""
    said = words(full.page("/"))
    ahead, _, new = said.partition("What is new")
    assert "Wed, Nov 25, 7:00 am EST (in 2 days) Hearing: Resolution on the jail" in ahead
    assert "Hearing (cancelled): A cancelled one" in ahead
    assert ahead.index("Resolution on the jail") < ahead.index("A cancelled one")
    assert "Second title" in new
    assert "/matters/1" in links(full.page("/"))


def test_an_empty_monitor_says_so(site: Site) -> None:
    """Silence is told from a fault."""
    said = words(site.page("/"))
    assert "No hearing and no deadline is known." in said
    assert "Nothing that a filter matches was seen yet." in said
    assert faults(site.page("/")) == []


def test_what_no_filter_matches_is_found_by_search_alone(site: Site) -> None:
    """The front page is for what matters."""
    site.see("rink", matched=False, title="The ice rink opens")
    assert "rink" not in words(site.page("/"))
    assert "The ice rink opens" in words(site.page("/search?q=rink"))


def test_matters_are_shown_a_page_at_a_time(site: Site) -> None:
    """Each once, the latest first, with a way to the others."""
    for number in range(60):
        site.see(str(number), title=f"Number {number:02}", at=NOW + timedelta(minutes=number))
    shown = [words(site.page(f"/?page={page}")) for page in (1, 2, 3, 4)]
    numbers = [[n for n in range(60) if f"Number {n:02}" in said] for said in shown]
    assert [len(found) for found in numbers] == [25, 25, 10, 0]
    assert max(numbers[1]) < min(numbers[0])
    assert [f"/?page={n}" in links(site.page("/?page=2")) for n in (1, 2, 3)] == [True, False, True]
    assert faults(site.page("/?page=4")) == []


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1e3", "", "%C2%B2"])
def test_a_page_that_is_no_number_is_the_first(site: Site, page: str) -> None:
    """No address leads to a fault."""
    site.see("a", title="The only one")
    assert site.ask(f"/?page={page}").status == 200
    assert "The only one" in words(site.page("/?page=nothing"))


def test_a_search_marks_what_it_found(site: Site) -> None:
    """The words stand out, and the query stays in its field."""
    site.see("a", title="Jail", text="Before the vote the sheriff   signed a detainer agreement.")
    html = site.page("/search?q=sheriff+AND+detainer*")
    assert "<mark>sheriff</mark>" in html
    assert "<mark>detainer</mark>" in html
    assert 'value="sheriff AND detainer*"' in html
    assert "The council" in words(html)


def test_a_search_goes_on_page_by_page(site: Site) -> None:
    """With the same query."""
    for number in range(30):
        site.see(str(number), title=f"Detainer {number:02}")
    html = site.page("/search?q=detainer")
    assert "/search?q=detainer&page=2" in links(html)
    more = words(site.page("/search?q=detainer&page=2"))
    both = words(html) + more
    assert all(f"Detainer {number:02}" in both for number in range(30))


@pytest.mark.parametrize("query", ['"', "AND", "(", "%00", "title:", "%ff", "NEAR(", "*"])
def test_a_query_that_cannot_be_read_is_answered_in_words(site: Site, query: str) -> None:
    """Status 400 or nothing found; never a fault of ours."""
    site.see("a")
    answer = site.ask(f"/search?q={query.replace(chr(34), '%22')}")
    assert answer.status in {200, 400}
    assert faults(answer.text) == []


def test_a_query_is_cut_at_a_bound(site: Site) -> None:
    """However long it is."""
    assert site.ask(f"/search?q={'a' * 5000}").status in {200, 400}
    assert "a" * 201 not in site.ask(f"/search?q={'a' * 5000}").text


def test_a_matter_tells_all_that_happened_the_latest_first(full: Site) -> None:
    """What was seen, what changed, whom it was told."""
    said = words(full.page("/matters/4"))
    assert said.index("Title: First title → Second title") < said.index("seen in The herald")
    assert "Told #alerts (queued)" in said
    assert "Wed, Nov 25" not in said


def test_a_long_history_is_shown_in_pages(site: Site) -> None:
    """A hundred happenings at a time."""
    for number in range(130):
        site.see("a", title=f"Version {number:03}.", at=NOW + timedelta(minutes=number))
    first, second = site.page("/matters/1"), site.page("/matters/1?page=2")
    assert "/matters/1?page=2" in links(first)
    assert "Version 129." in words(first)
    assert "Version 002." in words(second)
    assert words(first).count("Changed") == 100


def test_a_matter_is_found_by_the_number_it_had_before_a_merge(site: Site) -> None:
    """A link from an old message goes on."""
    one, other = site.see("a", title="The one"), site.see("b", title="The other")
    with site.store() as store:
        store.mending.merge(one, other, NOW)
    assert "The one" in words(site.page(f"/matters/{other}"))


@pytest.mark.parametrize(
    "path", ["/matters/99", "/matters/x", "/matters/-1", f"/matters/{'9' * 12}", "/matters/1/2"]
)
def test_a_matter_that_is_not_there_is_404(site: Site, path: str) -> None:
    """In words."""
    site.see("a")
    answer = site.ask(path)
    assert answer.status == 404
    assert faults(answer.text) == []


def test_the_status_page_tells_of_every_source(full: Site) -> None:
    """What needs a person first, with why, and what to type."""
    html = full.page("/status")
    said = words(html)
    assert said.index("The herald") < said.index("The council")
    assert "failing" in said
    assert "HTTP 500" in said
    assert "more was published than its list holds, once in 7 days" in said
    assert "<code>monitor sources test herald</code>" in html
    assert "1 queued" in said


def test_a_page_without_a_database_says_so(site: Site) -> None:
    """Status 503, to be tried again; nothing of the machine stands in it."""
    for path in site.root.glob("monitor.db*"):
        path.unlink()
    answer = site.ask("/")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "60"
    assert str(site.root) not in answer.text
    assert faults(answer.text) == []
