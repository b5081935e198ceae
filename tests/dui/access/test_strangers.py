"""Every address that names something: a stranger with every right elsewhere learns and changes nothing.

Walks the URLconf, so that an address added tomorrow is asked too: its row is made here from the model alone.
"""

from __future__ import annotations

import datetime
import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.access.scope import system_scope
from amarre.dui.accounts.models import User
from amarre.dui.organisations.models import Essms
from tests.dui import factories
from tests.dui.conftest import ClientFor

pytestmark = pytest.mark.django_db

MODELS = {
    "batch_id": "usagers.VerificationBatch",
    "collision_id": "usagers.CollisionCase",
    "copy_id": "usagers.EvidenceCopy",
    "deposit_id": "documents.DmpDeposit",
    "discrepancy_id": "usagers.Discrepancy",
    "document_id": "documents.Document",
    "dossier_id": "usagers.Dossier",
    "ecrit_id": "authoring.Ecrit",
    "exchange_id": "exchanges.Exchange",
    "imported_id": "intake.ImportedDocument",
    "merge_id": "usagers.IdentityMerge",
    "pair_id": "usagers.DuplicatePair",
    "projet_id": "projet_personnalise.ProjetPersonnalise",
    "proposal_id": "dmp.DepositProposal",
    "received_id": "intake.ReceivedDocument",
    "reception_id": "dmp.DepositReception",
    "search_id": "usagers.InsiSearch",
    "text_id": "authoring.StandardText",
}
# Not rows of one establishment: codes of ours, ranks inside a row already named, numbers of the DMP.
WORDS = {
    "code": "TBB1.1", "identifier": "a", "key": "masquer", "number": "1", "rank": "1",
    "type_code": "80788-3", "unique_id": "2.25.1",
}  # fmt: skip
# It leads to the journal, which is filtered like any list.
LEADS_ELSEWHERE = {"access:journal_of_dossier"}
# The other one of two rows of the same model.
TWO_OF_A_KIND = {"second", "absorbed"}
# What the constraints of a table ask more.
CONSTRAINED: dict[str, dict[str, Any]] = {
    "Ecrit": {"template_key": "courrier"},
    "EvidenceCopy": {"token": "t"},
    "ImportedDocument": {"outside_family": "Sow"},
    "ProjetPersonnalise": {"review_on": datetime.date(2027, 11, 2)},
}
NAME = "KERSAUZON"
_numbers = itertools.count(1)
AT = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)


@dataclass
class Rows:
    """One row of each model, all of one establishment; what a row needs is made before it."""

    essms: Essms
    author: User
    made: dict[type[models.Model], models.Model] = field(default_factory=dict)

    def of(self, model: type[models.Model]) -> models.Model:
        """Return the row of `model`, made with the least that its table asks."""
        if model is Essms:
            return self.essms
        if model is User:
            return self.author
        if model not in self.made:
            self.made[model] = self._new(model)
        return self.made[model]

    def _new(self, model: type[models.Model]) -> models.Model:
        values = {one.name: self._value(one) for one in model._meta.concrete_fields if _asked(one)}
        values |= {key: NAME for key in ("nom_naissance", "title") if key in values}
        values |= CONSTRAINED.get(model.__name__, {})
        return model._base_manager.bulk_create([model(**values)])[0]

    def _value(self, one: models.Field[Any, Any]) -> Any:
        if isinstance(one, models.ForeignKey):
            return self._new(one.related_model) if one.name in TWO_OF_A_KIND else self.of(one.related_model)
        if one.choices:
            return next(iter(one.choices))[0]
        for kind, value in (
            (models.DateTimeField, AT), (models.DateField, AT.date()), (models.UUIDField, uuid.UUID(int=1)),
            (models.BooleanField, False), (models.JSONField, {}), (models.BinaryField, b"x"),
            (models.IntegerField, 1), (models.FloatField, 1.0),
        ):  # fmt: skip
            if isinstance(one, kind):
                return value
        if one.name == "date_naissance":
            return "1940-02-01"
        return "" if one.blank else f"x{next(_numbers)}"[: one.max_length]


def _asked(one: models.Field[Any, Any]) -> bool:
    return not (one.null or one.has_default() or one.primary_key)


def addresses(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[tuple[str, str, list[str]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one.url_patterns, prefix + str(one.pattern), inside)
        elif isinstance(one, URLPattern):
            route = prefix + str(one.pattern)
            yield f"{space}{one.name}", route, re.findall(r"<(?:\w+:)?(\w+)>", route)


NAMED = {name: (route, keys) for name, route, keys in addresses(get_resolver().url_patterns) if keys}
OF_ROWS = sorted(name for name, (_, keys) in NAMED.items() if set(keys) & set(MODELS))


def address(name: str, values: dict[str, Any]) -> str:
    route, _ = NAMED[name]
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)


@pytest.fixture
def everywhere(essms: Essms, bob: User) -> dict[str, Any]:
    rows = Rows(essms, bob)
    with system_scope("test"):
        return WORDS | {key: rows.of(apps.get_model(label)).pk for key, label in MODELS.items()}


def holding_every_right(user: User, essms: Essms) -> None:
    with system_scope("test"):
        held = set(Membership.objects.filter(user=user, essms=essms).values_list("role", flat=True))
    # Who runs the software holds no other role.
    factories.give_role(user, essms, *({*Role} - {Role.ADMINISTRATEUR} - held))


def test_every_key_of_an_address_is_known_here() -> None:
    assert {key for _, keys in NAMED.values() for key in keys} == {*MODELS, *WORDS}


def test_a_stranger_finds_and_changes_nothing(
    everywhere: dict[str, Any], client_for: ClientFor, charlie: User, other_essms: Essms
) -> None:
    holding_every_right(charlie, other_essms)
    client = client_for(charlie, other_essms)
    client.raise_request_exception = False
    found = {
        (name, method): answer.status_code
        for name in OF_ROWS
        for method in ("get", "post")
        for answer in [getattr(client, method)(address(name, everywhere))]
        if answer.status_code not in (404, 405) or NAME in answer.content.decode()
    }
    assert {key: status for key, status in found.items() if key[0] not in LEADS_ELSEWHERE} == {}
    page = client.get(address("access:journal_of_dossier", everywhere), follow=True)
    assert NAME not in page.content.decode()


def test_a_row_is_not_reached_through_a_dossier_of_ones_own(
    everywhere: dict[str, Any], client_for: ClientFor, charlie: User, other_essms: Essms
) -> None:
    holding_every_right(charlie, other_essms)
    with system_scope("test"):
        own = Rows(other_essms, charlie)
        mine = {"dossier_id": own.of(apps.get_model("usagers.Dossier")).pk}
    client = client_for(charlie, other_essms)
    client.raise_request_exception = False
    nested = [name for name in OF_ROWS if len(set(NAMED[name][1]) & set(MODELS)) > 1]
    found = {
        (name, method): answer.status_code
        for name in nested
        for method in ("get", "post")
        for answer in [getattr(client, method)(address(name, everywhere | mine))]
        if answer.status_code not in (404, 405)
    }
    assert found == {}


def test_who_is_of_the_house_reaches_each_of_these_rows(
    everywhere: dict[str, Any], client_for: ClientFor, bob: User, essms: Essms
) -> None:
    """Otherwise the walk would pass on rows that nobody can reach."""
    holding_every_right(bob, essms)
    client = client_for(bob, essms)
    client.raise_request_exception = False

    def reached(key: str) -> bool:
        of_key = (address(name, everywhere) for name in OF_ROWS if key in NAMED[name][1])
        return any(client.get(one).status_code != 404 for one in of_key)

    assert {key for key in MODELS if not reached(key)} == set()
