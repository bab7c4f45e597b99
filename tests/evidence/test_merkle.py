"""The Merkle tree is the one of RFC 6962, proven on published cases and on trees of every small size."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jendela.evidence import merkle

VECTORS = Path(__file__).parent / "vectors"


def published(name):
    """The cases of one published file, each with a readable id."""
    cases = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in cases]


def raw(text):
    """The bytes of a base64 field."""
    return base64.b64decode(text or "")


def test_the_published_cases_are_all_there():
    """98 proofs of each kind; a lost file must not pass as a test that passed."""
    assert len(published("inclusion.json")) == len(published("consistency.json")) == 98


@pytest.mark.parametrize("case", published("inclusion.json"))
def test_published_inclusion(case):
    """Every published inclusion proof is accepted or refused as its authors say."""
    proof = [raw(node) for node in case["proof"] or []]
    shown = merkle.verify_inclusion(
        raw(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, raw(case["root"])
    )
    assert shown is not case["wantErr"]


@pytest.mark.parametrize("case", published("consistency.json"))
def test_published_consistency(case):
    """Every published consistency proof is accepted or refused as its authors say."""
    proof = [raw(node) for node in case["proof"] or []]
    shown = merkle.verify_consistency(
        case["size1"], case["size2"], raw(case["root1"]), raw(case["root2"]), proof
    )
    assert shown is not case["wantErr"]


def test_the_root_of_nothing_is_the_hash_of_nothing():
    """RFC 6962, 2.1: the hash of an empty list is the hash of an empty string."""
    assert merkle.root([]) == sha256().digest()


@given(st.integers(1, 70), st.data())
def test_our_proofs_convince(size, data):
    """A proof made for any leaf or any earlier size convinces, and none of its nodes may be another."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    inclusion = merkle.inclusion_proof(leaves, index)
    assert merkle.verify_inclusion(leaves[index], index, size, inclusion, root)
    first = data.draw(st.integers(1, size))
    consistency, old = merkle.consistency_proof(leaves, first), merkle.root(leaves[:first])
    assert merkle.verify_consistency(first, size, old, root, consistency)
    if inclusion:
        at = data.draw(st.integers(0, len(inclusion) - 1))
        forged = [*inclusion[:at], sha256(inclusion[at]).digest(), *inclusion[at + 1 :]]
        assert not merkle.verify_inclusion(leaves[index], index, size, forged, root)


@given(st.integers(1, 300))
def test_the_growing_tree_equals_the_definition(size):
    """The compact tree gives the same root as the recursive definition of the RFC."""
    leaves = [merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(size)]

    def defined(part):
        if len(part) == 1:
            return part[0]
        split = 1 << ((len(part) - 1).bit_length() - 1)
        return merkle.node_hash(defined(part[:split]), defined(part[split:]))

    assert merkle.root(leaves) == defined(leaves)
