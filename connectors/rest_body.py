"""The body of an answer, unpacked, never larger than agreed: neither as sent nor as unpacked."""

from __future__ import annotations

import time
import zlib

import httpx

from connectors.rest_errors import Silence, unusable

_GZIP = 31  # zlib's window bits for a gzip header


def read_bounded(office: str, feed: str, response: httpx.Response, limit: int, until: float) -> bytes:
    """The body's bytes. `until` is the monotonic second at which a trickle has taken long enough.

    Raises:
        UnusableFeedError: it is larger than `limit`, or packed in a way that was not asked for.
        Silence: it ended too early, or takes too long.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise unusable(
            office,
            feed,
            "Its answer is packed in a way that we did not ask for.",
            "Ask the agency to answer plainly or in gzip.",
        )
    unpack = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
    parts: list[bytes] = []
    size = fed = 0
    for chunk in response.iter_raw():
        if time.monotonic() > until:
            raise Silence("Its answer takes longer than agreed.")
        try:
            # One byte more than allowed is enough to know; the rest is never unpacked.
            part = unpack.decompress(chunk, limit - size + 1) if unpack else chunk
        except zlib.error:
            raise Silence("Its answer cannot be unpacked: it is damaged.") from None
        fed += len(chunk)
        size += len(part)
        if size > limit:
            raise unusable(
                office,
                feed,
                f"One answer is larger than the agreed {limit} bytes.",
                "Ask for smaller pages (options.paging.size), or raise options.page_bytes in the mapping.",
            )
        parts.append(part)
    if unpack and fed and (not unpack.eof or unpack.unused_data):
        raise Silence("Its answer is cut short or damaged.")
    return b"".join(parts)
