"""Measure the matching engine beside a bare scan for the same strings, in the same run.

    python benchmarks/matching.py [--quick]

The bare scan is one ahocorasick-rs automaton over every word and phrase of the rules, run over the
text as it stands: no folding, no whole words, no rules. It is what a matcher could not beat by
much, and it does not depend on the machine's mood as absolute times do. All text is made up.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterable
from functools import partial

from ahocorasick_rs import AhoCorasick

from monitor.matching import Filter, FilterSet, Subject
from monitor.matching.nodes import Regex, terms, unparse
from monitor.matching.query import parse_query

SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "han", "jor", "kel", "lim", "mon",
    "nar", "pes", "quo", "rin", "sta", "tor", "ul", "ven", "wick", "yor",
)  # fmt: skip
TOPICS = ("sanc", "immi", "deta", "enfo", "juri", "coop", "fede", "coun")
EXTRAS = ("council\u2019s", "§ 12", "“notice”", "don't", "Board's", "café", "A/B", "e.g.", "No. 7")


def word(source: random.Random, first: str = "") -> str:
    """Make a word up."""
    return first + "".join(source.choice(SYLLABLES) for _ in range(source.randint(1, 3)))


def rules(source: random.Random) -> tuple[list[Filter], list[str]]:
    """Make 200 rules up: 80 words, 80 phrases, 40 boolean ones; and the strings in them."""
    made = [word(source, source.choice(TOPICS)) for _ in range(400)]
    queries = made[:80]
    queries += [f'"{" ".join(source.sample(made, source.randint(2, 4)))}"' for _ in range(80)]
    for number in range(40):
        one, two, three, four = source.sample(made, 4)
        forms = (
            f"{one} AND ({two} OR {three}) NOT {four}",
            f'{one} NEAR/10 ({two} OR "{three} {four}")',
            f"title:{one} OR ({two} AND {three[:6]}*)",
            f"{one.upper()} AND {two}",
        )
        queries.append(forms[number % 4])
    filters = [
        Filter(f"rule-{number}", f"Rule {number}", query=query, exclude=f'"{made[-1]} {made[-2]}"')
        for number, query in enumerate(queries)
    ]
    found = {
        unparse(term).strip('"*').lower()
        for query in queries
        for term in terms(parse_query(query))
        if not isinstance(term, Regex)
    }
    return filters, sorted(found)


def document(source: random.Random, vocabulary: list[str], size: int, planted: list[str]) -> str:
    """Make a document up: sentences, paragraphs, now and then typography, planted strings."""
    parts: list[str] = []
    length = 0
    while length < size:
        words = source.choices(vocabulary, k=source.randint(8, 22))
        if source.random() < 0.15:
            words.insert(source.randrange(len(words)), source.choice(EXTRAS))
        end = source.choice((". ", ". ", "; ", ".\n"))
        sentence = f"{' '.join(words).capitalize()}{end}"
        parts.append(sentence)
        length += len(sentence)
    for text in planted:
        parts.insert(source.randrange(len(parts)), f"It concerns {text}, as said. ")
    return "".join(parts)


def fastest(run: Callable[[], int], rounds: int = 3) -> tuple[float, int]:
    """Time a run: the best of some rounds, and what it returned."""
    best, found = float("inf"), 0
    for _ in range(rounds):
        begin = time.process_time()
        found = run()
        best = min(best, time.process_time() - begin)
    return best, found


def peak() -> float:
    """Say how much memory the process has ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(name: str, texts: Iterable[str], filters: FilterSet, strings: list[str]) -> None:
    """Print one line: bare scan, engine, and their ratio."""
    held = list(texts)
    bare = AhoCorasick(strings)
    subjects = [Subject((("title", "An item"), ("text", text))) for text in held]
    scan, hits = fastest(lambda: sum(len(bare.find_matches_as_indexes(text)) for text in held))
    engine, matches = fastest(lambda: sum(len(filters.match_subject(each)) for each in subjects))
    size = sum(map(len, held)) / 1e6
    print(
        f"{name:34} {size:6.1f} MB  bare scan {scan:6.2f} s ({hits} hits)  engine {engine:6.2f} s "
        f"({matches} matches)  ratio {engine / scan:5.2f}  peak {peak():5.0f} MB"
    )


def count_matches(filters: FilterSet, subject: Subject) -> int:
    """Match once."""
    return len(filters.match_subject(subject))


def hostile(megabytes: int) -> None:
    """Print how long queries and texts take that were made to be slow; each line is linear."""
    source = random.Random(1)
    scrambled = "".join(source.choices("abcdefgh ", k=1_000_000))
    cases = (
        ("one word, again and again", "ice", "ice " * 250_000, ""),
        ("NEAR of frequent words", "a1a NEAR/50 b1b", "a1a b1b " * 125_000, ""),
        ("AND excluded, frequent", "aaa", "aaa bbb " * 125_000, "aaa AND bbb"),
        ("expression, exponential elsewhere", "/(a|aa)+(b+)+$/", "a" * 1_000_000, ""),
        ("expression, wide window", "/a.{0,190}zq/", "a b c d e " * 100_000, ""),
        ("expression, the worst known", "/(a|b|c){0,120}.{0,60}zq/", scrambled, ""),
        ("beginning of endless words", "aaa*", "aaab" * 250_000, ""),
        ("acronym in capitals", "ICE", "ICE AGE " * 125_000, ""),
        ("white space", "ice", " " * 1_000_000, ""),
        ("quotation marks", "ice", "'" * 1_000_000, ""),
    )
    for name, query, text, exclude in cases:
        filters = FilterSet((Filter("t", "T", query=query, exclude=exclude),))
        filters.match_subject(Subject((("text", "warm up"),)))
        line = f"{name:34}"
        for factor in (1, megabytes):
            subject = Subject((("text", text * factor),))
            taken, _ = fastest(partial(count_matches, filters, subject), rounds=1)
            line += f"  {factor:3} MB {taken:6.2f} s"
        print(f"{line}  peak {peak():5.0f} MB")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the text")
    share = 10 if parser.parse_args().quick else 1
    source = random.Random(7)
    vocabulary = [word(source) for _ in range(4000)]
    made, strings = rules(source)
    filters = FilterSet(made)
    begin = time.process_time()
    filters.match_subject(Subject((("text", "warm up"),)))
    print(
        f"{len(made)} rules, {len(strings)} strings, built in {time.process_time() - begin:.3f} s"
    )
    for name, count, size, planted in (
        ("short texts, nothing matches", 10_000, 5_000, 0),
        ("short texts, some strings planted", 10_000, 5_000, 3),
        ("long texts, nothing matches", 100, 1_000_000, 0),
        ("long texts, some strings planted", 100, 1_000_000, 20),
    ):
        sample = [
            document(source, vocabulary, size, source.sample(strings, planted))
            for _ in range(max(count // share // 10, 1))
        ]
        texts = (sample * 10)[: count // share]
        compare(name, texts, filters, strings)
    hostile(10 // share or 1)


if __name__ == "__main__":
    main()
