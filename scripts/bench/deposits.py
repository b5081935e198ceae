"""A deposit in the DMP, from the click to the acknowledgement kept, against what no sender can avoid."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import re
from pathlib import Path
from ssl import SSLError
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.db import connection, transaction
from lxml import etree

from amarre.dui.access.scope import system_scope
from amarre.dui.core.clock import now
from amarre.dui.dmp.services.deposit_in_dmp import deposit_in_dmp
from amarre.dui.documents.models import DmpDeposit, DocumentVersion
from amarre.dui.documents.rendering import Section
from amarre.dui.documents.services.file_document import Draft, file_document
from amarre.dui.exchanges.connections import tls_context
from amarre.dui.exchanges.services.process import process_next
from amarre.dui.organisations.enums import CertificatePurpose
from amarre.interop.common.clock import SystemClock
from amarre.interop.dmp.td0_2 import HL7
from amarre.sandbox.server import SandboxHttpServer, tls_server
from amarre.sandbox.service import SandboxRequest, SandboxResponse
from scripts.bench.house import Ground
from scripts.bench.timing import Row, Work
from tests.interop.clients.test_dmp import OK, registry, soap

SOAP = "application/soap+xml; charset=utf-8"
TEXT = "Garder l'équilibre : marcher dix minutes par jour, avec l'aide à domicile. " * 12
_MESSAGE_ID = re.compile(rb"MessageID[^>]*>([^<]+)<")
_PERSON = re.compile(rb'<(?:\w+:)?value root="([^"]+)" extension="([^"]+)"')
_ENVELOPE = re.compile(rb"<\?xml.*?Envelope>", re.DOTALL)
_EXISTS = (
    f'<PRPA_IN201308UV02 xmlns="{HL7}"><acknowledgement typeCode="AA"/><controlActProcess><subject>'
    '<registrationEvent><subject1><patient><id root="{root}" extension="{number}"/>'
    '<statusCode code="active"/></patient></subject1></registrationEvent></subject>'
    '<queryAck><queryResponseCode code="OK"/></queryAck></controlActProcess></PRPA_IN201308UV02>'
)


def rows(ground: Ground) -> list[Row]:
    """Return the row of the deposits. The DMP of the run is from now on a server that always says yes."""
    far = FarDmp(ground)
    waiting = [_filed(ground)]
    deposit = _deposit(ground, waiting)
    # Once outside the measure: the floor sends the same bytes.
    deposit()
    return [
        Row(
            "durable deposit", deposit, _floor(ground, far), 3.0,
            f"of a document already filed ({far.size // 1000} KB): control, freezing, row of the outbox, "
            "worker, TD0.2 then TD2.1 over kept mutual TLS on loopback, acknowledgement kept, every trace; "
            "against lxml reading and writing the same message, its two RSA signatures, SHA-1 and SHA-256, "
            "three commits with the same bytes and one POST by http.client over kept mutual TLS, same server",
            before=lambda: waiting.append(_filed(ground)), waits=True,
        )
    ]  # fmt: skip


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

    def _answer(self, request: SandboxRequest) -> SandboxResponse:
        person = _PERSON.search(request.body)
        if person is None:
            self.deposit = request
            body = registry(OK)
        else:
            root, number = (group.decode() for group in person.groups())
            body = soap(_EXISTS.replace("{root}", root).replace("{number}", number))
        asked = _MESSAGE_ID.search(request.body)
        answer = body.replace(b"{id}", asked[1] if asked else b"")
        return SandboxResponse(200, {"Content-Type": SOAP}, answer)


def _refused(error: SSLError) -> None:
    raise RuntimeError("the server of the bench refused our certificate") from error


def _filed(ground: Ground) -> DocumentVersion:
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


def _deposit(ground: Ground, waiting: list[DocumentVersion]) -> Work:
    def deposit() -> object:
        asked = deposit_in_dmp(version=waiting.pop(), actor=ground.house.actor)
        while process_next():
            pass
        with system_scope("bench"):
            done = DmpDeposit.objects.get(pk=asked.pk)
        if done.accepted_at is None:
            raise RuntimeError(f"not deposited: {done.exchange.explanation}")
        return done

    return deposit


def _floor(ground: Ground, far: FarDmp) -> Work:
    """Return what any sender must do, once, without asking, checking nor remembering anything."""
    profile, request = ground.house.profile, far.deposit
    place = urlsplit(profile.dmp_url)
    line = http.client.HTTPSConnection(
        str(place.hostname), place.port, context=tls_context(profile, CertificatePurpose.DMP_AUTH)
    )
    certificate = profile.certificate(CertificatePurpose.DMP_SIGN)
    assert certificate is not None
    key = load_pem_private_key(Path(certificate.key_file).read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    envelope = _ENVELOPE.search(request.body)
    assert envelope is not None
    document = request.body[envelope.end() :]
    with connection.cursor() as cursor:
        kind = "bytea" if connection.vendor == "postgresql" else "BLOB"
        cursor.execute(f"CREATE TABLE bench_deposit (number INTEGER, state TEXT, data {kind})")
    numbers = itertools.count(1)

    def commit(sql: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    def send() -> object:
        number = next(numbers)
        message = etree.tostring(etree.fromstring(envelope[0]), encoding="UTF-8", xml_declaration=True)
        for _ in ("VIHF", "XAdES"):
            key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        body = request.body[: envelope.start()] + message + document
        hashlib.sha1(document, usedforsecurity=False).digest()
        hashlib.sha256(body).digest()
        commit("INSERT INTO bench_deposit (number, state, data) VALUES (%s, 'waiting', %s)", number, body)
        commit("UPDATE bench_deposit SET state = 'sent' WHERE number = %s", number)
        line.request("POST", request.path, body, {"Content-Type": request.headers["content-type"]})
        answer = line.getresponse().read()
        if b"Success" not in answer:
            raise RuntimeError("the server of the bench did not take the deposit")
        commit("UPDATE bench_deposit SET state = 'taken' WHERE number = %s", number)
        return answer

    return send
