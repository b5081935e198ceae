"""The simulated DMP over HTTPS: addresses, order of the checks, situations, answers."""

from __future__ import annotations

import dataclasses
import threading

from cryptography import x509

from amarre.sandbox import cards
from amarre.sandbox.context import SandboxContext
from amarre.sandbox.service import GuideTable, SandboxRequest, SandboxResponse, Verdict
from amarre.sandbox.services.dmp import (
    access,
    answers,
    certificates,
    consultation,
    deposit,
    existence,
    guide,
    history,
    metadata,
    online,
    people,
    queries,
    updates,
)
from amarre.sandbox.services.dmp.answers import Reply
from amarre.sandbox.services.dmp.envelope import UUID_URN, Envelope, read
from amarre.sandbox.services.dmp.registry import SIGNATURE_TYPE, Registry
from amarre.sandbox.services.dmp.rules import Failure, Judge, right, rules
from amarre.sandbox.services.dmp.verdicts import fault_of, verdict_of
from amarre.sandbox.services.dmp.vihf import Trust, Vihf, judge_vihf
from amarre.sandbox.words import counted

BASE = "/si-dmp-server/v2/services"
# Service → SOAP actions it answers.
ACTIONS = {
    f"{BASE}/patients": {"urn:hl7-org:v3:PRPA_IN201307UV02"},
    f"{BASE}/repository": {
        "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
        "urn:ihe:iti:2007:RetrieveDocumentSet",
    },
    f"{BASE}/registry": {
        "urn:ihe:iti:2007:RegistryStoredQuery",
        "urn:ihe:iti:2010:UpdateDocumentSet",
    },
    f"{BASE}/habilitations": {"urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"},
}
SCENARIOS = {
    "dmp-absent": "La personne n'a pas de DMP.",
    "dmp-ferme": "Le DMP de la personne est fermé.",
    "autorisation-interdite": "La personne a interdit l'accès à la structure.",
    "type-refuse": "Le dépôt est refusé : type de document non accepté.",
    "doublon": "Le dépôt est refusé : identifiant déjà reçu.",
    "empreinte-differente": "Le dépôt est refusé : document déjà reçu avec un autre contenu.",
    "certificat-signature": "Le certificat qui a signé le VIHF est refusé.",
    "depot-occupe": "L'entrepôt est occupé, le dépôt est à refaire plus tard.",
    "depot-perdu": "Le document est enregistré, la connexion est coupée sans réponse.",
    "depot-lent": "Le document est enregistré, la réponse arrive après 30 secondes.",
    "reponse-autre-demande": "La demande est traitée, la réponse se rattache à une autre demande.",
    "depot-tronque": "Le document est enregistré, la réponse est coupée au milieu.",
    "matrice-habilitation": "La profession n'a pas accès à ce type de document : lecture refusée.",
    "autorisation-expiree": "L'autorisation du professionnel a expiré.",
    "document-masque": "Le document lu est masqué aux professionnels : lecture refusée.",
    "document-altere": "Le document lu n'a pas l'empreinte annoncée par la liste.",
    "document-manquant": "La réponse de lecture annonce un document qui n'y est pas.",
    "changement-perdu": "Le changement est fait, la connexion est coupée sans réponse.",
}
# Situations that break a rule of the deposit: situation → rule.
FORCED = {
    "type-refuse": "xds.codes",
    "doublon": "xds.duplicate-registry",
    "empreinte-differente": "xds.hash",
}


class DmpService:
    """One simulated DMP. `handle` may be called from several threads."""

    name = "dmp"
    prefixes = ("/si-dmp-server/v2/services",)
    plain_prefixes = (online.PREFIX,)
    scenarios = SCENARIOS

    def __init__(self, context: SandboxContext) -> None:
        self._context = context
        self._registry = Registry(context.store, context.ids)
        self._trust = Trust(context.pki.trusted(), cards.authorities(context.settings.data_dir))
        # From the search of duplicates to the writing, one deposit at a time.
        self._deposits = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Put back what other houses had deposited before, when the settings ask for it."""
        if self._context.settings.dmp_history:
            history.fill(self._registry, self._context.clock.now())

    def state(self) -> dict[str, object]:
        """Return the documents received by uniqueId, the signatures of sets apart."""
        documents: dict[str, object] = {}
        signatures: dict[str, object] = {}
        for entry in self._registry.entries():
            if history.is_history(entry.submission_set):
                continue
            target = signatures if entry.type_code == SIGNATURE_TYPE else documents
            target[entry.unique_id] = dataclasses.asdict(entry)
        return {"documents": documents, "signatures": signatures}

    def guide(self) -> tuple[GuideTable, ...]:
        """Return whom to try and how to meet each situation."""
        return guide.guide()

    def handle_plain(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict | None]:
        """Answer the browser that followed the link to the site of the DMP."""
        return online.handle(request)

    def handle(self, request: SandboxRequest) -> tuple[SandboxResponse, Verdict]:
        """Judge one request and answer it."""
        judge = Judge()
        envelope = read(request, judge)
        reply = Reply(
            envelope.soap if envelope else "",
            envelope.message_id if envelope else "",
            self._context.ids.uuid(),
        )
        if envelope is None or judge.refused:
            return self._fault(reply, judge, "inconnue")
        if self._plays("reponse-autre-demande"):
            reply = dataclasses.replace(reply, relates_to=self._context.ids.uuid().urn)
        operation = self._operation(request, envelope)
        known = envelope.action in ACTIONS.get(request.path.rstrip("/"), set())
        judge.check("wsa.action", known, received=f"{envelope.action} sur {request.path}")
        fresh = self._registry.first_time("message", envelope.message_id)
        right_form = UUID_URN.fullmatch(envelope.message_id) is not None
        judge.check("wsa.messageid", fresh and right_form, received=envelope.message_id)
        vihf = self._identify(request.client_certificate, envelope, judge)
        if vihf is not None and vihf.mode:
            judge.check(
                "rights.mode", right(operation, vihf.column) != "no", received=f"{operation}, {vihf.column}"
            )
        if vihf is None or judge.refused:
            return self._fault(reply, judge, operation)
        return self._treat(reply, envelope, judge, vihf, operation)

    def _treat(
        self, reply: Reply, envelope: Envelope, judge: Judge, vihf: Vihf, operation: str
    ) -> tuple[SandboxResponse, Verdict]:
        """Answer a request whose caller is known and whose transaction is open to it."""
        call = consultation.Call(
            reply, envelope, judge, vihf, operation, self._registry, self._context.clock.now(), self._plays
        )
        match operation.partition(" ")[0]:
            case "TD0.2" | "TD1.3a":
                return self._existence(reply, envelope, judge, vihf, operation)
            case "TD2.1":
                return self._deposit(reply, envelope, judge, vihf)
            case "TD0.3":
                return consultation.authorisation(call)
            case "TD3.2":
                return consultation.retrieval(call)
            case "TD3.3a" | "TD3.3b" | "TD3.3c" | "TD3.3d":
                with self._deposits:
                    return consultation.update(call)
            case _:
                return consultation.query(call)

    def _operation(self, request: SandboxRequest, envelope: Envelope) -> str:
        """Return the transaction a request asks for, as the tables of rights name it."""
        service = request.path.rstrip("/").removeprefix(f"{BASE}/")
        if service == "registry" and envelope.action.endswith(":UpdateDocumentSet"):
            update = updates.read_update(envelope, self._registry)
            return "TD3.3c" if update is None else update.transaction
        if service == "registry":
            return queries.transaction_of(envelope)
        if service == "repository":
            return "TD3.2" if envelope.action.endswith(":RetrieveDocumentSet") else "TD2.1"
        if service == "patients":
            return existence.transaction_of(envelope.body)
        if service == "habilitations":
            removing = access.authorisation_action(envelope.body) == "SUPPRESSION"
            return "TD0.3 suppression" if removing else "TD0.3 ajout"
        return "inconnue"

    def _identify(self, tls: x509.Certificate | None, envelope: Envelope, judge: Judge) -> Vihf | None:
        """Judge the TLS certificate and the assertion."""
        shown = certificates.described(tls)
        named = tls is not None and bool(certificates.structure_of(tls))
        if not judge.check("tls.structure", named, received=shown) or tls is None:
            return None
        judge.check("tls.purpose", certificates.is_for_authentication(tls), received=shown)
        judge.check("tls.dedicated", not certificates.common_name(tls).startswith("INSI-"), received=shown)
        vihf = judge_vihf(envelope.security, judge, now=self._context.clock.now(), trust=self._trust, tls=tls)
        if vihf is not None:
            judge.check(
                "vihf.once", self._registry.first_time("vihf", vihf.identifier), received=vihf.identifier
            )
        if self._plays("certificat-signature"):
            judge.failures.insert(0, self._force(judge, "vihf.purpose"))
        return vihf

    def _existence(
        self, reply: Reply, envelope: Envelope, judge: Judge, vihf: Vihf, operation: str
    ) -> tuple[SandboxResponse, Verdict]:
        found = existence.read_existence(envelope.body, judge, vihf)
        if found is None:
            return self._fault(reply, judge, operation)
        now = self._context.clock.now()
        decoded = {"INS": f"{found.ins} ({found.oid})", "Structure": vihf.structure}
        if judge.refused:
            response = answers.existence_error(reply, found.question, judge.failures[0], now)
            return response, verdict_of(judge, operation, decoded, "")
        person = self._person(found.ins, found.oid)
        if person is not None:
            allowed = access.authorisation(person, vihf.name_id, self._registry)
            if self._plays("autorisation-expiree"):
                allowed = people.Authorisation.EXPIRE
            person = dataclasses.replace(person, authorisation=allowed)
            decoded["Autorisation"] = allowed.value
        state = person.state if person else people.DmpState.ABSENT
        decoded["État du DMP"] = state.value
        sentence = {
            people.DmpState.ABSENT: "Réponse : pas de DMP.",
            people.DmpState.CLOSED: "Réponse : DMP fermé.",
            people.DmpState.ACTIVE: "Réponse : DMP actif.",
        }[state]
        response = answers.existence(reply, found.question, person, now)
        return response, verdict_of(judge, operation, decoded, sentence)

    def _person(self, ins: str, oid: str) -> people.Person | None:
        """Return the person under the active situation."""
        person = people.find(ins, oid)
        if person is None or self._plays("dmp-absent"):
            return None
        if self._plays("dmp-ferme"):
            return dataclasses.replace(person, state=people.DmpState.CLOSED)
        if self._plays("autorisation-interdite"):
            return dataclasses.replace(person, authorisation=people.Authorisation.INTERDIT)
        return person

    def _deposit(
        self, reply: Reply, envelope: Envelope, judge: Judge, vihf: Vihf
    ) -> tuple[SandboxResponse, Verdict]:
        if self._plays("depot-occupe"):
            busy = Failure(dataclasses.replace(rules()["xds.body"], code="XDSRepositoryBusy"), "")
            response = answers.registry_response(reply, [busy])
            return response, Verdict(False, "TD2.1", "Entrepôt occupé : rien n'est enregistré.")
        found = deposit.read_deposit(envelope, judge)
        if found is None:
            return answers.registry_response(reply, judge.failures), verdict_of(judge, "TD2.1", {}, "")
        now = self._context.clock.now()
        circle = deposit.Circle(vihf, (*self._trust.structures, *self._trust.cards), now)
        with self._deposits:
            deposit.judge_deposit(found, judge, self._registry, circle)
            self._force_deposit(judge)
            if not judge.refused:
                documents = deposit.new_documents(found)
                self._registry.register(found.submission_set, documents, structure=vihf.structure, now=now)
        decoded = _describe(found)
        verdict = verdict_of(
            judge, "TD2.1", decoded, f"{counted(len(found.clinical), 'document', 'enregistré')}."
        )
        first = judge.failures[0].rule.code if judge.failures else ""
        if first.startswith("DMP"):
            return self._fault(reply, judge, "TD2.1", decoded)
        return self._spoil(answers.registry_response(reply, judge.failures)), verdict

    def _force_deposit(self, judge: Judge) -> None:
        """Break the rule that the active situation names."""
        for situation, rule in FORCED.items():
            if self._plays(situation):
                judge.failures.append(self._force(judge, rule))
        for situation, rule in (
            ("dmp-absent", "xds.person"),
            ("dmp-ferme", "xds.open"),
            ("autorisation-interdite", "rights.person"),
        ):
            if self._plays(situation):
                judge.failures.insert(0, self._force(judge, rule))

    def _spoil(self, response: SandboxResponse) -> SandboxResponse:
        """Lose, delay or cut the answer of a deposit that was treated."""
        if self._plays("depot-perdu"):
            return dataclasses.replace(response, cut=True)
        if self._plays("depot-lent"):
            return dataclasses.replace(response, delay_seconds=self._context.settings.slow_answer_seconds)
        if self._plays("depot-tronque"):
            return dataclasses.replace(response, truncate_at=len(response.body) // 2)
        return response

    def _plays(self, situation: str) -> bool:
        """Tell whether a situation is active, and count one use of it."""
        if self._context.scenarios.active(self.name) != situation:
            return False
        self._context.scenarios.consume(self.name)
        return True

    def _force(self, judge: Judge, identifier: str) -> Failure:
        """Return the failure of a rule that the situation breaks, written in the remarks."""
        before = len(judge.failures)
        judge.check(identifier, False, "situation choisie sur la page de contrôle")
        return judge.failures.pop(before)

    def _fault(
        self, reply: Reply, judge: Judge, operation: str, decoded: dict[str, str] | None = None
    ) -> tuple[SandboxResponse, Verdict]:
        return fault_of(reply, judge, operation, decoded or {})


def _describe(found: deposit.Deposit) -> dict[str, str]:
    """Return what the control page shows of a deposit."""
    lot = found.submission_set
    values = {
        "Lot": lot.identifiers.get(metadata.SET_UNIQUE, ""),
        "Patient": lot.identifiers.get(metadata.SET_PATIENT, ""),
        "Date de soumission": lot.slot("submissionTime"),
    }
    for number, entry in enumerate(found.clinical, start=1):
        kind, group = entry.code(metadata.TYPE), entry.code(metadata.CLASS)
        values[f"Document {number}"] = entry.title
        values[f"Identifiant {number}"] = entry.identifiers.get(metadata.ENTRY_UNIQUE, "")
        values[f"Type {number}"] = f"{kind.code} {kind.label} (classe {group.code})"
        values[f"Taille {number}"] = f"{len(found.documents[entry.identifier])} octets"
        author = entry.authors[0].slots if entry.authors else {}
        values[f"Auteur {number}"] = " ; ".join(author.get("authorPerson", ()))
    return values
