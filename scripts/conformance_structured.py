"""The structured (N3) documents made for the official judges: each model full, bare, and hard to write.

The bodies are those of the tests; here they get the header of an establishment of the cast.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from amarre.interop import cda
from amarre.interop.cda import structured as n3
from tests.interop.cda.structured_documents import VARIANTS


def structured_documents(
    base: cda.ClinicalDocument, physician: cda.Professional
) -> Iterator[tuple[str, cda.ClinicalDocument]]:
    """Yield (name, document) for each model, type and variant, from the ordinary document `base`."""
    hospital = replace(base.custodian, practice_setting=None)
    number = 0
    for model in n3.MODELS:
        for kind in model.type_codes:
            for variant, make in VARIANTS.items():
                number += 1
                participants = (cda.treating_physician(physician),)
                if model is n3.IPS_FR:
                    participants += (cda.preferred_establishment(hospital),)
                yield (
                    f"n3-{model.name.lower()}-{kind.code}-{variant}",
                    replace(
                        base,
                        document_id=f"{base.document_id}.{number}",
                        set_id=f"{base.set_id}.{number}",
                        type_code=kind,
                        title=kind.display[:128],
                        body=make(model),
                        service_event=replace(base.service_event, code=model.service_code),
                        participants=participants,
                    ),
                )
