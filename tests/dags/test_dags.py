"""The DAG files: exactly ours, thin, cheap to parse, and set as their users expect."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import sqlalchemy as sa

from connectors.sql_engines import reader, writer
from jendela import catch_up
from jendela import night as nightly
from jendela.contracts.agreements import load_agreements
from jendela.model.errors import InternalError
from jendela.store.engine import make_engine

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
HEAVY = ("great_expectations", "pandera", "splink", "pandas", "lxml", "polars", "duckdb")


@pytest.fixture(scope="module")
def bag():
    """Airflow's own reading of `dags/`."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(DAGS))


@pytest.mark.airflow
def test_exactly_our_dags_are_read_without_error(bag):
    """An empty folder also gives no error, so the set of ids is what is asserted."""
    assert bag.import_errors == {}
    assert set(bag.dags) == {"nightly_exchange", "verify_evidence", "catch_up_office"}


@pytest.mark.airflow
def test_every_dag_says_whose_it_is_and_what_to_do(bag):
    """Owner, tags, docs, one run at a time, no catch-up: an operator meets no surprise."""
    for dag in bag.dags.values():
        assert dag.max_active_runs == 1
        assert dag.catchup is False
        assert "jendela" in dag.tags
        assert len(dag.doc_md) > 200
        assert all(task.owner.startswith("jendela-") for task in dag.tasks)


@pytest.mark.airflow
def test_the_night_starts_at_one_in_jakarta(bag):
    """01:00 Asia/Jakarta, by cron, and by hand with three parameters."""
    dag = bag.dags["nightly_exchange"]
    assert "0 1 * * *" in dag.timetable.summary
    assert "Asia/Jakarta" in str(dag.timetable._timezone)
    assert set(dag.params) == {"night", "offices", "dry_run"}


@pytest.mark.airflow
def test_offices_are_mapped_within_their_agency_and_its_pool(bag):
    """Each agency has one mapped intake and one mapped delivery, both in the agency's own pool."""
    dag = bag.dags["nightly_exchange"]
    for agency in ("bpjs", "kemnaker", "dinas"):
        pull = dag.get_task(f"intake_{agency}.pull")
        deliver = dag.get_task(f"deliver_{agency}")
        assert pull.pool == deliver.pool == f"agency_{agency}"
        assert deliver.is_mapped
        assert type(dag.task_group.get_child_by_label(f"intake_{agency}")).__name__ == "MappedTaskGroup"
        assert pull.retries >= 1
        assert pull.retry_exponential_backoff


@pytest.mark.airflow
def test_delivery_is_mapped_by_office_and_not_by_desk(bag):
    """One task an office, over the list of the agency's offices alone, however many desks they have."""
    dag = bag.dags["nightly_exchange"]
    for agency in ("bpjs", "kemnaker", "dinas"):
        mapped = dag.get_task(f"deliver_{agency}").op_kwargs_expand_input.value
        assert {name: over.operator.task_id for name, over in mapped.items()} == {
            "office": f"offices_{agency}"
        }


@pytest.mark.airflow
def test_a_night_of_550_labour_offices_fits_into_airflow(bag):
    """All are one mapped task each way, below Airflow's limit, which nobody has to raise."""
    from airflow.configuration import conf

    offices = [f"dinas_{number:04}" for number in range(1101, 1651)]
    known = dict.fromkeys(offices, SimpleNamespace(agency="dinas")) | {"bpjs": SimpleNamespace(agency="bpjs")}
    hub = SimpleNamespace(agreements=SimpleNamespace(offices=known))
    night = SimpleNamespace(offices=("bpjs", *offices))
    by_agency = nightly._agencies(hub, night)
    assert by_agency == {"bpjs": ["bpjs"], "dinas": offices}
    assert len(by_agency["dinas"]) <= conf.getint("core", "max_map_length")


@pytest.mark.airflow
def test_a_desk_more_is_yaml_alone(bag, tmp_path, monkeypatch):
    """A training desk in Karawang, agreed in YAML: its delivery is there, and the DAG is what it was."""
    for part in ("schemas", "mappings"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    folder = tmp_path / "mappings" / "dinas_3215"
    office = (folder / "office.yaml").read_text(encoding="utf-8")
    more = office.replace("dinas.3215.inspection]", "dinas.3215.inspection, dinas.3215.training]")
    (folder / "office.yaml").write_text(more, encoding="utf-8")
    told = (folder / "deliver_pes_claim_status.yaml").read_text(encoding="utf-8")
    told = told.replace("dinas.3215.pes", "dinas.3215.training").replace("klaim_pes", "klaim_lat")
    (folder / "deliver_training_claim_status.yaml").write_text(told, encoding="utf-8")
    grants = tmp_path / "mappings" / "entitlements.yaml"
    text = grants.read_text(encoding="utf-8")
    grant = "dinas.*.training:\n  claim: {purpose: PES, legal_basis: *service, fields: *status}\n"
    grants.write_text(f"{text}{grant}", encoding="utf-8")
    agreed = load_agreements(tmp_path)
    assert "dinas.3215.training.claim_status" in agreed.offices["dinas_3215"].deliveries
    assert agreed.recipients["dinas.3215.training"] == "dinas_3215"

    from airflow.dag_processing.dagbag import DagBag

    monkeypatch.setenv("JENDELA_AGREEMENTS", str(tmp_path))
    now = DagBag(dag_folder=str(DAGS)).dags["nightly_exchange"]
    assert shape(now) == shape(bag.dags["nightly_exchange"])


def shape(dag):
    """What an operator sees of a DAG: its tasks, their pools, what they wait for."""
    return {task.task_id: (task.pool, sorted(task.upstream_task_ids), task.is_mapped) for task in dag.tasks}


@pytest.mark.airflow
def test_what_one_dag_announces_the_other_awaits(bag):
    """The evidence asset of `close` is what starts `verify_evidence`."""
    outlets = {asset.uri for task in bag.dags["nightly_exchange"].tasks for asset in task.outlets}
    assert outlets == {"jendela://hub/register", "jendela://hub/evidence"}
    assert "jendela://hub/evidence" in str(bag.dags["verify_evidence"].timetable.asset_condition)


@pytest.mark.airflow
def test_an_office_is_caught_up_by_hand_with_its_name(bag):
    """Nothing starts it but a person, who names the office; its evidence is verified like a night's."""
    dag = bag.dags["catch_up_office"]
    assert type(dag.timetable).__name__ == "NullTimetable"
    assert set(dag.params) == {"office"}
    (task,) = dag.tasks
    assert task.retries >= 1
    assert {asset.uri for asset in task.outlets} == {"jendela://hub/register", "jendela://hub/evidence"}


@pytest.mark.airflow
def test_parsing_a_dag_loads_nothing_heavy():
    """Airflow parses these files again and again: the steps' libraries stay out."""
    code = (
        "import sys, runpy\n"
        f"[runpy.run_path(str(f)) for f in __import__('pathlib').Path({str(DAGS)!r}).glob('*.py')]\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules and name not in before])"
    )
    prelude = (
        "import sys, airflow.sdk, airflow.timetables.trigger\n"
        f"before = {{n for n in {HEAVY!r} if n in sys.modules}}\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", prelude + code], capture_output=True, text=True, check=True, timeout=120
    )
    assert shown.stdout.strip().splitlines()[-1] == "[]"


def test_dag_files_are_thin():
    """A DAG schedules and shows; what it does is in `jendela`."""
    for file in DAGS.glob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 180, file.name


@pytest.mark.airflow
def test_the_reports_are_behind_airflows_own_door():
    """The plugin's pages refuse whoever is not signed in to Airflow, and its links are relative."""
    code = (
        "from airflow.plugins_manager import get_fastapi_plugins, _get_ui_plugins;"
        "from fastapi.testclient import TestClient;"
        "import airflow.api_fastapi.app as api; api.create_auth_manager();"
        "(app,) = [one['app'] for one in get_fastapi_plugins()[0]];"
        "print(TestClient(app).get('/').status_code, [view['href'] for view in _get_ui_plugins()[0]])"
    )
    environ = {**os.environ, "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stdout.splitlines()[-1] == "401 ['jendela/reports/', 'jendela/reports/']"


VALUES = ("SITI AMINAH", "3215011203859001")


def failing(*_, **__):
    """A step that fails as libraries do: with the row in its text, and another error behind it."""
    try:
        pl.Series([VALUES[1] + "x"]).cast(pl.Int64)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"no row like {VALUES}") from error


def chained(error):
    """An error and all that a log could print behind it."""
    while error is not None:
        yield "".join(traceback.format_exception_only(error)) + repr(error.__dict__)
        error = error.__cause__ or error.__context__


@pytest.mark.airflow
@pytest.mark.parametrize(
    ("dag", "task", "step"),
    [
        ("nightly_exchange", "identify", nightly),
        ("nightly_exchange", "open_night", nightly),
        ("catch_up_office", "catch_up", catch_up),
    ],
)
def test_no_value_of_a_row_reaches_a_task_s_log(bag, monkeypatch, dag, task, step):
    """What a step raises unforeseen: its kind and place are told, and nothing else is chained to that."""
    run = bag.dags[dag].get_task(task).python_callable
    context = {
        "params": {"night": None, "offices": [], "dry_run": False, "office": "bpjs"},
        "ti": SimpleNamespace(try_number=1, max_tries=2),
        "run_id": "a run",
    }
    monkeypatch.setitem(run.__globals__, "get_current_context", lambda: context)
    monkeypatch.setattr(step, "task", failing)
    with pytest.raises(InternalError, match=r"internal error ValueError at \w+") as raised:
        run(*(["identify"] if task == "identify" else []))
    for told in chained(raised.value):
        assert not [value for value in VALUES if value in told], told
    assert not isinstance(raised.value.__context__, ValueError)


def test_a_database_error_has_no_rows_in_its_text(tmp_path):
    """The disk is full while rows are written: SQLAlchemy would quote some of them."""
    engine = make_engine(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    with engine.connect() as conn:
        with conn.begin():
            conn.exec_driver_sql("CREATE TABLE t (said TEXT)")
            conn.exec_driver_sql("PRAGMA max_page_count = 2")
        rows = [{"said": VALUES[0] * 999}] * 9
        with pytest.raises(sa.exc.DBAPIError, match="full") as raised:
            conn.execute(sa.text("INSERT INTO t VALUES (:said)"), rows)
    engine.dispose()
    assert VALUES[0] not in str(raised.value)


@pytest.mark.parametrize("made", [reader, writer])
def test_errors_of_an_agency_s_database_have_no_rows_in_their_text(made):
    """Both engines of the connector."""
    assert made(sa.make_url("sqlite:///x.sqlite")).hide_parameters
