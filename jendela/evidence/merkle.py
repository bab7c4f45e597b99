"""Merkle trees as RFC 6962 (Certificate Transparency) defines them, over SHA-256.

Hashes are 32 bytes. Leaves and nodes are hashed with different prefixes: neither can pass for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"  # before what is hashed


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry (RFC 6962, 2.1)."""
    return sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 6962, 2.1)."""
    return sha256(NODE + left + right).digest()


@dataclass
class Frontier:
    """A tree that only grows, kept as the roots of its full subtrees: logarithmic memory for any size."""

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append the hash of one leaf."""
        self._peaks.append(leaf)
        self.size += 1
        # As many full subtrees merge as the new size has trailing zero bits.
        for _ in range((self.size & -self.size).bit_length() - 1):
            right = self._peaks.pop()
            self._peaks.append(node_hash(self._peaks.pop(), right))

    @property
    def root(self) -> bytes:
        """The root of all leaves so far; of none, the hash of nothing."""
        if not self._peaks:
            return sha256().digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of the leaves, in order."""
    tree = Frontier()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index`, from the leaf up (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index} in a tree of {len(leaves)}.")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree of the first `first` leaves is a prefix of this one (RFC 6962, 2.1.2)."""
    if not 0 < first <= len(leaves):
        raise IndexError(f"There is no tree of {first} leaves in a tree of {len(leaves)}.")
    return _subproof(leaves, first, complete=True)


def _subproof(leaves: Sequence[bytes], first: int, *, complete: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if complete else [root(leaves)]
    split = _split(len(leaves))
    if first <= split:
        return [*_subproof(leaves[:split], first, complete=complete), root(leaves[split:])]
    return [*_subproof(leaves[split:], first - split, complete=False), root(leaves[:split])]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """True when the proof shows `leaf` to be leaf `index` of a tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != sha256().digest_size:
        return False
    number, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if number & 1 or number == last:
            computed = node_hash(sibling, computed)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and computed == expected


def verify_consistency(first: int, second: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """True when the proof shows the tree of `first` leaves to begin that of `second` (RFC 9162, 2.1.4.2).

    An empty first tree proves nothing, and is refused.
    """
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and root1 == root2
    # A complete first tree is its own first proof node.
    nodes = list(proof) if first & (first - 1) else [root1, *proof]
    if not nodes:
        return False
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, node)
        number, last = number >> 1, last >> 1
    return last == 0 and old == root1 and new == root2


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
