"""Words that a publisher, or whoever writes YAML, could use against a reader's terminal."""

from __future__ import annotations

import json
import re

from tests.servers.misbehaving import Behaviour, answer

# Clear the screen; put a command into the clipboard (OSC 52); a link that says other than it leads
# to (OSC 8); the same by C1 controls; overwrite the line; turn the text around (U+202E); end the
# record of a log and begin another.
TRICKS = (
    "\x1b[2J\x1b[H",
    "\x1b]52;c;cm0gLXJmIH4=\x07",
    "\x1b]8;;https://evil.example.org\x1b\\council\x1b]8;;\x1b\\",
    "\x9b2J\x9d52;c;cm0=\x9c",
    "\rAll is well\x08\x08",
    "\u202eecno ta\u202c\u2066\u2067\u2069",
    '\n{"level":"error","event":"forged"}\n12:00:00 forged',
)
WORDS = "A detainer policy " + " ".join(TRICKS)
DANGEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def feed(*keys: str) -> Behaviour:
    """Serve a JSON Feed all of whose words are tricks."""
    items = [
        {
            "id": f"{key}{TRICKS[0]}",
            "url": f"https://herald.example.org/{key}?{TRICKS[0]}",
            "title": f"{key} {WORDS}",
            "content_text": f"{WORDS}. {WORDS}",
            "authors": [{"name": WORDS}],
        }
        for key in keys
    ]
    body = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": WORDS, "items": items}
    )
    return answer(body.encode(), headers=(("Content-Type", "application/feed+json"),))


def failing() -> tuple[Behaviour, ...]:
    """Fail in ways that put the publisher's own words into an error."""
    told = json.dumps({"error": {"message": WORDS}}).encode()
    typed = (("Content-Type", "application/json"),)
    return (
        answer(told, 500, typed),
        answer(WORDS.encode(), 403, (("Content-Type", "text/plain"),)),
        answer(f"<title>{WORDS}</title>".encode(), 200, (("Content-Type", "text/html"),)),
        answer(b"", 302, (("Location", f"https://{TRICKS[5]}.example/"),)),
    )
