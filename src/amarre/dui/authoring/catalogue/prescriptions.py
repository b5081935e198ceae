"""Prescriptions."""

from __future__ import annotations

from amarre.dui.authoring.blocks import Block
from amarre.dui.authoring.catalogue.common import PRESCRIBERS_OF_CARE, PRESCRIBERS_OF_PRODUCTS
from amarre.dui.authoring.catalogue.template import Family, Template

_DURATION = Block(
    key="duree", title="Durée", help="Par exemple : 3 mois, à renouveler 2 fois.", required=True
)
_REMARKS = Block(key="remarques", title="Remarques")

PRESCRIPTIONS: tuple[Template, ...] = (
    Template(
        key="prescription_produits",
        label="Prescription de médicaments et produits de santé",
        what="Ordonnance : médicaments, pansements, matériel.",
        who="Médecin, ou autre prescripteur",
        family=Family.PRESCRIPTIONS,
        type_code="57833-6",
        blocks=(
            Block(
                key="produits",
                title="Produits prescrits",
                help="Un produit par ligne : nom, dose, moments de la prise, durée.",
                required=True,
            ),
            _REMARKS,
        ),
        signers=PRESCRIBERS_OF_PRODUCTS,
    ),
    Template(
        key="prescription_infirmiers",
        label="Prescription d'actes infirmiers",
        what="Toilette, injections, pansements, surveillance.",
        who="Médecin",
        family=Family.PRESCRIPTIONS,
        type_code="PRESC-INF",
        blocks=(
            Block(key="actes", title="Actes prescrits", help="Fréquence et jours compris.", required=True),
            _DURATION,
            _REMARKS,
        ),
        signers=PRESCRIBERS_OF_CARE,
    ),
    Template(
        key="prescription_kine",
        label="Prescription de kinésithérapie",
        what="Rééducation, marche, kinésithérapie respiratoire.",
        who="Médecin",
        family=Family.PRESCRIPTIONS,
        type_code="PRESC-KINE",
        blocks=(
            Block(key="actes", title="Actes prescrits", required=True),
            Block(key="seances", title="Nombre de séances", required=True),
            _REMARKS,
        ),
        signers=PRESCRIBERS_OF_CARE,
    ),
    Template(
        key="prescription_soins",
        label="Prescription de soins",
        what="Autres soins, surveillance, rééducation.",
        who="Médecin, ou autre prescripteur",
        family=Family.PRESCRIPTIONS,
        type_code="57832-8",
        blocks=(Block(key="soins", title="Soins prescrits", required=True), _DURATION, _REMARKS),
        signers=PRESCRIBERS_OF_CARE,
    ),
)
