"""What was changed in a file on its way in: the words for each note of the reader."""

from __future__ import annotations

from collections.abc import Iterable

from amarre.dui.intake.apart.verdicts import Note, TextState

NOTE_SENTENCES: dict[Note, str] = {
    Note.SCRIPTS: "Le fichier contenait des programmes (JavaScript) : ils sont retirés.",
    Note.ACTIONS: "Des actions automatiques sont retirées.",
    Note.LINKS: "Les liens ne sont pas gardés : leur texte reste.",
    Note.FORM: "Le formulaire est figé, avec ce qui y était écrit.",
    Note.ATTACHMENTS: "Les fichiers joints à ce PDF ne sont pas repris : importez-les à part s'ils comptent.",
    Note.MULTIMEDIA: "Les sons, vidéos ou scènes en relief sont retirés.",
    Note.LAYERS: "Le document a des calques : seuls ceux qui étaient visibles sont gardés.",
    Note.SIGNED: "La signature électronique ne se vérifie plus dans la copie. L'original est gardé tel quel.",
    Note.RESTRICTED: "L'auteur avait restreint les droits de ce PDF (copie, impression).",
    Note.REPAIRED: "Le fichier était abîmé et a été réparé : comparez chaque page avec l'original.",
    Note.DRAWN: "Des pages sont gardées comme des images, pour rester exactement telles quelles.",
    Note.BLANK: "Une page au moins est vide : vérifiez qu'il ne manque rien.",
    Note.LIGHTENED: "Le document était très lourd : ses pages sont moins fines que l'original.",
    Note.OFFICE: "Le texte a été converti par LibreOffice : vérifiez la mise en page.",
    Note.EXTERNAL: "Ce que le fichier allait chercher ailleurs (images, modèles) n'est pas repris.",
    Note.OBJECTS: "Les documents incorporés ne sont pas repris : leur image reste.",
}
# What a person must look at before taking the document as it is.
TO_COMPARE = frozenset(
    {
        Note.ATTACHMENTS,
        Note.REPAIRED,
        Note.BLANK,
        Note.LAYERS,
        Note.OFFICE,
        Note.EXTERNAL,
        Note.OBJECTS,
        Note.SIGNED,
    }
)
TEXT_SENTENCES: dict[TextState, str] = {
    TextState.WHOLE: "Le texte peut être sélectionné et cherché.",
    TextState.PARTIAL: "Le texte ne peut être sélectionné que sur une partie des pages.",
    TextState.NONE: "Le texte ne peut pas être sélectionné : ce sont des images.",
}


def sentences(notes: Iterable[str]) -> list[str]:
    """Return the sentences of stored notes, what must be compared first."""
    told = set(notes)
    known = [note for note in Note if note.value in told]
    return [NOTE_SENTENCES[note] for note in sorted(known, key=lambda note: note not in TO_COMPARE)]
