"""When the words of several people are a verdict: as soon as two of them agree."""

from __future__ import annotations

from collections.abc import Iterable

from jendela.identity.decisions import CANNOT, MUST

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
VERDICTS = (SAME, DIFFERENT, UNSURE)
AGREEING = 2  # people
BINDS = {SAME: MUST, DIFFERENT: CANNOT}


def settled(words: Iterable[str]) -> str | None:
    """`same` or `different`, as soon as two people said so; None while another person must be asked.

    Two for either: a reviewer does not know whether the pair is linked already, so that parting may undo a
    link just as uniting may make one. When two disagree, the third settles it; who is unsure settles nothing.
    Whatever the order in which the people who were needed speak, the verdict is the same: it has two of them,
    and the other one at most.
    """
    counts = dict.fromkeys(BINDS, 0)
    for word in words:
        if word in counts:
            counts[word] += 1
            if counts[word] == AGREEING:
                return word
    return None
