"""Registry of verbs: each app declares, in its `verbs.py`, what it may write in the trace.

register(Verb("projet_personnalise.signed", "a signé le projet personnalisé", details={"version"}))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from amarre.dui.audit.errors import UndeclaredDetail, UnknownVerb

Detail = str | int | bool | None | list[str] | list[int]
MAX_DETAIL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of event.

    `sentence` is the French end of « Maud Keravel … ». `details` are the only keys the event may carry:
    codes, counts, names of fields; never a value of the record. `reading` marks a consultation.
    """

    name: str
    sentence: str
    details: frozenset[str] = field(default_factory=frozenset)
    reading: bool = False


_verbs: dict[str, Verb] = {}


def register(*verbs: Verb) -> None:
    """Add verbs; raises ValueError when a name is already taken by another verb."""
    for verb in verbs:
        if _verbs.setdefault(verb.name, verb) != verb:
            raise ValueError(f"audit verb registered twice: {verb.name}")


def get(name: str) -> Verb:
    """Return a verb; raises UnknownVerb."""
    try:
        return _verbs[name]
    except KeyError:
        raise UnknownVerb(name) from None


def registered() -> list[Verb]:
    """Return every verb, sorted by name."""
    return [_verbs[name] for name in sorted(_verbs)]


def sentence(name: str) -> str:
    """Return the sentence of a verb, or its bare name when the app that declared it is gone."""
    verb = _verbs.get(name)
    return verb.sentence if verb else name


def checked_details(verb: Verb, details: Mapping[str, Detail]) -> dict[str, Detail]:
    """Return `details` as a plain dict; raises UndeclaredDetail."""
    for key, value in details.items():
        if key not in verb.details:
            raise UndeclaredDetail(f"{verb.name}: {key}")
        items = value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str | int | bool | None):
                raise UndeclaredDetail(f"{verb.name}: {key} is not a plain value")
            if isinstance(item, str) and len(item) > MAX_DETAIL_LENGTH:
                raise UndeclaredDetail(f"{verb.name}: {key} is too long for a code")
    return dict(details)
