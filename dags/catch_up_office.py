"""One office that was away is caught up under Airflow, without waiting for the night; it holds no logic."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, Param, dag, get_current_context, task

REGISTER = Asset("jendela://hub/register")
EVIDENCE = Asset("jendela://hub/evidence")

DOCS = """
### What one office owes, now
Takes what the office owes in business order, from pull to delivery and report: a supplement of the last
closed night, with a number, receipts and a report of its own. The night itself stays as it was.

| you see | it means |
|---|---|
| green | caught up; what came back says which supplements there are, and whether something needs a person |
| waiting to try again | the office does not answer, or a night is under way |
| red | it still does not answer, or a balance is broken: the log names feed, reason and remedy |

Ended half-way, clear the task: it goes on where it stopped. The same by hand: `jendela catch-up OFFICE`.
"""


@dag(
    schedule=None,
    start_date=pendulum.datetime(2026, 9, 1, tz="Asia/Jakarta"),
    catchup=False,
    max_active_runs=1,
    tags=["jendela", "late offices"],
    doc_md=DOCS,
    default_args={
        "owner": "jendela-operations",
        "retries": 2,
        "retry_delay": timedelta(seconds=float(os.environ.get("JENDELA_RETRY_SECONDS", "60"))),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=15),
    },
    params={"office": Param(type="string", minLength=1, description="Its id, such as dinas_3215.")},
)
def catch_up_office() -> None:
    """One task: the steps of a night for one office, once for each business date that it owes."""

    @task(outlets=[REGISTER, EVIDENCE])
    def catch_up() -> dict[str, Any]:
        """Catch the office up; what cannot be mended by trying again fails at once."""
        from airflow.sdk import Connection
        from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException

        from jendela import catch_up as steps
        from jendela.model.connections import url_of_connection
        from jendela.model.errors import (
            FeedError,
            InternalError,
            JendelaError,
            NightBusyError,
            WrongUseError,
        )
        from jendela.model.internal import without_values

        context = get_current_context()

        def connection_url(name: str) -> str:
            try:
                found = Connection.get(name)
            except AirflowNotFoundException:
                raise WrongUseError(f"There is no Airflow connection {name}.") from None
            return url_of_connection(found)

        try:
            return without_values(lambda: steps.task(
                context["params"]["office"], token=context["run_id"], environ=os.environ,
                connection_url=connection_url,
            ))  # fmt: skip
        except (InternalError, NightBusyError):
            raise
        except JendelaError as error:
            if isinstance(error, FeedError) and error.retriable:
                raise
            raise AirflowFailException(str(error)) from None

    catch_up()


catch_up_office()
