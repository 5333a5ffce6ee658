"""Handing messages to a mail server: what it takes, refuses, puts off, or leaves unknown."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.channels.email import MailManners, MailServer, Step, is_bounced
from monitor.channels.smtp_url import Encryption, read_smtp_url
from monitor.errors import ConfigError, FailureScope, PermanentDelivery, TemporaryDelivery
from tests.channels.mails import letter
from tests.servers.smtp import EVERYBODY, EXTENSIONS, Fault, SmtpServer

SENDER, ANA, BEA = "digest@coalition.test", "ana@people.test", "bea@people.test"
QUICK = MailManners(name="monitor.test", connect_seconds=5.0, answer_seconds=5.0, last_seconds=5.0)
HASTY = MailManners(connect_seconds=0.3, answer_seconds=0.3, last_seconds=0.3)


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """Start a mail server, and look at the end whether it was spoken to properly."""
    with SmtpServer() as running:
        yield running
    assert running.violations == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost that only its maker trusts; key and certificate in one."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = [openssl, "req", "-x509", *curve, *subject, "-keyout", str(path), "-out", "-"]
    made = subprocess.run(command, check=True, capture_output=True, timeout=20)
    path.write_bytes(path.read_bytes() + made.stdout)
    return path


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    """Let a server show that certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def reached(server: SmtpServer, manners: MailManners = QUICK) -> MailServer:
    """Make a client for a server."""
    return MailServer(read_smtp_url(server.url), manners)


def send(mail: MailServer, to: str = ANA, text: str = "Hello\n") -> str:
    """Send a message, and close the connection."""
    try:
        return mail.send(letter(text, to), SENDER, to).reference
    finally:
        mail.close()


def refusal(mail: MailServer, to: str = ANA) -> PermanentDelivery:
    """Send a message that is refused for good."""
    with pytest.raises(PermanentDelivery) as caught:
        send(mail, to)
    return caught.value


def delay(mail: MailServer, to: str = ANA) -> TemporaryDelivery:
    """Send a message that does not get through now."""
    with pytest.raises(TemporaryDelivery) as caught:
        send(mail, to)
    return caught.value


# -------------------------------------------------------------------------------------- SMTP_URL


@pytest.mark.parametrize(
    ("url", "host", "port", "encryption", "user", "password"),
    [
        ("smtp://u:p@mail.test", "mail.test", 587, Encryption.STARTTLS, "u", "p"),
        ("smtps://u:p@mail.test", "mail.test", 465, Encryption.TLS, "u", "p"),
        ("smtps://mail.test:4465", "mail.test", 4465, Encryption.TLS, "", ""),
        ("smtp://localhost:25", "localhost", 25, Encryption.NONE, "", ""),
        ("smtp://u:p@127.0.0.1:2525", "127.0.0.1", 2525, Encryption.NONE, "u", "p"),
        ("smtp://[::1]:25", "::1", 25, Encryption.NONE, "", ""),
        ("smtp://localhost?starttls=always", "localhost", 587, Encryption.STARTTLS, "", ""),
        ("smtp://10.0.0.5:25?starttls=never", "10.0.0.5", 25, Encryption.NONE, "", ""),
        (
            "smtp://a%40b.test:p%3A%2F%40@mail.test",
            "mail.test",
            587,
            "starttls",
            "a@b.test",
            "p:/@",
        ),
    ],
)
def test_the_address_says_how_a_server_is_spoken_to(
    url: str, host: str, port: int, encryption: Encryption, user: str, password: str
) -> None:
    """Encryption is demanded wherever words leave this machine, unless it is told otherwise."""
    read = read_smtp_url(url)
    assert (read.host, read.port, read.encryption) == (host, port, encryption)
    assert (read.user, read.password) == (user, password)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.test:587", "no address of a mail server"),
        ("http://canary:canary@mail.test", "no address of a mail server"),
        ("smtp://canary:canary@", "no address of a mail server"),
        ("smtp://canary:canary@mail.test:canary", "no address of a mail server"),
        ("smtp://u:canary/canary@mail.test", "no address of a mail server"),
        ("smtp://u:canary@mail.test/canary", "something stands behind the host"),
        ("smtp://u:canary#canary@mail.test", "write %40 for @"),
        ("smtp://canary@mail.test", "a user without a password"),
        ("smtp://u:canary%0A@mail.test", "a control character"),
        ("smtp://u:canary@mail.test?starttls=maybe", "the only option"),
        ("smtp://mail.test?tls=canary", "the only option"),
        ("smtps://mail.test?starttls=never", "has no options"),
        ("smtp://u:canary@mail.test?starttls=never", "never sent without encryption"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_repeating_it(url: str, says: str) -> None:
    """It holds a password."""
    with pytest.raises(ConfigError, match=says) as caught:
        read_smtp_url(url)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_user_and_password_stand_in_no_repr() -> None:
    """A traceback with locals would show them."""
    assert "canary" not in repr(read_smtp_url("smtp://canary:canary@mail.test"))


# -------------------------------------------------------------------------------------- taken


def test_a_message_arrives_as_it_was_written(smtp: SmtpServer) -> None:
    """Lines that begin with a dot, and one that is only a dot, too; its reference is its id."""
    text = "one\n.\n..two\n.three\n\n"
    assert send(reached(smtp), text=text) == "<made-up@coalition.test>"
    (taken,) = smtp.taken
    assert (taken.sender, taken.recipient) == (SENDER, ANA)
    assert taken.message.get_content().splitlines() == text.splitlines()
    assert smtp.greetings == ["monitor.test"]


def test_one_connection_takes_many_messages(smtp: SmtpServer) -> None:
    """And a new one is opened after so many."""
    mail = reached(smtp, MailManners(per_connection=3))
    for _ in range(7):
        mail.send(letter(), SENDER, ANA)
    mail.close()
    assert [one.connection for one in smtp.taken] == [1, 1, 1, 2, 2, 2, 3]


def test_the_name_of_this_machine_is_one_that_a_server_takes(smtp: SmtpServer) -> None:
    """Without a dot in it, it is an address literal."""
    send(reached(smtp, MailManners()))
    assert smtp.greetings[0].count(".")


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(smtp: SmtpServer) -> None:
    """Nothing was begun on it: no message is in doubt, and none waits."""
    mail = reached(smtp)
    mail.send(letter(), SENDER, ANA)
    for fault in (Fault("mail", then="drop"), Fault("mail", "421 4.4.2 Idle", then="drop")):
        smtp.faults[EVERYBODY] = [fault]
        mail.send(letter(), SENDER, ANA)
    mail.close()
    assert len(smtp.taken) == 3
    assert smtp.connections == 3


def test_a_server_that_closes_each_fresh_connection_is_left_alone(smtp: SmtpServer) -> None:
    """One new try, not an endless one."""
    smtp.faults[EVERYBODY] = [Fault("mail", then="drop")] * 5
    fault = delay(reached(smtp))
    assert fault.scope is FailureScope.SERVICE
    assert smtp.connections == 1


# -------------------------------------------------------------------------------------- coding


def test_eight_bits_go_out_where_the_server_takes_them(smtp: SmtpServer) -> None:
    """They are announced; plain ASCII is not."""
    send(reached(smtp), text="Audiência\n")
    send(reached(smtp), text="Hearing\n")
    assert ["BODY=8BITMIME" in one.options for one in smtp.taken] == [True, False]
    assert smtp.taken[0].message.get_content() == "Audiência\r\n"


def test_a_server_of_seven_bits_gets_seven() -> None:
    """The text is the same for who reads it."""
    with SmtpServer(extensions=()) as old:
        send(reached(old), text="Audiência\n")
    assert old.violations == []
    assert old.taken[0].raw.isascii()
    # As base64, or as quoted-printable once apprise was loaded: it changes Python's own table.
    assert old.taken[0].message.get_content().splitlines() == ["Audiência"]
    assert old.taken[0].options == ""


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(smtp: SmtpServer) -> None:
    """It is refused for this recipient alone; the connection is as good as before."""
    fault = refusal(reached(smtp), "josé@people.test")
    assert (fault.code, fault.scope) == ("smtputf8", FailureScope.MESSAGE)
    assert smtp.recipients == []
    with SmtpServer(extensions=(*EXTENSIONS, "SMTPUTF8")) as modern:
        send(reached(modern), "josé@people.test")
        send(reached(modern), ANA)
    assert modern.violations == []
    assert ["SMTPUTF8" in one.options for one in modern.taken] == [True, False]
    assert modern.taken[0].message["To"] == "josé@people.test"


# -------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("fault", "code", "scope", "bounced"),
    [
        (Fault("rcpt", "550 5.1.1 No such user"), "550 5.1.1", "message", True),
        (Fault("rcpt", "550 5.1.2 No such domain"), "550 5.1.2", "message", True),
        (Fault("end", "554 5.1.1 No such user after all"), "554 5.1.1", "message", True),
        (Fault("rcpt", "550 5.1.8 Your domain does not exist"), "550 5.1.8", "message", False),
        (Fault("rcpt", "550 No such user"), "550", "message", False),
        (Fault("rcpt", "550 5.2.1 Disabled"), "550 5.2.1", "message", False),
        (Fault("rcpt", "550-5.7.1 Spam\n550 5.7.1 goes elsewhere"), "550 5.7.1", "message", False),
        (Fault("data", "554 5.5.1 No"), "554 5.5.1", "message", False),
        (Fault("end", "552 5.3.4 Too large"), "552 5.3.4", "message", False),
        (Fault("end", "554 5.7.1 Spam"), "554 5.7.1", "message", False),
        (Fault("mail", "552 5.3.4 Too large"), "552 5.3.4", "message", False),
        (Fault("mail", "550 5.1.1 Sender unknown"), "550 5.1.1", "service", False),
        (Fault("rcpt", "530 5.7.0 Log in first"), "530 5.7.0", "service", False),
        (Fault("ehlo", "550 5.7.1 Your name is bad"), "550 5.7.1", "service", False),
        (Fault("connect", "554 5.7.1 You are blocked"), "554 5.7.1", "service", False),
    ],
)
def test_a_refusal_stops_what_it_is_about(
    smtp: SmtpServer, fault: Fault, code: str, scope: str, bounced: bool
) -> None:
    """One recipient, or all; only where there is no such mailbox, the address is to blame."""
    smtp.faults[EVERYBODY] = [fault]
    error = refusal(reached(smtp))
    assert (error.code, error.scope, is_bounced(error)) == (code, scope, bounced)
    assert smtp.taken == []


@pytest.mark.parametrize(
    ("fault", "code", "scope"),
    [
        (Fault("rcpt", "451 4.7.1 Greylisted"), "451 4.7.1", "message"),
        (Fault("rcpt", "452 4.2.2 Full"), "452 4.2.2", "message"),
        (Fault("data", "451 4.3.0 Later"), "451 4.3.0", "message"),
        (Fault("end", "451 4.3.0 Later"), "451 4.3.0", "message"),
        (Fault("mail", "450 4.7.1 Too many"), "450 4.7.1", "service"),
        (Fault("rcpt", "421 4.3.2 Closing", then="drop"), "421 4.3.2", "service"),
        (Fault("connect", "421 4.3.2 Busy"), "421 4.3.2", "service"),
        (Fault("rcpt", then="gibberish"), "rcpt to", "service"),
        (Fault("rcpt", "999 5.1.1 What"), "rcpt to", "service"),
    ],
)
def test_what_may_get_through_later_is_no_refusal(
    smtp: SmtpServer, fault: Fault, code: str, scope: str
) -> None:
    """And it surely did not arrive."""
    smtp.faults[EVERYBODY] = [fault]
    error = delay(reached(smtp))
    assert (error.code, error.scope, error.maybe_arrived) == (code, scope, False)
    assert smtp.taken == []


def test_the_connection_is_good_for_others_after_a_refusal(smtp: SmtpServer) -> None:
    """What was begun is taken back."""
    mail = reached(smtp)
    for step in ("rcpt", "data", "end"):
        smtp.faults[ANA] = [Fault(step, "554 5.7.1 No")]
        with pytest.raises(PermanentDelivery):
            mail.send(letter(), SENDER, ANA)
        mail.send(letter(to=BEA), SENDER, BEA)
    mail.close()
    assert smtp.addresses() == [BEA, BEA, BEA]
    assert smtp.connections == 1


# -------------------------------------------------------------------------------------- in between


@pytest.mark.parametrize("step", ["rcpt", "data"])
@pytest.mark.parametrize("then", ["drop", "silence"])
def test_what_breaks_before_the_message_leaves_no_doubt(
    smtp: SmtpServer, step: str, then: str
) -> None:
    """The message was not there yet."""
    smtp.faults[ANA] = [Fault(step, then=then)]
    error = delay(reached(smtp, HASTY))
    assert not error.maybe_arrived
    assert error.scope is FailureScope.SERVICE


@pytest.mark.parametrize("then", ["drop", "silence", "gibberish"])
@pytest.mark.parametrize("takes", [True, False])
def test_what_breaks_after_the_message_leaves_its_fate_unknown(
    smtp: SmtpServer, then: str, takes: bool
) -> None:
    """The server may have taken it, or not: the client sees the same."""
    smtp.faults[ANA] = [Fault("end", then=f"take_and_{then}" if takes else then)]
    error = delay(reached(smtp, HASTY))
    assert error.maybe_arrived
    assert error.code == "no_answer"
    assert len(smtp.taken) == takes


def test_a_message_that_broke_off_in_the_middle_has_not_arrived(smtp: SmtpServer) -> None:
    """Its end was never sent; here the pipe is too narrow for the whole of it."""
    smtp.faults[ANA] = [Fault("body", then="drop")]
    with pytest.raises(TemporaryDelivery) as caught:
        send(reached(smtp, HASTY), text="0123456789\n" * 2_000_000)
    assert not caught.value.maybe_arrived
    assert smtp.taken == []


# -------------------------------------------------------------------------------------- the server


def test_a_server_that_is_not_there_stops_everything_for_a_while() -> None:
    """It is nobody's fault in particular."""
    with SmtpServer() as gone:
        mail = reached(gone)
    error = delay(mail)
    assert (error.code, error.scope) == (Step.CONNECT, FailureScope.SERVICE)
    assert "Connection refused" in error.reason


@pytest.mark.parametrize("step", ["connect", "ehlo"])
def test_a_server_that_falls_silent_is_not_waited_for(smtp: SmtpServer, step: str) -> None:
    """The reason says so."""
    smtp.faults[EVERYBODY] = [Fault(step, then="silence")]
    error = delay(reached(smtp, HASTY))
    assert "took too long" in error.reason


def test_no_message_goes_to_a_server_without_encryption(smtp: SmtpServer) -> None:
    """Somebody in between could have taken STARTTLS out of its answer."""
    error = refusal(MailServer(read_smtp_url(f"{smtp.url}?starttls=always"), QUICK))
    assert (error.code, error.scope) == ("starttls", FailureScope.SERVICE)
    assert "offers no encryption" in error.reason


def test_no_message_goes_out_when_encryption_fails(context: ssl.SSLContext) -> None:
    """A server that cannot encrypt for now is asked again later, not without."""
    with SmtpServer(context=context) as server:
        server.faults[EVERYBODY] = [Fault("starttls", "454 4.7.0 Not now")]
        error = delay(reached(server))
    assert (error.code, error.scope) == ("454 4.7.0", FailureScope.SERVICE)
    assert server.recipients == []


@pytest.mark.parametrize("implicit", [True, False])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    context: ssl.SSLContext, implicit: bool
) -> None:
    """Nothing is said to that server, not even who we are."""
    login = ("user", "canary")
    with SmtpServer(context=context, implicit=implicit, login=login) as server:
        error = refusal(reached(server))
    assert (error.code, error.scope) == ("certificate", FailureScope.SERVICE)
    assert "self-signed" in error.reason.replace("self signed", "self-signed")
    assert "SSL_CERT_FILE" in error.reason
    assert server.taken == []


@pytest.mark.parametrize("implicit", [True, False])
def test_an_operator_can_vouch_for_a_certificate(
    context: ssl.SSLContext,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    implicit: bool,
) -> None:
    """Then the message and the login go out encrypted; the name still has to be right."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    login = ("user", "pass")
    with SmtpServer(context=context, implicit=implicit, login=login) as server:
        send(reached(server))
        assert [(one.encrypted, one.user) for one in server.taken] == [(True, "user")]
        elsewhere = read_smtp_url(server.url.replace("localhost", "127.0.0.1"))
        assert refusal(MailServer(elsewhere, QUICK)).code == "certificate"
    assert server.violations == []


def test_speaking_tls_to_a_server_that_does_not_is_told_with_the_port() -> None:
    """A frequent mistake: smtps:// at port 587."""
    with SmtpServer() as plain:
        wrong = read_smtp_url(plain.url.replace("smtp://", "smtps://"))
        error = refusal(MailServer(wrong, QUICK))
    assert (error.code, error.scope) == ("tls", FailureScope.SERVICE)
    assert "smtps://" in error.reason


def test_a_login_that_is_refused_stops_the_service_and_shows_no_secret() -> None:
    """Not even where the server repeats the user in its answer."""
    with SmtpServer(login=("canary-user", "canary-pass")) as server:
        place = read_smtp_url(server.url.replace("canary-pass", "canary-fail"))
        error = refusal(MailServer(place, QUICK))
    assert (error.code, error.scope) == ("535 5.7.8", FailureScope.SERVICE)
    assert "user and password in SMTP_URL" in error.reason
    assert "canary" not in str(error) + repr(error)


def test_a_login_that_fails_for_now_is_tried_again_later() -> None:
    """454 4.7.0: the server cannot look the password up (RFC 4954)."""
    with SmtpServer(login=("user", "pass")) as server:
        server.faults[EVERYBODY] = [Fault("auth", "454 4.7.0 Later")] * 2
        error = delay(reached(server))
    assert error.scope is FailureScope.SERVICE


def test_a_server_without_a_login_is_not_given_the_password(smtp: SmtpServer) -> None:
    """The reason says that it offers none."""
    error = refusal(MailServer(read_smtp_url(smtp.url.replace("//", "//user:pass@")), QUICK))
    assert (error.code, error.scope) == ("auth", FailureScope.SERVICE)


@pytest.mark.parametrize("step", ["rcpt", "data", "end"])
def test_what_a_server_says_is_shown_without_addresses(smtp: SmtpServer, step: str) -> None:
    """Servers like to repeat the recipient, its local part, or the sender."""
    says = (
        f"550 5.7.1 <{ANA.upper()}>: ana is no good; from {SENDER} via ana=people.test@relay.test"
    )
    smtp.faults[EVERYBODY] = [Fault(step, says)]
    error = refusal(reached(smtp))
    shown = str(error) + repr(error)
    assert ANA not in shown.lower()
    assert "ana " not in shown.lower()
    assert "digest@" not in shown
    assert "a…@people.test" in shown.lower()
