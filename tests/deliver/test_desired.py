"""What a delivery tells is said for each entity by name."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from jendela.deliver.desired import desired


@pytest.mark.parametrize("scope", ["region", "lacking"])
def test_an_entity_of_which_nobody_says_what_is_told_is_no_letter(scope):
    """It would be told as the letters of others, to whoever is entitled to something else."""
    spec = SimpleNamespace(entity="wage_slip", office="kemnaker", recipient="kemnaker.hi", scope=scope)
    with pytest.raises(ValueError, match="wage_slip"):
        desired(spec, SimpleNamespace(references={}))
