"""Every filter's examples are tried, and told with their line."""

from __future__ import annotations

from monitor.config import failing_examples
from tests.config.conftest import Loads


def test_examples_that_hold_say_nothing(loads: Loads) -> None:
    """All is well."""
    assert failing_examples(loads()) == ()


def test_an_example_that_fails_is_told_with_its_line(loads: Loads) -> None:
    """Both ways: what should match, and what should be rejected."""
    config = loads(
        filter=(
            "  match:\n",
            '  match:\n    - "Ordinance on trees"\n    - |\n      On parks\n      and 287(g)\n',
        ),
        sanctuary=("The marine sanctuary", "A sanctuary city of birds"),
    )
    assert failing_examples(config) == (
        "filters/287g.yaml:15: example should match but does not: Ordinance on trees",
        (
            "filters/sanctuary.yaml:4: example should be rejected but matches: "
            "A sanctuary city of birds"
        ),
    )


def test_an_example_is_tried_on_its_own_filter_only(loads: Loads) -> None:
    """Another topic's match does not count."""
    config = loads(
        sanctuary=('["Becoming a sanctuary city"]', '["Resolution opposing the 287(g) program"]')
    )
    assert len(failing_examples(config)) == 1


def test_an_example_is_of_a_type_that_its_filter_takes(loads: Loads) -> None:
    """A filter for dockets only can have examples."""
    config = loads(filter=("priority: high", "types: [docket_entry]"))
    assert failing_examples(config) == ()
    config = loads(filter=("types: [docket_entry]", "except_types: [bill, council_item]"))
    assert failing_examples(config) == ()


def test_what_all_filters_exclude_counts_for_examples(loads: Loads) -> None:
    """An example that only matches by an excluded passage fails."""
    config = loads({"filters/_everywhere.yaml": 'exclude: "287(g) program"'})
    assert [line.partition(": ")[0] for line in failing_examples(config)] == [
        "filters/287g.yaml:15"
    ]
