"""Blocks and lists of professions that several templates share.

Who prescribes is a matter of law (CSP L4161-1, R4127-8 for doctors; L4141-2 dentists; L4151-4 midwives;
L4301-1 nurses in advanced practice; L4311-1 nurses; L4321-1 physiotherapists). The software asks for the
profession; it does not judge the content.
"""

from __future__ import annotations

from amarre.dui.authoring.blocks import Block, Shown

# Codes of JDV_J01; a code stands for its specialities too.
DOCTORS = ("G15_10",)
ADVANCED_NURSES = ("G15_60/SI01", "G15_60/SI02", "G15_60/SI03", "G15_60/SI04", "G15_60/SI05")
PRESCRIBERS_OF_CARE = (*DOCTORS, "G15_40", "G15_50", *ADVANCED_NURSES)
PRESCRIBERS_OF_PRODUCTS = (*DOCTORS, "G15_40", "G15_50", "G15_60", "G15_70")

CONSENT = Block(
    key="avis",
    title="Avis de la personne",
    help="Avec ses mots : ce qu'elle en pense, ce qu'elle souhaite.",
)
ADDRESSEE = Block(
    key="destinataire",
    shown=Shown.RECIPIENT,
    title="Destinataire",
    help="Nom, fonction et adresse de la personne à qui vous écrivez.",
    required=True,
)
