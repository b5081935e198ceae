"""The policy: matrix, scope, conditions, refusals."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import RequestFactory

from amarre.dui.access import policy
from amarre.dui.access.actors import SESSION_ESSMS, actor_of, places_of
from amarre.dui.access.errors import NoActiveEssms, NotAllowed, OutOfScope, ReasonRequired
from amarre.dui.access.matrix import matrix_page
from amarre.dui.access.models import Membership
from amarre.dui.access.permissions import Permission
from amarre.dui.access.roles import INCOMPATIBLE_WITH_ADMINISTRATEUR, MATRIX, Condition, Role
from amarre.dui.accounts.models import User
from amarre.dui.audit.models import Trace
from amarre.dui.core.actor import Actor, ActorKind, system_actor
from amarre.dui.core.clock import today
from amarre.dui.core.scoping import internal_scope
from amarre.dui.organisations.models import Essms, OrganismeGestionnaire, Unite
from tests.dui import factories
from tests.dui.conftest import ClientFor

HEALTH = (Permission.READ_SANTE, Permission.WRITE_SANTE, Permission.READ_JOURNAL_SOINS)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "habilitations.md"


def in_role(role: Role, essms_id: int = 1) -> Actor:
    return Actor(ActorKind.PERSON, "X", user_id=1, essms_id=essms_id, roles=frozenset({role.value}))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_the_matrix_is_what_the_policy_answers(role: Role, permission: Permission) -> None:
    assert policy.can(in_role(role), permission) is (permission in MATRIX[role])


def test_the_printed_matrix_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == matrix_page(), (
        "run: amarre manage habilitations --write docs/reference/habilitations.md"
    )


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.DIRECTION, Role.ADMINISTRATEUR, Role.CHEF_PROJET])
def test_care_stays_with_the_care_team(role: Role) -> None:
    assert not any(policy.can(in_role(role), permission) for permission in HEALTH)


def test_unknown_rights_roles_and_objects_are_forbidden(
    actor: Actor, organisme: OrganismeGestionnaire
) -> None:
    assert policy.decide(actor, "inconnu.lire").refusal is NotAllowed
    assert not policy.can(dataclasses.replace(actor, roles=frozenset({"sorcier"})), Permission.READ_IDENTITE)
    # An organisme says nothing of whom it may be shown to.
    assert policy.decide(actor, Permission.READ_IDENTITE, organisme).refusal is OutOfScope


def test_the_colleague_may_and_the_stranger_finds_nothing(
    director: Actor, actor: Actor, stranger: Actor, essms: Essms
) -> None:
    unite = Unite.objects.create(essms=essms, name="Nord")
    policy.require(director, Permission.CONFIGURE_ESSMS, unite)
    with pytest.raises(NotAllowed) as refused:
        policy.require(actor, Permission.CONFIGURE_ESSMS, unite)
    assert "Réglages de l’établissement" in refused.value.explanation().what
    with pytest.raises(OutOfScope):
        policy.require(stranger, Permission.CONFIGURE_ESSMS, unite)
    assert policy.get_visible(director, Unite, pk=unite.pk) == unite
    for pk in (unite.pk, 999_999):
        with pytest.raises(OutOfScope):
            policy.get_visible(stranger, Unite, pk=pk)


def test_a_reason_is_asked_then_accepted(director: Actor, essms: Essms) -> None:
    with pytest.raises(ReasonRequired):
        policy.require(director, Permission.READ_JOURNAL_SOCIAL, essms, reason=" ")
    policy.require(director, Permission.READ_JOURNAL_SOCIAL, essms, reason="réclamation de la famille")
    assert policy.can(director, Permission.READ_JOURNAL_SOCIAL, essms)


def test_bound_predicates_and_conditions_are_asked(
    director: Actor, actor: Actor, essms: Essms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "_bound", {})
    monkeypatch.setattr(policy, "_conditions", dict(policy._conditions))
    policy.bind(Permission.CONFIGURE_ESSMS, Essms, lambda who, obj: obj.is_open)
    assert policy.can(director, Permission.CONFIGURE_ESSMS, essms)
    essms.is_open = False
    assert not policy.can(director, Permission.CONFIGURE_ESSMS, essms)
    assert policy.can(actor, Permission.FEED_DMP, essms)
    policy.define_condition(Condition.EQUIPE, lambda who, obj: False)
    assert not policy.can(actor, Permission.FEED_DMP, essms)
    assert policy.can(actor, Permission.READ_SANTE, essms)


def test_the_software_acts_only_where_it_is_told(essms: Essms, other_essms: Essms) -> None:
    worker = system_actor("worker", essms_id=essms.pk)
    policy.require(worker, Permission.FEED_DMP, essms)
    with pytest.raises(OutOfScope):
        policy.require(worker, Permission.FEED_DMP, other_essms)
    with pytest.raises(NotAllowed):
        policy.require(worker, Permission.READ_SANTE, essms)


def test_a_right_ends_with_the_membership(bob: User, essms: Essms) -> None:
    assert [place.essms_id for place in places_of(bob)] == [essms.pk]
    with internal_scope("test"):
        membership = Membership.objects.get(user=bob)
    membership.valid_from = today() - datetime.timedelta(days=9)
    membership.valid_to = today() - datetime.timedelta(days=1)
    membership.save()
    assert places_of(bob) == []
    factories.give_role(bob, essms, Role.SOINS)
    essms.is_open = False
    essms.save()
    assert places_of(bob) == []


@pytest.mark.parametrize("role", sorted(INCOMPATIBLE_WITH_ADMINISTRATEUR))
def test_who_runs_the_software_reads_no_record(role: Role, alice: User, other_essms: Essms) -> None:
    factories.give_role(alice, other_essms, Role.ADMINISTRATEUR)
    with pytest.raises(ValidationError, match="administrateur du logiciel"):
        factories.give_role(alice, other_essms, role)


def test_a_request_without_place_has_no_actor(rf: RequestFactory) -> None:
    with pytest.raises(NoActiveEssms):
        actor_of(rf.get("/"))


def test_the_template_tag_asks_the_policy(rf: RequestFactory, actor: Actor) -> None:
    request = rf.get("/")
    request.actor = actor  # type: ignore[attr-defined]
    source = '{% load access %}{% can "sante.lire" as yes %}{% can "comptes.gerer" as no %}{{ yes }} {{ no }}'
    assert Template(source).render(Context({"request": request})) == "True False"
    with pytest.raises(ValueError, match="inconnu"):
        Template('{% load access %}{% can "inconnu" %}').render(Context({"request": request}))


def test_choosing_an_establishment_changes_the_rights(
    client_for: ClientFor, bob: User, essms: Essms, organisme: OrganismeGestionnaire, other_essms: Essms
) -> None:
    sister = factories.make_essms(organisme, "IME Le Phare", kind="IME")
    factories.give_role(bob, sister, Role.SECRETARIAT)
    client = client_for(bob, essms)
    page = client.get("/etablissements/")
    assert "IME Le Phare" in page.content.decode()
    assert "EHPAD du Large" not in page.content.decode()
    assert client.post("/etablissements/choisir/", {"essms_id": sister.pk}).status_code == 302
    assert client.session[SESSION_ESSMS] == sister.pk
    assert client.get("/etablissements/").wsgi_request.actor.roles == {"secretariat"}
    for wrong in (other_essms.pk, 0, "x", ""):
        assert client.post("/etablissements/choisir/", {"essms_id": wrong}).status_code == 404
    assert client.session[SESSION_ESSMS] == sister.pk
    assert list(Trace.objects.order_by("pk").values_list("verb", "outcome", "essms_id")) == [
        ("access.essms_chosen", "done", sister.pk),
        *[("access.refused", "refused", sister.pk)] * 4,
    ]
