"""What a message says of its matter: how far it has come, and where the same text stands."""

from __future__ import annotations

from monitor.models import FieldChange, Related, Stage
from monitor.render.shown import shown
from tests.alerts.builders import NOW, alert, item

TWIN = Related(
    7,
    "House Bill 12: An act on detainers <!channel>",
    "ocd-division/country:us/state:fl",
    "https://example.org/hb12",
    "near-equal text",
)


def facts(**fields: object) -> dict[str, str]:
    """Show an alert and return its labelled values."""
    view = shown(alert(**fields), NOW)
    return {fact.label: fact.value for fact in view.facts}


def test_the_stage_is_said_beside_the_publishers_own_word() -> None:
    """People know "Passed"; a council's word for it is kept."""
    told = facts(item=item(status="Adopted by roll call"), stage=Stage.PASSED)
    assert (told["Stage"], told["Status"]) == ("Passed", "Adopted by roll call")


def test_a_stage_that_the_status_says_is_not_said_twice() -> None:
    """Nor is one that stands among the changes."""
    assert "Stage" not in facts(item=item(status="In Committee"), stage=Stage.IN_COMMITTEE)
    moved = (FieldChange("stage", "introduced", "passed"),)
    assert "Stage" not in facts(stage=Stage.PASSED, fields=moved)


def test_the_same_text_elsewhere_is_named_with_its_place() -> None:
    """A model bill in a second state is another matter, and worth knowing of."""
    told = facts(related=(TWIN,))["Same text as"]
    assert told == "House Bill 12: An act on detainers <!channel> (Florida)"
