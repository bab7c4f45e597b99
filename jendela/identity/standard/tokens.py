"""Names as numbers: each distinct token once, each distinct name as a row of token codes.

What is dear about a name (spelling, sound, letters) is computed once a token; comparing two names is then
arithmetic over small integers. Nothing here depends on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.standard.distinct import coded, different
from jendela.identity.standard.hashing import Letters, Longs, letters, mix, polynomial
from jendela.identity.standard.names import given_names, leading, unify, word_list
from jendela.identity.standard.odd import mend
from jendela.identity.standard.sounds import skeleton, sound, spelling

Ints = npt.NDArray[np.int32]

# Names of more words keep their first ones; new documents hold at most 60 letters (Permendagri 73/2022).
WIDTH = 6
NONE = -1
# Letters that are kept of one word: whole names have 60 at most, and what goes on is no name.
LONGEST = 60
# By byte: a bit for each letter, and a weight for it in bags of letters; nothing else has one.
_BIT, _WEIGHT = np.zeros(256, dtype=np.int32), np.zeros(256, dtype=np.uint64)
_BIT[ord("A") : ord("Z") + 1] = 1 << np.arange(26)
_WEIGHT[ord("A") : ord("Z") + 1] = mix(np.arange(1, 27, dtype=np.uint64))
# Of consonants, but for H, which falls silent inside a word and not in front.
_FIRM_WEIGHT = _WEIGHT.copy()
_FIRM_WEIGHT[[ord(letter) for letter in "AEIOUH"]] = 0


@dataclass(frozen=True)
class Names:
    """Distinct names and their tokens.

    words, weak: `(names, WIDTH)` token codes, `NONE` behind the last; and which of them are weak here.
    tokens: one row per code: `token`, `a`, `u` (codes of its two sounds), `bones` (code of its consonants),
        `length`, `letters` and `sound_letters` (a bit per letter), `weak` (a token often dropped),
        `bag` and `sound_bag` (hashes of its letters and of those of its sound, in any order).
    bones, sounds: per token, a hash of its consonants, and of its sound; the same on every machine.
    joined, joined_a, joined_u: per name, the hash of its tokens (or their sounds) written as one word.
    whole: per name, a hash of the consonants of its firm tokens in any order, joined or apart; 0 if none.
    """

    words: Ints
    weak: npt.NDArray[np.bool_]
    tokens: pl.DataFrame
    bones: Longs
    sounds: Longs
    joined: Longs
    joined_a: Longs
    joined_u: Longs
    whole: Longs

    def text(self, codes: Ints) -> list[str]:
        """The names of these codes as text; empty for `NONE`."""
        known = [*self.tokens["token"].to_list(), ""]
        return [
            " ".join(filter(None, (known[word] for word in self.words[code]))) if code >= 0 else ""
            for code in codes
        ]

    def joined_text(self, codes: Ints) -> pl.Series:
        """The names of these codes written as one word."""
        known = pl.concat([self.tokens["token"], pl.Series([""])])
        end = len(known) - 1
        words = self.words[codes]
        columns = {
            str(place): known.gather(np.where(words[:, place] == NONE, end, words[:, place]))
            for place in range(WIDTH)
        }
        return pl.DataFrame(columns).select(pl.concat_str(pl.all())).to_series()

    @cached_property
    def places(self) -> Ints:
        """`words` by place: `(WIDTH, names)`."""
        return np.ascontiguousarray(self.words.T)

    @cached_property
    def weak_places(self) -> npt.NDArray[np.bool_]:
        """`weak` by place."""
        return np.ascontiguousarray(self.weak.T)

    @cached_property
    def letters(self) -> Ints:
        """Per name a bit for each letter it holds."""
        table = np.append(self.tokens["letters"].to_numpy(), 0)
        found: Ints = np.bitwise_or.reduce(table[self.places], axis=0)
        return found

    @cached_property
    def length(self) -> Ints:
        """Per name its number of letters."""
        table = np.append(self.tokens["length"].to_numpy(), 0)
        found: Ints = table[self.places].sum(axis=0, dtype=np.int32)
        return found


def name_codes(raw: pl.Series) -> tuple[Ints, Names]:
    """The name of each row as a code into `Names` (`NONE`: no name), and those names."""
    distinct, places = coded(raw)
    given = given_names(distinct)
    words, tokens = _words(given)
    identity = mix(*((words[:, place] + 2).astype(np.uint64) for place in range(WIDTH)))
    _, first, code = different(identity)
    of_raw = np.where(words[:, 0] == NONE, NONE, code).astype(np.int32)
    at = places.fill_null(len(distinct)).to_numpy()
    return np.append(of_raw, np.int32(NONE))[at], _names(words[first], tokens)


def _words(given: pl.Series) -> tuple[Ints, pl.DataFrame]:
    """The canonical tokens of each name, as codes, and the token table."""
    given = mend(given, given.str.len_bytes() > LONGEST, _shortened)
    listed = given.fill_null("").str.split(" ")
    flat, counts = listed.explode(), listed.list.len().cast(pl.Int32).to_numpy()
    written = flat.unique().sort().rename("token")
    written = written.filter(written != "")
    forms = _forms(written)
    # Who has no name has one token, which is empty.
    token = _places(flat, written)
    opening = np.cumsum(counts, dtype=np.int32) - counts
    first = opening[(counts > 1) & (token[opening] >= 0)]
    token[first] = forms.leading[token[first]]
    many = np.where(token < 0, 0, forms.many[token])
    ends = np.cumsum(many, dtype=np.int32)
    name = np.repeat(np.repeat(np.arange(len(given), dtype=np.int32), counts), many)
    step = np.arange(len(name), dtype=np.int32)
    code = forms.codes[step + np.repeat(forms.begin[token] - (ends - many), many)]
    place = step - (ends - many)[opening][name]
    words = np.full((len(given), WIDTH), NONE, dtype=np.int32)
    inside = place < WIDTH
    words[name[inside], place[inside]] = code[inside]
    return words, _token_table(forms.canonical)


def _shortened(name: pl.Expr) -> pl.Expr:
    return name.str.replace_all(f"([A-Z]{{{LONGEST}}})[A-Z]+", "${1}")


class _Forms(NamedTuple):
    """What written tokens are canonically: the codes of each are `many` of `codes` from `begin` on. The last
    ones are not written themselves, but `leading` ones are: which token each stands for that opens a name.
    """

    canonical: pl.Series
    codes: Ints
    begin: Ints
    many: Ints
    leading: Ints


def _forms(written: pl.Series) -> _Forms:
    opens = pl.Series(list(leading().values())).unique().sort()
    opens = opens.filter(~opens.is_in(written.implode()))
    parts = written.to_frame().select(unify(pl.col("token")).str.split(" ")).to_series()
    plain = pl.concat([parts.explode().drop_nulls(), opens])
    canonical = pl.concat([plain, pl.Series(list(leading().values()))]).unique().sort()
    many = np.append(parts.list.len().cast(pl.Int32).to_numpy(), np.ones(len(opens), dtype=np.int32))
    stands = _places(written.replace(leading()), pl.concat([written, opens]))
    return _Forms(canonical, _places(plain, canonical), np.cumsum(many, dtype=np.int32) - many, many, stands)


def _places(texts: pl.Series, known: pl.Series) -> Ints:
    """Where each of `texts` is among the different `known`; `NONE` where it is not."""
    found = texts.cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int32)
    return found.fill_null(NONE).to_numpy().copy()


def _token_table(canonical: pl.Series) -> pl.DataFrame:
    frame = pl.DataFrame({"token": canonical}).with_columns(spelling(pl.col("token")).alias("spelling"))
    frame = frame.with_columns(
        sound(pl.col("spelling"), "A").alias("sound_a"),
        sound(pl.col("spelling"), "U").alias("sound_u"),
        skeleton(pl.col("spelling")).alias("skeleton"),
    )
    return frame.select(
        "token",
        "sound_a",
        "sound_u",
        "spelling",
        "skeleton",
        *(
            pl.col(text).rank("dense").cast(pl.Int32).alias(code)
            for text, code in (("sound_a", "a"), ("sound_u", "u"), ("skeleton", "bones"))
        ),
        pl.col("token").str.len_bytes().cast(pl.Int8).alias("length"),
        pl.col("token").is_in(word_list("weak")["token"].implode()).alias("weak"),
    )


def _names(words: Ints, tokens: pl.DataFrame) -> Names:
    firm = words != NONE
    weak = np.append(tokens["weak"].to_numpy(), True)[words] & firm
    # In a name of nothing but weak tokens, none is.
    weak &= ~(weak | ~firm).all(axis=1, keepdims=True)
    token, sound_a, sound_u, bones, spelt = (
        letters(tokens[text]) for text in ("token", "sound_a", "sound_u", "skeleton", "spelling")
    )
    tokens = tokens.with_columns(
        bag=_bag(token), sound_bag=_bag(sound_a), letters=_bits(token), sound_letters=_bits(sound_a)
    )
    whole = _whole(words, firm & ~weak, _bag(spelt, _FIRM_WEIGHT))
    # Hoa has no other consonant.
    whole = np.where(whole == 0, _whole(words, firm & ~weak, _bag(bones)), whole)
    heard = polynomial(sound_a)
    return Names(
        words,
        weak,
        tokens,
        mix(polynomial(bones)[0]),
        mix(heard[0]),
        _joined(words, *polynomial(token)),
        _joined(words, *heard),
        _joined(words, *polynomial(sound_u)),
        whole,
    )


def _whole(words: Ints, firm: npt.NDArray[np.bool_], bag: Longs) -> Longs:
    """The sum of what the firm words of each name weigh."""
    weighed: Longs = np.where(firm, np.append(bag, np.uint64(0))[words], np.uint64(0)).sum(axis=1)
    return weighed


def _joined(words: Ints, value: Longs, power: Longs) -> Longs:
    """A hash of the tokens of each name written as one word: equal for DIAN SARI and DIANSARI."""
    joined = np.append(value, np.uint64(0))[words[:, 0]]
    for place in range(1, WIDTH):
        rows = np.flatnonzero(words[:, place] != NONE)
        word = words[rows, place]
        joined[rows] = joined[rows] * power[word] + value[word]
    return joined


def _bits(text: Letters) -> Ints:
    """A bit for each letter that a text holds."""
    bits = np.zeros(len(text.length), dtype=np.int32)
    for place in range(text.matrix.shape[1]):
        bits |= _BIT[text.matrix[:, place]]
    return bits


def _bag(text: Letters, weight: Longs = _WEIGHT) -> Longs:
    """A hash of the letters of each text, in any order, that adds up over texts; digits weigh nothing."""
    bag = np.zeros(len(text.length), dtype=np.uint64)
    for place in range(text.matrix.shape[1]):
        bag += weight[text.matrix[:, place]]
    return bag
