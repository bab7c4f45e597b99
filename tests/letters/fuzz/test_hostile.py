"""Hostile files: each is refused with its rule, in bounded time and memory, without network or files."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.letters.fuzz.seeds import HOSTILE, SECRETS
from tests.letters.intake.layoff import take

CORPUS = Path(__file__).parent / "corpus"
CPU_SECONDS, MEMORY = 120, 2 * 1024**3
CHILD = """
import json, sys
from pathlib import Path
from jendela.letters.intake import take_in
from jendela.model.ports import Document
from tests.letters.fuzz.seeds import good

take_in(Document(name, content) for name, content in good().items())  # loads what is loaded on first use
def refuse(event, args):
    if event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        raise PermissionError(event)
files = [(path.name, path.read_bytes()) for path in sorted(Path(sys.argv[1]).iterdir())]
found = []
sys.addaudithook(refuse)
for name, content in files:
    one = take_in([Document(name, content)])
    found.append((name, one.findings["rule"].to_list()))
sys.stdout.write(json.dumps(found))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_rule(name):
    """It says what to do, and nothing of what is written in the file."""
    make, rule = HOSTILE[name]
    found = take(make())
    errors = found.findings.filter(pl.col("severity") == "error")
    assert rule in errors["rule"].to_list()
    assert set(errors["file"]) == {"surat.xml"}
    if rule != "F-SIGN":
        assert found.letters.is_empty() or errors["index"].null_count() < errors.height
    for text in (*found.findings["message_id"], *found.findings["message_en"]):
        assert not any(secret in text for secret in SECRETS), text


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def test_all_of_them_in_one_process_with_little_memory_and_no_files(tmp_path):
    """2 GB of address space and two minutes for all; whoever opens a file or a socket is stopped."""
    for number, (make, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number:03}").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        capture_output=True,
        check=False,
        preexec_fn=_limited,
        cwd=Path(__file__).parents[3],
        env={"POLARS_MAX_THREADS": "1", "PATH": ""},
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rules = [rule for _, rule in HOSTILE.values()]
    for (_, found), rule in zip(json.loads(done.stdout), rules, strict=True):
        assert rule in found


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_what_was_once_found_stays_found(path):
    """Files that broke the intake once, or that a mutation made of a letter: one letter or one finding."""
    found = take(path.read_bytes())
    assert found.letters.height + found.findings.height > 0
