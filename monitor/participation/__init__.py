"""Reads how the public takes part: deadlines for comments, addresses, numbers, links, places.

title, text, documents → sentences.py → purpose.py (for what?) → deadlines.py, contacts.py
                       → statements.py (in their order) → gathering.py (each once) → Item

Staff act by this. So nothing is guessed: a time that the words do not fix stays words, and each
statement carries the sentence it came from.
"""

from monitor.participation.markup import linked
from monitor.participation.reading import participation, with_participation
from monitor.participation.sharing import shared
from monitor.participation.values import READ_FOR

__all__ = ["READ_FOR", "linked", "participation", "shared", "with_participation"]
