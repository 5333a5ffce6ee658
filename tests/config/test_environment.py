"""Secrets: from the environment or from files, and never shown."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import pytest

from monitor.config import Secret, secrets
from monitor.errors import ConfigError
from tests.config.conftest import Complains, Loads


def test_known_variables_are_read_and_others_left_alone() -> None:
    """DESIGN lists them; every Legistar client has its own; connectors may name further ones."""
    environ = {
        "SLACK_BOT_TOKEN": " xoxb-made-up ",
        "LEGISTAR_TOKEN_NYC": "abc",
        "LEGISTAR_TOKEN_COOK_COUNTY": "def",
        "PORTAL_KEY": "ghi",
        "HOME": "/home/alder",
        "SMTP_URL": "",
    }
    assert secrets(environ) == {
        "SLACK_BOT_TOKEN": "xoxb-made-up",
        "LEGISTAR_TOKEN_NYC": "abc",
        "LEGISTAR_TOKEN_COOK_COUNTY": "def",
    }
    assert secrets(environ, ("PORTAL_KEY",))["PORTAL_KEY"] == "ghi"


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    """As container platforms mount them; line ends and blanks around it do not count."""
    path = tmp_path / "token"
    path.write_text("  s3cr3t\n", encoding="utf-8")
    environ = {"COURTLISTENER_TOKEN_FILE": str(path), "LEGISTAR_TOKEN_NYC_FILE": str(path)}
    assert secrets(environ) == {"COURTLISTENER_TOKEN": "s3cr3t", "LEGISTAR_TOKEN_NYC": "s3cr3t"}


def test_what_cannot_be_used_is_told_all_at_once_without_values(tmp_path: Path) -> None:
    """Each complaint names the variable and the path."""
    empty, binary, lines, large = (
        tmp_path / name for name in ("empty", "binary", "lines", "large")
    )
    empty.write_text("\n", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    lines.write_text("one\ntwo", encoding="utf-8")
    large.write_text("x" * 70_000, encoding="utf-8")
    with pytest.raises(ConfigError) as fault:
        secrets(
            {
                "SLACK_BOT_TOKEN_FILE": str(tmp_path / "nowhere"),
                "SLACK_APP_TOKEN_FILE": str(empty),
                "SMTP_URL_FILE": str(binary),
                "CONGRESS_API_KEY_FILE": str(lines),
                "LEGISCAN_API_KEY_FILE": str(large),
                "REGULATIONS_API_KEY": "s3cr3t",
                "REGULATIONS_API_KEY_FILE": str(lines),
                "OPENSTATES_API_KEY": "s3\ncr3t",
            }
        )
    told = fault.value.complaints
    assert len(told) == 7
    assert f"SLACK_BOT_TOKEN_FILE: {tmp_path / 'nowhere'} cannot be read: " in "\n".join(told)
    assert f"SLACK_APP_TOKEN_FILE: {empty} is empty" in told
    assert f"SMTP_URL_FILE: {binary} cannot be read: it is not text" in told
    assert f"LEGISCAN_API_KEY_FILE: {large} is too large" in told
    assert any(line.startswith("CONGRESS_API_KEY holds a line break") for line in told)
    assert any(line.startswith("OPENSTATES_API_KEY holds a line break") for line in told)
    assert any(line.startswith("REGULATIONS_API_KEY and REGULATIONS_API_KEY_FILE") for line in told)
    assert "s3" not in "\n".join(told)
    assert "two" not in "\n".join(told)


def test_a_secret_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    """Neither alone, nor in a mapping, nor as a fact of a log record; in a header it is whole."""
    found = secrets({"SMTP_URL": "smtp://me:pw@mail.example.org"})
    assert "pw" not in repr(found)
    with caplog.at_level(logging.INFO):
        logging.getLogger("alder").info("started %r", found, extra={"secrets": found})
    assert "pw" not in caplog.text
    assert f"Token {found['SMTP_URL']}" == "Token smtp://me:pw@mail.example.org"


def test_a_secret_travels_to_a_worker_as_one() -> None:
    """It keeps hiding itself there."""
    copy = pickle.loads(pickle.dumps(Secret("abc")))  # noqa: S301 - our own bytes
    assert (copy, repr(copy)) == ("abc", "Secret('***')")


def test_an_unreadable_secret_stops_the_start(complains: Complains, tmp_path: Path) -> None:
    """Together with the complaints about YAML."""
    environ = {"SLACK_BOT_TOKEN_FILE": str(tmp_path / "nowhere")}
    found = complains(None, environ, sources=("every: 30m", "evry: 30m"))
    assert [line.partition(":")[0] for line in found] == ["sources.yaml", "SLACK_BOT_TOKEN_FILE"]


def test_a_source_without_its_key_is_a_warning(loads: Loads) -> None:
    """The others can still be polled; a disabled source needs nothing."""
    with_key = ("client: alder", "client: alder\n    key: true")
    assert loads(None, {}, sources=with_key).warnings == (
        (
            "sources.yaml:4: 'alder-council' cannot be polled: LEGISTAR_TOKEN_ALDER is not in the "
            "environment (set it, or write enabled: false)"
        ),
    )
    assert loads(None, {"LEGISTAR_TOKEN_ALDER": "abc"}).warnings == ()
    assert loads(None, None).warnings == ()
    assert loads(None, {}, sources=("key: true", "enabled: false")).warnings == ()
