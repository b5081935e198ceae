"""Every bad answer has its French explanation; a cut document is never taken for a whole one; flat memory."""

from __future__ import annotations

import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from amarre.interop.clients.dmp import DmpClient
from amarre.interop.common.errors import AmarreError, Effect
from amarre.interop.common.mtom import Part, read_message
from amarre.interop.common.soap import read_envelope
from amarre.interop.dmp import (
    AuthenticationContext,
    AuthenticationMode,
    AuthorisationAction,
    Change,
    DmpDocument,
    DmpProfile,
    patient_id_of,
)
from amarre.interop.dmp.td3_2 import read_document
from amarre.interop.transport.errors import TransportError
from amarre.interop.transport.http import DEFAULT_DEADLINES, Deadlines, HttpRequest, HttpResponse
from amarre.interop.xds import EntryStatus, RegisteredDocument
from tests.conftest import FixedClock, SequenceIds
from tests.interop.clients.bad_answers import DATA, SHA1, SHAPES, Shape, mime, retrieved
from tests.interop.clients.test_dmp import Canned
from tests.interop.dmp import material
from tests.interop.dmp.test_td3_3 import registered

ME = material.identity()


def document(size: int = len(DATA), sha1: str = SHA1) -> RegisteredDocument:
    known = registered().metadata
    return replace(known, repository_unique_id="1.2", hash_sha1=sha1, size=size)


class Failing:
    """A transport that fails."""

    def __init__(self, failure: TransportError) -> None:
        self._failure = failure

    def send(self, request: HttpRequest, deadlines: Deadlines = DEFAULT_DEADLINES) -> HttpResponse:
        raise self._failure


def connector(shape: Shape) -> DmpClient:
    answer = Canned((shape.status, shape.content_type, shape.body))
    transport = Failing(shape.failure) if shape.failure else answer
    profile: DmpProfile = material.profile()
    if shape.call not in ("exists", "submit"):
        actor = replace(material.actor(), context=AuthenticationContext.SMARTCARD)
        profile = replace(profile, mode=AuthenticationMode.INDIRECTE_RENFORCEE, responsible=actor)
    return DmpClient(transport, profile, clock=FixedClock(material.NOW), ids=SequenceIds())


def play(shape: Shape) -> object:
    client = connector(shape)
    calls: dict[str, Callable[[], object]] = {
        "exists": lambda: client.exists(ME),
        "authorise": lambda: client.set_authorisation(ME, AuthorisationAction.AJOUT),
        "list": lambda: client.list_documents(ME),
        "retrieve": lambda: client.retrieve(ME, DmpDocument(document())),
        "change": lambda: client.change(ME, Change.MASK, registered(EntryStatus.APPROVED)),
        "submit": lambda: client.submit(client.prepare(ME, material.document())),
    }
    return calls[shape.call]()


# Words of the protocols, placeholders left by mistake, media types and codes of ours. The code of a refusal
# nobody knows is repeated between brackets, after the sentence that says so.
_JARGON = re.compile(
    r"\b(SOAP|XDS|MTOM|XOP|HTTP|HTTPS|XML|VIHF|SAML|UUID|OID|MIME|TLS|null|None|exception|ebRIM|WS-|CDA)\b"
    r"|\w+/\w+[+\w]|urn:|[{}<>]|\b[A-Z]{3,4}-\d{3}\b|\b\d{5,}\b"
)
_UNKNOWN_CODE = re.compile(r"qu'Amarre ne connaît pas \(\w+\)")


def unsaid_to_a_secretary(words: str) -> str:
    """Return the word that means nothing to who knows nothing of the exchanges, "" when there is none."""
    found = _JARGON.search(_UNKNOWN_CODE.sub("", words))
    return found.group() if found else ""


def test_the_words_of_the_trade_are_looked_for() -> None:
    for words in (
        "Réponse SOAP.",
        "format (text/plain)",
        "plus de 60000000 octets",
        "voir {defect}",
        "XDS-001",
    ):
        assert unsaid_to_a_secretary(words)
    assert not unsaid_to_a_secretary("Une raison qu'Amarre ne connaît pas (DMPInconnu).")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_bad_answer_is_explained_by_its_cause(shape: Shape) -> None:
    with pytest.raises(AmarreError) as caught:
        play(shape)
    error = caught.value
    assert error.code == shape.code
    explanation = error.explanation("REF")
    texts = (explanation.what, explanation.data_state, explanation.advice)
    assert all(texts)
    assert ME.matricule.value not in " ".join((*texts, str(error)))


def refusal(shape: Shape) -> AmarreError:
    with pytest.raises(AmarreError) as caught:
        play(shape)
    return caught.value


@pytest.mark.req("R5")
def test_two_causes_never_share_a_sentence() -> None:
    """Clusters of what people read, against clusters of causes."""
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 60
    causes: dict[str, set[str]] = {}
    for shape in SHAPES:
        causes.setdefault(refusal(shape).explanation("REF").what, set()).add(shape.cause)
    shared = {sentence: found for sentence, found in causes.items() if len(found) > 1}
    assert shared == {}
    assert len(causes) >= len({shape.cause for shape in SHAPES}) >= 50
    # TD0.2, TD2.1, TD3.1 and TD3.2 (retrieve) alone, each under several shapes.
    by_call = Counter(shape.call for shape in SHAPES)
    assert sum(by_call[call] for call in ("exists", "submit", "list", "retrieve")) >= 60
    assert min(by_call[call] for call in ("exists", "submit", "list", "retrieve")) >= 8


@pytest.mark.req("R5")
def test_every_explanation_says_what_to_do_in_words_of_the_trade() -> None:
    for shape in SHAPES:
        said = refusal(shape).explanation("REF")
        for words in (said.what, said.data_state, said.advice):
            assert not unsaid_to_a_secretary(words), (shape.name, words)
            assert words.endswith(".")
        assert len(said.what) < 200


def test_a_document_cut_anywhere_is_never_taken_for_the_whole() -> None:
    content_type, body = mime(retrieved(), Part("d@a", "text/xml", DATA))
    for length in range(0, len(body) - 2, max(1, len(body) // 150)):
        with pytest.raises(AmarreError):
            play(Shape("cut", "", "retrieve", "", body[:length], content_type))


def test_a_garbled_document_is_never_taken_for_the_right_one() -> None:
    content_type, body = mime(retrieved(), Part("d@a", "text/xml", DATA))
    start = body.index(DATA)
    for place in range(start, start + len(DATA), max(1, len(DATA) // 100)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(AmarreError) as caught:
            play(Shape("garbled", "", "retrieve", "", changed, content_type))
        assert caught.value.code == "DMP-160"


def test_a_change_in_doubt_says_so() -> None:
    for shape in SHAPES:
        if shape.code in ("DMP-030", "DMP-163"):
            with pytest.raises(AmarreError) as caught:
                play(shape)
            assert caught.value.effect is Effect.UNKNOWN


def peak(size: int) -> float:
    """Return the peak of memory to read an answer that carries `size` bytes, over `size`."""
    data = b"%PDF-" + b"x" * size
    content_type, body = mime(retrieved(), Part("d@a", "application/pdf", data))
    known = document(size=len(data), sha1="")
    tracemalloc.start()
    message = read_message(content_type, body)
    found = read_document(read_envelope(message.root.data).payload, message, known, patient_id_of(ME))
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.data == data
    return highest / size


def test_memory_is_flat_for_ten_megabytes() -> None:
    # One copy of the document, taken out of the answer; nothing grows faster than the size.
    assert peak(10_000_000) <= 1.5
    assert peak(10_000_000) <= peak(1_000_000) * 1.2
