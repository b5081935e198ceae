"""IMAP mailboxes kept in the sandbox's store: pymap in memory, every change written through.

STARTTLS and the client certificate open the mailbox (SASL EXTERNAL); no password exists.
"""

from __future__ import annotations

import datetime
import json
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict import Identity as DictIdentity
from pymap.backend.dict import Session as DictSession
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet, Message
from pymap.exceptions import InvalidAuth
from pymap.flags import FlagOp
from pymap.imap import IMAPServer
from pymap.interfaces.login import IdentityInterface
from pymap.interfaces.message import CachedMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import ObjectId
from pymap.parsing.specials.flag import Flag
from pysasl import SASLAuth
from pysasl.creds.server import ServerCredentials
from pysasl.mechanism.external import ExternalMechanism

from amarre.sandbox.service import Store
from amarre.sandbox.services.mssante.directory import Directory

SERVICE = "mssante"
INBOX = "INBOX"
_connection: ContextVar[StreamWriter] = ContextVar("imap_connection")


class FolderStore:
    """The stored messages of one folder: key `mail/<mailbox>/<folder>/<uid>`, a JSON line then the bytes."""

    def __init__(self, store: Store, mailbox: str, folder: str) -> None:
        self._store = store
        self._prefix = f"mail/{mailbox}/{folder}/"
        self._state_key = f"folder/{mailbox}/{folder}"

    def state(self, uid_validity: int) -> tuple[int, int]:
        """Return (UIDVALIDITY, greatest UID given), writing them the first time."""
        stored = self._store.get(SERVICE, self._state_key)
        if stored is None:
            self.save_state(uid_validity, 100)
            return uid_validity, 100
        values = json.loads(stored)
        return int(values["validity"]), int(values["last"])

    def save_state(self, uid_validity: int, last_uid: int) -> None:
        """Keep the UIDVALIDITY and the greatest UID given."""
        value = json.dumps({"validity": uid_validity, "last": last_uid}).encode()
        self._store.put(SERVICE, self._state_key, value)

    def put(self, uid: int, when: datetime.datetime, flags: Iterable[Flag], data: bytes) -> None:
        """Keep one message."""
        head = {"when": when.isoformat(), "flags": sorted(bytes(flag).decode("ascii") for flag in flags)}
        self._store.put(SERVICE, f"{self._prefix}{uid:09d}", json.dumps(head).encode() + b"\n" + data)

    def get(self, uid: int) -> tuple[datetime.datetime, frozenset[Flag], bytes] | None:
        """Return one message: date, flags, bytes."""
        stored = self._store.get(SERVICE, f"{self._prefix}{uid:09d}")
        if stored is None:
            return None
        head, _, data = stored.partition(b"\n")
        values = json.loads(head)
        flags = frozenset(Flag(item.encode("ascii")) for item in values["flags"])
        return datetime.datetime.fromisoformat(values["when"]), flags, data

    def delete(self, uid: int) -> None:
        """Forget one message."""
        self._store.delete(SERVICE, f"{self._prefix}{uid:09d}")

    def uids(self) -> list[int]:
        """Return the UIDs kept, in order."""
        return [int(key[len(self._prefix) :]) for key in self._store.keys(SERVICE, self._prefix)]


class KeptMailbox(MailboxData):
    """A folder whose messages survive a restart."""

    def __init__(self, folder: FolderStore, content_cache: Any, thread_cache: Any) -> None:
        super().__init__(content_cache, thread_cache)
        self._kept = folder
        self._uid_validity, self._max_uid = folder.state(self._uid_validity)
        for uid in folder.uids():
            self._load(uid)

    def _load(self, uid: int) -> None:
        entry = self._kept.get(uid)
        if entry is None:
            return
        when, flags, data = entry
        content = MessageContent.parse(data)
        self._messages[uid] = Message(
            uid,
            when,
            flags,
            email_id=self._content_cache.add(content),
            thread_id=self._thread_cache.add(content),
            content=content,
        )
        self._mod_sequences.update([uid])

    def keep(self, uid: int, when: datetime.datetime, flags: Iterable[Flag], data: bytes) -> None:
        """Write a message that just received `uid`."""
        self._kept.put(uid, when, flags, data)
        self._kept.save_state(self._uid_validity, self._max_uid)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        """Add a message and keep it."""
        message = await super().append(append_msg, recent=recent)
        self.keep(message.uid, message.internal_date, append_msg.flag_set, bytes(append_msg.literal))
        return message

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Copy a message to another kept folder."""
        new_uid = await super().copy(uid, destination, recent=recent)
        self._keep_at(uid, destination, new_uid)
        return new_uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        """Move a message to another kept folder."""
        new_uid = await super().move(uid, destination, recent=recent)
        self._keep_at(uid, destination, new_uid)
        self._kept.delete(uid)
        return new_uid

    def _keep_at(self, uid: int, destination: MailboxData, new_uid: int | None) -> None:
        entry = self._kept.get(uid)
        if entry is not None and new_uid is not None and isinstance(destination, KeptMailbox):
            destination.keep(new_uid, *entry)

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        """Change the flags of a message."""
        message = await super().update(uid, cached_msg, flag_set, mode)
        entry = self._kept.get(uid)
        if entry is not None:
            self._kept.put(uid, entry[0], message.permanent_flags, entry[2])
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        """Remove messages."""
        gone = list(uids)
        await super().delete(gone)
        for uid in gone:
            self._kept.delete(uid)


class KeptMailboxSet(MailboxSet):
    """The folders of one mailbox. INBOX and Sent always exist."""

    def __init__(self, store: Store, mailbox: str) -> None:
        super().__init__()
        self._store = store
        self._mailbox = mailbox
        self._inbox = self._folder(INBOX)
        names = {key.partition("/")[2].partition("/")[2] for key in store.keys(SERVICE, f"folder/{mailbox}/")}
        for name in sorted(names | {"Sent"}):
            if name != INBOX:
                self._set[name] = self._folder(name)

    def _folder(self, name: str) -> KeptMailbox:
        folder = FolderStore(self._store, self._mailbox, name)
        return KeptMailbox(folder, self._content_cache, self._thread_cache)

    async def add_mailbox(self, name: str) -> ObjectId:
        """Create a folder. Raises ValueError when it exists."""
        if name in self._set:
            raise ValueError(name)
        self._set[name] = folder = self._folder(name)
        return folder.mailbox_id


class Mailboxes:
    """Every mailbox of the directory, opened when first needed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sets: dict[str, KeptMailboxSet] = {}

    def of(self, address: str) -> KeptMailboxSet:
        """Return the folders of a mailbox."""
        name = address.lower()
        if name not in self._sets:
            self._sets[name] = KeptMailboxSet(self._store, name)
        return self._sets[name]

    async def deliver(self, address: str, data: bytes, when: datetime.datetime) -> None:
        """Put a message in the inbox of a mailbox."""
        inbox = await self.of(address).get_mailbox(INBOX)
        await inbox.append(AppendMessage(data, when), recent=True)

    def forget(self) -> None:
        """Drop what is in memory; the store was erased by the caller."""
        self._sets.clear()


class _Identity(DictIdentity):
    """An authenticated mailbox."""

    def __init__(self, name: str, login: CertificateLogin) -> None:
        super().__init__(name, login, None, frozenset())
        self._certificate_login = login

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[DictSession]:
        """Open the folders of the mailbox."""
        folders = self._certificate_login.mailboxes.of(self.name)
        yield DictSession(self.name, self.config, folders, FilterSet())


class CertificateLogin(Login):
    """Opens the mailbox that the operator registered for the certificate of the connection."""

    def __init__(self, config: Config, directory: Directory, mailboxes: Mailboxes) -> None:
        super().__init__(config)
        self.mailboxes = mailboxes
        self._directory = directory

    async def authenticate(self, credentials: ServerCredentials) -> _Identity:
        """Return the mailbox of the certificate. Raises InvalidAuth."""
        tls = _connection.get().get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        mailbox = self._directory.mailbox_of(certificate)
        if not mailbox or credentials.authzid.lower() not in ("", mailbox):
            raise InvalidAuth()
        return _Identity(mailbox, self)

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> _Identity:
        """Return the same mailbox: `authenticate` already compared the names."""
        return _Identity(authenticated.name, self)


class CertificateConfig(Config):
    """EXTERNAL after STARTTLS, nothing before and nothing else."""

    def __init__(self, context: SSLContext) -> None:
        arguments = Namespace(passlib_cfg=None, proxy_protocol="noop")
        super().__init__(
            arguments,
            demo_data=False,
            demo_user="",
            demo_password="",
            host=None,
            port=0,
            ssl_context=context,
            max_append_len=40 * 1024 * 1024,
        )

    @property
    def tls_auth(self) -> SASLAuth:
        """Mechanisms offered once TLS is up."""
        return SASLAuth([ExternalMechanism()])

    @property
    def greeting(self) -> bytes:
        """First line, without the name of the machine."""
        return b"Bac a sable MSSante"


class ImapCallback:
    """What asyncio calls for each connection."""

    def __init__(self, login: CertificateLogin, config: CertificateConfig) -> None:
        self._server = IMAPServer(login, config)
        self._config = config

    async def __call__(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection until it closes."""
        self._config.apply_context()
        _connection.set(writer)
        await self._server(reader, writer, SocketInfo.get(writer, None, unique_id=id(writer).to_bytes(16)))
