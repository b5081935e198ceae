"""The throw-away authority of the sandbox and the certificates it gives, all marked FICTIF.

Shaped like IGC-Santé, gamme Élémentaire: a root, an intermediate for organisations, and for each structure
one certificate per use. Sources: IGC-Santé certificate policies (authentication and cachet of organisations),
INSi implementation guide (CN INSI-MANU), DMP integration guide (dedicated certificates, OU = Struct_IdNat).
Keys are made once per data directory and never leave it.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import ssl
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from amarre.interop.common.clock import Clock
from amarre.sandbox.settings import Structure

MARK = "AMARRE BAC A SABLE - FICTIF"
ROOT_CN = "TEST AC RACINE IGC-SANTE ELEMENTAIRE (FICTIF)"
INTERMEDIATE_CN = "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS (FICTIF)"
OTHER_CN = "AUTORITE INCONNUE (FICTIF)"
# A software certificate of IGC-Santé lives three years.
LEAF_DAYS = 3 * 365
AUTHORITY_DAYS = 10 * 365


class Use(StrEnum):
    """What a client certificate is for; the value is its file name."""

    INSI = "insi"
    DMP_AUTHENTICATION = "dmp-authentification"
    DMP_SIGNATURE = "dmp-signature"
    MSSANTE = "mssante"
    PSC = "psc"
    ANNUAIRE = "annuaire"


class FaultyUse(StrEnum):
    """Certificates that every service must refuse."""

    EXPIRED = "expired"
    WRONG_PURPOSE = "wrong-purpose"
    OTHER_AUTHORITY = "other-authority"


COMMON_NAMES = {
    Use.INSI: "INSI-MANU",
    Use.DMP_AUTHENTICATION: "dmp-authentification.amarre.example",
    Use.DMP_SIGNATURE: "dmp-cachet.amarre.example",
    Use.MSSANTE: "mssante.amarre.example",
    Use.PSC: "psc.amarre.example",
    Use.ANNUAIRE: "annuaire.amarre.example",
}


@dataclass(frozen=True, slots=True)
class CertificatePaths:
    """Files of one certificate: chain (leaf first), key without password, authorities to trust."""

    certificate: Path
    key: Path
    authorities: Path


def certificate_paths(data_dir: Path, use: Use, structure: str) -> CertificatePaths:
    """Return where the certificate of `structure` (its Struct_IdNat) for `use` is kept under `data_dir`."""
    folder = data_dir / "pki" / "clients" / structure
    return CertificatePaths(folder / f"{use}.pem", folder / f"{use}.key", data_dir / "pki" / "ca.pem")


def faulty_paths(data_dir: Path, fault: FaultyUse) -> CertificatePaths:
    """Return where a certificate that must be refused is kept."""
    folder = data_dir / "pki" / "faulty"
    return CertificatePaths(folder / f"{fault}.pem", folder / f"{fault}.key", data_dir / "pki" / "ca.pem")


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and the key that signs with it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Pki:
    """The files of the authority under `data_dir`, created by `ensure`."""

    data_dir: Path

    @property
    def authorities(self) -> Path:
        """PEM file of the root and of the intermediate."""
        return self.data_dir / "pki" / "ca.pem"

    def paths(self, use: Use, structure: str) -> CertificatePaths:
        """Return the files of a structure's certificate."""
        return certificate_paths(self.data_dir, use, structure)

    def trusted(self) -> tuple[x509.Certificate, ...]:
        """Return the authorities a service trusts: the root and the intermediate."""
        return tuple(x509.load_pem_x509_certificates(self.authorities.read_bytes()))

    def server_context(self, *, client_certificate: bool = True) -> ssl.SSLContext:
        """Return a server-side context: TLS 1.2 at least, client certificate required and verified.

        Without `client_certificate` (the simple TLS endpoints, where a signed assertion says who calls),
        none is asked.
        """
        folder = self.data_dir / "pki" / "server"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        if client_certificate:
            context.load_verify_locations(self.authorities)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


def ensure(data_dir: Path, structures: tuple[Structure, ...], clock: Clock) -> Pki:
    """Create what is missing under `<data_dir>/pki` and return it. Existing keys are kept.

    The whole folder is made again when its authority or its server certificate ends within 30 days.
    """
    folder = data_dir / "pki"
    now = clock.now()
    limit = now + datetime.timedelta(days=30)
    server = folder / "server" / "server.pem"
    if server.exists() and x509.load_pem_x509_certificate(server.read_bytes()).not_valid_after_utc < limit:
        shutil.rmtree(folder)
    if not server.exists():
        _create_authority(data_dir, now)
    intermediate = _load_authority(folder / "authority" / "intermediate")
    for structure in structures:
        for use in Use:
            paths = certificate_paths(data_dir, use, structure.identifier)
            if not paths.key.exists():
                _issue_client(paths, use, structure, intermediate, now)
    return Pki(data_dir)


def _create_authority(data_dir: Path, now: datetime.datetime) -> None:
    """Make the authorities, the faulty certificates, then the server's (last: it tells that all is there)."""
    folder = data_dir / "pki"
    data_dir.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    root = _authority(_name(ROOT_CN), None, now)
    intermediate = _authority(_name(INTERMEDIATE_CN), root, now)
    _write_pair(folder / "authority" / "root", [root.certificate], root.key)
    _write_pair(folder / "authority" / "intermediate", [intermediate.certificate], intermediate.key)
    _write(folder / "ca.pem", _pem([root.certificate, intermediate.certificate]))
    _issue_faulty(data_dir, intermediate, _authority(_name(OTHER_CN), None, now), now)
    key = _new_key()
    builder = _leaf(_name("localhost"), intermediate, key, now, now + datetime.timedelta(days=LEAF_DAYS))
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(_key_usage(signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    certificate = builder.sign(intermediate.key, hashes.SHA256())
    _write_pair(folder / "server" / "server", [certificate, intermediate.certificate], key)


def new_authority(common_name: str, now: datetime.datetime) -> Authority:
    """Return a self-signed authority of its own."""
    return _authority(_name(common_name), None, now)


def new_leaf(
    subject: x509.Name, authority: Authority, start: datetime.datetime, end: datetime.datetime
) -> tuple[rsa.RSAPrivateKey, x509.CertificateBuilder]:
    """Return a new key and the builder of its certificate, for signature only (nonRepudiation)."""
    key = _new_key()
    builder = _leaf(subject, authority, key, start, end)
    return key, builder.add_extension(_key_usage(repudiation=True), critical=True)


def write_certificates(path: Path, certificates: list[x509.Certificate]) -> None:
    """Write certificates to a PEM file, at once."""
    _write(path, _pem(certificates))


def write_pair(stem: Path, chain: list[x509.Certificate], key: rsa.RSAPrivateKey) -> None:
    """Write a certificate and its key, in that order."""
    _write_pair(stem, chain, key)


def _issue_client(
    paths: CertificatePaths, use: Use, structure: Structure, authority: Authority, now: datetime.datetime
) -> None:
    """Give a structure its certificate for one use.

    Authentication: keyUsage digitalSignature, EKU clientAuth (IGC-Santé ORG AUTH_CLI). Cachet: keyUsage
    nonRepudiation alone (IGC-Santé ORG SIGN), which OpenSSL refuses in TLS, as the real servers do.
    """
    key = _new_key()
    name = _name(COMMON_NAMES[use], structure)
    builder = _leaf(name, authority, key, now, now + datetime.timedelta(days=LEAF_DAYS))
    if use is Use.DMP_SIGNATURE:
        builder = builder.add_extension(_key_usage(repudiation=True), critical=True)
    else:
        builder = builder.add_extension(_key_usage(signature=True), critical=True)
        eku = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(eku, critical=False)
    san = x509.SubjectAlternativeName([x509.DNSName(f"{use}.{structure.identifier}.amarre.example")])
    certificate = builder.add_extension(san, critical=False).sign(authority.key, hashes.SHA256())
    _write_pair(paths.key.with_suffix(""), [certificate, authority.certificate], key)


def _issue_faulty(data_dir: Path, authority: Authority, other: Authority, now: datetime.datetime) -> None:
    structure = Structure("1999999999", "STRUCTURE FICTIVE")
    day = datetime.timedelta(days=1)
    cases = (
        (FaultyUse.EXPIRED, authority, now - 30 * day, now - day, ExtendedKeyUsageOID.CLIENT_AUTH),
        (FaultyUse.WRONG_PURPOSE, authority, now, now + LEAF_DAYS * day, ExtendedKeyUsageOID.SERVER_AUTH),
        (FaultyUse.OTHER_AUTHORITY, other, now, now + LEAF_DAYS * day, ExtendedKeyUsageOID.CLIENT_AUTH),
    )
    for fault, issuer, start, end, purpose in cases:
        key = _new_key()
        builder = _leaf(_name(f"{fault}.amarre.example", structure), issuer, key, start, end)
        builder = builder.add_extension(_key_usage(signature=True), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        certificate = builder.sign(issuer.key, hashes.SHA256())
        paths = faulty_paths(data_dir, fault)
        _write_pair(paths.key.with_suffix(""), [certificate, issuer.certificate], key)


def _name(common_name: str, structure: Structure | None = None) -> x509.Name:
    """Return a subject, largest first, so that its RFC 4514 form begins with CN."""
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]
    if structure is not None:
        parts.append(x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, structure.department))
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, structure.name))
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, structure.identifier))
    else:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(parts)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _authority(name: x509.Name, parent: Authority | None, now: datetime.datetime) -> Authority:
    key = _new_key()
    end = now + datetime.timedelta(days=AUTHORITY_DAYS)
    issuer = parent or Authority(_self_issued(name, key, now), key)
    builder = _leaf(name, issuer, key, now, end, authority=True)
    builder = builder.add_extension(_key_usage(authority=True), critical=True)
    return Authority(builder.sign(issuer.key, hashes.SHA256()), key)


def _self_issued(name: x509.Name, key: rsa.RSAPrivateKey, now: datetime.datetime) -> x509.Certificate:
    """Return a bare certificate that only serves to name the issuer of a root."""
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now)
    ski = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(ski, critical=False).sign(key, hashes.SHA256())


def _leaf(
    name: x509.Name,
    issuer: Authority,
    key: rsa.RSAPrivateKey,
    start: datetime.datetime,
    end: datetime.datetime,
    *,
    authority: bool = False,
) -> x509.CertificateBuilder:
    ski = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    backdated = start - datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(
        issuer.certificate.subject, name, key.public_key(), x509.random_serial_number(), backdated, end
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(own, critical=False)
    aki = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ski)
    return builder.add_extension(aki, critical=False)


def _key_usage(
    *, signature: bool = False, repudiation: bool = False, authority: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signature,
        content_commitment=repudiation,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _load_authority(stem: Path) -> Authority:
    certificate = x509.load_pem_x509_certificate(stem.with_suffix(".pem").read_bytes())
    key = serialization.load_pem_private_key(stem.with_suffix(".key").read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{stem}.key is not an RSA key")
    return Authority(certificate, key)


def _pem(certificates: list[x509.Certificate]) -> bytes:
    return b"".join(item.public_bytes(serialization.Encoding.PEM) for item in certificates)


def _write_pair(stem: Path, chain: list[x509.Certificate], key: rsa.RSAPrivateKey) -> None:
    """Write `<stem>.pem` then `<stem>.key`: a key on disk means that its certificate is there too."""
    _write(stem.parent / f"{stem.name}.pem", _pem(chain))
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(stem.parent / f"{stem.name}.key", data)


def _write(path: Path, data: bytes) -> None:
    """Write a 0600 file at once: a reader sees all of it or nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    os.replace(temporary, path)
