"""Verifies the evidence whenever a night has written some, with the public key alone."""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.sdk import Asset, dag, task

DOCS = """
### Did anybody alter the records?
Runs after every night: checks the whole log against its signed checkpoints, and every landing file, step
artefact, delivery and report against the log. A red run names the night, the step and the file. The same by
hand: `jendela verify --artefacts STATE`.
"""


@dag(
    schedule=[Asset("jendela://hub/evidence")],
    start_date=pendulum.datetime(2026, 9, 1, tz="Asia/Jakarta"),
    catchup=False,
    max_active_runs=1,
    tags=["jendela", "evidence"],
    doc_md=DOCS,
    default_args={"owner": "jendela-audit", "retries": 0, "retry_delay": timedelta(minutes=1)},
)
def verify_evidence() -> None:
    """One task: it fails when something does not verify."""

    @task
    def verify() -> int:
        """The number of entries that were verified."""
        from airflow.sdk.exceptions import AirflowFailException

        from jendela import configured
        from jendela.model.errors import EvidenceError
        from jendela.model.internal import without_values

        try:
            return without_values(lambda: configured.verify_state(os.environ))
        except EvidenceError as error:
            raise AirflowFailException(str(error)) from None

    verify()


verify_evidence()
