"""The short version for a channel: counts, what needs action first, what was checked."""

from __future__ import annotations

from dataclasses import replace

from monitor.digest import Statistics, short
from monitor.digest.short import MOST
from monitor.models import Checked, FieldChange, ItemType, Priority
from monitor.render.slack import message
from monitor.render.text import plain
from tests.digest.builders import AHEAD, composed, dated, known, news
from tests.store.builders import DAY, NOW, match

TEXT = FieldChange("text", "a", "b")
WEEKS = ("2026-11-09", "2026-11-16")


def test_the_headline_counts_and_names_the_next_date() -> None:
    """One line is enough to know whether to read on."""
    later = dated(replace(AHEAD, starts=NOW + 5 * DAY))
    alert = short(composed(news(1, dates=(later, dated())), news(2)), "#digest")
    assert alert.headline == (
        "The week, 2026-W47: 2 matters, 2 dates ahead; next Wed, Nov 25, 7:00 am EST"
    )
    assert (alert.kind, alert.channel, alert.priority) == ("digest", "#digest", Priority.NORMAL)


def test_what_needs_action_comes_first_by_date_with_links() -> None:
    """Then the others, by section; at the end what was checked."""
    later = dated(replace(AHEAD, starts=NOW + 5 * DAY))
    alert = short(composed(news(1, dates=(later,)), news(2, dates=(dated(),)), news(3)), "#digest")
    assert alert.lines == (
        ("Wed, Nov 25, 7:00 am EST · Resolution 2", "https://council.example/2"),
        ("Sat, Nov 28, 7:00 am EST · Resolution 1", "https://council.example/1"),
        ("New · Resolution 3: New council item", "https://council.example/3"),
        ("3 of 3 sources checked", ""),
    )


def test_a_full_week_stays_short_and_says_how_much_is_left_out() -> None:
    """At most two dozen lines, the coverage among them."""
    alert = short(composed(*(news(number) for number in range(60))), "#digest")
    assert len(alert.lines) == MOST
    assert alert.lines[-2] == ("… and 38 more in the digest", "")
    full = short(composed(*(news(number) for number in range(MOST - 1))), "#digest")
    assert len(full.lines) == MOST
    assert not any("more in the digest" in words for words, _ in full.lines)


def test_a_quiet_week_says_so_and_what_was_checked() -> None:
    """So that nobody thinks that it broke; weak matters do not count."""
    checked = Checked(
        sources=43,
        checked=41,
        failed=(("The Herald", "403"),),
        never=("A", "B", "C", "D", "E"),
        partial=("N.D. Ill.",),
    )
    weak = news(matches=(replace(match(), priority=Priority.LOW),))
    alert = short(composed(weak, checked=checked), "#digest")
    assert alert.headline == "The week, 2026-W47: nothing new"
    said = (
        "41 of 43 sources checked; not readable: The Herald; not visited: A, B, C and 2 more; "
        "courts whose feeds leave filings out: N.D. Ill."
    )
    assert alert.lines == ((said, ""),)


def test_many_agreements_are_one_line() -> None:
    """A hundred of them would leave no room for what is moving."""
    agreements = [
        news(n, type=ItemType.AGREEMENT, fresh=n < 5, revised=known(n, TEXT).revised)
        for n in range(100)
    ]
    counted = Statistics(WEEKS, (9, 9), added=5, ended=2, in_force=(1_400, 1_412))
    alert = short(composed(*agreements, news(200), statistics=counted), "#digest")
    assert [words for words, _ in alert.lines] == [
        "287(g) · 5 added, 2 ended, 1,412 in force",
        "New · Resolution 200: New council item",
        "3 of 3 sources checked",
    ]
    quiet = replace(counted, added=0, ended=0)
    (line, *_), *_ = short(composed(*agreements[5:], statistics=quiet), "#digest").lines
    assert line == "287(g) · 95 agreements changed, 1,412 in force"
    one, *_ = short(composed(agreements[0], statistics=counted), "#digest").lines
    assert one[0] == "287(g) · Resolution 0: New agreement"


def test_the_same_digest_has_the_same_key_in_one_channel() -> None:
    """So that it is posted once; what it holds does not matter."""
    one, other = short(composed(), "#digest"), short(composed(news()), "#digest")
    assert one.key == other.key
    assert one.key != short(composed(), "#other").key


def test_every_way_out_can_show_it() -> None:
    """Slack's blocks stay within their limits; the console writes each line."""
    long = news(1, title="A " + "very " * 200 + "long title", dates=(dated(),))
    alert = short(composed(long, *(news(number) for number in range(2, 60))), "#digest")
    (made,) = message(alert, now=NOW)
    assert alert.headline in made.text
    assert len(made.blocks) <= 50
    assert "Resolution 5" in plain(alert, NOW)
