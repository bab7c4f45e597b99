"""The inbox's OpenAPI file, the connector and the demo office say the same."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import jsonschema
import pyarrow as pa
import pytest
import yaml

from jendela.demo.rest_routes import BASE, Reply, Routes
from tests.connectors.agency import NIGHT
from tests.connectors.rest_agency import http


@pytest.fixture
def contract():
    """The contract as shipped."""
    return yaml.safe_load((files("schemas") / "rest" / "inbox.openapi.yaml").read_text(encoding="utf-8"))


def schema(contract, name):
    """A schema of the contract that stands on its own."""
    return {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}


def test_every_schema_of_the_contract_is_one(contract):
    """OpenAPI 3.1 schemas are JSON Schema 2020-12."""
    assert contract["openapi"].startswith("3.1")
    for name in contract["components"]["schemas"]:
        jsonschema.Draft202012Validator.check_schema(schema(contract, name))


def test_the_connector_asks_and_the_office_answers_by_the_contract(tmp_path, contract, monkeypatch):
    """Every path of the contract is used, no other is, and all that is said on it has the agreed shape."""
    said = []
    real = Routes.answer

    def heard(routes, request):
        reply = real(routes, request)
        if "/inbox/" in request.path:
            said.append((request, reply))
        return reply

    monkeypatch.setattr(Routes, "answer", heard)
    with http(tmp_path) as agency:
        agency.act.faults.add("drop_after", where="/rows")
        row = {
            "delivery_id": "d1",
            "verb": "upsert",
            "night": NIGHT,
            "recipient": "bpjs",
            "KPJ": "1",
            "NO_SURAT": None,
        }
        schema_of_rows = pa.schema([(name, pa.string()) for name in row])
        agency.connector.deliver(agency.outgoing, pa.Table.from_pylist([row], schema_of_rows))
        agency.connector.announce(agency.outgoing, NIGHT, 1)
        agency.connector.acknowledgements(agency.outgoing, ["d1"])
    used = {operation(contract, request, reply) for request, reply in said}
    assert used == {
        found["operationId"]
        for path in contract["paths"].values()
        for way, found in path.items()
        if way != "parameters"
    }


def operation(contract, request, reply: Reply):
    """The operation of a request, after both bodies were judged by its schemas."""
    for path, ways in contract["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if re.fullmatch(BASE + pattern, request.path):
            found = ways[request.method.lower()]
            break
    else:
        raise AssertionError(f"{request.method} {request.path} is not in the contract.")
    if "requestBody" in found:
        wanted = found["requestBody"]["content"]["application/json"]["schema"]
        check(contract, wanted, json.loads(request.body))
    for parameter in found.get("parameters", []):
        given = (
            request.headers.get(parameter["name"])
            if parameter["in"] == "header"
            else request.every(parameter["name"])
        )
        jsonschema.validate(given, parameter["schema"])
    answered = found["responses"][str(reply.status)]
    if "content" in answered:
        check(contract, answered["content"]["application/json"]["schema"], json.loads(reply.body()))
    return found["operationId"]


def check(contract, wanted, document):
    """The document is as the schema wants it."""
    jsonschema.Draft202012Validator({**wanted, "components": contract["components"]}).validate(document)
