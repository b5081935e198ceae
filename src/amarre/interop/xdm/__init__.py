"""XDM: documents and their metadata in one ZIP file, for secure mail."""

from amarre.interop.xdm.build import FILE_NAME, XdmSender, XdmSubmission, build_archive
from amarre.interop.xdm.errors import XdmError
from amarre.interop.xdm.read import XdmArchive, XdmDocument, is_xdm_name, read_archive

__all__ = [
    "FILE_NAME",
    "XdmArchive",
    "XdmDocument",
    "XdmError",
    "XdmSender",
    "XdmSubmission",
    "build_archive",
    "is_xdm_name",
    "read_archive",
]
