"""What the code, its data and its documents promise of each other."""

import ast
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template

from annuaire.api.application import api

ROOT = pathlib.Path(__file__).parent.parent
PACKAGES = ("annuaire", "dispositifs", "search")
OPENAPI = ROOT / "tests" / "api" / "openapi.json"

# Named by a variable: the folder or prefix, and who completes it.
DYNAMIC_TEMPLATES = (
    "contenus/",  # views.contenu, by slug
    "components/carte_",  # search.views.liste, by nature
    "account/email/",  # allauth adds _subject.txt and _message.txt
)
# Django takes them by their name.
DJANGO_TEMPLATES = {"400.html", "403.html", "404.html", "429.html", "500.html"}
# Tables of Wagtail or of the projection, that no reader of the glossary meets.
TECHNICAL_MODELS = {
    *("RoleDepartement", "ThematiqueDispositif", "ThematiqueBonnePratique", "MotCleDispositif"),
    *("Rendition", "AccueilPage", "BonnesPratiquesPage"),
    *("VersionAnnuaire", "FicheTerritoire", "FicheLieu", "FicheRetiree"),
}
# (module, module imported): an import inside a function needs a reason.
LAZY_IMPORTS = {
    # Models are loaded only when the application is ready.
    ("dispositifs/apps.py", "dispositifs.documents.lecture"),
    ("dispositifs/apps.py", "dispositifs.publication"),
    ("search/apps.py", "dispositifs.publication.changements"),
    ("search/apps.py", "search"),
    ("search/apps.py", "search.indexing"),
    # Half of the start of a process that seldom needs it.
    ("dispositifs/documents/lecture/pdf.py", "pypdf"),
}


def sources(*suffixes):
    folders = [ROOT / name for name in (*PACKAGES, "templates")]
    return [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in suffixes
    ]


# --- code ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_migrations_are_up_to_date(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail("Migrations en retard :\n" + capsys.readouterr().out, pytrace=False)


def test_no_import_hides_inside_a_function():
    found = set()
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found |= {(str(path.relative_to(ROOT)), name) for name in imported(node)}

    assert found - LAZY_IMPORTS == set()
    assert LAZY_IMPORTS - found == set()


def imported(function):
    for node in ast.walk(function):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_template_is_used():
    texts = [path.read_text(encoding="utf-8") for path in sources(".py", ".html", ".txt")]
    everything = "\n".join(texts)
    ours = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }

    unused = {
        name
        for name in ours - DJANGO_TEMPLATES
        if not name.startswith(DYNAMIC_TEMPLATES)
        and f'"{name}"' not in everything
        and not replaces_a_library_template(name)
    }

    assert unused == set()


def replaces_a_library_template(name):
    """Whether an installed library has a template of this name, so that ours stands for it."""
    engine = get_template("404.html").backend.engine
    loaders = [
        loader for loader in engine.template_loaders if "app_directories" in type(loader).__module__
    ]
    loaders += [
        inner for loader in engine.template_loaders for inner in getattr(loader, "loaders", ())
        if "app_directories" in type(inner).__module__
    ]  # fmt: skip
    origins = [origin for loader in loaders for origin in loader.get_template_sources(name)]
    return any(pathlib.Path(origin.name).is_file() for origin in origins)


# --- production ----------------------------------------------------------------------------------
def test_production_settings_pass_the_deployment_checks(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "".join(chr(33 + (n * 37) % 90) for n in range(80)),
        "PUBLIC_URL": "https://annuaire.exemple.fr",
        "ALLOWED_HOSTS": "annuaire.exemple.fr",
        "DATABASE_URL": f"sqlite:///{tmp_path}/annuaire.sqlite3",
        "MEDIA_ROOT": str(tmp_path),
        "INDEX_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("missing", "sentence"), [("SECRET_KEY", "SECRET_KEY manque"), ("ALLOWED_HOSTS", "ALLOWED_HOSTS manque")]
)  # fmt: skip
def test_a_missing_production_value_stops_with_a_sentence(missing, sentence):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "une-longue-chaine",
        "ALLOWED_HOSTS": "annuaire.exemple.fr",
    }
    del environment[missing]

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert sentence in done.stderr


# --- what others rely on -------------------------------------------------------------------------
def test_the_openapi_document_changes_on_purpose_only():
    """`OPENAPI_ECRIRE=1 pytest tests/test_coherence.py -k openapi` writes what was decided."""
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    if os.environ.get("OPENAPI_ECRIRE"):
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True)
        OPENAPI.write_text(text + "\n", encoding="utf-8")

    assert schema == json.loads(OPENAPI.read_text(encoding="utf-8"))


def test_requirements_name_no_registry():
    files = sorted(ROOT.glob("requirements*.txt"))

    found = [
        (path.name, line)
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if "http" in line.lower().replace("httpcore", "").replace("httpx", "") or line.startswith("-")
    ]  # fmt: skip

    assert [path.name for path in files] == ["requirements-dev.txt", "requirements.txt"]
    assert found == []


def test_every_requirement_is_locked_by_a_hash():
    for path in sorted(ROOT.glob("requirements*.txt")):
        blocks = re.split(r"\n(?=[a-zA-Z])", path.read_text(encoding="utf-8"))
        pinned = [block for block in blocks if "==" in block]

        assert [block.split()[0] for block in pinned if "--hash=sha256:" not in block] == []
        assert len(pinned) > 20


# --- documents and data --------------------------------------------------------------------------
def test_the_commands_of_the_readme_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, flags=re.MULTILINE))
    asked = set(re.findall(r"\bmake ([a-z][\w-]*)", readme))
    commands = {
        path.stem for name in PACKAGES for path in (ROOT / name).rglob("management/commands/*.py")
    }
    managed = set(re.findall(r"manage\.py ([a-z_]+)", readme))

    assert {"run", "test"} <= asked
    assert asked - targets == set()
    assert managed - commands - {"migrate", "check"} == set()


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_every_reference_row_has_a_slug_and_a_label():
    files = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("donnees/*.csv"))]

    wrong = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        wrong += [
            (path.name, row) for row in rows if not (row["slug"].strip() and row["libelle"].strip())
        ]
        slugs = [row["slug"] for row in rows]
        wrong += [(path.name, slug) for slug in slugs if slugs.count(slug) > 1]

    assert len(files) >= 6
    assert wrong == []


def test_every_model_of_the_domain_is_in_the_glossary():
    glossary = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8")
    written = set(re.findall(r"\w+", glossary))

    models = {
        model.__name__
        for label in ("acteurs", "dispositifs", "search")
        for model in apps.get_app_config(label).get_models()
    }

    assert models - TECHNICAL_MODELS - written == set()
    assert TECHNICAL_MODELS - models == set()
