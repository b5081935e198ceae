"""The profile of `amarre dmp`: a TOML file that says who calls the DMP, and the person it is about.

Paths in the file are relative to it. A matricule never comes from the command line: it would stay in the
history of the terminal and in the list of processes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.cast import USAGERS
from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.dmp import (
    Actor,
    AuthenticationContext,
    AuthenticationMode,
    DmpProfile,
    ProcessingCode,
    SigningCredentials,
    Software,
    Structure,
    subject_roles,
)
from amarre.interop.ins import (
    Environment,
    QualifiedIdentity,
    Sexe,
    Traits,
    birth_date_typed,
    decode,
    ins_oid,
    matricule_typed,
    qualified_identity,
    read_picture,
)
from amarre.interop.ins.matricule import Ins
from amarre.interop.ins.status import IdentityState
from amarre.interop.terminology import ValueSetId, value_set
from amarre.interop.transport.http import TlsHttpTransport
from amarre.interop.transport.tls import client_context

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What was checked before the INS was printed: the person at the terminal answers for it.
_QUALIFIED = IdentityState(insi=True, coherence=True)


class WrongUse(ValueError):
    """The command cannot run as it is asked; the sentence is for the person."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A client ready to call, its profile, and the environment it calls."""

    client: DmpClient
    profile: DmpProfile
    environment: Environment
    mode: AuthenticationMode
    transport: TlsHttpTransport


def load(path: Path) -> Connection:
    """Return the connection a profile describes. Raises WrongUse, or CertificateUnusable."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        environment = Environment(values["environment"])
        mode = AuthenticationMode(values.get("mode", AuthenticationMode.INDIRECTE.value))
        profile = _profile(values, path.parent, environment, mode)
        tls = values["tls"]
        files = {name: path.parent / tls[name] for name in ("ca", "cert", "key")}
    except OSError as error:
        raise WrongUse(f"Le fichier {error.filename} n'est pas lisible.") from error
    except KeyError as error:
        raise WrongUse(f"Le profil ne donne pas la valeur attendue : {error.args[0]}.") from error
    except (ValueError, TypeError) as error:
        raise WrongUse("Le profil ou l'un de ses certificats a une valeur inattendue.") from error
    host = urlsplit(profile.base_url).hostname or ""
    if host in LOOPBACK and environment is Environment.PRODUCTION:
        raise WrongUse("Le profil dit « production » mais l'adresse est celle du bac à sable.")
    transport = TlsHttpTransport(
        client_context(ca_file=files["ca"], cert_file=files["cert"], key_file=files["key"])
    )
    client = DmpClient(transport, profile, clock=SystemClock(), ids=SystemIds())
    return Connection(client, profile, environment, mode, transport)


def _profile(
    values: dict[str, Any], folder: Path, environment: Environment, mode: AuthenticationMode
) -> DmpProfile:
    structure, software, actor = values["structure"], values["software"], values["actor"]
    specialty = value_set(ValueSetId.AUTHOR_SPECIALTY).get(actor["specialty"])
    production = environment is Environment.PRODUCTION
    return DmpProfile(
        base_url=values["base_url"],
        structure=Structure(
            structure["identifier"],
            structure["name"],
            value_set(ValueSetId.DMP_FACILITY_TYPE).get(structure["sector"]),
        ),
        software=Software(software["oid"], software["name"], software["version"], software["homologation"]),
        root_oid=values["root_oid"],
        credentials=_credentials(folder, values["signature"]),
        responsible=Actor(
            identifier=actor["identifier"],
            family_name=actor["family_name"],
            given_name=actor["given_name"],
            roles=subject_roles(specialty),
            specialty=specialty,
            authenticated_at=SystemClock().now() if actor.get("context") else None,
            context=AuthenticationContext[actor.get("context", "UNSPECIFIED")],
        ),
        content_type=value_set(ValueSetId.DMP_CONTENT_TYPE).get(values["content_type"]),
        mode=mode,
        processing=ProcessingCode.PRODUCTION if production else ProcessingCode.DEBUGGING,
    )


def _credentials(folder: Path, files: dict[str, str]) -> SigningCredentials:
    chain = x509.load_pem_x509_certificates((folder / files["cert"]).read_bytes())
    key = load_pem_private_key((folder / files["key"]).read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is needed")
    return SigningCredentials(key, chain[0], tuple(chain[1:]))


def identity_from_file(path: Path, environment: Environment) -> QualifiedIdentity:
    """Return the identity of an INS Datamatrix: a picture, or the text of a scanner.

    Raises WrongUse for a real INS in the sandbox, or the InsError that says why it cannot be used.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WrongUse(f"Le fichier {path.name} n'est pas lisible.") from error
    scanned = decode(data) if data.lstrip().startswith((b"IS", b"]")) else read_picture(data)
    if not scanned.certain:
        raise WrongUse("Le code INS a perdu ses séparateurs : présentez une image du code.")
    if environment is not Environment.PRODUCTION and Environment.PRODUCTION in scanned.ins.oid.environments:
        raise WrongUse("Ce code porte une INS réelle : elle ne part pas vers un service d'essai.")
    return qualified_identity(
        state=_QUALIFIED, ins=scanned.ins, traits=scanned.traits, environment=environment
    )


def identity_from_cast(key: str, environment: Environment) -> QualifiedIdentity:
    """Return the identity of a person of the sandbox. Raises WrongUse when there is none, or elsewhere."""
    person = next((item for item in USAGERS if item.key == key and item.matricule), None)
    if environment is not Environment.SANDBOX or person is None:
        raise WrongUse("Cette personne n'est pas dans la distribution du bac à sable.")
    return qualified_identity(
        state=_QUALIFIED,
        ins=Ins(matricule_typed(person.matricule + person.cle), ins_oid(person.ins_oid)),
        traits=Traits(
            nom_naissance=person.nom_naissance,
            prenoms=person.prenoms,
            sexe=Sexe(person.sexe),
            date_naissance=birth_date_typed(person.date_naissance),
            lieu_naissance=person.lieu_naissance,
            premier_prenom=person.premier_prenom,
        ),
        environment=environment,
    )
