"""Everything `amarre` says is French, the words of argparse included."""

from __future__ import annotations

import argparse
import inspect
import re

import pytest

from amarre.cli.__main__ import build_parser, main
from amarre.cli.french import SENTENCES, translate, translate_plural

# Words argparse has in English and that no French sentence of ours holds.
ENGLISH = re.compile(
    r"\b(usage: |error|invalid|expected|required|argument s|unrecognized|choose|show this|and exit"
    r"|allowed with|optional|positional|the following|value:)\b"
)
# Sentences for whoever writes a parser, never for who uses it.
FOR_PROGRAMMERS = re.compile(
    r"conflicting|cannot have|invalid option string|__call__|dest=|'required'|mutually|merge|callable"
    r"|conflict_|mode %r"
)


def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    found = [parser]
    for action in parser._actions:
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                found += parsers(child)
    return found


def test_every_help_is_french() -> None:
    for parser in parsers(build_parser()):
        shown = parser.format_help()
        assert shown.startswith("usage : ")
        assert not ENGLISH.search(shown), shown
        for action in parser._actions:
            assert action.help or isinstance(action.choices, dict), (
                f"{parser.prog}: {action.dest} has no help"
            )


@pytest.mark.parametrize(
    "line",
    [
        "", "inconnue", "cda", "cda check", "cda check --json=oui x", "cda check absent.xml",
        "dmp list --person", "dmp list", "dmp list --ins a --person b", "dmp deposit", "dmp get 1.2",
        "ins datamatrix encode --sexe Z", "ins verify --lot beaucoup",
        "sandbox --port x", "dmp exists --person a --zzz", "ins datamatrix",
        "sandbox --s 1", "cda show /",
    ],
)  # fmt: skip
def test_every_refusal_of_the_parser_is_french(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(line.split())
    shown = capsys.readouterr().err
    assert stop.value.code == 2
    assert shown.startswith("usage : ")
    assert not ENGLISH.search(shown), shown


def test_no_sentence_of_argparse_is_forgotten() -> None:
    source = inspect.getsource(argparse)
    written = re.findall(r"(?<![\w.])_\(\s*(['\"])((?:(?!\1)[^\\]|\\.)*)\1", source)
    sentences = {text.encode().decode("unicode_escape") for _, text in written}
    missing = [text for text in sentences if text not in SENTENCES and not FOR_PROGRAMMERS.search(text)]
    assert len(sentences) > 20
    assert missing == []


def test_placeholders_are_kept() -> None:
    for english, french in SENTENCES.items():
        lost = set(re.findall(r"%\(\w+\)", french)) - set(re.findall(r"%\(\w+\)", english))
        assert not lost, english
        assert english.count("%s") == french.count("%s") or "%" not in french
    assert translate("anything else") == "anything else"
    assert translate_plural("expected %s argument", "expected %s arguments", 1) == "il faut %s valeur"
    assert translate_plural("expected %s argument", "expected %s arguments", 2) == "il faut %s valeurs"


def test_a_file_the_system_refuses_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mss", "send", "absent.eml", "--to", "a@b.fr", "--mailbox", "c@d.fr", "--ca", "x",
                 "--cert", "x", "--key", "x"]) == 1  # fmt: skip
    assert capsys.readouterr().err == "Fichier absent.eml : il n'existe pas.\n"
