"""Agencies whose folder is in an object store: moto's, on the loopback address."""

from __future__ import annotations

import atexit
import functools
import uuid
from contextlib import contextmanager

from connectors.files import FilesConnector
from tests.connectors.files_agency import FORMATS, agency_of

OFFLINE = {"s3": (FilesConnector, "s3://sri:rahasia@export/dinas?endpoint_url=http://127.0.0.1:1&region=x")}


@functools.cache
def store_url():
    """The address of this test process's object store."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    atexit.register(server.stop)
    host, port = server.get_host_and_port()
    return f"http://{host}:{port}"


class Bucket:
    """A bucket of its own, as the agency itself reaches it; `url` is how we do."""

    def __init__(self):
        import boto3

        self.name = f"jendela-{uuid.uuid4().hex[:12]}"
        self.client = boto3.client(
            "s3",
            endpoint_url=store_url(),
            region_name="us-east-1",
            aws_access_key_id="sri",
            aws_secret_access_key="rahasia+/=",
        )
        self.client.create_bucket(Bucket=self.name)
        self.url = (
            f"s3://sri:rahasia%2B%2F%3D@{self.name}/dinas/export?endpoint_url={store_url()}&region=us-east-1"
        )

    def put(self, name, content):
        """Write an object."""
        self.client.put_object(Bucket=self.name, Key=f"dinas/export/{name}", Body=content)

    def get(self, name):
        """Read an object."""
        return self.client.get_object(Bucket=self.name, Key=f"dinas/export/{name}")["Body"].read()


def in_bucket(form):
    """How an agency of this format in an object store is made."""

    @contextmanager
    def build(_):
        yield agency_of(Bucket(), form)

    return build


AGENCIES = {f"{name}_s3": in_bucket(form) for name, form in FORMATS.items()}
SERVERS = set()
