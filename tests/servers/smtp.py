"""A mail server on loopback that takes what is right, and misbehaves where it is told to.

    with SmtpServer() as server:
        server.faults["a@example.org"] = [Fault("rcpt", "451 4.7.1 Greylisted")]
        ... server.url ... server.taken ... server.violations

It is strict: whatever RFC 5321 does not allow a client is a violation, which tests look for.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import socketserver
import ssl
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self

LONGEST_COMMAND, LONGEST_LINE = 512, 1000
EXTENSIONS = ("8BITMIME", "SIZE 20000000")
EVERYBODY = "*"
_PATH = re.compile(r"(FROM|TO):<([^<>\s]*)>((?: [A-Z0-9=-]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong once: at which step, what the server says, and what it does then.

    step: connect, ehlo, starttls, auth, mail, rcpt, data, body (in the middle of the message), end.
    then: answer; drop (close without a word); silence (until the client goes); at the end of a
        message also take_and_drop, take_and_silence, take_and_gibberish.
    """

    step: str
    says: str = ""
    then: str = "answer"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the server took, and how it came."""

    sender: str
    recipient: str
    raw: bytes
    options: str = ""
    encrypted: bool = False
    user: str = ""
    connection: int = 0

    @property
    def message(self) -> EmailMessage:
        """Read the message as a mail program does."""
        read = message_from_bytes(self.raw, policy=default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class SmtpServer:
    """A mail server; a context manager.

    faults: by recipient, the next one first; those of EVERYBODY befall whoever comes.
    held: released whenever it falls silent.
    """

    extensions: tuple[str, ...] = EXTENSIONS
    login: tuple[str, str] | None = None
    context: ssl.SSLContext | None = None
    implicit: bool = False
    taken: list[Taken] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    violations: list[str] = field(default_factory=list)
    greetings: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    held: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                with contextlib.suppress(OSError, _Gone):
                    talk = Conversation(outer, self.request, outer.connections)
                    with contextlib.closing(talk):
                        talk.hold()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Say at which port it listens."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Write SMTP_URL for it."""
        user = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        host = "localhost" if self.context else "127.0.0.1"
        scheme = "smtps" if self.implicit else "smtp"
        wish = "?starttls=always" if self.context and not self.implicit else ""
        return f"{scheme}://{user}{host}:{self.port}{wish}"

    def addresses(self) -> list[str]:
        """List who got a message, in order."""
        return [one.recipient for one in self.taken]

    def next_fault(self, step: str, recipient: str = "") -> Fault | None:
        """Take the next fault at a step."""
        for whom in (recipient, EVERYBODY):
            waiting = self.faults.get(whom)
            if waiting and waiting[0].step == step:
                return waiting.pop(0)
        return None


class _Gone(Exception):
    """The client or the server has closed the connection."""


class Conversation:
    """One connection from its greeting to its end."""

    def __init__(self, server: SmtpServer, sock: socket.socket, number: int) -> None:
        self.server = server
        self.sock = sock
        self.number = number
        self.sender: str | None = None
        self.recipient = ""
        self.options = ""
        self.user = ""
        self.greeted = self.encrypted = False
        sock.settimeout(30)
        self.file: Any = sock.makefile("rb")
        if server.implicit:
            self.encrypt()

    def encrypt(self) -> None:
        """Begin TLS."""
        assert self.server.context
        self.file.close()
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")
        self.encrypted = True

    def close(self) -> None:
        """Close the connection."""
        self.file.close()
        self.sock.close()

    def say(self, *lines: str) -> None:
        """Answer, on one line or several."""
        for number, line in enumerate(lines):
            more = "-" if number + 1 < len(lines) else " "
            self.sock.sendall(f"{line[:3]}{more}{line[4:]}\r\n".encode())

    def violation(self, what: str) -> None:
        """Note what a client must not do."""
        self.server.violations.append(what)

    def line(self, longest: int) -> bytes:
        """Read one line, without its end."""
        read: bytes = self.file.readline(100_000)
        if not read:
            raise _Gone
        if not read.endswith(b"\r\n") or b"\r" in read[:-2]:
            self.violation(f"a bare line end: {read[-20:]!r}")
        if len(read) > longest:
            self.violation(f"a line of {len(read)} bytes")
        return read.rstrip(b"\r\n")

    def misbehaves(self, step: str) -> bool:
        """Do what a fault says; say whether the command is answered with that."""
        fault = self.server.next_fault(step, self.recipient)
        if fault is None:
            return False
        self.do(fault)
        return True

    def do(self, fault: Fault) -> None:
        """Drop, fall silent, or answer."""
        if fault.then.endswith("silence"):
            self.server.held.release()
            with contextlib.suppress(OSError):
                self.file.read(1)
            raise _Gone
        if fault.then.endswith("drop"):
            if fault.says:
                self.say(fault.says)
            self.sock.shutdown(socket.SHUT_RDWR)
            self.sock.close()
            raise _Gone
        if fault.then.endswith("gibberish"):
            self.sock.sendall(b"???\r\n")
            return
        self.say(*fault.says.split("\n"))

    # ---------------------------------------------------------------------------------- commands

    def hold(self) -> None:
        """Greet, and answer commands until the client goes."""
        if self.misbehaves("connect"):
            raise _Gone
        self.say("220 mail.test ESMTP made up")
        while True:
            line = self.line(LONGEST_COMMAND)
            if not line.isascii() and "SMTPUTF8" not in self.options + line.decode(
                "utf-8", "replace"
            ):
                self.violation("a command beyond ASCII without SMTPUTF8")
            verb, _, rest = line.decode("utf-8", "replace").partition(" ")
            answer = getattr(self, f"on_{verb.lower()}", None)
            if answer is None:
                self.violation(f"an unknown command: {verb}")
                self.say("500 5.5.1 What?")
                continue
            answer(rest)

    def on_ehlo(self, rest: str) -> None:
        """Say what can be done."""
        self.server.greetings.append(rest)
        if not rest or " " in rest:
            self.violation("EHLO without a name")
        if self.misbehaves("ehlo"):
            return
        self.greeted = True
        offers = list(self.server.extensions)
        if self.server.context and not self.encrypted:
            offers.append("STARTTLS")
        if self.server.login and (self.encrypted or not self.server.context):
            offers.append("AUTH PLAIN LOGIN")
        self.say("250 mail.test", *(f"250 {offer}" for offer in offers))

    def on_starttls(self, rest: str) -> None:
        """Begin to encrypt; everything said before is forgotten."""
        del rest
        if self.misbehaves("starttls"):
            return
        self.say("220 2.0.0 Go on")
        self.encrypt()
        self.greeted = False

    def on_auth(self, rest: str) -> None:
        """Compare user and password."""
        if self.misbehaves("auth"):
            return
        way, _, first = rest.partition(" ")
        if way == "PLAIN":
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            user = base64.b64decode(first).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.line(LONGEST_COMMAND)).decode()
        if (user, password) == self.server.login:
            self.user = user
            self.say("235 2.7.0 Welcome")
        else:
            self.say(f"535 5.7.8 {user} is not welcome with that password")

    def on_mail(self, rest: str) -> None:
        """Begin a message."""
        found = _PATH.fullmatch(rest)
        if not found or not self.greeted or self.sender is not None:
            self.violation(f"MAIL out of order: {rest}")
            self.say("503 5.5.1 Not now")
            return
        self.options = found[3].upper()
        for option in self.options.split():
            name = option.partition("=")[0].replace("BODY", "8BITMIME")
            if not any(name in offer for offer in self.server.extensions):
                self.violation(f"{option} was not offered")
        if self.misbehaves("mail"):
            return
        if self.server.login and not self.user:
            self.say("530 5.7.0 Log in first")
            return
        self.sender = found[2]
        self.say("250 2.1.0 Yes")

    def on_rcpt(self, rest: str) -> None:
        """Name a recipient: exactly one for each message."""
        found = _PATH.fullmatch(rest)
        if not found or self.sender is None or self.recipient:
            self.violation(f"RCPT out of order: {rest}")
            self.say("503 5.5.1 Not now")
            return
        self.recipient = found[2]
        self.server.recipients.append(found[2])
        if self.misbehaves("rcpt"):
            self.recipient = ""
            return
        self.say("250 2.1.5 Yes")

    def on_data(self, rest: str) -> None:
        """Take the message."""
        del rest
        if not self.recipient:
            self.violation("DATA out of order")
        if self.misbehaves("data"):
            return
        self.say("354 Go on")
        raw = self.body()
        fault = self.server.next_fault("end", self.recipient)
        if fault is None or fault.then.startswith("take"):
            taken = Taken(
                self.sender or "",
                self.recipient,
                raw,
                self.options,
                self.encrypted,
                self.user,
                self.number,
            )
            self.server.taken.append(taken)
        if fault is not None:
            self.do(fault)
        else:
            self.say(f"250 2.0.0 Taken as {len(self.server.taken)}")
        self.sender, self.recipient = None, ""

    def body(self) -> bytes:
        """Read up to the last dot, and take the doubled dots back."""
        lines = []
        while (line := self.line(LONGEST_LINE)) != b".":
            if not line.isascii() and "BODY=8BITMIME" not in self.options:
                self.violation("8 bits without BODY=8BITMIME")
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 1:
                self.misbehaves("body")
        return b"".join(line + b"\r\n" for line in lines)

    def on_rset(self, rest: str) -> None:
        """Forget the message that was begun."""
        del rest
        self.sender, self.recipient = None, ""
        self.say("250 2.0.0 Forgotten")

    def on_noop(self, rest: str) -> None:
        """Do nothing."""
        del rest
        self.say("250 2.0.0 Nothing")

    def on_quit(self, rest: str) -> None:
        """Say goodbye."""
        del rest
        self.say("221 2.0.0 Bye")
        raise _Gone
