"""One conversation with an office over HTTP: authenticated, bounded in time and size, patient.

Redirects are followed by hand, at the same origin only: our credentials go nowhere else. Nothing of the
environment is used (no proxy, no .netrc), and httpx's own log lines, which show whole URLs, are not written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from urllib.parse import urljoin

import httpx

from connectors.rest_address import Address, origin_of
from connectors.rest_auth import Credentials
from connectors.rest_body import read_bounded
from connectors.rest_errors import Silence, of_status, of_transport, unreachable, unusable
from connectors.rest_exchange import Answer, Question
from connectors.rest_waits import TRY_AGAIN, Patience, retry_after

# A URL may hold a cursor, and a cursor a key.
for _talkative in ("httpx", "httpcore"):
    logging.getLogger(_talkative).setLevel(logging.WARNING)

Wait = Callable[[float], None]
_REDIRECTS, _REDIRECTED = 5, (301, 302, 303, 307, 308)


class RestClient:
    """A conversation about one feed or delivery; a context manager that closes its connections."""

    def __init__(
        self, address: Address, credentials: Credentials, feed: str, patience: Patience, wait: Wait
    ) -> None:
        self.office, self.feed, self.address = address.office, feed, address
        self._credentials, self._patience, self._wait = credentials, patience, wait
        self._http = httpx.Client(
            verify=address.context(),
            timeout=patience.timeout,
            trust_env=False,
            # Only what read_bounded can unpack with a bound.
            headers={"Accept-Encoding": "gzip", "User-Agent": "jendela"},
        )

    def __enter__(self) -> RestClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, question: Question) -> Answer:
        """The answer to a question that may be asked again without harm, with a status of success.

        Raises:
            UnreachableError: it did not answer, or was too busy, through every attempt.
            UnusableFeedError: it refuses, sends us elsewhere, or answers more than agreed.
        """
        answer = self.patiently(lambda _: self.once(question))
        if not 200 <= answer.status < 300:
            raise of_status(self.office, self.feed, answer.status)
        return answer

    def patiently(self, attempt: Callable[[int], Answer], again: frozenset[int] = TRY_AGAIN) -> Answer:
        """The first answer of `attempt` (which is given its number) whose status is not one to wait for."""
        problem = ""
        for number in range(self._patience.tries):
            asked = None
            try:
                answer = attempt(number)
            except Silence as silence:
                problem = silence.reason
            else:
                if answer.status not in again:
                    return answer
                problem = f"It does not take our request now ({answer.status})."
                asked = retry_after(answer.headers.get("retry-after"), answer.headers.get("date"))
            if asked is not None and asked > self._patience.longest:
                problem = (
                    f"It asks us to wait {asked:.0f} s; agreed are {self._patience.longest:.0f} at most."
                )
                break
            if number + 1 < self._patience.tries:
                self._wait(self._patience.pause(number, asked))
        raise unreachable(self.office, self.feed, problem)

    def once(self, question: Question) -> Answer:
        """One exchange with our credentials, renewed once where they are not accepted any more.

        Raises:
            Silence: it ended without an answer; whether we were heard is not known.
        """
        used = self._credentials.headers(self._bare)
        answer = self._redirected(question, used)
        if answer.status == 401 and self._credentials.renewable:
            self._credentials.forget(used)
            answer = self._redirected(question, self._credentials.headers(self._bare))
        return answer

    def _bare(self, question: Question, data: Mapping[str, str]) -> Answer:
        """The token server's answer, which our own credentials do not go with."""
        answer = self.patiently(lambda _: self._exchange(question, question.headers or {}, data))
        if answer.status == 200:
            return answer
        raise unusable(
            self.office,
            self.feed,
            f"The token server does not give us a token ({answer.status}).",
            "Ask the agency whether our client id, secret and scope are in order; correct the connection.",
        )

    def _redirected(self, question: Question, credentials: Mapping[str, str]) -> Answer:
        headers = {**credentials, **(question.headers or {})}
        url, parameters = question.url, question.parameters
        for _ in range(_REDIRECTS):
            asked = Question(question.method, url, parameters, question.limit, question.accept, question.json)
            answer = self._exchange(asked, headers)
            if answer.status not in _REDIRECTED:
                return answer
            url, parameters = self.same_origin(url, answer.headers.get("location", ""), "redirects us"), ()
            if question.method != "GET":
                break
        raise unusable(
            self.office,
            self.feed,
            f"It redirects us where nothing is answered ({question.method}).",
            "Ask the agency for the final address, and correct the connection and the mapping's path.",
        )

    def same_origin(self, url: str, link: str, does: str) -> str:
        """The absolute URL of a link found at `url`, if it stays with the office.

        Raises:
            UnusableFeedError: it leads elsewhere, where our credentials have no business.
        """
        try:
            target = urljoin(url, link)
        except ValueError:
            target = ""
        if origin_of(target) == self.address.origin:
            return target
        raise unusable(
            self.office,
            self.feed,
            f"It {does} to another host, port or scheme, which does not get our credentials.",
            "Ask the agency for the right address; correct the connection if the interface has moved.",
        )

    def _exchange(
        self, question: Question, headers: Mapping[str, str], data: Mapping[str, str] | None = None
    ) -> Answer:
        until = time.monotonic() + self._patience.answer
        try:
            with self._http.stream(
                question.method,
                question.url,
                # None and not empty: httpx would take the query of the URL away.
                params=list(question.parameters) or None,
                json=question.json,
                data=data,
                headers={"Accept": question.accept, **headers},
            ) as response:
                body = read_bounded(self.office, self.feed, response, question.limit, until)
                return Answer(str(response.url), response.status_code, response.headers, body)
        except httpx.HTTPError as error:
            raise of_transport(self.office, self.feed, error) from None
        except httpx.InvalidURL:
            raise unusable(
                self.office, self.feed, "The URL cannot be read.", "Correct the connection and the path."
            ) from None
