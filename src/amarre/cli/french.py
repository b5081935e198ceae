"""argparse speaks French: its own sentences, as the rest of the command line.

argparse takes its sentences from gettext, whose language is that of the terminal: a server in English would
mix both on one screen. Its two functions are replaced by a table, once, when the parser of `amarre` is built.
"""

from __future__ import annotations

import argparse

# Sentence of argparse (Python 3.11 to 3.14) → ours; a colon follows the two headings. One that is not
# here stays as it is: a programming error.
SENTENCES: dict[str, str] = {
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "ambiguous option: %(option)s could match %(matches)s": (
        "l'option %(option)s peut être %(matches)s : écrivez-la en entier"
    ),
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "can't open '%(filename)s': %(error)s": "le fichier « %(filename)s » ne s'ouvre pas",
    "expected %s argument": "il faut %s valeur",
    "expected %s arguments": "il faut %s valeurs",
    "expected at least one argument": "il faut au moins une valeur",
    "expected at most one argument": "il faut une valeur au plus",
    "expected one argument": "il faut une valeur",
    "ignored explicit argument %r": "cette option ne prend pas de valeur (%r)",
    "invalid %(type)s value: %(value)r": "la valeur %(value)r n'est pas celle attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'est pas dans la liste : %(choices)s",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "%(value)r n'est pas dans la liste (peut-être %(closest)r ?) : %(choices)s"
    ),
    "not allowed with argument %s": "ne va pas avec %s",
    "one of the arguments %s is required": "il faut une de ces options : %s",
    "options": "options ",
    "positional arguments": "arguments ",
    "show program's version number and exit": "affiche la version et s'arrête",
    "show this help message and exit": "affiche cette aide et s'arrête",
    "the following arguments are required: %s": "il manque : %s",
    "unexpected option string: %s": "option inattendue : %s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "%(parser_name)r n'est pas une commande : %(choices)s"
    ),
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "usage: ": "usage : ",
}


def translate(sentence: str) -> str:
    """Return the French sentence of argparse's own."""
    return SENTENCES.get(sentence, sentence)


def translate_plural(one: str, several: str, count: int) -> str:
    """Return the French sentence for `count`: in French, zero is singular."""
    return translate(one if count < 2 else several)


def speak_french() -> None:
    """Make argparse use the table, in this process."""
    # Names that argparse imports from gettext, the same from Python 3.2 to 3.14.
    vars(argparse)["_"] = translate
    vars(argparse)["ngettext"] = translate_plural
