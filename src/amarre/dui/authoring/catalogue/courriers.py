"""Letters and attestations."""

from __future__ import annotations

from amarre.dui.authoring.blocks import CHOICE, DATE, Block, Shown
from amarre.dui.authoring.catalogue.common import ADDRESSEE, DOCTORS
from amarre.dui.authoring.catalogue.template import Family, Template
from amarre.dui.documents.rendering.content import Layout

_CERTIFIES = (
    "Je soussigné(e) {auteur}, {fonction}, atteste que {civilite} {prenom} {nom}, "
    "né{e} le {date de naissance}, "
)

COURRIERS: tuple[Template, ...] = (
    Template(
        key="courrier",
        label="Courrier",
        what="Une lettre à en-tête au sujet de la personne.",
        who="Tout professionnel",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="28653-4",
        blocks=(
            ADDRESSEE,
            Block(key="objet", title="Objet", shown=Shown.SUBJECT, required=True),
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill="Madame, Monsieur,\n\n",
                required=True,
            ),
        ),
    ),
    Template(
        key="lettre_adressage",
        label="Lettre d'adressage",
        what="Pour demander l'avis d'un médecin ou d'un autre professionnel de santé.",
        who="Médecin, infirmier",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="96349-6",
        blocks=(
            ADDRESSEE,
            Block(key="motif", title="Motif", shown=Shown.SUBJECT, required=True),
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill="Chère consœur, cher confrère,\n\nJe vous adresse {civilite} {prenom} {nom}, {age}, ",
                required=True,
            ),
        ),
    ),
    Template(
        key="attestation_hebergement",
        label="Attestation d'hébergement",
        what="La personne est hébergée dans l'établissement.",
        who="Secrétariat, direction",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="ATTEST-HEBGT",
        blocks=(
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill=_CERTIFIES + "est hébergé{e} dans l'établissement {etablissement} depuis le "
                "{date d'entree}.\n\nAttestation faite pour servir et valoir ce que de droit.",
                required=True,
            ),
        ),
    ),
    Template(
        key="attestation_accompagnement",
        label="Attestation d'accompagnement",
        what="La personne est accompagnée par l'établissement ou le service.",
        who="Secrétariat, direction",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="28653-4",
        blocks=(
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill=_CERTIFIES + "est accompagné{e} par {etablissement} depuis le {date d'entree}.\n\n"
                "Attestation faite pour servir et valoir ce que de droit.",
                required=True,
            ),
        ),
    ),
    Template(
        key="attestation_consentement",
        label="Attestation de consentement",
        what="La personne, ou son représentant, a donné son accord après information.",
        who="Tout professionnel",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="59284-0",
        blocks=(
            Block(key="objet", title="Ce qui est accepté", required=True),
            Block(key="date_accord", title="Accord donné le", kind=DATE, required=True),
            Block(
                key="par",
                title="Donné par",
                kind=CHOICE,
                choices=(("personne", "La personne elle-même"), ("representant", "Son représentant légal")),
                required=True,
            ),
            Block(key="information", title="Information donnée", help="Ce qui a été expliqué, comment."),
        ),
    ),
    Template(
        key="attestation_sortie",
        label="Attestation de sortie",
        what="La personne a quitté l'établissement ou le service.",
        who="Secrétariat, direction",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="86531-1",
        blocks=(
            Block(key="date_sortie", title="Date de sortie", kind=DATE, required=True),
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill=_CERTIFIES + "n'est plus accompagné{e} par {etablissement}.",
                required=True,
            ),
        ),
    ),
    Template(
        key="certificat_medical",
        label="Certificat médical",
        what="Ce qu'un médecin constate et certifie.",
        who="Médecin",
        family=Family.COURRIERS,
        layout=Layout.LETTER,
        type_code="89601-9",
        blocks=(
            Block(
                key="texte",
                shown=Shown.PLAIN,
                title="Texte",
                prefill="Je soussigné(e) {auteur}, {fonction}, certifie avoir examiné ce jour {civilite} "
                "{prenom} {nom}, né{e} le {date de naissance}, et avoir constaté :\n\n",
                required=True,
            ),
        ),
        signers=DOCTORS,
    ),
)
