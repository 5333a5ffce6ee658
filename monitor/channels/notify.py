"""Teams, Discord, Matrix, Signal, ntfy and a hundred others, through one library: apprise.

    apprise:board  ←  APPRISE_URL_BOARD, which says service, place and key in one address

Apprise says yes or no and no more: no replies, no edits, no buttons, nobody to ask what arrived.
What went wrong it only logs; that log is read here and shown to nobody, for it holds addresses.

Addresses: https://appriseit.com/services/.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from monitor.channels.slack_errors import of_status
from monitor.config.ways import INSTALL, apprise_installed
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Delivery, Posted, Receipt
from monitor.render.notes import Note, note, pieces

if TYPE_CHECKING:
    from apprise import Apprise, NotifyBase

LACKS = (
    "no threads (a later alert names its matter instead), no edits, no buttons, and after a crash "
    "nobody can find out whether an alert arrived"
)
log = logging.getLogger(__name__)

_LEAST = 500
# What stays free for what apprise makes of a text: escapes where a service wants HTML.
_ROOM = 0.7
_NAME = "Immigration policy monitor"
# These would write addresses and keys, each at a level of its own.
_TALKATIVE = ("apprise", "urllib3", "requests", "requests_oauthlib", "oauthlib")
_STATUS = re.compile(r"\berror=(\d{3})\b")
_NO_CONNECTION = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|SSLCertVerification|Connection refused"
)
_GONE = frozenset({401, 403, 404, 405, 410})
_UNFIT = frozenset({400, 406, 413, 415, 422})


class NotifyChannel:
    """Posts through apprise; an alert's channel is "apprise:name".

    urls: the secret address of each channel. variables: in which variable each stands, for advice.
    """

    name = "apprise"
    pause = 1.0

    def __init__(
        self,
        urls: Mapping[str, str],
        variables: Mapping[str, str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._urls = urls
        self._variables = variables
        self._now = now
        self._services: dict[str, tuple[Apprise, NotifyBase]] = {}
        self._warned: set[str] = set()

    def send(self, delivery: Delivery) -> Receipt:
        """Post one alert, in pieces where the service's messages are short.

        Raises TemporaryDelivery (maybe_arrived unless it is sure that nothing did) and
        PermanentDelivery.
        """
        channel = delivery.alert.channel
        speaker, service = self._service(channel)
        self._say_once_what_lacks(channel)
        markdown = _wants_markdown(service)
        shown = note(delivery.alert, self._now(), delivery.about, markdown=markdown)
        title, body = _shared_out(shown, service)
        limit = max(int((service.body_maxlen - len(title)) * _ROOM), _LEAST)
        for number, piece in enumerate(pieces(body, limit)):
            try:
                self._post(channel, speaker, title, piece, markdown=markdown)
            except TemporaryDelivery as error:
                raise _amid(error, number) from error
            except PermanentDelivery as error:
                raise _amid(error, number) from error
        return Receipt("", channel)

    def revise(self, posted: Posted) -> None:
        """Leave what was posted as it is."""

    def find(self, delivery: Delivery) -> NoReturn:
        """Raise PermanentDelivery: nobody but a person can look at what arrived."""
        reason = (
            "this service cannot be asked whether a message arrived; look there, then "
            f"`monitor outbox resolve {delivery.id} sent` or `… retry`"
        )
        raise PermanentDelivery(delivery.alert.channel, "service_is_blind", reason)

    def probe(self, channel: str) -> DeliveryError | None:
        """Read a channel's address without posting; return what is wrong with it."""
        try:
            self._service(channel)
        except DeliveryError as error:
            return error
        return None

    def service_name(self, channel: str) -> str:
        """Name the service behind a channel, as "Discord"; raises PermanentDelivery."""
        return str(self._service(channel)[1].service_name)

    def _say_once_what_lacks(self, channel: str) -> None:
        if channel not in self._warned:
            self._warned.add(channel)
            log.warning("a service has its limits", extra={"channel": channel, "lacks": LACKS})

    def _service(self, channel: str) -> tuple[Apprise, NotifyBase]:
        """Read the address of a channel once; it stands in no error."""
        if channel in self._services:
            return self._services[channel]
        variable = self._variables.get(channel, "the environment")
        if not apprise_installed():
            reason = f"apprise is not installed: {INSTALL}"
            raise PermanentDelivery(channel, "not_installed", reason, FailureScope.SERVICE)
        if not self._urls.get(channel):
            reason = f"its address is missing; put it into {variable}"
            raise PermanentDelivery(channel, "no_address", reason, FailureScope.CHANNEL)
        made = _read(self._urls[channel])
        if made is None:
            reason = f"apprise does not understand the address in {variable}"
            raise PermanentDelivery(channel, "bad_address", reason, FailureScope.CHANNEL)
        self._services[channel] = made
        return made

    def _post(
        self, channel: str, speaker: Apprise, title: str, body: str, *, markdown: bool
    ) -> None:
        """Post once; a no becomes a DeliveryError by what apprise says of it."""
        with _overheard() as said:
            kind = "markdown" if markdown else "text"
            is_taken = speaker.notify(body=body, title=title, body_format=kind)
        if not is_taken:
            raise self._failure(channel, "\n".join(said))

    def _failure(self, channel: str, said: str) -> TemporaryDelivery | PermanentDelivery:
        """Read apprise's own log of a failure; nothing of it is repeated."""
        found = _STATUS.search(said)
        status = int(found[1]) if found else 0
        variable = self._variables.get(channel, "the environment")
        if status in _GONE:
            reason = f"the service refuses the address in {variable}; make a new one there"
            return PermanentDelivery(channel, f"http_{status}", reason, FailureScope.CHANNEL)
        if status in _UNFIT:
            return PermanentDelivery(channel, f"http_{status}", "the service refuses the message")
        if status:
            again = of_status(channel, status)
            reason = "the service asks for a pause" if status == 429 else "the service has trouble"  # noqa: PLR2004 - RFC 6585
            maybe = isinstance(again, TemporaryDelivery) and again.maybe_arrived
            return TemporaryDelivery(channel, f"http_{status}", reason, maybe_arrived=maybe)
        if _NO_CONNECTION.search(said):
            return TemporaryDelivery(channel, "unreachable", "the service cannot be reached")
        reason = "apprise says no, and not why; it may have arrived"
        return TemporaryDelivery(channel, "refused", reason, maybe_arrived=True)


def _read(url: str) -> tuple[Apprise, NotifyBase] | None:
    """Make what posts to one address; None where apprise does not understand it."""
    import apprise  # noqa: PLC0415 - an extra, and 140 ms

    with _overheard(), warnings.catch_warnings():
        # Its plugins import what Python 3.13 lacks; nobody here can mend that.
        warnings.simplefilter("ignore", DeprecationWarning)
        asset = apprise.AppriseAsset(
            storage_mode="memory",
            allow_templates=False,
            app_id=_NAME,
            app_desc=_NAME,
            async_mode=False,
        )
        service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            return None
        service.overflow_mode = apprise.OverflowMode.SPLIT
        speaker = apprise.Apprise(asset=asset)
        speaker.add(service)
    return speaker, service


def _wants_markdown(service: NotifyBase) -> bool:
    """Say whether the address asks for Markdown (?format=markdown)."""
    return getattr(service.resolve_format(None), "value", "") == "markdown"


def _shared_out(shown: Note, service: NotifyBase) -> tuple[str, str]:
    """Give the subject to a service that knows subjects; what is cut there stays in the text."""
    most = service.title_maxlen
    if most <= 0:
        return "", shown.body
    if len(shown.title) > most:
        return shown.title[: most - 1] + "…", shown.body
    _, _, rest = shown.body.partition("\n")
    return (shown.title, rest) if rest.strip() else ("", shown.body)


def _amid(error: DeliveryError, number: int) -> DeliveryError:
    """Say of a later piece's failure that the first ones did arrive."""
    if number == 0:
        return error
    reason = f"a later part of the message is missing: {error.reason}"
    return TemporaryDelivery(error.channel, error.code, reason, maybe_arrived=True)


class _Ear(logging.Handler):
    """Keeps what a library logs for a moment."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Keep apprise and its libraries from logging anywhere, and hear what they would have said."""
    ear = _Ear()
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [(one, one.level, one.propagate, one.handlers[:]) for one in loggers]
    for one in loggers:
        one.propagate, one.handlers = False, []
        one.setLevel(logging.CRITICAL + 1)
    loggers[0].handlers = [ear]
    loggers[0].setLevel(logging.DEBUG)
    try:
        yield ear.said
    finally:
        for one, level, propagates, handlers in before:
            one.propagate, one.handlers = propagates, handlers
            one.setLevel(level)
