"""Acts written straight in the tables: volume and edges that a real service would take long to produce."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass

from amarre.dui.accounts.models import User
from amarre.dui.core.clock import PARIS
from amarre.dui.documents.models import DmpDeposit, Document, DocumentVersion, MailedDocument, MssanteMessage
from amarre.dui.exchanges.enums import State
from amarre.dui.exchanges.models import Exchange
from amarre.dui.organisations.enums import Environment
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.usagers.models import Dossier, Identity

SANDBOX = Environment.BAC_A_SABLE.value
_numbers = itertools.count(1)


def paris(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime.datetime:
    """An instant as people of Paris say it, stored in UTC."""
    local = datetime.datetime(year, month, day, hour, minute, tzinfo=PARIS)
    return local.astimezone(datetime.UTC)


NOON = paris(2026, 11, 10)


@dataclass(slots=True)
class Records:
    """Acts of one establishment asked for by one person."""

    essms: Essms
    author: User
    environment: str = SANDBOX

    def connected(self, environment: str = SANDBOX) -> Records:
        """Give the establishment its connector profile."""
        ConnectorProfile.objects.create(essms=self.essms, environment=environment)
        return self

    def dossier(self, *, number: str = "", is_test: bool = False, **identity: object) -> Dossier:
        rank = next(_numbers)
        person = Identity(
            organisme_id=self.essms.organisme_id,
            local_number=f"P{rank}",
            nom_naissance="QUERE",
            prenoms="MARIE",
            premier_prenom="MARIE",
            sexe="F",
            date_naissance="1940-02-01",
            search_key="QUERE MARIE",
            **identity,
        )
        person.save()
        dossier = Dossier(
            essms=self.essms,
            identity=person,
            number=number or f"D{rank}",
            entered_on=datetime.date(2026, 1, 1),
            is_test=is_test,
        )
        dossier.save()
        return dossier

    def version(self, dossier: Dossier, document: Document | None = None) -> DocumentVersion:
        """A first version, or the next one of `document`."""
        rank = next(_numbers)
        if document is None:
            document = Document.objects.create(
                dossier=dossier, type_code="80788-3", title="Projet personnalisé", source_kind="test",
                source_id=rank, set_id=f"2.25.{rank}",
            )  # fmt: skip
        return DocumentVersion.objects.create(
            document=document, number=document.versions.count() + 1, unique_id=f"2.25.9.{rank}",
            created_at=NOON, author=self.author, identity_qualified=True, pdf_sha256="0" * 64,
            cda_sha256="0" * 64,
        )  # fmt: skip

    def deposit(
        self,
        version: DocumentVersion,
        at: datetime.datetime | None = NOON,
        *,
        qualified: bool = True,
        environment: str = "",
        author: User | None = None,
    ) -> DmpDeposit:
        """A deposit accepted `at`; None: refused."""
        return DmpDeposit.objects.create(
            version=version,
            exchange=self.exchange("dmp", State.ACCEPTE if at else State.REFUSE, author=author),
            environment=environment or self.environment,
            identity_qualified=qualified,
            requested_at=at or NOON,
            accepted_at=at,
        )

    def message(
        self,
        dossier: Dossier,
        *versions: DocumentVersion,
        at: datetime.datetime | None = NOON,
        state: str = "",
        receipt: str = "",
        to_usager: bool = False,
        environment: str = "",
        author: User | None = None,
    ) -> MssanteMessage:
        """A message accepted `at`; None: not accepted, in `state`."""
        rank = next(_numbers)
        known = state or (State.ACCEPTE if at else State.REFUSE)
        message = MssanteMessage.objects.create(
            dossier=dossier,
            exchange=self.exchange("mail", known, receipt=receipt, author=author),
            message_id=f"<{rank}@amarre.example>",
            recipient_address="" if to_usager else "dr.sow@medecin.mssante.example",
            recipient_name="Marie QUERE" if to_usager else "Dr Sow",
            audience="usager" if to_usager else "professionnel",
            environment=environment or self.environment,
            requested_at=at or NOON,
            accepted_at=at,
        )
        for version in versions:
            MailedDocument.objects.create(message=message, version=version)
        return message

    def exchange(self, kind: str, state: str, *, receipt: str = "", author: User | None = None) -> Exchange:
        rank = next(_numbers)
        return Exchange.objects.create(
            kind=f"{kind}.test", service=kind, essms=self.essms, lane=f"l{rank}", key=f"k{rank}",
            reference=f"ECH-TEST-{rank:04d}", created_by=author or self.author, created_at=NOON, due_at=NOON,
            state=state, receipt=receipt,
        )  # fmt: skip
