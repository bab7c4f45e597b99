"""What the XSD says against an XML letter: of one worker, who alone is held, or of the letter as a whole."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Any

from jendela.letters.intake import limits
from jendela.letters.intake.finding import NOT_AS_AGREED, TOO_MUCH, Finding, Refused, Said, place
from jendela.letters.intake.form import WORKER, Form

# So many workers are judged at once: the validator finds the place of an error by counting siblings.
TOGETHER = 500
KINDS = {
    "PATTERN_VALID": "pattern",
    "ENUMERATION_VALID": "code",
    "DATATYPE_VALID": "type",
    "MAXLENGTH_VALID": "long",
    "MINLENGTH_VALID": "empty",
    "MININCLUSIVE_VALID": "small",
    "MAXINCLUSIVE_VALID": "great",
    "TOTALDIGITS_VALID": "great",
    "FRACTIONDIGITS_VALID": "type",
    "IDC": "twice",
    "COMPLEX_TYPE_4": "attribute",
    "COMPLEX_TYPE_3": "attribute",
    "ATTRIBUTE": "attribute",
}
_STEP = re.compile(r"(?:([^\[:]+):)?([^\[:]+)(?:\[(\d+)\])?$")


def judge_form(root: Any, form: Form) -> list[Finding]:
    """The findings in the order of the file; `index` is None for what holds the letter as a whole.

    That the edition is not in force on the letter's date is such a finding.

    Raises:
        Refused: there are more findings than anybody would read.
    """
    if len(root) <= TOGETHER:
        validator = _validator(form)
        found = [] if validator.validate(root) else _findings(root, form, validator.error_log, 0)
    else:
        found = _in_parts(root, form)
    return found if form.always else _in_force(root, form) + found


def _in_force(root: Any, form: Form) -> list[Finding]:
    dated = form.fields["letter_date"]
    element = root.find("/".join(f"{{{form.namespace}}}{name}" for name in dated.xml.split("/")))
    try:
        said = form.not_in_force(date.fromisoformat((element.text or "").strip()))
    except (AttributeError, ValueError):
        return []  # without a date: the XSD says so
    return [Finding(NOT_AS_AGREED, said, None, dated.json)] if said else []


def _in_parts(root: Any, form: Form) -> list[Finding]:
    """The same for many workers; the tree is as it was when it returns."""
    validator, worker_tag = _validator(form), _worker_tag(form)
    workers = [child for child in root if child.tag == worker_tag]
    start = root.index(workers[0]) if workers else 0
    if not workers or root[start : start + len(workers)] != workers:
        return [_apart(root, form, workers)]
    for worker in workers:
        root.remove(worker)
    found: list[Finding] = []
    for first in range(0, len(workers), TOGETHER):
        part = workers[first : first + TOGETHER]
        root[start:start] = part
        if not validator.validate(root):
            found += _findings(root, form, validator.error_log, first)
        for worker in part:
            root.remove(worker)
        if len(found) > limits.MAX_FINDINGS:
            raise Refused(TOO_MUCH, "findings", limit=limits.MAX_FINDINGS)
        if any(one.index is None for one in found):
            break
    root[start:start] = workers
    return found + _repeated_numbers(form, workers, {one.index for one in found})


def _apart(root: Any, form: Form, workers: list[Any]) -> Finding:
    """Workers that do not stand together, or none: the letter is wrong as a whole."""
    at = place(line=workers[-1].sourceline if workers else root.sourceline)
    values = {"field": f"{_path(form, root)}/{WORKER}", "place": at, "expected": Said("none")}
    return Finding(NOT_AS_AGREED, Said("field.unexpected", values), None, WORKER)


def _repeated_numbers(form: Form, workers: list[Any], held: set[int | None]) -> list[Finding]:
    """Workers of different parts with one number; within a part the XSD has said so."""
    seen: set[str] = set()
    found = []
    for index, worker in enumerate(workers, start=1):
        number = (worker.get("urut") or "").strip().lstrip("+0")
        if number in seen and index not in held:
            values = {"field": _path(form, worker, index), "place": place(line=worker.sourceline)}
            found.append(Finding(NOT_AS_AGREED, Said("field.twice", values), index, f"{WORKER}/@urut"))
        seen.add(number)
    return found


def _worker_tag(form: Form) -> str:
    return f"{{{form.namespace}}}{WORKER}"


@lru_cache(maxsize=8)
def _validator(form: Form) -> Any:
    from lxml import etree

    return etree.XMLSchema(etree.parse(form.schema_file))


@lru_cache(maxsize=8)
def _names(form: Form) -> frozenset[str]:
    """The element names that the form has: only these are repeated from a message."""
    from lxml import etree

    return frozenset(str(name) for name in etree.parse(form.schema_file).xpath("//@name"))


@lru_cache(maxsize=8)
def _columns(form: Form) -> dict[str, str]:
    return {field.xml: field.json for field in form.fields.values()}


def _findings(root: Any, form: Form, log: Any, before: int) -> list[Finding]:
    """One finding an element, the first that the validator has; `before` workers stood in earlier parts."""
    worker_tag = _worker_tag(form)
    workers = {
        child: before + index
        for index, child in enumerate((one for one in root if one.tag == worker_tag), start=1)
    }
    found: dict[Any, Finding] = {}
    for error in log:
        element, top = _follow(root, error.path or "")
        if element in found:
            continue
        kind = str(error.type_name)
        misplaced = element is top and "ELEMENT_CONTENT" in kind and "Missing child" not in error.message
        index = None if misplaced else workers.get(top)
        path = _path(form, element, index)
        plain = re.sub(r"\[\d+\]", "", path).partition("/")[2]
        field = _columns(form).get(plain, plain or None)
        found[element] = Finding(NOT_AS_AGREED, _said(error, form, kind, path), index, field)
    return list(found.values())


def _said(error: Any, form: Form, kind: str, path: str) -> Said:
    values: dict[str, object] = {"field": path, "place": place(line=error.line)}
    if "ELEMENT_CONTENT" in kind:
        after = re.findall(r"\{[^}]*\}(\w+)", error.message.split("Expected")[-1])
        known = ", ".join(name for name in after if name in _names(form))
        values["expected"] = known if known and "Expected" in error.message else Said("none")
        return Said("field.incomplete" if "Missing child" in error.message else "field.unexpected", values)
    key = next((key for part, key in KINDS.items() if part in kind), "invalid")
    return Said(f"field.{key}", values)


def _follow(root: Any, path: str) -> tuple[Any, Any]:
    """The element at a path of the validator (`/*/*[3]/p:nik`), and its ancestor just below the root."""
    element, top = root, None
    for step in path.split("/")[2:]:
        matched = _STEP.match(step)
        if matched is None or step.startswith("@"):
            break
        prefix, name, number = matched[1], matched[2], int(matched[3] or 1)
        if name == "*":
            children = element
        else:
            children = [c for c in element if c.prefix == prefix and c.tag.rpartition("}")[2] == name]
        if number > len(children):
            break
        element = children[number - 1]
        top = element if top is None else top
    return element, top


def _path(form: Form, element: Any, index: int | None = None) -> str:
    """The element's path in names of the form; a name that the form does not have is `?`."""
    parts: list[str] = []
    names = _names(form)
    for node in [element, *element.iterancestors()]:
        name = node.tag.rpartition("}")[2]
        if name == WORKER and index is not None:
            number = f"[{index}]"
        else:
            before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
            number = f"[{before + 1}]" if name == WORKER or before else ""
        parts.append((name if name in names else "?") + number)
    return "/".join(reversed(parts))
