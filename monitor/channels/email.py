"""Hands messages to a mail server over SMTP: one connection for many, one recipient each.

    MAIL FROM ─▶ RCPT TO ─▶ DATA ─▶ the message and its last dot ─▶ 250: it is theirs
     refused:      4yz: later           no answer: nobody knows whether they took it
     the service   5yz: never           4yz, 5yz: they did not
     rests

RFC 5321, with the codes of RFC 3463. Nothing that a server says is shown with an address in it.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import EmailPolicy
from enum import StrEnum
from io import BytesIO

from monitor.addresses import without_addresses
from monitor.channels.smtp_url import VARIABLE, Encryption, SmtpUrl
from monitor.errors import FailureScope, PermanentDelivery, TemporaryDelivery
from monitor.models import Receipt
from monitor.text import one_line

EMAIL = "email"
_CRLF = b"\r\n"
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_DOTS = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
# The mailbox, its domain or its host does not exist; 5.1.7 and 5.1.8 are about the sender.
_NO_SUCH_MAILBOX = re.compile(r"5\d\d 5\.1\.(?:0|1|2|3|6|10)")
_DONE, _GO_ON, _LATER, _NEVER = 2, 3, 4, 5
_CLOSING = 421
_SAID = 300


class Step(StrEnum):
    """Where in the conversation something happened."""

    CONNECT = "connect"
    GREET = "ehlo"
    ENCRYPT = "starttls"
    LOGIN = "auth"
    FROM = "mail from"
    TO = "rcpt to"
    DATA = "data"
    END = "end of data"


_CURES = {
    Step.CONNECT: f"check host and port in {VARIABLE}",
    Step.GREET: "set `mail: name` in monitor.yaml to this machine's public name",
    Step.ENCRYPT: f"check the port in {VARIABLE}; 587 speaks STARTTLS, smtps:// is for 465",
    Step.LOGIN: f"check user and password in {VARIABLE}",
    Step.FROM: "is `from` of the digest an address that this account may send from?",
    Step.TO: f"the server wants a login first; put user and password into {VARIABLE}",
}
# Answers to RCPT that are about us, and not about the recipient: RFC 4954, section 6.
_ABOUT_US = frozenset({530, 535, 538})


@dataclass(frozen=True, slots=True)
class MailManners:
    """How a mail server is spoken to.

    name: this machine's name in EHLO; "" for what the system says.
    per_connection: messages before a new connection is opened. per_second: most of them.
    connect_seconds, answer_seconds: longest waits; last_seconds: for the answer to a whole message,
        which a server may take long to examine (RFC 5321, section 4.5.3.2).
    """

    name: str = ""
    per_second: float = 5.0
    per_connection: int = 100
    connect_seconds: float = 20.0
    answer_seconds: float = 60.0
    last_seconds: float = 300.0


class MailServer:
    """A mail server that takes messages; belongs to one thread, and is closed after a round."""

    name = EMAIL

    def __init__(self, place: SmtpUrl, manners: MailManners | None = None) -> None:
        self.place = place
        self.manners = manners or MailManners()
        self._smtp: smtplib.SMTP | None = None
        self._begun = 0

    @property
    def pause(self) -> float:
        """Say how many seconds pass between two messages."""
        return 1.0 / self.manners.per_second

    def send(self, message: EmailMessage, sender: str, recipient: str) -> Receipt:
        """Hand one message over for one recipient; the receipt's reference is its Message-ID.

        sender: where mail that cannot be delivered is sent back to. Raises TemporaryDelivery
        (scope SERVICE where nothing else would get through either) and PermanentDelivery.
        """
        for last_try in (False, True):
            reused = self._smtp is not None
            smtp = self.connected()
            self._begun += 1
            try:
                self._hand_over(smtp, message, sender, recipient)
            except _GoneBefore as gone:
                self.close()
                if last_try or not reused:
                    raise gone.error from gone
            else:
                break
        return Receipt(str(message["Message-ID"]))

    def connected(self) -> smtplib.SMTP:
        """Return the open connection, or open one: greeted, encrypted and signed in.

        Raises TemporaryDelivery or PermanentDelivery, both of scope SERVICE.
        """
        if self._smtp is not None and self._begun >= self.manners.per_connection:
            self.close()
        if self._smtp is None:
            self._begun = 0
            self._smtp = self._opened()
        return self._smtp

    def close(self) -> None:
        """Say goodbye, and close the connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(1.0)
                smtp.docmd("QUIT")
        except OSError:
            pass  # it is gone already
        finally:
            smtp.close()

    # ---------------------------------------------------------------------------------- opening

    def _opened(self) -> smtplib.SMTP:
        smtp = self._dialled()
        try:
            self._asked(Step.GREET, smtp.ehlo)
            if self.place.encryption is Encryption.STARTTLS:
                self._encrypt(smtp)
            if self.place.user:
                self._asked(Step.LOGIN, lambda: smtp.login(self.place.user, self.place.password))
        except BaseException:
            smtp.close()
            raise
        assert smtp.sock is not None  # noqa: S101 - an open connection has one
        smtp.sock.settimeout(self.manners.answer_seconds)
        return smtp

    def _dialled(self) -> smtplib.SMTP:
        host, port = self.place.host, self.place.port
        name, patience = self.manners.name or _own_name(), self.manners.connect_seconds
        try:
            if self.place.encryption is Encryption.TLS:
                context = ssl.create_default_context()
                return smtplib.SMTP_SSL(host, port, name, timeout=patience, context=context)
            return smtplib.SMTP(host, port, name, patience)
        except OSError as error:  # also what smtplib and ssl raise
            raise self._unreachable(Step.CONNECT, error) from None

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        if not smtp.has_extn("starttls"):
            reason = f"the mail server offers no encryption (STARTTLS); {_CURES[Step.ENCRYPT]}"
            raise _service(PermanentDelivery, Step.ENCRYPT.value, reason)
        context = ssl.create_default_context()
        self._asked(Step.ENCRYPT, lambda: smtp.starttls(context=context))
        self._asked(Step.GREET, smtp.ehlo)

    def _asked(self, step: Step, ask: Callable[[], tuple[int, bytes]]) -> None:
        """Take one step of opening, and convert its failure."""
        try:
            code, said = ask()
        except OSError as error:
            raise self._unreachable(step, error) from None
        if code // 100 != _DONE:
            raise self._refused(step, code, said)

    def _unreachable(self, step: Step, error: OSError) -> TemporaryDelivery | PermanentDelivery:
        """Convert what went wrong before a message was handed over; it stops the service.

        The errors of smtplib repeat what the server said, and so are never a cause in a trace.
        """
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            return self._refused(
                step, error.smtp_code, said.encode() if isinstance(said, str) else said
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            reason = "the mail server offers no login that is known here"
            return _service(PermanentDelivery, step.value, f"{reason}; {_CURES[step]}")
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = f"its certificate cannot be trusted ({error.verify_message})"
            cure = "check the host's name, or name the authority's file in SSL_CERT_FILE"
            return _service(PermanentDelivery, "certificate", f"the mail server: {reason}; {cure}")
        dropped = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
        if isinstance(error, ssl.SSLError) and not isinstance(error, dropped):
            reason = f"no encrypted connection comes about ({error.reason or 'no reason given'})"
            return _service(PermanentDelivery, "tls", f"{reason}; {_CURES[Step.ENCRYPT]}")
        why = _why(error)
        return _service(TemporaryDelivery, step.value, f"the mail server cannot be reached: {why}")

    # ---------------------------------------------------------------------------------- one message

    def _hand_over(
        self, smtp: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str
    ) -> None:
        try:
            body, options = _coded(smtp, message, sender, recipient)
            self._say(smtp, Step.FROM, f"MAIL FROM:<{sender}>{options}", sender)
            self._say(smtp, Step.TO, f"RCPT TO:<{recipient}>", sender, recipient)
            self._say(smtp, Step.DATA, "DATA", sender, recipient)
            self._finish(smtp, body, sender, recipient)
        except (TemporaryDelivery, PermanentDelivery) as error:
            self._tidy_up(smtp, error)
            raise

    def _say(self, smtp: smtplib.SMTP, step: Step, command: str, *known: str) -> None:
        try:
            code, said = smtp.docmd(command)
        except OSError as error:
            gone = self._unreachable(step, error)
            raise (_GoneBefore(gone) if step is Step.FROM else gone) from None
        if code == _CLOSING and step is Step.FROM:
            raise _GoneBefore(self._refused(step, code, said, *known))
        if code // 100 != (_GO_ON if step is Step.DATA else _DONE):
            raise self._refused(step, code, said, *known)

    def _finish(self, smtp: smtplib.SMTP, body: bytes, *known: str) -> None:
        """Send the message with its last dot, and hear what became of it."""
        try:
            smtp.send(body)
        except OSError as error:
            # Its end is in the last piece, which did not go out.
            raise self._unreachable(Step.DATA, error) from None
        assert smtp.sock is not None  # noqa: S101 - an open connection has one
        smtp.sock.settimeout(self.manners.last_seconds)
        try:
            code, said = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.manners.answer_seconds)
        except OSError as error:
            reason = f"the mail server got the whole message, and did not answer: {_why(error)}"
            raise TemporaryDelivery(EMAIL, "no_answer", reason, maybe_arrived=True) from None
        if code // 100 not in {_DONE, _LATER, _NEVER}:
            reason = "the mail server got the whole message, and its answer cannot be understood"
            raise TemporaryDelivery(EMAIL, "no_answer", reason, maybe_arrived=True)
        if code // 100 != _DONE:
            raise self._refused(Step.END, code, said, *known)

    def _refused(
        self, step: Step, code: int, said: bytes, *known: str
    ) -> TemporaryDelivery | PermanentDelivery:
        """Convert a server's refusal; known: addresses that are not to be shown."""
        text = said.decode("utf-8", "replace")
        enhanced = _ENHANCED.match(text)
        word = f"{code} {enhanced[1]}" if enhanced else str(code)
        hidden = (*known, self.place.user)
        reason = f"at {step.value}: {one_line(without_addresses(text, *hidden), _SAID)}"
        ours = step in {Step.CONNECT, Step.GREET, Step.ENCRYPT, Step.LOGIN, Step.FROM}
        ours = ours or (step is Step.TO and code in _ABOUT_US)
        if step is Step.FROM and (code == 552 or word.endswith(("5.3.4", "4.3.4"))):  # noqa: PLR2004
            ours = False  # the message is too large
        scope = FailureScope.SERVICE if ours or code == _CLOSING else FailureScope.MESSAGE
        if code // 100 == _NEVER:
            cure = f"; {_CURES[step]}" if ours else ""
            return PermanentDelivery(EMAIL, word, reason + cure, scope)
        if code // 100 != _LATER:
            scope = FailureScope.SERVICE
            word, reason = step.value, f"at {step.value}: the answer cannot be understood"
        return TemporaryDelivery(EMAIL, word, reason, scope=scope)

    def _tidy_up(self, smtp: smtplib.SMTP, error: TemporaryDelivery | PermanentDelivery) -> None:
        """Make the connection ready for the next message, or close it."""
        if error.scope is FailureScope.SERVICE or error.code == "no_answer":
            self.close()
            return
        try:
            code, _ = smtp.docmd("RSET")
        except OSError:
            code = 0
        if code // 100 != _DONE:
            self.close()


def is_bounced(error: PermanentDelivery) -> bool:
    """Say whether a refusal means that there is no such mailbox, now or ever (RFC 3463)."""
    told = _NO_SUCH_MAILBOX.fullmatch(error.code)
    return told is not None and error.scope is FailureScope.MESSAGE


class _GoneBefore(Exception):
    """A connection was found closed before a message was begun on it."""

    def __init__(self, error: TemporaryDelivery | PermanentDelivery) -> None:
        super().__init__(str(error))
        self.error = error


def _service(
    kind: type[TemporaryDelivery | PermanentDelivery], code: str, reason: str
) -> TemporaryDelivery | PermanentDelivery:
    return kind(EMAIL, code, reason, scope=FailureScope.SERVICE)


def _coded(
    smtp: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str
) -> tuple[bytes, str]:
    """Write a message for this server, with what MAIL FROM has to announce of it.

    8BITMIME (RFC 6152) where the message needs it and the server has it, else all in 7 bits.
    SMTPUTF8 (RFC 6531) where an address needs it; raises PermanentDelivery where there is none.
    """
    options = ""
    utf8 = not (sender + recipient).isascii()
    if utf8:
        if not smtp.has_extn("smtputf8"):
            reason = "the mail server takes no addresses with letters beyond ASCII (SMTPUTF8)"
            raise PermanentDelivery(EMAIL, "smtputf8", reason)
        smtp.command_encoding = "utf-8"
        options += " SMTPUTF8"
    eight = bool(smtp.has_extn("8bitmime"))
    body = _flat(message, eight, utf8)
    if not body.isascii():
        options += " BODY=8BITMIME"
    if smtp.has_extn("size"):
        options += f" SIZE={len(body)}"
    return _DOTS.sub(b"..", body) + b"." + _CRLF, options


def _flat(message: EmailMessage, eight: bool, utf8: bool) -> bytes:
    buffer = BytesIO()
    policy = message.policy.clone(cte_type="8bit" if eight else "7bit", linesep="\r\n")
    if utf8 and isinstance(policy, EmailPolicy):
        policy = policy.clone(utf8=True)
    BytesGenerator(buffer, mangle_from_=False, policy=policy).flatten(message)
    body = _LINE_ENDS.sub(_CRLF, buffer.getvalue())
    return body if body.endswith(_CRLF) else body + _CRLF


def _own_name() -> str:
    """Say this machine's name without asking the DNS; an address literal where it has no dot."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _why(error: OSError) -> str:
    """Say what the system says of a failure, without what a server said."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it took too long" if "timed out" in str(error) else "it closed the connection"
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, socket.gaierror):
        return "its name is unknown"
    return error.strerror or type(error).__name__
