"""Search parameters really applied (FHIR R4, « Search »), those the real server declares and no other."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]
Values = Callable[[Resource], Iterable[str]]


class SearchRefused(Exception):
    """A parameter the server does not know, or a value it does not accept. The message is the diagnostics."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """How a parameter compares. Kind: string, token or reference."""

    kind: str
    values: Values


def _names(resource: Resource, *parts: str) -> Iterator[str]:
    for name in resource.get("name", []):
        for part in parts:
            value = name.get(part)
            yield from value if isinstance(value, list) else [value] if value else []


def _addresses(resource: Resource, *parts: str) -> Iterator[str]:
    for address in resource.get("address", []):
        for part in parts:
            value = address.get(part)
            yield from value if isinstance(value, list) else [value] if value else []


def _identifiers(resource: Resource) -> Iterator[str]:
    for item in resource.get("identifier", []):
        yield f"{item.get('system', '')}|{item.get('value', '')}"


def _codings(concepts: Iterable[Resource]) -> Iterator[str]:
    for concept in concepts:
        for coding in concept.get("coding", []):
            yield f"{coding.get('system', '')}|{coding.get('code', '')}"


def _mailboxes(resource: Resource) -> Iterator[str]:
    for item in resource.get("telecom", []):
        if item.get("system") == "email" and any(
            "email-type" in each["url"] for each in item.get("extension", [])
        ):
            yield str(item["value"])


COMMON: dict[str, Parameter] = {
    "_id": Parameter("token", lambda item: [f"|{item['id']}"]),
    "active": Parameter("token", lambda item: [f"|{str(item.get('active', True)).lower()}"]),
    "identifier": Parameter("token", _identifiers),
    "mailbox-mss": Parameter("string", _mailboxes),
}
PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Practitioner": COMMON
    | {
        "family": Parameter("string", lambda item: _names(item, "family")),
        "given": Parameter("string", lambda item: _names(item, "given")),
        "name": Parameter("string", lambda item: _names(item, "family", "given", "prefix", "suffix")),
        "qualification-code": Parameter(
            "token", lambda item: _codings(each["code"] for each in item.get("qualification", []))
        ),
    },
    "PractitionerRole": COMMON
    | {
        "practitioner": Parameter("reference", lambda item: [item["practitioner"]["reference"]]),
        "organization": Parameter("reference", lambda item: [item["organization"]["reference"]]),
        "role": Parameter("token", lambda item: _codings(item.get("code", []))),
    },
    "Organization": COMMON
    | {
        "name": Parameter("string", lambda item: [item.get("name", "")]),
        "address": Parameter("string", lambda item: _addresses(item, "line", "city", "postalCode")),
        "address-city": Parameter("string", lambda item: _addresses(item, "city")),
        "address-postalcode": Parameter("string", lambda item: _addresses(item, "postalCode")),
        "address-line": Parameter("string", lambda item: _addresses(item, "line")),
        "type": Parameter("token", lambda item: _codings(item.get("type", []))),
    },
}
# Parameters of the result, handled by the service.
CONTROL = frozenset({"_count", "_total", "_include", "_revinclude", "_elements", "_format"})


def matching(kind: str, resources: Iterable[Resource], parameters: list[tuple[str, str]]) -> list[Resource]:
    """Return the resources of `kind` that satisfy every parameter. Raises SearchRefused."""
    found = [item for item in resources if item["resourceType"] == kind]
    for name, value in parameters:
        base, _, modifier = name.partition(":")
        if base in CONTROL:
            continue
        parameter = PARAMETERS[kind].get(base)
        if parameter is None:
            known = ", ".join(sorted(PARAMETERS[kind]))
            raise SearchRefused(
                f'HAPI-0524: Unknown search parameter "{base}" for resource type "{kind}". Valid: [{known}]'
            )
        found = [item for item in found if _satisfies(parameter, modifier, value, item)]
    return found


def _satisfies(parameter: Parameter, modifier: str, value: str, resource: Resource) -> bool:
    wanted = [item for item in value.split(",") if item]
    if modifier not in {"string": ("", "contains", "exact")}.get(parameter.kind, ("",)):
        raise SearchRefused(f'Modifier ":{modifier}" is not supported here')
    compare = {"string": _string, "token": _token, "reference": _reference}[parameter.kind]
    present = list(parameter.values(resource))
    return any(compare(modifier, expected, actual) for expected in wanted for actual in present)


def _string(modifier: str, expected: str, actual: str) -> bool:
    if modifier == "exact":
        return expected == actual
    if modifier == "contains":
        return _plain(expected) in _plain(actual)
    return _plain(actual).startswith(_plain(expected))


def _token(modifier: str, expected: str, actual: str) -> bool:
    system, separator, code = expected.rpartition("|")
    actual_system, _, actual_code = actual.rpartition("|")
    return code == actual_code and (not separator or system == actual_system)


def _reference(modifier: str, expected: str, actual: str) -> bool:
    return expected in (actual, actual.rpartition("/")[2])


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
