"""What may refuse a whole list. A row that is refused is no error: see `rows.Problem`.

ImportListError
├── ListTooLarge         IMP-001      ├── ColumnsMissing       IMP-010
├── ListTooLong          IMP-002      ├── ColumnTwice          IMP-011
├── ListTooWide          IMP-003      ├── NomQuestion          IMP-012
├── ListEmpty            IMP-004      ├── MapUnknown           IMP-013
├── NotAList             IMP-005      ├── DraftGone            IMP-014
├── EncodingUnknown      IMP-006      ├── EssmsToChoose        IMP-015
├── QuotesBroken         IMP-007      ├── ActorUnknown         IMP-016
├── WorkbookUnreadable   IMP-008      ├── FileUnreachable      IMP-017
└── OldWorkbook          IMP-009      └── RefusedFileExists    IMP-018
"""

from __future__ import annotations

from amarre.interop.common.errors import AmarreError, Contact, Fault, Phase, Retry


class ImportListError(AmarreError):
    """Base of the refusals of a list."""

    phase = Phase.READ
    fault = Fault.DATA
    retry = Retry.AFTER_FIX
    contact = Contact.PILOTE_DUI
    data_state = "Aucun dossier n'a été créé."


class ListTooLarge(ImportListError):
    """The file weighs more than the limit."""

    code = "IMP-001"
    what = "Le fichier pèse plus de {limit} Mo."
    advice = "Gardez une seule feuille et les colonnes utiles, ou coupez la liste en plusieurs fichiers."


class ListTooLong(ImportListError):
    """More lines than the limit."""

    code = "IMP-002"
    what = "La liste compte plus de {limit} lignes."
    advice = "Coupez-la en plusieurs fichiers avec les mêmes titres de colonnes, et importez-les tour à tour."


class ListTooWide(ImportListError):
    """More columns than the limit."""

    code = "IMP-003"
    what = "La liste compte plus de {limit} colonnes."
    advice = "Gardez les colonnes utiles : noms, prénoms, sexe, date et lieu de naissance, numéro, entrée."


class ListEmpty(ImportListError):
    """Nothing under the headings."""

    code = "IMP-004"
    what = "La liste est vide : aucune ligne sous les titres de colonnes."
    advice = "Vérifiez que la liste est bien dans ce fichier, sur une feuille visible, puis choisissez-le."


class NotAList(ImportListError):
    """Another kind of file. Parameter: `kind`, in French."""

    code = "IMP-005"
    what = "Ce fichier n'est pas une liste : {kind}."
    advice = "Enregistrez la liste au format CSV, XLSX ou ODS, puis choisissez ce fichier."


class EncodingUnknown(ImportListError):
    """Bytes that are no text."""

    code = "IMP-006"
    what = "Les lettres de ce fichier ne sont pas lisibles (codage inconnu, octet {position})."
    advice = "Ouvrez-le dans un tableur et enregistrez-le en « CSV UTF-8 », ou en XLSX."


class QuotesBroken(ImportListError):
    """A quote that is opened and not closed, or closed in the middle of a value."""

    code = "IMP-007"
    what = "Un guillemet est mal placé à partir de la ligne {line} : la suite ne peut pas être lue."
    advice = "Corrigez ou retirez ce guillemet à la ligne {line}, puis choisissez à nouveau le fichier."


class WorkbookUnreadable(ImportListError):
    """The workbook is damaged, or too large once unpacked. Parameter: `reason`, in French."""

    code = "IMP-008"
    what = "Ce classeur ne peut pas être lu : {reason}."
    advice = "Copiez la liste dans un nouveau classeur (collage des valeurs), ou enregistrez-la en CSV."


class OldWorkbook(ImportListError):
    """The binary format of the nineties, or a file closed by a password."""

    code = "IMP-009"
    what = "Ce classeur est d'un ancien format (.xls), ou protégé par un mot de passe."
    advice = "Ouvrez-le, retirez le mot de passe s'il y en a un, et enregistrez-le au format .xlsx ou CSV."


class ColumnsMissing(ImportListError):
    """A column without which no row can be taken. Parameter: `missing`, French names of fields."""

    code = "IMP-010"
    what = "Il manque à cette liste : {missing}."
    advice = (
        'Indiquez quelle colonne les contient (à l\'écran, ou avec --map "Colonne=champ"). '
        "Si la liste ne les a pas, ajoutez-les."
    )


class ColumnTwice(ImportListError):
    """Two columns for one field. Parameters: `field`, `columns`."""

    code = "IMP-011"
    what = "Deux colonnes donnent « {field} » : {columns}."
    advice = (
        "Gardez celle qui fait foi et ne reprenez pas l'autre (à l'écran, ou avec --map \"Colonne=ignorer\")."
    )


class NomQuestion(ImportListError):
    """A column « Nom » alone does not say whether it is the birth name or the used one."""

    code = "IMP-012"
    what = "La colonne « {column} » ne dit pas s'il s'agit du nom de naissance ou du nom utilisé."
    advice = (
        "Répondez à la question de l'écran, ou ajoutez --nom naissance, --nom usage, ou --nom mixte "
        "(nom utilisé quand la colonne du nom de naissance est remplie, nom de naissance sinon)."
    )


class MapUnknown(ImportListError):
    """A mapping by hand names a column or a field that does not exist. Parameters: `wrong`, `known`."""

    code = "IMP-013"
    what = "La correspondance « {wrong} » désigne une colonne ou un champ qui n'existe pas."
    advice = 'Écrivez --map "Titre de la colonne=champ". Champs possibles : {known}.'


class DraftGone(ImportListError):
    """The file kept between two steps expired, was used, or belongs to another person or establishment."""

    code = "IMP-014"
    http_status = 410
    what = "La liste choisie n'est plus gardée : elle l'est une heure, pour vous seul et cet établissement."
    advice = "Choisissez à nouveau le fichier. Les personnes déjà importées ne seront pas créées deux fois."


class EssmsToChoose(ImportListError):
    """The command does not know in which establishment to import. Parameter: `known`."""

    code = "IMP-015"
    what = "L'établissement n'est pas précisé, ou n'est pas l'un de ceux-ci : {known}."
    advice = "Ajoutez --essms avec son numéro ou son FINESS."


class ActorUnknown(ImportListError):
    """`--as` names nobody."""

    code = "IMP-016"
    contact = Contact.ADMINISTRATEUR
    what = "Aucun compte actif ne porte l'identifiant donné avec --as."
    advice = (
        "Donnez l'identifiant Pro Santé Connect de la personne (SubjectNameID), tel qu'il est sur son compte."
    )


class FileUnreachable(ImportListError):
    """The file cannot be opened. Parameter: `reason`."""

    code = "IMP-017"
    what = "Le fichier ne peut pas être ouvert : {reason}."
    advice = "Vérifiez son nom, son dossier et vos droits de lecture."


class RefusedFileExists(ImportListError):
    """`--refus` names a file that exists, or a folder that does not."""

    code = "IMP-018"
    what = "Le fichier des lignes refusées ne peut pas être créé là : il existe déjà, ou le dossier manque."
    advice = "Donnez un autre nom avec --refus : ce fichier n'en remplace jamais un autre."
