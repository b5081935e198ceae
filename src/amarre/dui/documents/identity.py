"""From the identity of a dossier to what documents carry: printed traits, and the patient of a CDA.

The only place of the record that opens the kit's gate (`qualified_identity`): without it, no matricule is
printed, encoded or sent.
"""

from __future__ import annotations

from amarre.dui.documents.rendering import PrintedTraits
from amarre.dui.organisations.models import ConnectorProfile
from amarre.dui.usagers.models import Dossier, Identity
from amarre.interop.cda import Identifier, LocalPatient, Patient, QualifiedPatient
from amarre.interop.ins import (
    STATUS_LABELS,
    Environment,
    QualifiedIdentity,
    Status,
    qualified_identity,
    to_svg,
)

ENVIRONMENTS = {
    "bac_a_sable": Environment.SANDBOX,
    "qualification": Environment.QUALIFICATION,
    "production": Environment.PRODUCTION,
}


def open_gate(identity: Identity, profile: ConnectorProfile) -> QualifiedIdentity:
    """Return the identity that may leave. Raises IdentityNotQualified, QualifiedIdentityIncomplete or
    OidNotAccepted."""
    return qualified_identity(
        state=identity.state,
        ins=identity.ins,
        traits=identity.traits,
        environment=ENVIRONMENTS[profile.environment],
    )


def gate_if_qualified(identity: Identity, profile: ConnectorProfile) -> QualifiedIdentity | None:
    """Return the identity that may leave, or None when its status is not qualifiée."""
    return open_gate(identity, profile) if identity.status is Status.QUALIFIEE else None


def printed_traits(identity: Identity, leaving: QualifiedIdentity | None) -> PrintedTraits:
    """Return the strict traits as printed; matricule and Datamatrix only with a `leaving` identity."""
    place = identity.lieu_naissance
    if identity.lieu_libelle:
        place = f"{identity.lieu_libelle} ({place})"
    return PrintedTraits(
        nom_naissance=identity.nom_naissance,
        premier_prenom=identity.premier_prenom,
        prenoms=identity.prenoms,
        sexe=identity.sexe,
        date_naissance=identity.traits.date_naissance.french,
        lieu_naissance=place,
        nom_utilise=identity.nom_utilise,
        prenom_utilise=identity.prenom_utilise,
        status_label=STATUS_LABELS[identity.status].capitalize(),
        matricule=leaving.matricule.grouped() if leaving else "",
        matricule_nature=leaving.oid.kind.value if leaving else "",
        datamatrix_svg=to_svg(leaving) if leaving else "",
    )


def patient_of(dossier: Dossier, leaving: QualifiedIdentity | None, local_root: str) -> Patient:
    """Return the CDA patient: with the INS when the identity may leave, by local number otherwise."""
    identity = dossier.identity
    local_ids = (Identifier(local_root, identity.local_number),)
    if leaving is not None:
        return QualifiedPatient(identity=leaving, local_ids=local_ids, birthplace_name=identity.lieu_libelle)
    return LocalPatient(traits=identity.traits, local_ids=local_ids, birthplace_name=identity.lieu_libelle)
