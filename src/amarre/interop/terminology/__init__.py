"""Value sets of the French health information framework, carried as versioned data files."""

from amarre.interop.terminology.loader import (
    Code,
    DocumentType,
    ValueSet,
    ValueSetId,
    author_code_replacement,
    class_of_type,
    code_system_name,
    document_type,
    document_types,
    format_of_media_type,
    format_of_template,
    is_withdrawn_author_code,
    value_set,
)

__all__ = [
    "Code",
    "DocumentType",
    "ValueSet",
    "ValueSetId",
    "author_code_replacement",
    "class_of_type",
    "code_system_name",
    "document_type",
    "document_types",
    "format_of_media_type",
    "format_of_template",
    "is_withdrawn_author_code",
    "value_set",
]
