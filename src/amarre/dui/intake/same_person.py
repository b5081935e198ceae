"""Is a received document about the person of a dossier? The kit's comparison, fed by our records."""

from __future__ import annotations

from amarre.dui.access.scope import system_scope
from amarre.dui.usagers.models import Identity
from amarre.interop.cda import ReceivedPatient
from amarre.interop.cda.display import PatientComparison, compare_patient
from amarre.interop.ins.history import FormerIns, InsHistory
from amarre.interop.ins.matricule import Ins, Matricule, ins_oid


def compare_with_identity(received: ReceivedPatient, identity: Identity) -> PatientComparison:
    """Compare the person a document names with `identity`, whose dossier is in scope. One query."""
    with system_scope("former INS of an identity whose dossier is in scope"):
        rows = list(identity.ins_history.all())
    former = tuple(FormerIns(Ins(Matricule(row.matricule, row.cle), ins_oid(row.ins_oid))) for row in rows)
    return compare_patient(received, traits=identity.traits, history=InsHistory(identity.ins, former))
