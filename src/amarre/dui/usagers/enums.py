"""Words of the identities."""

from __future__ import annotations

from django.db import models


class EvidenceDevice(models.TextChoices):
    """High-trust documents: the only ones that validate an identity. No default: someone must have looked.

    Source: RNIV 1, dispositifs à haut niveau de confiance.
    """

    CNI = "CN", "Carte nationale d'identité"
    PASSEPORT = "PA", "Passeport"
    TITRE_SEJOUR = "CS", "Titre de séjour permanent"
    LIVRET_FAMILLE = "LE", "Livret de famille ou acte de naissance (mineur, avec la pièce du parent)"
    DISPOSITIF_NUMERIQUE = "DN", "Identité numérique de niveau substantiel (France Identité)"
