"""How a browser is told to take a file: by its content and a closed list, never by its name."""

from dataclasses import dataclass

import filetype

# Shown in the browser; all the rest is downloaded.
SHOWN = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
DOWNLOADED = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
}
HEAD = 512  # bytes: what it takes to recognise a shown type
# Nothing of a file runs, nor frames it.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"sandbox; {POLICY}"
# Safari and older Chromes show nothing of a sandboxed PDF (crbug.com/413851); their reader is apart
# from the site, and draws its page with inline styles.
PDF_POLICY = f"{POLICY}; object-src 'self'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Affichage:
    content_type: str
    inline: bool

    @property
    def policy(self) -> str:
        """Its Content-Security-Policy."""
        return PDF_POLICY if self.content_type == SHOWN["pdf"] else SANDBOX


def affichage_of(head: bytes, extension: str) -> Affichage:
    """From the first bytes of a file, and its extension for what is only downloaded."""
    kind = filetype.guess(head)
    if kind is not None and kind.extension in SHOWN:
        return Affichage(SHOWN[kind.extension], inline=True)
    return Affichage(DOWNLOADED.get(extension, "application/octet-stream"), inline=False)
