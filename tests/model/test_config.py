"""A configuration that cannot be read says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.model.config import load_settings
from jendela.model.errors import AgreementError


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"- state: var\n- offices: [bpjs]\n", "file: has to be keys with their values"),
        (b"state", "file: has to be keys with their values"),
        (b"1: var\nfirst_night: 2026-09-01\noffices: [bpjs]\n", "1: Keys should be strings"),
        (b"state: [", "yaml: is not readable YAML"),
        (b"state: \xff\n", "file: is no text in UTF-8"),
        (b"", "first_night: Field required"),
    ],
    ids=["a list", "a word", "a number as key", "no YAML", "no UTF-8", "empty"],
)
def test_what_is_no_configuration_is_refused_by_name(tmp_path: Path, content: bytes, told: str) -> None:
    """It is wrong use, not an internal error."""
    file = tmp_path / "jendela.yaml"
    file.write_bytes(content)
    with pytest.raises(AgreementError) as refused:
        load_settings(file, {"JENDELA_STATE": "var"})
    assert told in str(refused.value)
