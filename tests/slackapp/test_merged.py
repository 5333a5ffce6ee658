"""Clicks and commands on a matter that has gone into another act on that one."""

from __future__ import annotations

from tests.alerts.builders import NOW
from tests.servers.slack_clicks import ANA, BEN
from tests.slackapp.office import Office, state_of


def test_a_click_on_the_message_of_a_merged_matter_acts_on_the_other(office: Office) -> None:
    """The person sees yesterday's message: the claim shows where the story goes on."""
    first = office.tell(headline="New: one bill")
    other = office.open_matter(key="k2", identifiers=(), title="The same bill, reported")
    second = office.tell(matter=other, key="9" * 32, headline="News: the same bill")
    office.store.mending.merge(1, other, NOW)
    assert "You have claimed this" in office.click(second, "claim")
    claim = office.store.acts.claimed(1)
    assert claim is not None
    assert claim.person.id == ANA
    assert f"<@{ANA}> has it" in office.click(first, "claim", person=BEN)
    assert f"by {ANA}" in state_of(office.edited(first))


def test_a_command_finds_a_merged_matter_by_its_old_number(office: Office) -> None:
    """Somebody wrote the number down."""
    office.tell()
    other = office.open_matter(key="k2", identifiers=(), title="The same bill, reported")
    office.store.mending.merge(1, other, NOW)
    assert "Matter 1:" in office.type(f"matter {other}")
    assert "You follow matter 1" in office.type(f"follow {other}")
    assert office.store.acts.following() == {(1, ANA)}
