"""Fixtures of the record: two establishments of two organismes, Bob who may, Alice his director, Charlie the
stranger; a client logged in as any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from amarre.dui.access.actors import SESSION_ESSMS
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.audit import guards
from amarre.dui.core.actor import Actor
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire
from amarre.sandbox.app import Sandbox
from amarre.sandbox.pytest_plugin import running_sandbox, sandbox, sandbox_data
from tests.dui import factories
from tests.dui.connected import Far, House, build_house

__all__ = ["running_sandbox", "sandbox", "sandbox_data"]

ClientFor = Callable[..., Client]


@pytest.fixture(scope="session", autouse=True)
def audit_guards_lifted_to_empty_the_database() -> Iterator[None]:
    """Transactional tests end by emptying every table, which the guards of the trace rightly refuse."""
    original: Any = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        guards.remove(connection, connection.vendor)
        original(self)
        guards.install(connection, connection.vendor)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = original  # type: ignore[method-assign]


@pytest.fixture
def organisme(db: None) -> OrganismeGestionnaire:
    return factories.make_organisme()


@pytest.fixture
def essms(organisme: OrganismeGestionnaire) -> Essms:
    return factories.make_essms(organisme)


@pytest.fixture
def other_essms(db: None) -> Essms:
    """An establishment of another organisme."""
    stranger = factories.make_organisme("Fondation du Large")
    return factories.make_essms(stranger, "EHPAD du Large", kind="EHPAD")


@pytest.fixture
def bob(essms: Essms) -> User:
    """A nurse of `essms`."""
    user = factories.make_user("Bob", "Morvan")
    factories.give_role(user, essms, Role.SOINS)
    return user


@pytest.fixture
def alice(essms: Essms) -> User:
    """The director of `essms`."""
    user = factories.make_user("Alice", "Tassin")
    factories.give_role(user, essms, Role.DIRECTION)
    return user


@pytest.fixture
def charlie(other_essms: Essms) -> User:
    """The director of `other_essms`: a stranger to `essms`."""
    user = factories.make_user("Charlie", "Leroux")
    factories.give_role(user, other_essms, Role.DIRECTION)
    return user


@pytest.fixture
def actor(bob: User, essms: Essms) -> Actor:
    return factories.actor_for(bob, essms)


@pytest.fixture
def director(alice: User, essms: Essms) -> Actor:
    return factories.actor_for(alice, essms)


@pytest.fixture
def stranger(charlie: User, other_essms: Essms) -> Actor:
    return factories.actor_for(charlie, other_essms)


@pytest.fixture
def client_for() -> ClientFor:
    """Return a function (user, essms=None) -> client logged in as that person."""

    def make(user: User, essms: Essms | None = None) -> Client:
        client = Client()
        client.force_login(user)
        if essms is not None:
            session = client.session
            session[SESSION_ESSMS] = essms.pk
            session.save()
        return client

    return make


@pytest.fixture
def house(db: None, sandbox: Sandbox, settings: Any, tmp_path: Path) -> House:
    """The home-care service of the cast, connected to the sandbox of this process."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    return build_house(Far.of(sandbox.settings.data_dir, sandbox.addresses()), sandbox=sandbox)
