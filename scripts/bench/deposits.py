"""A deposit in the DMP, from the click to the acknowledgement kept, against what no sender can avoid."""

from __future__ import annotations

import hashlib
import http.client
import io
import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from ssl import SSLError
from urllib.parse import urlsplit

from django.db import connection, transaction
from PIL import Image

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.connector import dmp_profile
from amarre.dui.dmp.depositors import depositor
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents import store
from amarre.dui.documents.identity import open_gate
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.documents.rendering import Section
from amarre.dui.documents.services.file_document import Draft, file_document
from amarre.dui.exchanges.connections import tls_context
from amarre.dui.exchanges.services.process import process_next
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.dui.organisations.models import Letterhead
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.dmp import td2_1
from amarre.interop.dmp.td0_2 import HL7
from amarre.interop.dmp.vihf import build_assertion
from amarre.sandbox.server import SandboxHttpServer, tls_server
from amarre.sandbox.service import SandboxRequest, SandboxResponse
from scripts.bench.house import Ground
from scripts.bench.timing import Row, Work
from tests.interop.clients.test_dmp import OK, registry, soap

SOAP = "application/soap+xml; charset=utf-8"
TEXT = "Garder l'équilibre : marcher dix minutes par jour, avec l'aide à domicile. " * 12
_MESSAGE_ID = re.compile(rb"MessageID[^>]*>([^<]+)<")
_PERSON = re.compile(rb'<(?:\w+:)?value root="([^"]+)" extension="([^"]+)"')
# Side of the logo, in pixels.
KEPT = 1_000_000
LOGO, SEED = 170, 20261120
_EXISTS = (
    f'<PRPA_IN201308UV02 xmlns="{HL7}"><acknowledgement typeCode="AA"/><controlActProcess><subject>'
    '<registrationEvent><subject1><patient><id root="{root}" extension="{number}"/>'
    '<statusCode code="active"/></patient></subject1></registrationEvent></subject>'
    '<queryAck><queryResponseCode code="OK"/></queryAck></controlActProcess></PRPA_IN201308UV02>'
)


def rows(ground: Ground) -> Iterator[Row]:
    """Yield the rows of the deposits. The DMP of the run is from now on a server that always says yes."""
    far = FarDmp(ground)
    _heavy_paper(ground)
    waiting = [filed(ground)]
    deposit = _deposit(ground, waiting)
    # Once outside the measure: the floor goes to the same address.
    deposit()
    yield Row(
        "durable deposit", deposit, _floor(ground, far, filed(ground)), 3.0,
        f"of a document already filed ({far.size // 1000} KB): control, freezing, row of the outbox, worker, "
        "TD0.2 then TD2.1 over kept mutual TLS on loopback, acknowledgement kept, every trace; against the "
        "kit alone building the same message (two RSA signatures), its SHA-256, three commits, the first "
        "with its bytes, and one POST by http.client over kept mutual TLS, same server",
        before=lambda: waiting.append(filed(ground)), waits=True,
    )  # fmt: skip
    yield Row(
        "durable deposit, barest", deposit, _barest_floor(ground, far), None,
        "the same deposit against a message built beforehand: its bytes hashed, the same three commits and "
        "POST",
        before=lambda: waiting.append(filed(ground)), waits=True,
    )  # fmt: skip


class FarDmp:
    """A TLS server in this process: every person has an open DMP, every deposit is taken."""

    def __init__(self, ground: Ground) -> None:
        house = ground.house
        assert house.sandbox is not None
        context = house.sandbox.pki.server_context()
        self.deposit = SandboxRequest("", "", "", {}, b"", None, now())
        self.server: SandboxHttpServer = tls_server(
            ("127.0.0.1", 0), self._answer, SystemClock(), 20_000_000, context, _refused
        )
        # Its workers keep a process alive: the run ends them even when a row fails.
        ground.ending.callback(self.server.stop_and_join)
        self.server.prepare()
        self.server.start_in_thread()
        house.profile.dmp_url = f"https://localhost:{self.server.port}"
        house.profile.save()

    @property
    def size(self) -> int:
        """Return how many bytes a deposit sends."""
        return len(self.deposit.body)

    def forget(self) -> None:
        """Keep the message received last no longer."""
        self.deposit = replace(self.deposit, body=b"")

    def _answer(self, request: SandboxRequest) -> SandboxResponse:
        person = _PERSON.search(request.body)
        if person is None:
            self.deposit = request if len(request.body) < KEPT else replace(request, body=b"")
            body = registry(OK)
        else:
            root, number = (group.decode() for group in person.groups())
            body = soap(_EXISTS.replace("{root}", root).replace("{number}", number))
        asked = _MESSAGE_ID.search(request.body)
        answer = body.replace(b"{id}", asked[1] if asked else b"")
        return SandboxResponse(200, {"Content-Type": SOAP}, answer)


def _refused(error: SSLError) -> None:
    raise RuntimeError("the server of the bench refused our certificate") from error


def filed(ground: Ground) -> DocumentVersion:
    """Make and file a document of its own."""
    house, number = ground.house, next(_numbers)
    draft = Draft(
        source_kind="bench",
        source_id=number,
        type_code="80788-3",
        title="Projet d'accompagnement personnalisé",
        subtitle="",
        summary=(),
        sections=tuple(Section(f"Objectif {n}", (f"{TEXT}{number}",)) for n in range(6)),
        act_started_at=now(),
    )
    return file_document(dossier=ground.dossier, draft=draft, author=house.loic, actor=house.actor)


_numbers = itertools.count(1)


def _heavy_paper(ground: Ground) -> None:
    """Give the establishment a logo that no compression makes smaller: a deposit is then some 200 KB."""
    pixels = Image.frombytes("RGB", (LOGO, LOGO), random.Random(SEED).randbytes(LOGO * LOGO * 3))
    drawn = io.BytesIO()
    pixels.save(drawn, "PNG")
    essms = ground.house.essms
    Letterhead(essms=essms, logo=drawn.getvalue(), logo_format="png", updated_at=now()).save()


def _deposit(ground: Ground, waiting: list[DocumentVersion]) -> Work:
    actor = ground.house.actor

    def deposit() -> object:
        asked = deposit_in_dmp(version=waiting.pop(), actor=actor)
        process_next()
        with system_scope("bench"):
            done = DmpDeposit.objects.filter(pk=asked.pk).values_list("accepted_at", flat=True).get()
        if done is None:
            raise RuntimeError("not deposited")
        return done

    return deposit


def _floor(ground: Ground, far: FarDmp, version: DocumentVersion) -> Work:
    """Return what nobody who deposits can avoid, with our own kit and no application around it.

    Build: the submission (metadata read in the CDA, XAdES signature), the VIHF signed, the MTOM body. Then
    its SHA-256, a commit that keeps it, the departure, one POST, the end. Nothing is controlled, asked of the
    DMP, traced nor read again.
    """
    house = ground.house
    profile = dmp_profile(house.profile, depositor(house.loic, house.essms))
    identity = open_gate(ground.dossier.identity, house.profile)
    document = store.get(version.cda_sha256)
    clock, ids = SystemClock(), SystemIds()
    send = _sending(ground, far)

    def floor() -> object:
        frozen = td2_1.prepare_submission(profile, identity, document, clock=clock, ids=ids)
        assertion = build_assertion(
            profile, frozen.actor, frozen.patient, now=clock.now(), assertion_id=ids.uuid()
        )
        kind, body = td2_1.build_request(frozen, assertion, message_id=ids.uuid(), boundary=ids.uuid())
        return send(kind, body)

    return floor


def _barest_floor(ground: Ground, far: FarDmp) -> Work:
    """Return the same without building: the message of the last deposit, as it left."""
    request, send = far.deposit, _sending(ground, far)
    return lambda: send(request.headers["content-type"], request.body)


def _sending(ground: Ground, far: FarDmp) -> Callable[[str, bytes], bytes]:
    """Return what hashes a message, keeps it, sends it and keeps the end, in three commits."""
    profile, path = ground.house.profile, far.deposit.path
    place = urlsplit(profile.dmp_url)
    line = http.client.HTTPSConnection(
        str(place.hostname), place.port, context=tls_context(profile, CertificatePurpose.DMP_AUTH)
    )
    with connection.cursor() as cursor:
        kind = "bytea" if connection.vendor == "postgresql" else "BLOB"
        columns = f"number INTEGER PRIMARY KEY, state TEXT, sha TEXT, data {kind}"
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_deposit ({columns})")

    def commit(sql: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    def send(kind: str, body: bytes) -> bytes:
        number, sha = next(_numbers), hashlib.sha256(body).hexdigest()
        commit("INSERT INTO bench_deposit VALUES (%s, 'waiting', %s, %s)", number, sha, body)
        commit("UPDATE bench_deposit SET state = 'sent' WHERE number = %s", number)
        line.request("POST", path, body, {"Content-Type": kind})
        answer = line.getresponse().read()
        if b"Success" not in answer:
            raise RuntimeError("the server of the bench did not take the deposit")
        commit("UPDATE bench_deposit SET state = 'taken' WHERE number = %s", number)
        return answer

    return send
