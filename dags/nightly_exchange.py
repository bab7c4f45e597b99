"""The nightly exchange under Airflow: it schedules, retries, fans out and shows, and holds no logic."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pendulum
from airflow.sdk import Asset, Param, dag, get_current_context, task, task_group
from airflow.timetables.trigger import CronTriggerTimetable

if TYPE_CHECKING:
    from airflow.sdk.definitions.xcom_arg import XComArg

AGENCIES = ("bpjs", "kemnaker", "dinas")  # one pool each: `agency_<name>`
REGISTER = Asset("jendela://hub/register")
EVIDENCE = Asset("jendela://hub/evidence")

DOCS = """
### One night
Pulls from every agency, judges what came, settles who is who and which facts disagree, delivers to each
agency what it is entitled to, and closes with both balances and the report.

| you want to | do |
|---|---|
| run a night now | Trigger, leave the parameters empty: the night after the last closed one |
| try without effects | Trigger with `dry_run`: everything happens in `open_night` and is rolled back |
| see which office failed | a red `pull` in its agency's group: the log names feed, reason and remedy |
| mend a failed night | clear the failed task, or trigger the same `night`: no step is done twice |

A missing office never fails the night; a broken balance does, and a step over the register that failed.
Credentials are Airflow connections, named as in `mappings/*/office.yaml`.
"""


def _step(name: str, scope: str = "") -> dict[str, Any]:
    """Perform one step of tonight for one scope; what cannot be mended by trying again fails at once."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException

    from jendela import night
    from jendela.model.connections import url_of_connection
    from jendela.model.errors import FeedError, InternalError, JendelaError, WrongUseError
    from jendela.model.internal import without_values

    context = get_current_context()
    context["office"] = scope  # type: ignore[typeddict-unknown-key]  # what map_index_template shows
    params, ti = context["params"], context["ti"]
    if params["dry_run"] and name != "open_night":
        raise AirflowSkipException("A dry run: rehearsed as a whole in open_night.")

    def connection_url(connection: str) -> str:
        from airflow.sdk import Connection

        try:
            found = Connection.get(connection)
        except AirflowNotFoundException:
            raise WrongUseError(f"There is no Airflow connection {connection}.") from None
        return url_of_connection(found)

    last = ti.try_number > (ti.max_tries or 0)
    try:
        return without_values(lambda: night.task(
            name, scope, night=params["night"], offices=params["offices"], dry_run=params["dry_run"],
            token=context["run_id"], last_attempt=last, environ=os.environ, connection_url=connection_url,
        ))  # fmt: skip
    except InternalError:
        raise  # a full disk may have room again
    except JendelaError as error:
        if isinstance(error, FeedError) and error.retriable and not last:
            raise
        raise AirflowFailException(str(error)) from None


@dag(
    schedule=CronTriggerTimetable("0 1 * * *", timezone="Asia/Jakarta"),
    start_date=pendulum.parse(os.environ.get("JENDELA_SCHEDULE_FROM", "2026-09-01T00:00:00+07:00")),
    catchup=False,
    max_active_runs=1,
    tags=["jendela", "nightly"],
    doc_md=DOCS,
    default_args={
        "owner": "jendela-operations",
        "retries": 2,
        "retry_delay": timedelta(seconds=float(os.environ.get("JENDELA_RETRY_SECONDS", "60"))),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=15),
    },
    params={
        "night": Param(None, type=["null", "string"], format="date", description="Empty: the next night."),
        "offices": Param([], type="array", items={"type": "string"}, description="Empty: every office."),
        "dry_run": Param(False, type="boolean", description="Read and judge, change nothing anywhere."),
    },
)  # fmt: skip
def nightly_exchange() -> None:
    """Pull → map → validate by office, then once for the night, then deliver by office, then close."""

    @task
    def open_night() -> dict[str, Any]:
        """Take the night's lease; a night that another run holds is refused."""
        return _step("open_night")

    @task
    def offices_of(night: dict[str, Any], agency: str) -> list[str]:
        """The offices of this agency that take part tonight: what its groups are mapped over."""
        return night["agencies"].get(agency, [])

    @task(map_index_template="{{ office }}")
    def pull(office: str) -> dict[str, Any]:
        """Land the office's feeds; red when a feed is missing tonight."""
        return _step("pull", office)

    @task(map_index_template="{{ office }}", trigger_rule="all_done")
    def to_canonical(office: str) -> dict[str, Any]:
        """Map the office's rows to the canonical model."""
        return _step("map", office)

    @task(map_index_template="{{ office }}", trigger_rule="all_done")
    def validate(office: str) -> dict[str, Any]:
        """Judge the rows against the contracts."""
        return _step("validate", office)

    @task(map_index_template="{{ office }}", trigger_rule="none_failed_min_one_success")
    def deliver(office: str) -> dict[str, Any]:
        """Read the agency's acknowledgements, deliver what is due; red when its inbox cannot be reached."""
        return _step("deliver", office)

    @task(trigger_rule="all_done")
    def measures() -> dict[str, Any]:
        """Judge each batch on its measures (Great Expectations); halt what looks wrong."""
        return _step("measures")

    @task(outlets=[REGISTER])
    def register(step: str) -> dict[str, Any]:
        """One step over the whole register."""
        return _step(step)

    @task(trigger_rule="all_done", outlets=[EVIDENCE])
    def close() -> dict[str, Any]:
        """Both balances, the report, the signed evidence."""
        return _step("close")

    @task(trigger_rule="all_done")
    def release_night() -> dict[str, Any]:
        """Give the lease back, whatever happened."""
        return _step("release_night")

    def intake(agency: str, offices: XComArg) -> XComArg:
        @task_group(group_id=f"intake_{agency}")
        def office_intake(office: str) -> None:
            landed = pull.override(pool=f"agency_{agency}")(office)
            landed >> to_canonical(office) >> validate(office)

        return office_intake.expand(office=offices)

    opened = open_night()
    judged = measures()
    merged, identified, consolidated, reconciled = (
        register.override(task_id=step)(step) for step in ("merge", "identify", "consolidate", "reconcile")
    )
    closed, released = close(), release_night()
    for agency in AGENCIES:
        offices = offices_of.override(task_id=f"offices_{agency}")(opened, agency)
        intake(agency, offices) >> judged
        inbox = deliver.override(task_id=f"deliver_{agency}", pool=f"agency_{agency}").expand(office=offices)
        reconciled >> inbox >> closed
    judged >> merged >> identified >> consolidated >> reconciled
    closed >> released.as_teardown(setups=opened)


nightly_exchange()
