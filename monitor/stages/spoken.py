"""Says stages in plain words, for headlines."""

from __future__ import annotations

from monitor.models import Item, ItemType, Stage

_OWN_WORDS = {
    (ItemType.EXECUTIVE_ORDER, Stage.REPEALED): "Revoked",
    (ItemType.FEDERAL_REGISTER, Stage.REPEALED): "Rescinded",
    (ItemType.FEDERAL_REGISTER, Stage.PROPOSED): "Proposed rule",
    (ItemType.FEDERAL_REGISTER, Stage.FINAL): "Final rule",
    (ItemType.DOCKET_CAPTION, Stage.CLOSED): "Case closed",
    (ItemType.DOCKET_ENTRY, Stage.CLOSED): "Case closed",
}
# A measure that is first seen so late is not told as a new one.
_FROM_PASSAGE = frozenset(
    {
        Stage.PASSED_ONE_CHAMBER,
        Stage.PASSED,
        Stage.SIGNED,
        Stage.VETOED,
        Stage.ENACTED,
        Stage.REPEALED,
        Stage.FAILED,
        Stage.WITHDRAWN,
    }
)
# Which stages of a new item say more than its type.
_TELLING = {
    ItemType.BILL: _FROM_PASSAGE,
    ItemType.COUNCIL_ITEM: _FROM_PASSAGE,
    ItemType.DOCKET_ENTRY: frozenset(Stage),
    ItemType.DOCKET_CAPTION: frozenset({Stage.CLOSED}),
    ItemType.OPINION: frozenset(Stage) - {Stage.ORDER, Stage.JUDGMENT},
    ItemType.FEDERAL_REGISTER: frozenset({Stage.PROPOSED, Stage.FINAL, Stage.WITHDRAWN}),
    ItemType.EXECUTIVE_ORDER: frozenset({Stage.AMENDED, Stage.REPEALED}),
}
# Steps on the way; a date that moved with them says more.
_STEPS = frozenset(
    {Stage.INTRODUCED, Stage.IN_COMMITTEE, Stage.HEARING_SET, Stage.MOTION, Stage.ORDER}
)


def stage_words(stage: Stage, type_: ItemType) -> str:
    """Say a stage in plain words: "In committee", "Injunction granted"; of an order "Revoked"."""
    return _OWN_WORDS.get((type_, stage)) or stage.value[:1].upper() + stage.value[1:]


def words_for_new(item: Item) -> str:
    """Say a new item's stage where that tells more than its type; "" where it does not."""
    if item.stage is None or item.stage not in _TELLING.get(item.type, ()):
        return ""
    return stage_words(item.stage, item.type)


def words_for_turn(value: str, type_: ItemType, *, dated: bool) -> str:
    """Say to which stage an item came; "" where it came to none.

    value: the stage's value, as a changed field holds it. dated: a date of the item changed as
    well; it says more than a step on the way.
    """
    stage = next((one for one in Stage if one.value == value), None)
    if stage is None or (dated and stage in _STEPS):
        return ""
    return stage_words(stage, type_)
