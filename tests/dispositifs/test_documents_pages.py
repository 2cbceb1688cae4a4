"""Pages of PDFs, counted apart: one odd file never costs the others their number."""

import zlib

from dispositifs.documents.pages import count_pages
from tests.dispositifs.fichiers import docx_file, pdf


def written(folder, files):
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        if content is not None:
            paths[-1].write_bytes(content)
    return paths


def bombed_pdf():
    """A directory of objects that decompresses to 200 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(200)) + packer.flush()
    return (
        b"%PDF-1.5\n1 0 obj<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\nstartxref\n9\n%%EOF"
    )


def test_each_pdf_has_its_number_and_nothing_else_has_one(tmp_path):
    paths = written(
        tmp_path,
        {
            "un.pdf": pdf(1),
            "bilan.docx": docx_file(),
            "tronque.pdf": pdf(4)[:200],
            "vide.pdf": b"",
            "absent.pdf": None,
            "chiffre.pdf": pdf(3, password="secret"),
            "DOUZE.PDF": pdf(12),
        },
    )

    counted = count_pages(paths)

    assert counted == [1, None, None, None, None, None, 12]


def test_bomb_costs_its_own_number_only(tmp_path):
    paths = written(tmp_path, {"a.pdf": pdf(2), "bombe.pdf": bombed_pdf(), "b.pdf": pdf(3)})

    counted = count_pages(paths)

    assert counted == [2, None, 3]


def test_nothing_is_started_for_nothing():
    assert count_pages([]) == []
