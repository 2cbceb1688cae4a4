"""The permission matrix: reading the data, walking the resolver, trying one cell.

Data (matrice/): routes-*.csv list every URL pattern with the objects and methods to try and a
profile; profils.csv says what each actor must get; mots.csv who may read each secret word. They
are written by hand from the table of rights, and never computed by the code under test.
"""

import csv
import re
import sys
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.dispatch import receiver
from django.urls import URLResolver, get_resolver
from django.utils.datastructures import MultiValueDict

from .monde import ACTEURS

DATA = Path(__file__).parent / "matrice"
WORD = re.compile(r"zq[a-z]+")
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
# What looking at a page may write: sessions, who is editing, settings of the screen, thumbnails.
HARMLESS = {
    *("django_session", "wagtailadmin_editingsession", "wagtailcore_pagesubscription"),
    *("wagtailusers_userprofile", "dispositifs_rendition"),
}
NOT_TRIED = "-"
SIGN_IN = ("/connexion/", "/admin/login/")
LANDINGS = ("/admin/", "/admin/dispositifs/", "/admin/comptes/")


@dataclass(frozen=True)
class Ligne:
    route: str
    methode: str
    objet: str
    profil: str
    adresse: str
    corps: str


@dataclass(frozen=True)
class Cellule:
    ligne: Ligne
    adresse: str
    acteur: str
    attendu: str

    def __str__(self):
        return f"{self.ligne.methode} {self.adresse} [{self.ligne.objet}]"


# --- data ----------------------------------------------------------------------------------------
def read_csv(nom):
    with (DATA / nom).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def profils():
    """{profile: {actor: what it must get}}"""
    return {
        row["profil"]: {acteur: row[acteur] for acteur in ACTEURS}
        for row in read_csv("profils.csv")
    }


@cache
def readable_words():
    """{actor: words it may read}"""
    found = {acteur: set() for acteur in ACTEURS}
    for row in read_csv("mots.csv"):
        readers = ACTEURS if row["lecteurs"] == "tous" else row["lecteurs"].split()
        for acteur in readers:
            found[acteur] |= set(row["mots"].split())
    return found


@cache
def all_words():
    return {word for row in read_csv("mots.csv") for word in row["mots"].split()}


def lignes(fichier):
    """One Ligne for each method and object; « = » repeats the route above."""
    route = ""
    for row in read_csv(fichier):
        route = route if row["route"] == "=" else row["route"]
        for methode in row["methodes"].split():
            for objet in row["objets"].split("|"):
                yield Ligne(
                    route, methode, objet.strip(), row["profil"], row["adresse"], row["corps"]
                )


def fichiers():
    return sorted(path.name for path in DATA.glob("routes-*.csv"))


@cache
def expression(route):
    """« * » is anything, « {a|b} » alternatives; the rest is the pattern's own text."""
    parts = re.split(r"(\*|\{[^}]*\|[^}]*\})", route)
    return re.compile(
        "".join(
            ".*" if part == "*"
            else f"(?:{'|'.join(map(re.escape, part[1:-1].split('|')))})" if part[:1] == "{" and "|" in part
            else re.escape(part)
            for part in parts
        )
    )  # fmt: skip


# --- the site ------------------------------------------------------------------------------------
def all_routes():
    """Every pattern of the resolver, as one text each; files of the site itself are left out."""
    return sorted(set(_walk(get_resolver().url_patterns, "")))


def _walk(patterns, prefix):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif not route.startswith("static/"):
            yield route


def cells(fichier, monde):
    routes = all_routes()
    for ligne in lignes(fichier):
        valeurs = monde.objets[ligne.objet].valeurs
        family = filter(expression(ligne.route).fullmatch, routes)
        adresses = {address(ligne.adresse or route, valeurs) for route in family}
        for adresse in sorted(adresses):
            for acteur, attendu in profils()[ligne.profil].items():
                if attendu != NOT_TRIED:
                    yield Cellule(ligne, adresse, acteur, attendu)


DEFAULTS = {
    "content_type_app_name": "dispositifs",
    "content_type_model_name": "dispositifpage",
    "app_label": "dispositifs",
    "model_name": "dispositifpage",
    "app_name": "dispositifs",
    "action_name": "approve",
    "action": "delete",
    **dict.fromkeys(("task_id", "task_state_id", "workflow_pk", "workflow_state_id", "page_pk"), 1),
    "uidb64": "MQ",
    "token": "faux",
}


def address(template, valeurs):
    """The route with the object's values in the place of its converters, or a written address."""
    known = {**DEFAULTS, **valeurs}
    if template.startswith("/"):
        return template.format(**known)
    plain = template.replace("^", "").replace("$", "")
    return "/" + CONVERTER.sub(lambda found: str(known[found[1]]), plain)


# --- one cell ------------------------------------------------------------------------------------
class Essai:
    """Tries cells on one world; each leaves the database as it was."""

    def __init__(self, monde):
        self.monde = monde
        self.forms = {}

    def problems(self, cells):
        """What is not as the data says, in lines: the actors, the method, the address, what came."""
        found = {}
        for cellule in cells:
            if problem := self.problem(cellule):
                found.setdefault(problem, []).append(cellule.acteur)
        return [f"{', '.join(acteurs)} : {problem}" for problem, acteurs in found.items()]

    def problem(self, cellule):
        response, written = self.ask(cellule)
        text = text_of(response)
        got = outcome(response, written)
        wrong = []
        if not accepts(cellule.attendu, got):
            wrong.append(f"attendu {cellule.attendu}, obtenu {got} ({describe(response)})")
        harmful = sorted(set(written) - HARMLESS)
        if harmful and cellule.attendu not in ("fait", "libre"):
            wrong.append(f"a écrit dans {', '.join(harmful)}")
        leaked = self.leaks(cellule, text)
        if leaked:
            wrong.append(f"a montré {', '.join(leaked)}")
        return f"{cellule} : {' ; '.join(wrong)}" if wrong else None

    def ask(self, cellule):
        ligne, client = cellule.ligne, self.monde.clients[cellule.acteur]
        body = self.body(cellule) if ligne.methode == "POST" else {}
        written = []
        with transaction.atomic(), connection.execute_wrapper(_recorder(written)):
            response = send(client, ligne.methode, cellule.adresse, body)
            transaction.set_rollback(True)
        return response, written

    def body(self, cellule):
        """Written in the data, or the form that national is shown at this address."""
        corps, valeurs = cellule.ligne.corps, self.monde.objets[cellule.ligne.objet].valeurs
        if corps != "formulaire":
            pairs = [pair.partition("=") for pair in corps.split("&") if pair]
            return {name: value.format(**valeurs) for name, _, value in pairs}
        if cellule.adresse not in self.forms:
            with transaction.atomic():
                page = self.monde.clients["national"].get(cellule.adresse)
                transaction.set_rollback(True)
            self.forms[cellule.adresse] = form_fields(page.content.decode())
        return self.forms[cellule.adresse]

    def leaks(self, cellule, text):
        """Words that the actor may not read, and the title of what is refused, wherever they are."""
        # Tokens and fingerprints may hold « zq » by chance: only words of the data count.
        found = set(WORD.findall(text)) & all_words() - set(WORD.findall(cellule.adresse))
        secret = found - readable_words()[cellule.acteur]
        if cellule.attendu not in ("ok", "fait", "libre", "suite", "rien"):
            secret |= found & self.monde.objets[cellule.ligne.objet].mots
        return sorted(secret)


def send(client, methode, adresse, body):
    if methode == "POST":
        return client.post(adresse, body)
    return client.generic(methode, adresse)


def _recorder(written):
    def record(execute, sql, params, many, context):
        if match := WRITE.match(sql):
            written.append(match[1])
        return execute(sql, params, many, context)

    return record


def text_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(response.headers)


def outcome(response, written):
    """The word of profils.csv that says what was answered."""
    status = response.status_code
    if status < 400 and set(written) - HARMLESS:
        return "fait"
    if status in (301, 302, 303, 307, 308):
        target = response["Location"].partition("?")[0]
        if target in SIGN_IN:
            return "connexion"
        return "accueil" if target in LANDINGS else "suite"
    return "ok" if status == 200 else str(status)


MEANINGS = {
    # Stock views refuse in three ways, all of them right.
    "refus": {"403", "404", "accueil"},
    "fait": {"fait"},
    # Whatever is answered, nothing is written.
    "rien": {"ok", "400", "403", "404", "405"},
    # The actor may: what it then gets depends on what is typed.
    "libre": {"ok", "fait", "suite", "accueil", "400", "404", "405"},
}


def accepts(attendu, got):
    return got in MEANINGS.get(attendu, {attendu})


def describe(response):
    if response.status_code == 500:
        return repr(errors[-1]) if errors else "500"
    return response.get("Location", str(response.status_code))


errors = []


@receiver(got_request_exception)
def _keep_error(**kwargs):
    errors.append(sys.exc_info()[1])


class _Form(HTMLParser):
    """The fields of a page's forms, as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.fields = MultiValueDict()
        self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields.appendlist(name, given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields.appendlist(self.select, given.get("value", ""))
        elif tag == "textarea":
            self.textarea = name

    def handle_data(self, data):
        if self.textarea:
            self.fields.appendlist(self.textarea, data.strip())
            self.textarea = None

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.fields.appendlist(self.textarea, "")
            self.textarea = None


def form_fields(page):
    form = _Form()
    form.feed(page)
    return {name: values for name, values in form.fields.lists() if name != "csrfmiddlewaretoken"}
