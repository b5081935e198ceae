"""The rights: one line each, with the French words people read in the printed matrix."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One right. The value is stable: it is written in traces and in templates."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Permission:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    READ_IDENTITE = "identite.lire", "Identité, INS : lire"
    WRITE_IDENTITE = "identite.ecrire", "Identité, INS : saisir et rappeler INSi"
    QUALIFY_IDENTITE = "identite.valider", "Identité, INS : valider, qualifier, traiter les écarts"
    READ_EVIDENCE_COPIES = "pieces.lire", "Copies des pièces d’identité : voir, effacer"
    VERIFY_IDENTITES = "identites.verifier", "Identités, INS : vérifier toute la file active"
    IMPORT_USAGERS = "usagers.importer", "Liste des usagers : importer"
    READ_CONTACTS = "contacts.lire", "Contacts, droits, protection : lire"
    WRITE_CONTACTS = "contacts.ecrire", "Contacts, droits, protection : écrire"
    READ_SEJOURS = "sejours.lire", "Séjours, présence : lire"
    WRITE_SEJOURS = "sejours.ecrire", "Séjours, présence : écrire"
    VALIDATE_SEJOURS = "sejours.valider", "Séjours, présence : valider"
    READ_AGENDA = "agenda.lire", "Agenda, interventions : lire"
    WRITE_AGENDA = "agenda.ecrire", "Agenda, interventions : écrire"
    VALIDATE_AGENDA = "agenda.valider", "Agenda, interventions : valider"
    READ_JOURNAL_SOCIAL = "journal_social.lire", "Journal social : lire"
    WRITE_JOURNAL_SOCIAL = "journal_social.ecrire", "Journal social : écrire"
    READ_JOURNAL_SOINS = "journal_soins.lire", "Journal de soins : lire"
    WRITE_JOURNAL_SOINS = "journal_soins.ecrire", "Journal de soins : écrire"
    READ_PROJET = "projet.lire", "Projet personnalisé : lire"
    WRITE_PROJET = "projet.ecrire", "Projet personnalisé : écrire"
    VALIDATE_PROJET = "projet.valider", "Projet personnalisé : valider"
    READ_EVALUATIONS = "evaluations.lire", "Évaluations : lire"
    WRITE_EVALUATIONS = "evaluations.ecrire", "Évaluations : écrire"
    VALIDATE_EVALUATIONS = "evaluations.valider", "Évaluations : valider"
    READ_SANTE = "sante.lire", "Santé, traitements : lire"
    WRITE_SANTE = "sante.ecrire", "Santé, traitements : écrire"
    VALIDATE_SANTE = "sante.valider", "Santé, traitements : valider"
    READ_DOCUMENTS = "documents.lire", "Documents : lire"
    WRITE_DOCUMENTS = "documents.ecrire", "Documents : créer, classer"
    FEED_DMP = "dmp.alimenter", "DMP : déposer"
    APPROVE_DMP = "dmp.approuver", "DMP : approuver le dépôt demandé par un collègue"
    CONSULT_DMP = "dmp.consulter", "DMP : consulter"
    SEND_MSSANTE = "mssante.envoyer", "MSSanté : envoyer"
    READ_ENVOIS = "envois.lire", "Envois : suivre"
    RETRY_ENVOIS = "envois.relancer", "Envois : relancer, abandonner"
    SEARCH_ANNUAIRE = "annuaire.chercher", "Annuaire : chercher un professionnel"
    READ_INDICATEURS = "indicateurs.lire", "Indicateurs : lire"
    EXPORT_DUI = "export_dui.exporter", "Transfert du dossier : exporter"
    VALIDATE_EXPORT_DUI = "export_dui.valider", "Transfert du dossier : valider"
    READ_JOURNAL_ACCES = "journal_acces.lire", "Journal des accès : lire"
    CONFIGURE_ESSMS = "etablissement.regler", "Réglages de l’établissement : lire et modifier"
    MANAGE_COMPTES = "comptes.gerer", "Comptes et habilitations : gérer"
