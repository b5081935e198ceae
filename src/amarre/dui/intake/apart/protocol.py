"""One message: a JSON head, then files, each with its length. The same shape in both directions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Message:
    """`head` holds plain values; `files` the bytes, in order."""

    head: dict[str, Any]
    files: tuple[bytes, ...] = field(default=(), repr=False)

    def pack(self) -> bytes:
        """Return the bytes of the message."""
        head = json.dumps({"head": self.head, "sizes": [len(one) for one in self.files]}).encode()
        return b"".join((len(head).to_bytes(_LENGTH_BYTES, "big"), head, *self.files))

    @classmethod
    def unpack(cls, data: bytes) -> Message:
        """Read a message. Raises ValueError when it is not whole."""
        start = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "big")
        if len(data) < start:
            raise ValueError("a message is cut in its head")
        described = json.loads(data[_LENGTH_BYTES:start])
        files = []
        for size in described["sizes"]:
            files.append(data[start : start + size])
            start += size
        if start != len(data):
            raise ValueError("a message is cut, or goes on after its end")
        return cls(described["head"], tuple(files))
