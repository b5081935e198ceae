"""Which rule applies to a type of document: the establishment's own, else that of the table at the start."""

from __future__ import annotations

import csv
import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass

from amarre.dui.dmp.models import DepositRule
from amarre.dui.documents.control import Shared
from amarre.dui.documents.models import DocumentVersion
from amarre.interop.terminology import DocumentType, ValueSetId, document_type, document_types, value_set

Moment = DepositRule.Moment
ANY_CLASS = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a type leaves, by whom (no role: whoever holds the right), and what a new version does."""

    type_code: str
    moment: Moment
    roles: frozenset[str] = frozenset()
    follows_versions: bool = False
    is_default: bool = True


def is_accepted(type_code: str) -> bool:
    """Say whether the DMP takes this type (JDV_J66)."""
    kind = document_type(type_code)
    return kind is not None and kind.code in value_set(ValueSetId.DMP_TYPE_CODE)


def accepted_types() -> list[DocumentType]:
    """Return the types of a DUI that the DMP takes, in the order of the table of types."""
    return [kind for kind in document_types() if is_accepted(kind.code.code)]


def stored_rules(essms_id: int) -> dict[str, Rule]:
    """Return the rules an establishment decided, by type; needs a scope."""
    return {
        row.type_code: Rule(
            row.type_code, Moment(row.moment), frozenset(row.roles), row.follows_versions, is_default=False
        )
        for row in DepositRule.objects.filter(essms=essms_id)
    }


def rule_for(stored: Mapping[str, Rule], type_code: str) -> Rule:
    """Return the rule of a type: the one decided, else the one at the start."""
    return stored.get(type_code) or default_rule(type_code)


def rule_of(version: DocumentVersion, shared: Shared) -> Rule:
    """Return the rule of the type of a version in its establishment; needs a scope."""
    essms_id = version.document.dossier.essms_id
    stored = shared.once(("deposit-rules", essms_id), lambda: stored_rules(essms_id))
    return rule_for(stored, version.document.type_code)


def default_rule(type_code: str) -> Rule:
    """Return the rule at the start. What the DMP does not take is never deposited."""
    if not is_accepted(type_code):
        return Rule(type_code, Moment.JAMAIS)
    moments = _moments_by_class()
    kind = document_type(type_code)
    return Rule(type_code, moments.get(kind.class_code if kind else "", moments[ANY_CLASS]))


@functools.cache
def _moments_by_class() -> Mapping[str, Moment]:
    file = importlib.resources.files("amarre.dui.dmp").joinpath("data", "deposit_rules.tsv")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["class_code"]: Moment(row["moment"]) for row in rows}
