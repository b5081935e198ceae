"""How `amarre ins` reaches INSi: addresses, certificate or professional's card, prepared answers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from amarre.interop.clients.insi import InsiClient
from amarre.interop.clients.insi_injection import cnda_transport
from amarre.interop.clients.insi_verification import SandboxVerification
from amarre.interop.common.clock import SystemClock, SystemIds
from amarre.interop.ins import Environment
from amarre.interop.ins.insi import CardHolder, CardKeyUnusable, CpxCard, InsiProfile, SoftwareSigner
from amarre.interop.transport.http import HttpTransport, TlsHttpTransport
from amarre.interop.transport.tls import client_context

OPTIONS = ("endpoint", "idam", "emetteur", "instance", "cert", "key", "ca")
HELP = {
    "endpoint": "adresse d'INSi",
    "idam": "numéro d'autorisation du logiciel",
    "emetteur": "identifiant national de la structure",
    "instance": "identifiant de l'installation (UUID)",
    "cert": "certificat client (PEM)",
    "key": "clé du certificat client",
    "ca": "autorité de confiance (PEM)",
    "carte-certificat": "certificat de la carte du professionnel (PEM)",
    "carte-cle": "clé logicielle de la carte",
    "carte-porteur": "identifiant national du porteur",
    "carte-facturation": "numéro de facturation du porteur",
    "carte-secteur": "secteur d'activité de la carte",
    "carte-specialite": "spécialité du porteur, s'il est médecin",
}
_CARD_OPTIONS = ("carte-certificat", "carte-cle", "carte-porteur", "carte-facturation", "carte-secteur")


def add_connection(parser: argparse.ArgumentParser, *, card: bool = True) -> None:
    """Add the options of the connection; each may come from AMARRE_INSI_<OPTION>."""
    names = OPTIONS + ((*_CARD_OPTIONS, "carte-specialite") if card else ())
    for option in names:
        variable = f"AMARRE_INSI_{option.upper().replace('-', '_')}"
        parser.add_argument(
            f"--{option}", default=os.environ.get(variable, ""), help=f"{HELP[option]} ; ou {variable}"
        )
    parser.add_argument(
        "--environment",
        choices=[item.value for item in Environment],
        default="sandbox",
        help="sandbox par défaut : rien de réel ne part",
    )
    if card:
        parser.add_argument(
            "--injection", type=Path, metavar="DOSSIER", help="réponses du CNDA, hors production"
        )


def missing_options(args: argparse.Namespace) -> list[str]:
    """Return the options that are not given; with a card, neither certificate nor emitter is needed."""
    by_card = bool(getattr(args, "carte_certificat", ""))
    needed = ("endpoint", "idam", "instance", "ca", *_CARD_OPTIONS) if by_card else OPTIONS
    return [f"--{name}" for name in needed if not getattr(args, name.replace("-", "_"))]


def complain_of_missing(args: argparse.Namespace) -> bool:
    """Say on standard error what is missing; return whether something is."""
    missing = missing_options(args)
    if missing:
        print(f"Il manque : {', '.join(missing)} (ou AMARRE_INSI_…).", file=sys.stderr)
    return bool(missing)


@contextmanager
def insi_client(args: argparse.Namespace) -> Iterator[InsiClient]:
    """Give a client of INSi, closed at the end. Raises AmarreError subclasses."""
    card = _card(args)
    with _transport(args, with_certificate=card is None) as real:
        transport: HttpTransport = real
        if args.injection:
            transport = cnda_transport(real, args.injection, Environment(args.environment))
        yield InsiClient(transport, _profile(args), SystemClock(), SystemIds(), card=card)


@contextmanager
def verification_port(args: argparse.Namespace) -> Iterator[SandboxVerification]:
    """Give the verification port, sandbox only. Raises VerificationNotOfficial before anything is opened."""
    with _transport(args, with_certificate=True) as transport:
        yield SandboxVerification(transport, _profile(args))


@contextmanager
def _transport(args: argparse.Namespace, *, with_certificate: bool) -> Iterator[TlsHttpTransport]:
    files = (Path(args.cert), Path(args.key)) if with_certificate else (None, None)
    transport = TlsHttpTransport(client_context(Path(args.ca), *files))
    try:
        yield transport
    finally:
        transport.close()


def _profile(args: argparse.Namespace) -> InsiProfile:
    return InsiProfile(
        endpoint=args.endpoint,
        idam=args.idam,
        software_name="amarre",
        software_version="0.1",
        instance=args.instance,
        emetteur=args.emetteur,
        environment=Environment(args.environment),
    )


def _card(args: argparse.Namespace) -> CpxCard | None:
    """Return the software card given, None in certificate mode. Raises CardKeyUnusable."""
    if not args.carte_certificat:
        return None
    try:
        key = load_pem_private_key(Path(args.carte_cle).read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(Path(args.carte_certificat).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise CardKeyUnusable() from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CardKeyUnusable()
    holder = CardHolder(
        national_id=args.carte_porteur,
        identifiant_facturation=args.carte_facturation,
        secteur_activite=args.carte_secteur,
        physician=bool(args.carte_specialite),
        code_specialite=args.carte_specialite,
    )
    return CpxCard(holder, SoftwareSigner(key, certificate))
