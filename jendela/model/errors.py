"""Every error Jendela raises, grouped by what the operator does next.

Messages name what was wrong, where (agency, feed, file, row, field) and what to do.
They never carry a personal value: a NIK, a name or a letter's text stays out of logs.
"""

from __future__ import annotations


class JendelaError(Exception):
    """Base of all errors of Jendela. `exit_code` is what the command line returns."""

    exit_code = 5


class WrongUseError(JendelaError):
    """The command, its options or its input cannot be used: correct it and call again."""

    exit_code = 2


class AgreementError(WrongUseError):
    """An agreement (contract, mapping, code list, office file) is not loadable.

    Args:
        file: the file, relative to the project.
        line: its line, counted from 1, or None where the whole file is meant.
        field: the field, column or code the rule is about.
        problem: what is wrong and what to do.
    """

    def __init__(self, file: str, line: int | None, field: str, problem: str) -> None:
        self.file, self.line, self.field, self.problem = file, line, field, problem
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {field}: {problem}")


class FeedError(JendelaError):
    """A feed could not be pulled or delivered tonight; the night goes on without it.

    Args:
        office: the agency's id.
        feed: the feed or delivery.
        reason: what happened, without any value of the data.
        remedy: what a person does about it.
    """

    retriable = False

    def __init__(self, office: str, feed: str, reason: str, remedy: str) -> None:
        self.office, self.feed, self.reason, self.remedy = office, feed, reason, remedy
        super().__init__(f"{office} / {feed}: {reason} What to do: {remedy}")


class UnreachableError(FeedError):
    """The agency did not answer (network, credentials refused for now, server down): try again later."""

    exit_code = 3
    retriable = True


class UnusableFeedError(FeedError):
    """The agency answered, but not as agreed (column gone, wrong encoding, truncated): retrying is no use."""


class NightBusyError(JendelaError):
    """Another run holds the night: wait for it, or end it."""

    exit_code = 2


class KeyMissingError(WrongUseError):
    """No key is configured, and what was asked opens the sealed state."""


class SealBrokenError(JendelaError):
    """A sealed value or file does not open: it was changed, cut short, or moved from where it belongs."""

    exit_code = 5


class EvidenceError(JendelaError):
    """The evidence does not verify."""

    exit_code = 4


class UnfinishedError(JendelaError):
    """A night cannot be closed: a step of it did not end. What was done stays done."""

    exit_code = 5


class BalanceError(JendelaError):
    """A balance does not add up: something was lost or counted twice."""

    exit_code = 5


class InternalError(JendelaError):
    """Something that nobody foresaw: a defect. Only its kind and place are told.

    Args:
        kind: the name of the error's class.
        place: file and line of ours that it came through.
    """

    def __init__(self, kind: str, place: str) -> None:
        self.kind, self.place = kind, place
        super().__init__(
            f"internal error {kind} at {place}. Nothing was half-written; run it again, and report this with "
            "JENDELA_TRACEBACK=1 on the command line if it happens again."
        )


class NoRoomError(InternalError):
    """A disk is full: the state folder's, or that of the hub's database."""

    def __init__(self, kind: str, place: str) -> None:
        super().__init__(kind, place)
        where = f"the disk of the state folder or of the hub's database ({kind} at {place})"
        told = f"There is no room left on {where}. Nothing was half-written: make room, and run it again."
        self.args = (told,)
