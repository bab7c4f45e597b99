"""The agreed thresholds: read strictly, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.identity.policy import load_policy
from jendela.model.errors import AgreementError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an office's own policy would be."""
    (tmp_path / "mappings").mkdir()
    return tmp_path / "mappings" / "identity.yaml"


def test_the_policy_is_strict(file: Path) -> None:
    """An unknown key and a threshold out of range are named."""
    file.write_text("version: '1'\nmodel: default\nlink: 1.5\nreview: 0.1\nlargest_block: 10\n")
    with pytest.raises(AgreementError, match=r"mappings/identity.yaml: link: "):
        load_policy(file.parents[1])
    file.write_text("version: '1'\nmodel: default\nlink: 0.9\nreview: 0.1\nlargest_block: 10\nlimit: 3\n")
    with pytest.raises(AgreementError, match=r"limit: "):
        load_policy(file.parents[1])


def test_a_model_that_is_not_there(file: Path) -> None:
    """Named when it is asked for."""
    file.write_text("version: '1'\nmodel: other\nlink: 0.9\nreview: 0.1\nlargest_block: 10\n")
    policy = load_policy(file.parents[1])
    with pytest.raises(AgreementError, match=r"There is no model 'other'"):
        _ = policy.probabilities


def test_thresholds_as_weights() -> None:
    """Nine to one is a little more than three bits; who links asks for more than who reviews."""
    policy = load_policy().model_copy(update={"link": 0.9, "review": 0.5})
    assert policy.link_weight == pytest.approx(3.17, abs=0.01)
    assert policy.review_weight == 0
    shipped = load_policy()
    assert shipped.link_weight > shipped.review_weight
