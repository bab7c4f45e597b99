"""How far two names agree, token by token, as one of seven grades, and how common what they share is.

6 SAME        the same tokens
5 SPELT       the same but for spelling, spacing, order or a joined word
4 COMPATIBLE  every token of one is explained by the other: dropped words, initials, a cut end, a letter
              lost, doubled or swapped in a long word
3 SLIPPED     the same, but for a letter changed or a slip in a short word: so do twins' names differ
2 PARTLY      a telling token in common or much alike, but each has one that the other contradicts
1 UNDECIDED   only initials or tokens that everybody bears in common
0 DIFFERENT
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from jendela.identity.compare import tokens as token
from jendela.identity.compare.tokens import begins, likeness
from jendela.identity.standard.tokens import NONE, WIDTH, Ints, Names

SAME, SPELT, COMPATIBLE, SLIPPED, PARTLY, UNDECIDED, DIFFERENT = 6, 5, 4, 3, 2, 1, 0
UNSAID = -1
NARROW = 3
SLICE = 200_000

Bytes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def name_grades(names: Names, shares: Floats, left: Ints, right: Ints) -> tuple[Bytes, Floats]:
    """The grade of each pair of name codes (`UNSAID`: one has no name), and the share of people whose name
    would agree as far, were it drawn at random.

    Args:
        shares: per token code, the share of people who bear it or one that sounds like it.
        left, right: name codes of equal length.
    """
    grade = np.full(len(left), UNSAID, dtype=np.int8)
    share = np.ones(len(left))
    named = (left != NONE) & (right != NONE)
    same = named & (left == right)
    grade[same] = SAME
    share[same] = _whole_shares(names, shares, left[same])
    named &= ~same
    count = np.append((names.words != NONE).sum(axis=1), 0)
    narrow = named & (np.maximum(count[left], count[right]) <= NARROW)
    for chosen, width in ((narrow, NARROW), (named & ~narrow, WIDTH)):
        rows = np.flatnonzero(chosen)
        for start in range(0, len(rows), SLICE):
            part = rows[start : start + SLICE]
            grade[part], share[part] = _grade(names, shares, left[part], right[part], width)
    return grade, share


def _whole_shares(names: Names, shares: Floats, codes: Ints) -> Floats:
    """The product of the shares of all tokens of each name."""
    distinct, inverse = np.unique(codes, return_inverse=True)
    product: Floats = np.append(shares, 1.0)[names.words[distinct]].prod(axis=1)
    return product[inverse]


@dataclass
class _Side:
    """One side's tokens, and what the other side says of each."""

    codes: Ints
    there: Bools
    weak: Bools
    best: Bytes

    @property
    def count(self) -> npt.NDArray[Any]:
        return _number(self.there)

    @property
    def firm(self) -> npt.NDArray[Any]:
        return _number(self.there & ~self.weak)

    @property
    def unexplained(self) -> npt.NDArray[Any]:
        return _number(self.there & ~self.weak & (self.best == token.OTHER))

    def at_least(self, least: int) -> npt.NDArray[Any]:
        return _number(self.there & (self.best >= least))


def _number(tokens: Bools) -> npt.NDArray[Any]:
    """How many tokens of each name."""
    found: npt.NDArray[Any] = tokens.sum(axis=0, dtype=np.int8)
    return found


def _grade(names: Names, shares: Floats, left: Ints, right: Ints, width: int) -> tuple[Bytes, Floats]:
    # Pairs run along the last axis everywhere: long rows of small numbers are what numpy is fast at.
    one, other = names.places[:width, left], names.places[:width, right]
    alike = _alike(names, one, other)
    weak_l, weak_r = names.weak_places[:width, left], names.weak_places[:width, right]
    lefts = _Side(one, one != NONE, weak_l, alike.max(axis=1))
    rights = _Side(other, other != NONE, weak_r, alike.max(axis=0))
    # A token is telling where a token of the other name that is not weak confirms it.
    firm_best = np.where(weak_r[None], np.int8(token.OTHER), alike).max(axis=1)
    telling = _number(lefts.there & ~weak_l & (firm_best >= token.SLIP))

    same_count = lefts.count == rights.count
    spelt = same_count & (lefts.at_least(token.SOUND) == lefts.count)
    spelt &= rights.at_least(token.SOUND) == rights.count
    for joined in (names.joined, names.joined_a, names.joined_u):
        spelt |= joined[left] == joined[right]
    # A token explains one other, not two: Neneng Neneng is not Neneng Sumiati.
    unexplained_l, unexplained_r = lefts.unexplained == 0, rights.unexplained == 0
    explained = unexplained_l & (rights.at_least(token.INITIAL) >= lefts.firm)
    explained |= unexplained_r & (lefts.at_least(token.INITIAL) >= rights.firm)
    covered = unexplained_l & unexplained_r & same_count & (lefts.at_least(token.SLIP) > 0)
    holds = explained & ((telling > 0) | covered)
    slipped = (lefts.there & (lefts.best == token.SLIP)).any(axis=0)

    grade = np.select(
        [spelt, holds & ~slipped, holds, telling > 0, (lefts.at_least(1) > 0) & explained],
        [np.int8(level) for level in (SPELT, COMPATIBLE, SLIPPED, PARTLY, UNDECIDED)],
        np.int8(DIFFERENT),
    )
    open_ = ((grade == PARTLY) | (grade == DIFFERENT)) & (lefts.firm > 0) & (rights.firm > 0)
    rows = np.flatnonzero(open_ & _letters_near(names, left, right))
    grade[rows] = _as_one_word(names, grade[rows], left[rows], right[rows], telling[rows])
    return grade, np.maximum(_share(shares, lefts, grade), _share(shares, rights, grade))


def _alike(names: Names, one: Ints, other: Ints) -> Bytes:
    """`(width, width, pairs)`: the likeness of each left token with each right one."""
    width, pairs = one.shape
    lookup = {name: np.append(names.tokens[name].to_numpy(), -9) for name in ("a", "u", "length")}
    of_l, of_r = ({name: table[side] for name, table in lookup.items()} for side in (one, other))
    alike = np.zeros((width, width, pairs), dtype=np.int8)
    for i in range(width):
        for j in range(width):
            length_l, length_r = of_l["length"][i], of_r["length"][j]
            sound = (of_l["a"][i] == of_r["a"][j]) | (of_l["u"][i] == of_r["u"][j])
            sound &= (np.minimum(length_l, length_r) >= 4) | (length_l == length_r)
            there = (one[i] != NONE) & (other[j] != NONE)
            np.putmask(alike[i, j], there & sound, token.SOUND)
            np.putmask(alike[i, j], there & (one[i] == other[j]), token.SAME)
    open_l, open_r = (one != NONE) & (alike.max(axis=1) == 0), (other != NONE) & (alike.max(axis=0) == 0)
    at_l, at_r, rows = np.nonzero(open_l[:, None] & open_r[None])
    left, right = one[at_l, rows], other[at_r, rows]
    found = likeness(names.tokens, left, right)
    last_l, last_r = (_last(side) for side in (one, other))
    # The end of a name that a form cut off.
    for last, short, long in ((last_l[at_l, rows], left, right), (last_r[at_r, rows], right, left)):
        cut = np.flatnonzero(last & (found != token.NEAR))
        if len(cut):
            at = cut[begins(names.tokens, short[cut], long[cut])]
            found[at] = token.NEAR
    alike[at_l, at_r, rows] = found
    return alike


def _last(side: Ints) -> Bools:
    """Which tokens have none behind them."""
    none: Bools = np.vstack([side[1:], np.full((1, side.shape[1]), NONE, dtype=side.dtype)]) == NONE
    return none


def _letters_near(names: Names, left: Ints, right: Ints) -> Bools:
    """Where the names are as long and of much the same letters: else one word for both brings nothing."""
    differ = names.letters[left] ^ names.letters[right]
    near: Bools = (np.bitwise_count(differ) <= 4) & (np.abs(names.length[left] - names.length[right]) <= 3)
    return near


def _as_one_word(names: Names, grade: Bytes, left: Ints, right: Ints, telling: npt.NDArray[Any]) -> Bytes:
    """The grades of names whose tokens do not match, compared as if written in one word."""
    if not len(left):
        return grade
    one, other = names.joined_text(left), names.joined_text(right)
    length_l, length_r = names.length[left], names.length[right]
    short = np.minimum(length_l, length_r)
    ends = (one.str.tail(2) == other.str.tail(2)).to_numpy()
    texts = one.to_list(), other.to_list()
    edits = process.cpdist(*texts, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    near = process.cpdist(*texts, scorer=JaroWinkler.similarity, score_cutoff=0.85, dtype=np.float32)
    compatible = (length_l != length_r) & (short >= 7) & (edits <= 1)
    slipped = (telling > 0) & (short >= 10) & ends & (edits <= 2)
    partly = (short >= 4) & (near >= 0.85)
    better = np.select([compatible, slipped, partly], [COMPATIBLE, SLIPPED, PARTLY], DIFFERENT)
    found: Bytes = np.maximum(grade, better).astype(np.int8)
    return found


def _share(shares: Floats, side: _Side, grade: Bytes) -> Floats:
    """The product of the shares of the tokens that the other name confirms, whole names as one draw."""
    whole = grade >= SPELT
    agreed = side.there & (whole | (side.best >= token.SLIP))
    product: Floats = np.where(agreed, np.append(shares, 1.0)[side.codes], 1.0).prod(axis=0)
    return product
