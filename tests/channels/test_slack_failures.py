"""Every way in which Slack, or the way to it, can fail; and that the token never shows."""

from __future__ import annotations

import logging
import re
import socket
import traceback
from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.channels import SlackChannel
from monitor.channels.slack_errors import of_code, of_status
from monitor.errors import DeliveryError, FailureScope, PermanentDelivery, TemporaryDelivery
from tests.alerts.builders import NOW
from tests.channels.test_slack_posting import delivery
from tests.servers.slack_api import SlackServer, Workspace

TOKEN_LIKE = re.compile(r"xox[a-z]-\S+")


def failure(slack: SlackChannel) -> DeliveryError:
    """Send, and return what went wrong."""
    with pytest.raises(DeliveryError) as caught:
        slack.send(delivery())
    return caught.value


def later(slack: SlackChannel) -> TemporaryDelivery:
    """Send, and return a failure that is worth another try."""
    error = failure(slack)
    assert isinstance(error, TemporaryDelivery)
    return error


# ------------------------------------------------------------------------ the way to Slack


def test_a_pause_that_slack_asks_for_is_kept(slack: SlackChannel, workspace: Workspace) -> None:
    """429 with Retry-After: surely not posted."""
    workspace.faults.append(("*", "429", 30))
    error = later(slack)
    assert (error.maybe_arrived, error.retry_after) == (False, timedelta(seconds=30))


def test_a_pause_without_a_body_is_understood(slack: SlackChannel, workspace: Workspace) -> None:
    """The client makes a sentence of an empty body; the status and header count."""
    workspace.faults.append(("*", "empty_429", 3))
    assert later(slack).retry_after == timedelta(seconds=3)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("soon", None), ("999999", timedelta(hours=1)), ("-5", timedelta(0)), ("nan", None)],
)
def test_an_odd_wish_is_bounded(
    slack: SlackChannel, workspace: Workspace, said: str, expected: timedelta | None
) -> None:
    """Slack says seconds; at most an hour is believed."""
    workspace.faults.append(("*", "429", said))
    assert later(slack).retry_after == expected


@pytest.mark.parametrize("kind", ["500", "503", "garbage"])
def test_an_answer_that_is_none_leaves_it_open_whether_it_arrived(
    slack: SlackChannel, workspace: Workspace, kind: str
) -> None:
    """A gateway may have passed the message on."""
    workspace.faults.append(("*", kind, None))
    assert later(slack).maybe_arrived


@pytest.mark.parametrize(("kind", "arrives"), [("drop_after", 1), ("drop_before", 0)])
def test_a_connection_that_drops_is_sent_once_and_left_in_doubt(
    slack: SlackChannel, workspace: Workspace, kind: str, arrives: int
) -> None:
    """The two look alike from here; a retry of the client's own would post twice."""
    workspace.faults.append(("*", kind, None))
    error = later(slack)
    assert error.maybe_arrived
    assert len(workspace.posted) == arrives


def test_silence_is_left_in_doubt(server: SlackServer) -> None:
    """The message was taken; the answer did not come in time."""
    server.workspace.faults.append(("*", "slow", 20))
    error = later(SlackChannel(server.token, server.url, now=lambda: NOW, timeout=1))
    assert error.maybe_arrived
    assert len(server.workspace.posted) == 1


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Hold a port at which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_a_refused_connection_surely_brought_nothing(closed_port: int) -> None:
    """Nothing was sent: no need to look."""
    error = later(SlackChannel("xoxb-1", f"http://127.0.0.1:{closed_port}/api/"))
    assert (error.code, error.maybe_arrived) == ("unreachable", False)


def test_an_unknown_host_surely_got_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address was found, so no connection was made."""

    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    error = later(SlackChannel("xoxb-1", "http://slack.invalid/api/"))
    assert not error.maybe_arrived


def test_an_address_that_is_not_slack_is_a_matter_of_configuration(server: SlackServer) -> None:
    """SLACK_API_URL without its path: a person must act."""
    error = failure(SlackChannel(server.token, server.url.replace("/api/", "/other/")))
    assert isinstance(error, PermanentDelivery)


def test_an_address_that_is_none_is_a_matter_of_configuration() -> None:
    """The client itself refuses other schemes."""
    error = failure(SlackChannel("xoxb-1", "ftp://127.0.0.1/"))
    assert isinstance(error, PermanentDelivery)


# ------------------------------------------------------------------------- Slack's own "no"


@pytest.mark.parametrize(
    ("code", "maybe_arrived", "after"),
    [
        ("ratelimited", False, None),
        ("rate_limited", False, None),
        ("service_unavailable", True, None),
        ("internal_error", True, None),
        ("fatal_error", True, None),
        ("request_timeout", False, None),
        ("team_added_to_org", False, timedelta(hours=1)),
        ("org_login_required", False, timedelta(hours=1)),
        ("external_channel_migrating", False, timedelta(minutes=5)),
    ],
)
def test_what_passes_is_tried_again(
    slack: SlackChannel,
    workspace: Workspace,
    code: str,
    maybe_arrived: bool,
    after: timedelta | None,
) -> None:
    """Faults of Slack's own may have posted; the others did not."""
    workspace.faults.append(("*", "error", code))
    error = later(slack)
    assert (error.code, error.maybe_arrived, error.retry_after) == (code, maybe_arrived, after)


@pytest.mark.parametrize(
    ("codes", "scope"),
    [
        (
            (
                "invalid_auth not_authed account_inactive token_revoked token_expired "
                "missing_scope "
                "no_permission not_allowed_token_type ekm_access_denied accesslimited "
                "message_limit_exceeded two_factor_setup_required"
            ),
            FailureScope.SERVICE,
        ),
        (
            (
                "is_archived restricted_action restricted_action_read_only_channel "
                "restricted_action_thread_only_channel posting_to_general_channel_denied"
            ),
            FailureScope.CHANNEL,
        ),
        ("cannot_reply_to_message thread_not_found", FailureScope.THREAD),
        ("duplicate_message_not_found a_code_of_tomorrow", FailureScope.MESSAGE),
    ],
)
def test_what_does_not_pass_waits_for_a_person(
    slack: SlackChannel, workspace: Workspace, codes: str, scope: FailureScope
) -> None:
    """How much has to wait: the workspace, the channel, the thread, the one message."""
    for code in codes.split():
        workspace.faults.append(("*", "error", code))
        error = failure(slack)
        assert isinstance(error, PermanentDelivery)
        assert (error.code, error.scope) == (code, scope)
        assert error.reason


def test_a_missing_scope_is_named(slack: SlackChannel, workspace: Workspace) -> None:
    """So that a person knows which one to add."""
    workspace.scopes -= {"chat:write"}
    assert "chat:write" in failure(slack).reason


def test_a_wrong_token_is_said_without_showing_it(server: SlackServer) -> None:
    """Where the token belongs stands in the message, the token does not."""
    error = failure(SlackChannel("xoxb-wrong-but-secret", server.url))
    assert error.code == "invalid_auth"
    assert "SLACK_BOT_TOKEN" in error.reason


@pytest.mark.parametrize("status", [301, 400, 403, 404, 413])
def test_an_answer_that_is_not_slacks_needs_a_person(status: int) -> None:
    """A proxy's page, a wrong address."""
    assert isinstance(of_status("#x", status), PermanentDelivery)


def test_every_error_survives_a_pickle_of_its_arguments() -> None:
    """Errors travel between threads and processes."""
    for error in (of_code("#x", "ratelimited"), of_code("#x", "is_archived"), of_status("#x", 500)):
        again = type(error)(*error.args)
        assert str(again) == str(error)


def test_the_token_shows_in_no_log_error_or_traceback(
    server: SlackServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """At the noisiest level, for every kind of failure."""
    secret = "xoxb-secret-token"
    server.workspace.faults.extend(
        ("*", kind, 1) for kind in ("drop_after", "500", "garbage", "429")
    )
    server.workspace.faults.append(("*", "error", "invalid_blocks"))
    shown = ""
    with caplog.at_level(logging.DEBUG):
        for _ in range(6):
            slack = SlackChannel(secret, server.url, now=lambda: NOW)
            try:
                slack.send(delivery())
            except DeliveryError as error:
                shown += "".join(traceback.format_exception(error)) + repr(error) + repr(slack.api)
    shown += caplog.text + str([vars(record) for record in caplog.records])
    shown += "".join(capfd.readouterr())
    assert "invalid_auth" in shown
    assert not TOKEN_LIKE.search(shown)
