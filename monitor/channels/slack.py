"""Slack: posts alerts with a key in their metadata, and finds them again by it.

    send    first part → its ts is the receipt; further parts go into its thread
    revise  chat.update: the first message of a thread shows the present state of its matter
    find    conversations.history, or .replies in a thread, around the time of the attempt; a first
            part without its further parts is completed

Documented at https://docs.slack.dev/reference/methods/chat.postMessage and
https://docs.slack.dev/messaging/message-metadata.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from monitor.channels.slack_api import SLACK, TIMEOUT, SlackApi
from monitor.channels.slack_errors import REFUSED_BLOCKS, REFUSED_METADATA
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Alert, Delivery, Posted, Receipt
from monitor.render.controls import controls
from monitor.render.slack import SlackMessage, fallback, message, revised

log = logging.getLogger(__name__)

# Slack's clock and ours may differ; what arrived lies somewhere around the attempt.
_AROUND = timedelta(minutes=10)
_PAGE = 200
_PAGES = 20
_CHANNEL_PAGE = 999
_CHANNEL_PAGES = 50
_PERSON = "@"


@dataclass(frozen=True, slots=True)
class _Post:
    """One call of chat.postMessage: what, where, and under which parent ("" for none).

    for_everyone: a reply is shown in the channel too.
    """

    alert: Alert
    message: SlackMessage
    place: str
    thread: str = ""
    has_metadata: bool = True
    for_everyone: bool = False


class SlackChannel:
    """Posts to all channels of one workspace, and to its people.

    An alert's channel is "#name", a channel's id, or "@" with a person's id, who gets it directly.
    url: Slack's Web API, or what stands in for it.
    """

    name = "slack"
    pause = 1.0

    def __init__(
        self,
        token: str,
        url: str = SLACK,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: int = TIMEOUT,
    ) -> None:
        self.api = SlackApi(token, url, timeout)
        self._now = now
        self._ids: dict[str, str] = {}
        self._renamed: dict[str, str] = {}

    def send(self, delivery: Delivery) -> Receipt:
        """Post one alert, in parts where it is long; the receipt names the first part.

        Raises TemporaryDelivery (maybe_arrived once anything may be there) and PermanentDelivery;
        with the scope THREAD where the parent is gone.
        """
        alert, now = delivery.alert, self._now()
        row = controls(alert, now, first=not delivery.thread) if delivery.heard else ()
        parts = message(alert, now, row, reply=bool(delivery.thread))
        place = self._ids.get(alert.channel, alert.channel).removeprefix(_PERSON)
        first = _Post(alert, parts[0], place, delivery.thread, for_everyone=alert.for_everyone)
        receipt, whole = self._post(first)
        if not whole:
            return receipt
        left_out = self._follow(delivery, receipt, parts[1:], frozenset())
        return replace(receipt, note=receipt.note or left_out)

    def revise(self, posted: Posted) -> None:
        """Edit a first message: the present state above the words of its day.

        Raises TemporaryDelivery; PermanentDelivery with the scope THREAD where it was deleted,
        and MESSAGE where Slack or the workspace's rules keep it from being edited.
        """
        now, present = self._now(), posted.present
        row = controls(posted.alert, now, first=True, present=present) if posted.heard else ()
        shown = revised(posted, now, row)
        arguments: dict[str, Any] = {
            "channel": posted.receipt.place or self.channel_id(posted.alert.channel),
            "ts": posted.receipt.reference,
            "text": shown.text,
            "blocks": list(shown.blocks),
            "metadata": shown.metadata,
            "link_names": False,
            "parse": "none",
        }
        self.api.call(posted.alert.channel, "chat.update", **arguments)

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look for the alert's key around the time of its last attempt; None where it is not.

        Where the first part arrived and later ones did not, they are posted. Raises
        PermanentDelivery where the bot may not read the channel: then nobody can know.
        """
        alert = delivery.alert
        place = self.channel_id(alert.channel)
        found = self._keys_around(delivery, place)
        if alert.key not in found:
            return None
        receipt = Receipt(found[alert.key], place)
        parts = message(alert, self._now(), reply=bool(delivery.thread))
        if len(parts) > 1:
            thread = delivery.thread or receipt.reference
            there = found | self._keys_in_thread(delivery, place, thread)
            self._follow(delivery, receipt, parts[1:], frozenset(there))
        return receipt

    def channel_id(self, channel: str) -> str:
        """Resolve "#name" to a channel's id, and a person to the conversation with the bot.

        An id stays. Raises PermanentDelivery.
        """
        if channel.startswith(_PERSON):
            return self._conversation(channel)
        if not channel.startswith("#"):
            return channel
        if channel not in self._ids:
            records = self.channels(channel)
            for record in records:
                self._ids.setdefault(f"#{record.get('name')}", str(record.get("id")))
            if channel not in self._ids and (other := renamed(channel, records)):
                self._learn_new_name(channel, other)
        if channel not in self._ids:
            reason = "there is no such channel, or it is private and the bot was not invited"
            raise PermanentDelivery(channel, "channel_not_found", reason, FailureScope.CHANNEL)
        return self._ids[channel]

    def _learn_new_name(self, channel: str, record: Mapping[str, Any]) -> None:
        """Go on posting to a channel that has another name by now; its receipts say so."""
        self._ids[channel] = str(record.get("id"))
        note = f"it is called #{record.get('name')} by now; write that in the configuration"
        self._renamed[channel] = note
        log.warning("a channel was renamed", extra={"channel": channel, "note": note})

    def _conversation(self, channel: str) -> str:
        """Find the conversation with a person, which a post to that person has opened."""
        if channel not in self._ids:
            person = channel.removeprefix(_PERSON)
            body = self.api.call(channel, "conversations.open", users=person).body
            self._ids[channel] = str((body.get("channel") or {}).get("id") or person)
        return self._ids[channel]

    def channels(self, channel: str) -> tuple[Mapping[str, Any], ...]:
        """List the workspace's channels as Slack describes them, archived ones last.

        Without the right to see private channels, the public ones are listed.
        """
        try:
            return self._listed(channel, "public_channel,private_channel")
        except PermanentDelivery as error:
            if error.code != "missing_scope":
                raise
            return self._listed(channel, "public_channel")

    def _listed(self, channel: str, types: str) -> tuple[Mapping[str, Any], ...]:
        records = self.api.pages(
            channel,
            "conversations.list",
            "channels",
            _CHANNEL_PAGES,
            types=types,
            limit=_CHANNEL_PAGE,
        )
        return tuple(sorted(records, key=lambda record: bool(record.get("is_archived"))))

    # ------------------------------------------------------------------------------------ posting

    def _follow(
        self,
        delivery: Delivery,
        receipt: Receipt,
        parts: tuple[SlackMessage, ...],
        there: frozenset[str],
    ) -> str:
        """Post the further parts that are not there yet; a refused one is left out, and named.

        Raises TemporaryDelivery with maybe_arrived, for the first part did arrive.
        """
        thread = delivery.thread or receipt.reference
        left_out = ""
        for part in parts:
            if part.key in there:
                continue
            try:
                self._post(_Post(delivery.alert, part, receipt.place, thread))
            except TemporaryDelivery as error:
                raise TemporaryDelivery(
                    error.channel,
                    error.code,
                    f"a later part of the message is missing: {error.reason}",
                    maybe_arrived=True,
                    retry_after=error.retry_after,
                ) from error
            except PermanentDelivery as error:
                log.exception("a later part of a message was refused", extra=_facts(error))
                left_out = f"a later part of a message was left out: {error.reason} ({error.code})"
        return left_out

    def _post(self, post: _Post) -> tuple[Receipt, bool]:
        """Post, curing each fault at most once; say whether it went out with its blocks."""
        tried: dict[str, str] = {}
        while True:
            try:
                body = self.api.call(
                    post.alert.channel, "chat.postMessage", **_arguments(post)
                ).body
            except PermanentDelivery as error:
                cured = None if error.code in tried else self._cured(post, error)
                if cured is None:
                    raise
                tried[error.code] = _note(error)
                post = cured
            else:
                notes = (*filter(None, tried.values()), self._renamed.get(post.alert.channel, ""))
                receipt = replace(self._receipt(post, body), note=notes[0])
                return receipt, bool(post.message.blocks)

    def _receipt(self, post: _Post, body: Mapping[str, Any]) -> Receipt:
        reference, place = str(body.get("ts") or ""), str(body.get("channel") or post.place)
        if not reference:
            reason = "Slack said yes without naming the message"
            raise TemporaryDelivery(post.alert.channel, "no_ts", reason, maybe_arrived=True)
        self._ids[post.alert.channel] = place
        return Receipt(reference, place)

    def _cured(self, post: _Post, error: PermanentDelivery) -> _Post | None:
        """Change a refused post so that it may be taken; None where nothing helps.

        Raises PermanentDelivery with the scope PERSON where somebody is gone: for people, other
        than for channels, nobody waits.
        """
        if post.alert.channel.startswith(_PERSON) and self._is_gone(error):
            reason = "this person cannot be reached any more"
            gone = FailureScope.PERSON
            raise PermanentDelivery(error.channel, error.code, reason, gone) from error
        if error.code in REFUSED_BLOCKS and post.message.blocks:
            log.error("slack refused the blocks of a message", extra=_facts(error))
            plain = fallback(post.alert, self._now())
            is_first = post.message.key == post.alert.key
            return replace(post, message=plain if is_first else replace(post.message, blocks=()))
        if error.code in REFUSED_METADATA and post.has_metadata:
            log.error("slack refused the metadata of a message", extra=_facts(error))
            return replace(post, has_metadata=False)
        if error.code == "channel_not_found" and post.place.startswith("#"):
            return replace(post, place=self.channel_id(post.alert.channel))
        if error.code == "not_in_channel":
            return replace(post, place=self._joined(post.alert.channel, error))
        return None

    def _is_gone(self, error: PermanentDelivery) -> bool:
        """Say whether a refusal means the person; "account_inactive" may mean the bot, too."""
        if error.code != "account_inactive":
            return error.scope in {FailureScope.CHANNEL, FailureScope.PERSON}
        try:
            self.api.call(error.channel, "auth.test")
        except DeliveryError:
            return False
        return True

    def _joined(self, channel: str, error: PermanentDelivery) -> str:
        """Join a public channel and return its id; raises the first error where that fails."""
        try:
            place = self.channel_id(channel)
            self.api.call(channel, "conversations.join", channel=place)
        except PermanentDelivery as refusal:
            raise error from refusal
        log.info("joined a channel", extra={"channel": channel})
        return place

    # ------------------------------------------------------------------------------------ looking

    def _keys_around(self, delivery: Delivery, place: str) -> dict[str, str]:
        """Map the keys of the messages around an attempt to their ts."""
        if delivery.thread:
            return self._keys_in_thread(delivery, place, delivery.thread)
        tried: set[str] = set()
        while True:
            try:
                return self._read(delivery, "conversations.history", channel=place)
            except PermanentDelivery as error:
                if error.code != "not_in_channel" or tried:
                    raise
                tried.add(self._joined(delivery.alert.channel, error))

    def _keys_in_thread(self, delivery: Delivery, place: str, thread: str) -> dict[str, str]:
        try:
            return self._read(delivery, "conversations.replies", channel=place, ts=thread)
        except PermanentDelivery as error:
            if error.code != "thread_not_found":
                raise
            return {}

    def _read(self, delivery: Delivery, method: str, **where: str) -> dict[str, str]:
        tried_at = delivery.tried_at or self._now()
        latest = max(tried_at + _AROUND, self._now()) if where.get("ts") else tried_at + _AROUND
        records = self.api.pages(
            delivery.alert.channel,
            method,
            "messages",
            _PAGES,
            **where,
            oldest=f"{(tried_at - _AROUND).timestamp():.6f}",
            latest=f"{latest.timestamp():.6f}",
            inclusive=True,
            include_all_metadata=True,
            limit=_PAGE,
        )
        return {key: str(record.get("ts")) for record in records if (key := _key(record))}


def renamed(channel: str, records: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Find the one channel that bore a "#name" before; Slack remembers a channel's old names.

    https://docs.slack.dev/reference/objects/conversation-object
    """
    name = channel.removeprefix("#")
    found = [
        record
        for record in records
        if name in (record.get("previous_names") or ()) and not record.get("is_archived")
    ]
    return found[0] if len(found) == 1 else None


def _note(error: PermanentDelivery) -> str:
    """Say what a person should know of a refusal that was cured; "" for what is no fault."""
    if error.code in REFUSED_BLOCKS:
        return f"a message went out as plain text: {error.reason} ({error.code})"
    if error.code in REFUSED_METADATA:
        return f"a message went out without its key: {error.reason} ({error.code})"
    return ""


def _arguments(post: _Post) -> dict[str, Any]:
    """Write the arguments of chat.postMessage."""
    shown = post.message
    arguments: dict[str, Any] = {
        "channel": post.place,
        "text": shown.text,
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "parse": "none",
        # A bonus, nowhere promised: Slack drops a second message with the same id.
        "client_msg_id": str(uuid5(NAMESPACE_URL, f"{post.alert.channel} {shown.key}")),
    }
    if shown.blocks:
        arguments["blocks"] = list(shown.blocks)
    if post.has_metadata:
        arguments["metadata"] = shown.metadata
    if post.thread:
        arguments["thread_ts"] = post.thread
        if post.for_everyone:
            arguments["reply_broadcast"] = True
    return arguments


def _key(record: Mapping[str, Any]) -> str:
    """Read an alert's key out of a message's metadata; "" for other people's messages."""
    payload = (record.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("k") or "")


def _facts(error: DeliveryError) -> dict[str, str]:
    return {"channel": error.channel, "code": error.code, "reason": error.reason}
