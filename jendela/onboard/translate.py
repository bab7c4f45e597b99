"""The agency's codes in ours: by the word, or by what its own lists call it. A number means nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jendela.contracts.codes import CodeList
from jendela.onboard.words import Vocabulary

_SIGNS = re.compile(r"[^a-z0-9]+")
# `1` and `2` for men and women are a custom of Indonesian registers, not a rule: it is said.
SURE, CUSTOM = 1.0, 0.6
# A label with one of these says what it is not: `tidak tetap` is no kind of `tetap`.
DENIED = frozenset(("tidak", "tdk", "bukan", "belum", "blm", "non", "tanpa", "not", "no", "never", "un"))


def translated(
    codes: Sequence[str], known: CodeList, vocabulary: Vocabulary, labels: Mapping[str, str]
) -> tuple[dict[str, str], float]:
    """Those of `codes` that can be told, and how surely. `labels` are the agency's own words for its codes.

    Both sides are compared without case and signs; a bare number is no word.
    """
    words = {_plain(entry.code): entry.code for entry in known.entries}
    words |= {
        _plain(label): entry.code for entry in known.entries for label in (entry.label_id, entry.label_en)
    }
    words |= {_plain(word): code for word, code in vocabulary.codes.get(known.name, {}).items()}
    found: dict[str, str] = {}
    surest = SURE
    for code in codes:
        said = _plain(labels.get(code) or code)
        target = words.get(said) or _contained(said, words)
        if target is None and not code.isdigit():
            target = words.get(_plain(code))
        if target is None:
            continue
        found[code] = target
        if said.isdigit():
            surest = CUSTOM
    return found, surest if found else 0.0


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text.lower()).strip()


def _contained(said: str, words: Mapping[str, str]) -> str | None:
    """The one code whose words begin or end a longer label (`PHK oleh perusahaan`), unless it denies them."""
    if not DENIED.isdisjoint(said.split()):
        return None
    hits = {
        code
        for word, code in words.items()
        if len(word) > 2 and (said.startswith(f"{word} ") or said.endswith(f" {word}"))
    }
    return hits.pop() if len(hits) == 1 else None
