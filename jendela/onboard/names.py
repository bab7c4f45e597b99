"""What a name says: split as people write them, abbreviations spelt out, compared with our words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from jendela.onboard.words import FieldWords, Vocabulary

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAP = re.compile(r"[^A-Za-z0-9]+")
SAME, NEAR, BARE, ELSEWHERE, COMMENTED = 1.0, 0.95, 0.9, 0.4, 0.7
FILLING = frozenset(("key", "kode", "code", "of", "the", "nomor", "number", "dari"))  # of a comment
UNSAID = 0.85  # a bare word that no context has to confirm: clear in the table itself, not in a joined one
FILES = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".parquet")
MANY = 3  # tables that begin with the same word
NOISE = {"tb", "tbl", "table", "tabel", "t", "m", "mst", "master", "ms", "trx", "data", "hs", "hr"}
AROUND = frozenset(("employee", "emp", "karyawan", "pegawai", "pekerja", "hs", "hr", "personal", "pribadi"))
ANOTHER = "another"  # the subject of words for whom else a column may be about: whom to call in an emergency
# Where one works, said by the column itself: such a column is the company's in a table about people too.
WORKPLACE = (
    ("wilayah", "kerja"),
    ("tempat", "kerja"),
    ("lokasi", "kerja"),
    ("workplace",),
    ("work", "location"),
)
FUZZY = 90  # per cent of likeness from which two whole names are the same word mistyped


class Names:
    """Reads names with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, tables: Sequence[str] = ()) -> None:
        self.vocabulary = vocabulary
        self._prefixes = self._common(tables)
        self._tokens = lru_cache(maxsize=None)(self._split)
        self._around = lru_cache(maxsize=None)(self._tokens_around)
        self._read = lru_cache(maxsize=None)(self._read_words)
        self._likeness = lru_cache(maxsize=None)(self._measure)
        self._others = frozenset(
            token
            for subject, _, words in vocabulary.tables
            if subject == ANOTHER
            for word in words
            for token in self.tokens(word)
        )
        self.contexts = lru_cache(maxsize=None)(self._contexts)

    def tokens(self, name: str) -> tuple[str, ...]:
        """The words of a name, abbreviations spelt out: `TGL_LAHIR` and `tglLahir` are `tanggal lahir`."""
        return self._tokens(name)

    def _split(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        for part in _GAP.split(_CAMEL.sub(" ", name.strip())):
            for word in self._apart(part.lower()) if part else ():
                found += self.vocabulary.tokens.get(word, (word,))
        return tuple(found)

    def _apart(self, word: str) -> list[str]:
        """A word written without gaps as known words; the word itself if it is one, or cannot be split."""
        known = self.vocabulary.known
        if word in known or len(word) < 5:
            return [word]
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(end - 1):  # a part has at least two letters
                before = best[start]
                if before is None or word[start:end] not in known:
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = [*before, word[start:end]]
        return best[-1] or [word]

    def _common(self, tables: Sequence[str]) -> frozenset[str]:
        """What many tables' names begin with: the product's name, and no word about the table."""
        begins = Counter(_GAP.split(table.lower())[0] for table in tables)
        return frozenset(
            word for word, times in begins.items() if times >= MANY and word not in self.vocabulary.known
        )

    def subjects(self, table: str) -> dict[str, float]:
        """What a table's name says it is about, each from 0 to 1; less, the more else it says."""
        found: dict[str, float] = {}
        stem = table.rpartition(".")[0] if table.lower().rstrip(")").endswith(FILES) else table
        tokens = tuple(
            token for token in self.tokens(stem) if token not in self._prefixes and token not in NOISE
        )
        for subject, _, words in self.vocabulary.tables:
            for word in words:
                parts = self.tokens(word)
                if parts and set(parts) <= set(tokens):
                    said = 0.3 + 0.7 * len(parts) / len(tokens)
                    found[subject] = max(found.get(subject, 0.0), said)
        return found

    def _contexts(self, table: str) -> frozenset[str]:
        """Whether a table is about a person or a company, as far as its name says."""
        about = {subject: context for subject, context, _ in self.vocabulary.tables if context}
        return frozenset(about[subject] for subject in self.subjects(table) if subject in about)

    def likeness(self, words: FieldWords, column: str, table: str, comment: str = "") -> float:
        """How far a column's name (and comment) says that it is the field, from 0 to 1."""
        return self._likeness(words, column, table, comment)

    def _measure(self, words: FieldWords, column: str, table: str, comment: str) -> float:
        tokens = self.tokens(column)
        if words.value in ("code", "sex") and len(tokens) > 1 and tokens[-1] == "id":
            tokens = tokens[:-1]  # the number of a code in the agency's own list
        around = self._around(table)
        read, known_tokens = self._read(words)
        # Most columns share no word with most fields: told at once, before any word is compared.
        near = not known_tokens.isdisjoint(tokens) or len(tokens) <= 2
        best = max((self._alike(tokens, word, around) for word in read), default=0.0) if near else 0.0
        contexts = self.contexts(table)
        foreign = words.context and contexts and words.context not in contexts
        if foreign and not self._says(words.context, tokens):
            best *= ELSEWHERE  # the telephone of a company is not that of a person
        plain = [token for token in tokens if token not in around] or list(tokens)
        if any(tuple(plain) == self.tokens(word) or tokens == self.tokens(word) for word in words.bare):
            known = words.context in contexts if words.context else True
            bare = BARE if words.context else UNSAID
            best = max(best, bare if known else 0.55 if not contexts else 0.2)
        if comment and best < COMMENTED and self._explained(words, self.tokens(comment)):
            best = COMMENTED
        return best

    def about_another(self, column: str) -> bool:
        """Whether a column says that it is about somebody else than whom its table is about."""
        return not self._others.isdisjoint(self.tokens(column))

    def _says(self, context: str, tokens: tuple[str, ...]) -> bool:
        """Whether a column says by itself that it is about a company, whatever its table is about."""
        if context != "company":
            return False
        named = [words for _, of, words in self.vocabulary.tables if of == context]
        words = [self.tokens(word) for words in named for word in words]
        return any(word and set(word) <= set(tokens) for word in (*words, *WORKPLACE))

    def _explained(self, words: FieldWords, said: tuple[str, ...]) -> bool:
        """Whether a comment is one of the words, or has one of several words in it."""
        core = tuple(token for token in said if token not in AROUND and token not in FILLING)
        read = [self.tokens(word) for word in words.words]
        return any(
            set(core) == set(word) or (len(word) > 1 and _within(word, said, core))
            for word in read
            if word and self._others.isdisjoint(set(said) - set(word))
        )

    def _tokens_around(self, table: str) -> frozenset[str]:
        return frozenset(self.tokens(table)) | AROUND

    def _read_words(self, words: FieldWords) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
        read = tuple(self.tokens(word) for word in words.words)
        return read, frozenset(token for word in read for token in word)

    def _alike(self, tokens: tuple[str, ...], word: tuple[str, ...], around: frozenset[str]) -> float:
        if not tokens or not word:
            return 0.0
        if tokens == word or "".join(tokens) == "".join(word):
            return SAME
        plain = tuple(token for token in tokens if token not in around)
        if plain and (plain == word or set(plain) == set(word)):
            return NEAR
        if set(word) == set(tokens):
            return NEAR
        rest = [token for token in plain if token not in word]
        if set(word) <= set(tokens):
            if not self._others.isdisjoint(rest):
                return ELSEWHERE
            return max(0.9 - 0.13 * len(rest), 0.4) if len(word) > 1 else max(0.7 - 0.15 * len(rest), 0.2)
        return 0.8 if self._mistyped(tokens, word) else 0.0

    def _mistyped(self, tokens: tuple[str, ...], word: tuple[str, ...]) -> bool:
        """Whether the two differ only in letters of words that mean nothing else."""
        if len(tokens) != len(word) or len("".join(word)) < 6:
            return False
        others = [token for token in tokens if token not in word]
        likely = all(token not in self.vocabulary.known for token in others)
        return likely and fuzz.ratio("".join(tokens), "".join(word)) >= FUZZY


def _within(word: tuple[str, ...], *texts: tuple[str, ...]) -> bool:
    """Whether the words stand in one of the texts side by side, in their order."""
    size = len(word)
    return any(text[at : at + size] == word for text in texts for at in range(len(text) - size + 1))
