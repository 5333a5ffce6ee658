"""The pages can be read: in light and dark, on narrow screens, and with their policy in force."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

import pytest

from monitor.render.web_sheet import style
from tests.render.mail_checks import contrast
from tests.web.site import Site


def colours(*, dark: bool) -> Mapping[str, str]:
    """Read the colours of a scheme, by their names."""
    light, night = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", night)) if dark else {})


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(dark: bool) -> None:
    """By 4.5:1 (WCAG 2.1, 1.4.3), in both schemes, wherever they may stand."""
    known = colours(dark=dark)
    for ground in ("sheet", "ground"):
        for words in ("ink", "soft", "link", "good", "bad", "warn"):
            assert contrast(known[words], known[ground]) >= 4.5, (words, ground)
    for words, ground in (("ink", "mark"), ("on-head", "head"), ("on-button", "button")):
        assert contrast(known[words], known[ground]) >= 4.5, (words, ground)


def test_both_schemes_name_the_same_colours() -> None:
    """A colour that is forgotten in the dark is white on white."""
    light, night = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    names = [re.findall(r"--([\w-]+):", scheme) for scheme in (light, night)]
    assert sorted(names[0]) == sorted(names[1])


def test_no_colour_stands_outside_the_schemes() -> None:
    """But white paper."""
    rest = re.sub(r":root \{.*?\}", "", style(), flags=re.DOTALL)
    assert set(re.findall(r"#[0-9a-fA-F]{3,6}\b", rest)) <= {"#ffffff"}


def test_the_policy_lets_these_styles_and_nothing_else(site: Site) -> None:
    """Their hash is that of what stands in the page (Content Security Policy Level 3)."""
    answer = site.ask("/")
    (own,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    hashed = b64encode(sha256(own.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{hashed}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert " style=" not in answer.text
