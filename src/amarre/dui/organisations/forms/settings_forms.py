"""Forms of the settings: what to type, and how to obtain it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from amarre.dui.organisations.enums import CertificatePurpose, ContactRole, IdnatSource
from amarre.dui.organisations.models import ConnectorProfile, Essms
from amarre.dui.organisations.models.connector_profile import validate_connector_file, validate_oid_list
from amarre.dui.organisations.struct_idnat import DEFAULT_PRIORITY
from amarre.dui.web.forms import FrenchDateField
from amarre.interop.terminology import ValueSetId, value_set

_HELP_ESSMS = {
    "finess_eg": "9 caractères, sur l’arrêté d’autorisation ou sur finess.esante.gouv.fr.",
    "finess_ej": "Celui de l’association ou de l’organisme qui gère l’établissement.",
    "siret": "14 chiffres, sur l’avis de situation de l’INSEE. Il suffit à un service sans FINESS.",
}
_HELP_PROFILE = {
    "environment": "Le bac à sable simule les services : rien n’en sort. Passez en production une fois "
    "les essais terminés.",
    "root_oid": "À demander à l’Agence du numérique en santé pour l’organisme, une seule fois. "
    "Comptez plusieurs semaines : c’est souvent le plus long.",
    "software_oid": "Donné par l’éditeur avec la version installée.",
    "ca_file": "Fichier PEM des autorités de l’IGC-Santé, posé sur le serveur par l’hébergeur.",
    "insi_url": "Donnée par le GIE SESAM-Vitale avec l’autorisation.",
    "insi_idam": "Numéro remis à l’éditeur par le CNDA.",
    "ins_oids": "Un par ligne. En production : 1.2.250.1.213.1.4.8 (NIR) et 1.2.250.1.213.1.4.9 (NIA).",
    "insi_homologation_on": "Date de la décision par laquelle le représentant légal accepte le risque "
    "d’appeler INSi avec un certificat logiciel. Elle est obligatoire en production.",
    "dmp_url": "Donnée par le CNDA à la fin de l’homologation.",
    "dmp_homologation": "Numéro remis à l’éditeur par le CNDA.",
    "dmp_reading": "Le certificat de l’établissement seul permet de déposer, pas de lire. Avec « AIR », un "
    "professionnel de santé connecté par Pro Santé Connect lit depuis Amarre : l’ouverture d’AIR se demande "
    "au CNDA par l’éditeur.",
    "dmp_cards_dir": "Bac à sable seulement : des clés logicielles tiennent lieu de cartes.",
    "dmp_web_url": "Adresse du site du DMP pour les professionnels, ouverte dans une autre fenêtre.",
    "healthcare_facility_type_code": "Ce que le DMP affiche comme lieu.",
    "practice_setting_code": "Ce que le DMP affiche comme cadre de prise en charge.",
    "content_type_code": "Nature de l’activité à l’origine des dépôts.",
    "mss_smtp_host": "Nom donné par votre opérateur de messagerie, sans « https ».",
    "mss_imap_host": "Souvent le même que le serveur d’envoi.",
    "mss_mailbox": "Boîte applicative, à demander à votre opérateur : c’est elle qui envoie.",
    "mss_label": "Ce que lira le destinataire, par exemple le nom de l’établissement.",
    "mss_reply_to": "Boîte organisationnelle lue par l’équipe : les réponses y arrivent.",
    "mss_nil": "Numéro de logiciel remis à l’éditeur par l’ANS.",
    "annuaire_url": "En production : https://gateway.api.esante.gouv.fr/fhir/v2",
    "annuaire_key_file": "Clé obtenue sur portal.api.esante.gouv.fr, posée dans un fichier du serveur.",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One group of fields of a page."""

    key: str
    title: str
    intro: str
    fields: list[BoundField]


class EssmsForm(forms.ModelForm):
    """Numbers and address of the establishment."""

    presented = forms.ChoiceField(
        label="Numéro présenté aux services",
        choices=IdnatSource.choices,
        help_text="Celui de vos certificats : le DMP refuse un autre numéro.",
    )

    class Meta:
        model = Essms
        fields = ["name", "finess_eg", "finess_ej", "siret", "address", "postal_code", "city", "phone"]
        help_texts = _HELP_ESSMS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("presented", (self.instance.idnat_priority or [IdnatSource.FINESS_EG])[0])

    def values(self) -> dict[str, Any]:
        """Return the values of the model's fields."""
        given = dict(self.cleaned_data)
        first = given.pop("presented")
        given["idnat_priority"] = [first, *(source.value for source in DEFAULT_PRIORITY if source != first)]
        return given


_MSSANTE = [
    "mss_smtp_host",
    "mss_smtp_port",
    "mss_imap_host",
    "mss_imap_port",
    "mss_mailbox",
    "mss_label",
    "mss_reply_to",
    "mss_nil",
]


def _codes(which: ValueSetId) -> list[tuple[str, str]]:
    rows = sorted(value_set(which).codes.values(), key=lambda code: code.display)
    return [("", "À choisir"), *((code.code, code.display) for code in rows)]


class ConnectorProfileForm(forms.ModelForm):
    """Connector settings."""

    ins_oids = forms.CharField(
        label="OID de l’INS acceptés", required=False, widget=forms.Textarea({"rows": 3})
    )
    insi_homologation_on = FrenchDateField(label="Homologation INSi signée le", required=False)

    class Meta:
        model = ConnectorProfile
        fields = list(_HELP_PROFILE) + ["mss_smtp_port", "mss_imap_port"]
        help_texts = _HELP_PROFILE

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["ins_oids"] = "\n".join(self.instance.ins_oids)
        for name, which in (
            ("healthcare_facility_type_code", ValueSetId.DMP_FACILITY_TYPE),
            ("practice_setting_code", ValueSetId.DMP_PRACTICE_SETTING),
            ("content_type_code", ValueSetId.DMP_CONTENT_TYPE),
        ):
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=_codes(which), required=False)
        for name, text in _HELP_PROFILE.items():
            self.fields[name].help_text = text

    def clean_ins_oids(self) -> list[str]:
        """Return the OIDs, one per line."""
        oids = [line.strip() for line in str(self.cleaned_data["ins_oids"]).splitlines() if line.strip()]
        validate_oid_list(oids)
        return oids

    def sections(self) -> list[Section]:
        """Return the fields in the order of the page."""
        groups = (
            ("general", "Environnement", "", ["environment", "root_oid", "software_oid", "ca_file"]),
            ("insi", "INSi", "Pour retrouver l’identité nationale de santé.", "insi_ ins_oids"),
            ("dmp", "DMP", "Pour déposer dans Mon espace santé.", "dmp_ healthcare_ practice_ content_"),
            ("mssante", "MSSanté", "Pour écrire aux professionnels.", _MSSANTE),
            ("annuaire", "Annuaire Santé", "Pour trouver un destinataire.", "annuaire_"),
        )
        found = []
        for key, title, intro, wanted in groups:
            if isinstance(wanted, str):
                prefixes = tuple(wanted.split())
                names = [name for name in self.fields if name.startswith(prefixes)]
            else:
                names = wanted
            found.append(Section(key, title, intro, [self[name] for name in names]))
        return found


def _both_or_none(form: forms.Form, first: str, second: str, message: str) -> tuple[str, str] | None:
    left, right = str(form.cleaned_data.get(first, "")), str(form.cleaned_data.get(second, ""))
    if left and not right:
        form.add_error(second, message)
    elif right and not left:
        form.add_error(first, message)
    return (left, right) if left and right else None


class CertificatesForm(forms.Form):
    """Paths of the certificates and keys, by use."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for purpose in CertificatePurpose:
            for part, words in (("certificate", "certificat"), ("key", "clé")):
                self.fields[f"{purpose.value}_{part}"] = forms.CharField(
                    label=f"{purpose.label} : fichier de {'la clé' if part == 'key' else 'ce certificat'}",
                    required=False,
                    max_length=300,
                    validators=[validate_connector_file],
                    help_text=f"Chemin complet du fichier {words} (PEM) sur le serveur.",
                )

    @staticmethod
    def initial_of(profile: ConnectorProfile) -> dict[str, str]:
        """Return the paths already known."""
        if not profile.pk:
            return {}
        rows = profile.certificates.all()
        values = {f"{row.purpose}_certificate": row.certificate_file for row in rows}
        return values | {f"{row.purpose}_key": row.key_file for row in rows}

    def clean(self) -> dict[str, Any]:
        """Ask for the certificate and its key together."""
        for purpose in CertificatePurpose:
            message = "Indiquez le certificat et sa clé ensemble."
            _both_or_none(self, f"{purpose.value}_certificate", f"{purpose.value}_key", message)
        return self.cleaned_data

    def values(self) -> dict[str, tuple[str, str] | None]:
        """Return purpose → (certificate, key), or None when it is not set."""
        found: dict[str, tuple[str, str] | None] = {}
        for purpose in CertificatePurpose:
            certificate = str(self.cleaned_data[f"{purpose.value}_certificate"])
            found[purpose.value] = (
                (certificate, str(self.cleaned_data[f"{purpose.value}_key"])) if certificate else None
            )
        return found


class ContactsForm(forms.Form):
    """Whom error messages send people to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for role in ContactRole:
            self.fields[f"{role.value}_name"] = forms.CharField(
                label=role.label, required=False, max_length=150
            )
            self.fields[f"{role.value}_phone"] = forms.CharField(
                label=f"{role.label} : téléphone", required=False, max_length=20
            )

    @staticmethod
    def initial_of(essms: Essms) -> dict[str, str]:
        """Return the people already named."""
        rows = essms.contacts.all()
        values = {f"{row.role}_name": row.person_name for row in rows}
        return values | {f"{row.role}_phone": row.phone for row in rows}

    def clean(self) -> dict[str, Any]:
        """Refuse a telephone without a name."""
        for role in ContactRole:
            data = self.cleaned_data
            if data.get(f"{role.value}_phone") and not data.get(f"{role.value}_name"):
                self.add_error(f"{role.value}_name", ValidationError("Indiquez aussi le nom de la personne."))
        return self.cleaned_data

    def values(self) -> dict[str, tuple[str, str] | None]:
        """Return role → (name, telephone), or None when nobody is named."""
        found: dict[str, tuple[str, str] | None] = {}
        for role in ContactRole:
            name = str(self.cleaned_data[f"{role.value}_name"])
            found[role.value] = (name, str(self.cleaned_data[f"{role.value}_phone"])) if name else None
        return found
