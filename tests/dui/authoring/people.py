"""A doctor and a colleague of the house, and a whole document written by someone."""

from __future__ import annotations

from amarre.dui.access.models import Membership
from amarre.dui.access.roles import Role
from amarre.dui.accounts.models import User
from amarre.dui.authoring.catalogue import Template, template_of
from amarre.dui.authoring.models import Ecrit
from amarre.dui.authoring.selectors import seen_mark
from amarre.dui.authoring.services.start_ecrit import start_ecrit
from amarre.dui.authoring.services.validate_ecrit import validate_ecrit
from amarre.dui.authoring.services.write_ecrit import write_ecrit
from amarre.dui.core.actor import Actor
from amarre.dui.documents.models import DocumentVersion
from amarre.dui.usagers.models import Dossier
from tests.dui import factories
from tests.dui.authoring.samples import contents_of
from tests.dui.connected import House

PROFESSIONS = "1.2.250.1.213.1.1.4.5"
ROLES_R85 = "1.2.250.1.213.1.6.1.107"


def member(
    house: House,
    given: str,
    family: str,
    code: str,
    system: str = PROFESSIONS,
    role: Role = Role.SOINS,
    job: str = "",
) -> User:
    user = factories.make_user(given, family)
    Membership.objects.create(
        user=user, essms=house.essms, role=role, job=job, author_code=code, author_code_system=system
    )
    return user


def doctor(house: House) -> User:
    return member(house, "Anne", "KERLEO", "G15_10/SM18", job="Médecin coordonnateur")


def actor_of(house: House, user: User) -> Actor:
    return factories.actor_for(user, house.essms)


def written(dossier: Dossier, actor: Actor, key: str = "courrier") -> Ecrit:
    """A complete draft."""
    ecrit = start_ecrit(dossier=dossier, template=template_of(key), actor=actor)
    return write_ecrit(
        ecrit=ecrit, contents=contents_of(template_of(key)), seen=seen_mark(ecrit), actor=actor
    )


def filed(dossier: Dossier, actor: Actor, key: str = "courrier") -> DocumentVersion:
    ecrit = written(dossier, actor, key)
    return validate_ecrit(ecrit=ecrit, actor=actor, seen=seen_mark(ecrit))


def signer(house: House, template: Template) -> User:
    """Someone who may sign `template`."""
    if template.may_be_signed_by("G15_60"):
        return house.loic
    return doctor(house)
