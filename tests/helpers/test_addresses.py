"""E-mail addresses: one normal form, compared as people mean them, and shown without telling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.addresses import folded, mailbox, masked, without_addresses


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana.Diaz+digest@Example.ORG\n", "Ana.Diaz+digest@example.org"),
        ("ana@EXÄMPLE.org", "ana@xn--exmple-cua.org"),
        ("josé@example.org", "josé@example.org"),
        ("jose\u0301@example.org", "josé@example.org"),
        ("o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"),
        ("a@xn--exmple-cua.org", "a@xn--exmple-cua.org"),
    ],
)
def test_an_address_has_one_form(written: str, kept: str) -> None:
    """The domain in small ASCII letters, what stands before it as it was given."""
    assert mailbox(written) == kept
    assert mailbox(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "canary",
        "canary@",
        "@canary.org",
        "canary@localhost",
        "canary@127.0.0.1",
        "canary@[127.0.0.1]",
        "canary@example..org",
        "canary@-example.org",
        "canary@exa_mple.org",
        "ca nary@example.org",
        "canary@exam ple.org",
        ".canary@example.org",
        "canary.@example.org",
        "can..ary@example.org",
        '"canary"@example.org',
        "canary@a@example.org",
        "Ana <canary@example.org>",
        "canary@example.org, bea@example.org",
        "canary@example.org\nBcc: bea@example.org",
        "canary\r\nBcc: bea@example.org",
        "canary\x00@example.org",
        "canary\u200b@example.org",
        "canary\uff20example.org",
        "mailto:canary@example.org?cc=b@example.org",
        "canary" * 11 + "@example.org",
        "canary@" + "a." * 130 + "org",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(written: str) -> None:
    """Neither in the reason nor in a cause that a trace would show."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        mailbox(written)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_taken_cannot_break_a_header_or_a_command(local: str, domain: str) -> None:
    """No blank, no line break, no bracket, no quote."""
    try:
        taken = mailbox(f"{local}@{domain}")
    except ValueError:
        return
    assert not set(taken) & set(' \t\r\n\0<>"(),:;[]\\')
    assert taken.count("@") == 1
    assert mailbox(taken) == taken


def test_two_ways_to_write_an_address_compare_equal() -> None:
    """Hardly a mail server tells capitals apart."""
    assert folded(mailbox("Ana@EXAMPLE.org")) == folded(mailbox("aNA@example.org"))
    assert folded(mailbox("ana@example.org")) != folded(mailbox("anna@example.org"))


@pytest.mark.parametrize(
    ("address", "shown"),
    [("ana@example.org", "a…@example.org"), ("a@example.org", "…@example.org"), ("user", "…")],
)
def test_an_address_is_shown_without_telling_whose_it_is(address: str, shown: str) -> None:
    """A first letter and the domain; of one letter, nothing."""
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<ana.diaz@example.org>: unknown", "<a…@example.org>: unknown"),
        ("ANA.DIAZ@EXAMPLE.ORG unknown", "A…@EXAMPLE.ORG unknown"),
        ("ana.diaz is unknown", "… is unknown"),
        ("anaxdiaz is unknown", "anaxdiaz is unknown"),
        ("other@example.com, too", "o…@example.com, too"),
        ("nothing at all", "nothing at all"),
    ],
)
def test_other_peoples_words_are_shown_without_addresses(said: str, shown: str) -> None:
    """Also the local part of a known address by itself, however it is written."""
    assert without_addresses(said, "ana.diaz@example.org", "", "me") == shown
