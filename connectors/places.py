"""Where a folder is: on this machine, behind SFTP, in an object store, or at any other fsspec URL."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

from fsspec.core import url_to_fs

from connectors.place import CONNECT_SECONDS, Place
from jendela.model.errors import UnusableFeedError
from jendela.model.loopback import is_loopback

# A put is there whole or not at all, and a rename would be a copy.
OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"}
IN_CLEAR = {"http", "ftp", "webhdfs"}
SFTP, S3 = ("sftp", "ssh"), ("s3", "s3a")
READ_SECONDS = 60

Errors = tuple[type[Exception], ...]


def errors_of(url: str) -> tuple[Errors, Errors]:
    """What the library behind the URL raises: no answer, and one that must not be trusted."""
    scheme = _scheme(url)
    if scheme in SFTP:
        import asyncssh

        return (OSError, EOFError, asyncssh.Error), (asyncssh.HostKeyNotVerifiable,)
    if scheme in S3:
        from botocore.exceptions import BotoCoreError, ClientError

        return (OSError, BotoCoreError, ClientError), ()
    return (OSError,), ()


def place_of(office: str, url: str) -> Place:
    """The place behind the connection's URL, not yet asked for anything but SFTP, which connects here.

    Raises:
        UnusableFeedError: the URL is no folder that this installation can open.
        Exception: one of `errors_of`, where the place does not answer.
    """
    scheme = _scheme(url)
    try:
        _require_secret(office, url)
        if scheme in SFTP:
            from connectors.sftp import open_sftp

            return open_sftp(office, url)
        if scheme in S3:
            return _s3(url)
        fs, root = url_to_fs(url, use_listings_cache=False)
    except (ImportError, ValueError, TypeError):
        raise UnusableFeedError(
            office,
            "connection",
            "The connection's URL is not a folder this installation can open.",
            "Use a file://, sftp:// or s3:// URL, or install the fsspec driver of its scheme.",
        ) from None
    root = root.rstrip("/")
    stores = scheme in OBJECT_STORES
    return Place(fs, root, root.partition("/")[0] if stores and scheme != "memory" else root, not stores)


def _require_secret(office: str, url: str) -> None:
    # As of REST: passwords, and everybody in the files, would be read by whoever is on the way.
    endpoints = [url, *parse_qs(urlsplit(url).query).get("endpoint_url", [])]
    for asked in map(urlsplit, endpoints):
        if asked.scheme.lower() in IN_CLEAR and not is_loopback(asked.hostname or ""):
            raise UnusableFeedError(
                office,
                "connection",
                f"The connection is {asked.scheme.lower()}://: files and credentials would travel in clear.",
                "Ask the agency for SFTP, or for an https:// address.",
            )


def _s3(url: str) -> Place:
    from s3fs import S3FileSystem

    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    client = {"region_name": asked["region"]} if "region" in asked else {}
    fs = S3FileSystem(
        key=unquote(parts.username) if parts.username else None,
        secret=unquote(parts.password) if parts.password else None,
        endpoint_url=asked.get("endpoint_url"),
        client_kwargs=client,
        config_kwargs={
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": READ_SECONDS,
            "retries": {"max_attempts": 1, "mode": "standard"},  # s3fs tries again itself
        },
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    fs.retries = 3
    bucket = parts.netloc.rpartition("@")[2]
    root = f"{bucket}/{unquote(parts.path).strip('/')}".rstrip("/")
    return Place(fs, root, bucket, renames=False)


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower() if "://" in url else "file"
