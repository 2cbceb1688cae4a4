"""`python -m tests.bench.lecture`: how many ordinary PDFs of ten pages are read per CPU second."""

import os
import resource
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from dispositifs.documents.lecture.appel import Fichier, read_files  # noqa: E402
from dispositifs.documents.lecture.lots import BATCH  # noqa: E402
from dispositifs.documents.lecture.verdict import lecture_of  # noqa: E402
from tests.dispositifs.lecture import ten_pages  # noqa: E402

COUNT = 4 * BATCH


def main():
    with tempfile.TemporaryDirectory() as folder:
        fichiers = []
        for rank in range(COUNT):
            path = Path(folder, f"{rank}.pdf")
            path.write_bytes(ten_pages(rank))
            fichiers.append(Fichier(str(path), "pdf"))
        before = spent()
        contents = [
            contenu
            for start in range(0, COUNT, BATCH)
            for contenu in read_files(fichiers[start : start + BATCH])
        ]
        read = spent()
        pages = sum(len(lecture_of(contenu, "pdf").textes) for contenu in contents)
        examined = spent()
    sys.stdout.write(
        f"LECTURE fichiers={COUNT} pages={pages} lecture={COUNT / (read - before):.0f}"
        f" lecture_et_reperage={COUNT / (examined - before):.0f} par seconde de processeur\n"
    )


def spent():
    """Seconds of processor, those of ended children included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(row.ru_utime + row.ru_stime for row in used)


if __name__ == "__main__":
    main()
