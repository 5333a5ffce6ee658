"""The buttons and menus below an alert: what people can say and do about it.

    [Relevant] [Not relevant… ▾] [Claim] [Remind me… ▾] […]

They carry nothing but the alert's key (in the row's block_id) and words of this module; whoever
reads them back believes neither.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from monitor.models import Alert, ChangeKind, Lead, Misfit, Present
from monitor.render.blocks import Button, Control, Menu, More, Option
from monitor.wording import next_hearing


class Action(StrEnum):
    """What a click means: the action_id of a button or menu."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    CLAIM = "claim"
    RELEASE = "release"
    REMIND = "remind"
    MORE = "more"


class Wish(StrEnum):
    """The lines behind the three dots."""

    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MUTE = "mute"
    UNMUTE = "unmute"


_WHY = Menu(
    Action.NOT_RELEVANT,
    "Not relevant…",
    (
        Option("Wrong place", Misfit.PLACE),
        Option("Wrong topic", Misfit.TOPIC),
        Option("Old news", Misfit.OLD),
    ),
)
_TOMORROW = Option("Tomorrow, 9 am", Lead.TOMORROW)
_BEFORE = (
    Option("The day before, 9 am", Lead.DAY_BEFORE),
    Option("A week before, 9 am", Lead.WEEK_BEFORE),
)


def controls(
    alert: Alert, now: datetime, *, first: bool, present: Present | None = None
) -> tuple[Control, ...]:
    """Choose the buttons of a message; none where there is nothing to say about it.

    first: it opens its thread. Replies have buttons where the whole channel sees them, or where
    they bring a date. present: how the matter stands, where the message shows that.
    """
    if alert.kind != "alert" or not alert.matter or alert.item is None:
        return ()
    if not first and not alert.for_everyone and not _brings_date(alert, now):
        return ()
    return (
        Button(Action.RELEVANT, "Relevant", alert.key, "Relevant: this alert was worth telling us"),
        _WHY,
        _claim(alert, present),
        _remind(alert, now, present),
        _more(present),
    )


def _claim(alert: Alert, present: Present | None) -> Button:
    if present is not None and present.claimed_by:
        label = "Release: nobody is working on this any more"
        return Button(Action.RELEASE, "Release", alert.key, label)
    return Button(Action.CLAIM, "Claim", alert.key, "Claim: show the others that you take this on")


def _remind(alert: Alert, now: datetime, present: Present | None) -> Menu:
    """Offer times before the next date only where there is one."""
    known = alert.item.hearings if alert.item else ()
    ahead = next_hearing(present.hearings if present is not None else known, now)
    has_date = ahead is not None and ahead.starts is not None and not ahead.cancelled
    return Menu(Action.REMIND, "Remind me…", (_TOMORROW, *(_BEFORE if has_date else ())))


def _more(present: Present | None) -> More:
    muted = present is not None and present.muted
    return More(
        Action.MORE,
        (
            Option("Follow: tell me directly", Wish.FOLLOW),
            Option("Stop following", Wish.UNFOLLOW),
            Option("Unmute in this channel", Wish.UNMUTE)
            if muted
            else Option("Mute in this channel", Wish.MUTE),
        ),
    )


def _brings_date(alert: Alert, now: datetime) -> bool:
    """Say whether a reply tells of a date ahead that was not known."""
    hearings = alert.item.hearings if alert.item else ()
    ahead = next_hearing(hearings, now)
    if ahead is None or ahead.cancelled:
        return False
    return alert.change is ChangeKind.NEW or any(one.name == "hearings" for one in alert.fields)
