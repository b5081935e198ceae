"""The transactions of a professional: authorisation, search, reading, changes. Each judges, then answers.

Sources: SEL-MP-037 TD0.3, TD3.1, TD3.2, TD3.3; IHE ITI TF-2 §3.18, §3.43, §3.57.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from dataclasses import dataclass

from amarre.sandbox.service import SandboxResponse, Verdict
from amarre.sandbox.services.dmp import access, answers, metadata, queries, updates
from amarre.sandbox.services.dmp import retrieval as retrievals
from amarre.sandbox.services.dmp.answers import Reply, Retrieved
from amarre.sandbox.services.dmp.envelope import Envelope
from amarre.sandbox.services.dmp.people import Authorisation, DmpState
from amarre.sandbox.services.dmp.registry import REPOSITORY, Entry, Registry
from amarre.sandbox.services.dmp.rules import Judge
from amarre.sandbox.services.dmp.verdicts import fault_of, verdict_of
from amarre.sandbox.services.dmp.vihf import Vihf
from amarre.sandbox.words import counted

Outcome = tuple[SandboxResponse, Verdict]


@dataclass(frozen=True, slots=True)
class Call:
    """One request whose caller is known. `plays` tells whether a situation is active, and counts it."""

    reply: Reply
    envelope: Envelope
    judge: Judge
    vihf: Vihf
    operation: str
    registry: Registry
    now: datetime.datetime
    plays: Callable[[str], bool]

    def caller(self) -> dict[str, str]:
        """Return what the control page shows of the caller and of the person."""
        modes = {"normal": "normal", access.BREAK_GLASS: "bris de glace"}
        values = {
            "Personne": self.vihf.patient,
            "Professionnel": f"{self.vihf.name_id} {self.vihf.subject}".strip(),
            "Mode": self.vihf.column,
            "Accès": modes.get(self.vihf.purpose, self.vihf.purpose),
        }
        return values | ({"Connexion": "secrète"} if self.vihf.secret else {})

    def force(self) -> None:
        """Break the rules of reading that the active situation names."""
        why = "situation choisie sur la page de contrôle"
        for situation, rule, words in (
            ("matrice-habilitation", "rights.matrix", why),
            ("autorisation-interdite", "rights.person", why),
            ("autorisation-expiree", "rights.authorised", f"autorisation expirée, {why}"),
            ("dmp-ferme", "xds.open", why),
            ("dmp-absent", "xds.person", why),
        ):
            if self.plays(situation):
                self.judge.check(rule, False, words)

    def denied(self) -> Outcome | None:
        """Return the fault of the first DMP code among what was refused, None when there is none."""
        first = self.judge.failures[0].rule.code if self.judge.failures else ""
        if not first.startswith("DMP"):
            return None
        return fault_of(self.reply, self.judge, self.operation, self.caller())


def authorisation(call: Call) -> Outcome:
    """TD0.3."""
    judge = call.judge
    request = access.read_authorisation(call.envelope.body, judge)
    if request is None or judge.refused:
        return fault_of(call.reply, judge, call.operation, call.caller())
    person = access.person_of(call.vihf.patient)
    known = person is not None and person.state is not DmpState.ABSENT
    decoded = call.caller() | {"Action": request.action, "Rôle": request.role or "aucun"}
    if judge.check("auth.patient", known) and person is not None:
        judge.check("xds.open", person.state is DmpState.ACTIVE)
        judge.check("rights.person", person.authorisation is not Authorisation.INTERDIT)
    call.force()
    if person is None or judge.refused:
        failure = judge.failures[0]
        status = failure.rule.code or "DMPPatientUnknown"
        response = answers.authorisation_response(call.reply, status, failure.sentence)
        return response, verdict_of(judge, call.operation, decoded, "")
    sentence = access.apply_authorisation(request, person, call.vihf, call.registry)
    response = answers.authorisation_response(call.reply, "DMPOk", sentence)
    return response, verdict_of(judge, call.operation, decoded, f"{sentence}.")


def query(call: Call) -> Outcome:
    """TD3.1 and TD3.1b."""
    judge, vihf = call.judge, call.vihf
    question = queries.read_question(call.envelope, judge)
    if question is not None and question.patient:
        judge.check("vihf.patient", question.patient == vihf.patient)
    if call.operation == "TD3.1" and question is not None and not judge.refused:
        access.judge_reading(access.person_of(vihf.patient), judge, vihf, call.registry)
        call.force()
    denied = call.denied()
    if denied is not None:
        return denied
    if question is None or judge.refused:
        response = answers.query_response(call.reply, [], judge.failures)
        return response, verdict_of(judge, call.operation, call.caller(), "")
    found = queries.answer(question, call.registry, vihf)
    objects = found
    if question.return_type == "ObjectRef":
        objects = [answers.object_ref(item.get("id", "")) for item in found]
    response = answers.query_response(call.reply, objects, [])
    asked = {key.removeprefix("$XDSDocumentEntry"): ", ".join(item) for key, item in question.values.items()}
    decoded = call.caller() | asked
    return response, verdict_of(
        judge, call.operation, decoded, f"{counted(len(found), 'document', 'trouvé')}."
    )


def _document(call: Call, entry: Entry) -> Retrieved:
    """Return the document as it is, or as the active situation spoils it."""
    data = call.registry.document(entry.unique_id) or b""
    if call.plays("document-altere"):
        data += b"<!-- -->"
    attached = not call.plays("document-manquant")
    mime = metadata.read_object(call.registry.object(entry)).mime_type
    return Retrieved(REPOSITORY, entry.unique_id, mime, data, attached)


def retrieval(call: Call) -> Outcome:
    """TD3.2."""
    judge = call.judge
    entry = _read(call)
    denied = call.denied()
    if denied is not None:
        return denied
    decoded = call.caller() | ({} if entry is None else _shown(entry))
    if entry is None or judge.refused:
        response = answers.retrieve_response(call.reply, None, judge.failures)
        return response, verdict_of(judge, call.operation, decoded, "")
    response = answers.retrieve_response(call.reply, _document(call, entry), [])
    return response, verdict_of(judge, call.operation, decoded, f"{entry.size} octets rendus.")


def _read(call: Call) -> Entry | None:
    """Judge a reading; return the document asked for when there is one."""
    entry = retrievals.read_retrieval(call.envelope.body, call.judge, call.registry)
    if entry is not None:
        retrievals.judge_retrieval(entry, call.judge, call.vihf, call.registry)
        call.force()
        if call.plays("document-masque"):
            call.judge.check("rights.masked", False, "situation choisie sur la page de contrôle")
    return entry


def update(call: Call) -> Outcome:
    """TD3.3 a to d."""
    judge = call.judge
    found = updates.read_update(call.envelope, call.registry)
    decoded = call.caller()
    if judge.check("update.body", found is not None) and found is not None:
        updates.judge_update(found, judge, call.vihf, call.registry)
        decoded |= {} if found.target is None else _shown(found.target)
        decoded |= _wanted(found)
        if call.vihf.mode != "INDIRECTE":
            call.force()
    denied = call.denied()
    if denied is not None:
        return denied[0], dataclasses.replace(denied[1], decoded=decoded)
    if found is not None and not judge.refused:
        updates.apply_update(found, call.registry)
    response = answers.registry_response(call.reply, judge.failures, answers.UPDATED)
    if not judge.refused and call.plays("changement-perdu"):
        response = dataclasses.replace(response, cut=True)
    return response, verdict_of(judge, call.operation, decoded, "Changement fait.")


def _shown(entry: Entry) -> dict[str, str]:
    return {
        "Document": entry.title,
        "Identifiant": entry.unique_id,
        "État": entry.status.rpartition(":")[2],
        "Version de la fiche": str(entry.version),
        "Confidentialité": ", ".join(entry.confidentiality),
    }


def _wanted(found: updates.Update) -> dict[str, str]:
    if found.item is None:
        return {"Nouvel état": found.slot("NewStatus").rpartition(":")[2]}
    return {"Nouvelle confidentialité": ", ".join(sorted(found.codes))}
