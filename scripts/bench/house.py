"""A throw-away establishment: SQLite file with the settings of the demonstration, sandbox in this process."""

from __future__ import annotations

import contextlib
import datetime
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amarre.dui.usagers.models import Dossier
    from tests.dui.connected import House

DOSSIERS = 150
_NAMES = "ABGRALL BIHAN CARADEC DERRIEN FLOCH GUILLOU HENRY JEZEQUEL KERDONCUFF LAGADEC MADEC NEDELEC".split()
_GIVEN = "ANNE BERNARD CLAUDE DENISE EMILE FRANCOISE GEORGES HELENE IRENE JACQUES LOUISE MARCEL".split()


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rows stand on: an establishment, one complete dossier, a client logged in."""

    house: House
    dossier: Dossier
    client: Any
    # What a row opened and must be ended with the run, whatever became of it.
    ending: contextlib.ExitStack


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Make everything in a temporary folder; nothing of it remains."""
    with tempfile.TemporaryDirectory(prefix="amarre-bench-") as folder:
        _settings(Path(folder))
        import django

        django.setup()
        from django.core.management import call_command

        from amarre.sandbox.app import Sandbox
        from amarre.sandbox.settings import SandboxSettings
        from tests.dui.connected import Far, build_house

        call_command("migrate", interactive=False, verbosity=0)
        data = Path(folder) / "sandbox"
        asked = SandboxSettings(
            data_dir=data, plain_port=0, https_port=0, smtp_port=0, imap_port=0, durable=False
        )
        with Sandbox(asked) as sandbox, contextlib.ExitStack() as ending:
            house = build_house(Far.of(data, sandbox.addresses()), sandbox=sandbox)
            dossier = house.dossier("yvonne-le-bihan")
            house.filed(dossier)
            _crowd(house)
            yield Ground(house, dossier, _client(house), ending)


def _settings(folder: Path) -> None:
    """Choose the settings of the demonstration, on an SQLite file of `folder`, or on an empty PostgreSQL."""
    database = os.environ.get("AMARRE_BENCH_DATABASE_URL", "")
    for name in list(os.environ):
        if name.startswith("AMARRE_") or name == "DATABASE_URL":
            del os.environ[name]
    if database:
        os.environ["DATABASE_URL"] = database
    (folder / "static").mkdir()
    os.environ["AMARRE_VAR_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "amarre.dui.config.settings.demo"
    from django.conf import settings

    settings.ROOT_URLCONF = "scripts.bench.urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LOGGING_CONFIG = None


def _crowd(house: House) -> None:
    """Open dossiers for other people, from a fixed seed."""
    from amarre.dui.core.clock import today
    from amarre.dui.usagers.services.create_dossier import create_dossier
    from amarre.interop.ins.traits import BirthDate, Sexe, Traits

    draw = random.Random(20261120)
    for number in range(DOSSIERS):
        born = datetime.date(1925, 1, 1) + datetime.timedelta(days=draw.randrange(25_000))
        given = draw.choice(_GIVEN)
        create_dossier(
            essms=house.essms,
            traits=Traits(
                nom_naissance=f"{draw.choice(_NAMES)} {_NAMES[number % len(_NAMES)]}",
                prenoms=given,
                sexe=draw.choice((Sexe.F, Sexe.M)),
                date_naissance=BirthDate(born.isoformat()),
                lieu_naissance="29151",
                premier_prenom=given,
            ),
            entered_on=today() - datetime.timedelta(days=draw.randrange(1, 900)),
            actor=house.referent,
            lieu_libelle="Morlaix",
        )


def _client(house: House) -> Any:
    """Return Django's client, logged in as the nurse of the establishment."""
    from django.test import Client

    from amarre.dui.access.actors import SESSION_ESSMS

    client = Client()
    client.force_login(house.loic)
    session = client.session
    session[SESSION_ESSMS] = house.essms.pk
    session.save()
    return client
