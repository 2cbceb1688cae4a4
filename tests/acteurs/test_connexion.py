import datetime
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from annuaire.acteurs.actions import sync_account
from tests.factories import make_structure, make_tree, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

PASSWORD = "motdepasse-de-test"
FAUX = "L’adresse électronique ou le mot de passe n’est pas le bon."


@pytest.fixture(autouse=True)
def _no_rate_of_the_test_before():
    cache.clear()


@pytest.fixture
def users():
    make_tree("33")
    structure = make_structure()
    natures = {"correspondant": ("33",), "national": (), "operateur": (), "partenaire": ()}
    users = {
        nature: make_user(nature, *codes, structure=structure, email=f"{nature}@exemple.fr")
        for nature, codes in natures.items()
    }
    users["sans rôle"] = make_user(None, email="rien@exemple.fr")
    users["fermé"] = make_user("national", email="ferme@exemple.fr")
    for user in users.values():
        sync_account(user)
    type(user).objects.filter(email="ferme@exemple.fr").update(is_active=False)
    return users


def sign_in(client, email, password=PASSWORD, **data):
    return client.post("/connexion/", {"login": email, "password": password, **data})


def ask_code(client, email):
    return client.post("/connexion/code/", {"email": email})


def text_of(response):
    """The words of the page, without its form token."""
    html = re.sub(r'<input type="hidden"[^>]*>', "", response.content.decode())
    return re.sub(r"[ \n]+", " ", html)


def is_signed_in(client):
    return "_auth_user_id" in client.session


# --- password ------------------------------------------------------------------------------------
def test_each_lands_where_he_works(client, users):
    landings = {}
    for who, user in users.items():
        response = sign_in(client, user.email)
        landings[who] = (response["Location"], client.get(response["Location"]).get("Location"))
        client.logout()

    assert landings == {
        "correspondant": ("/connexion/suite/", "/admin/"),
        "national": ("/connexion/suite/", "/admin/"),
        "operateur": ("/connexion/suite/", "/espace/"),
        "partenaire": ("/connexion/suite/", "/espace/"),
        "sans rôle": ("/connexion/suite/", "/"),
        "fermé": ("/connexion/compte-ferme/", None),
    }


def test_address_is_read_whatever_its_case(client, users):
    sign_in(client, " National@Exemple.FR ")

    assert is_signed_in(client)


def test_wrong_password_and_unknown_address_answer_the_same_page(client, users):
    wrong = sign_in(client, "national@exemple.fr", "faux")
    unknown = sign_in(client, "personne@exemple.fr", "faux")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert text_of(wrong).replace("national@", "personne@") == text_of(unknown)
    assert FAUX in text_of(wrong)
    assert not is_signed_in(client)


def test_form_keeps_what_was_typed_and_links_errors_to_fields(client):
    html = text_of(client.post("/connexion/", {"login": "pas une adresse", "password": ""}))

    field = re.search(r'<input[^>]*name="login"[^>]*>', html)[0]
    assert 'value="pas une adresse"' in field
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]*)"', field)[1].split()
    assert described == ["id_login_helptext", "id_login_error"]
    assert all(html.count(f'id="{id}"') == 1 for id in described)
    assert "<title>Erreur\xa0: Connexion" in html
    assert "Ce champ est vide\xa0: remplissez-le." in html


@pytest.mark.parametrize(
    ("asked", "landing"),
    [
        ("/dispositifs/?q=eau", "/dispositifs/?q=eau"),
        ("https://ailleurs.example/", "/connexion/suite/"),
        ("//ailleurs.example/", "/connexion/suite/"),
        ("/\\ailleurs.example/", "/connexion/suite/"),
        ("https:ailleurs.example", "/connexion/suite/"),
        ("http://testserver@ailleurs.example/", "/connexion/suite/"),
        ("javascript:alert(1)", "/connexion/suite/"),
        ("\x01//ailleurs.example", "/connexion/suite/"),
    ],
)
def test_next_leads_here_only(client, users, asked, landing):
    response = sign_in(client, "operateur@exemple.fr", next=asked)

    assert response["Location"] == landing


def test_operator_is_never_sent_to_the_admin(client, users):
    client.force_login(users["operateur"])

    refused = client.get("/admin/pages/")
    response = client.get("/connexion/?next=/admin/pages/")

    assert refused.status_code == 404
    assert response["Location"] == "/connexion/suite/"


def test_password_is_hashed_by_argon2():
    from annuaire import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_former_address_no_longer_signs_in(client, users):
    sign_in(client, "national@exemple.fr")
    client.logout()
    users["national"].emailaddress_set.create(email="national@exemple.fr", verified=True)
    users["national"].email = "nouvelle@exemple.fr"
    users["national"].save()

    sign_in(client, "national@exemple.fr")
    former = is_signed_in(client)
    sign_in(client, "nouvelle@exemple.fr")

    assert (former, is_signed_in(client)) == (False, True)


def test_address_given_in_capitals_signs_in_and_gets_codes(client, users):
    users["operateur"].email = "Anne@Exemple.FR"
    users["operateur"].save()

    ask_code(client, "anne@exemple.fr")
    client.post("/connexion/code/confirmer/", {"code": code_sent()})

    assert is_signed_in(client)
    assert users["operateur"].email == "anne@exemple.fr"


# --- lock-out ------------------------------------------------------------------------------------
def test_five_failures_lock_the_address_out_and_say_until_when(client, users):
    statuses = [sign_in(client, "national@exemple.fr", "faux").status_code for _ in range(5)]
    locked = sign_in(client, "national@exemple.fr")

    until = timezone.localtime(AccessAttempt.objects.get().attempt_time) + datetime.timedelta(
        minutes=15
    )
    assert [*statuses, locked.status_code] == [200] * 4 + [429] * 2
    assert f"<strong>{until.hour}\xa0h\xa0{until.minute:02}</strong>" in text_of(locked)
    assert 0 < int(locked["Retry-After"]) <= 900
    assert not is_signed_in(client)


def test_lock_is_for_one_address_from_one_place(client, users):
    for _ in range(5):
        sign_in(client, "national@exemple.fr", "faux")

    other_account = sign_in(client, "operateur@exemple.fr")
    client.logout()
    elsewhere = client.post(
        "/connexion/",
        {"login": "national@exemple.fr", "password": PASSWORD},
        REMOTE_ADDR="192.0.2.7",
    )

    assert (other_account.status_code, elsewhere.status_code) == (302, 302)


def test_lock_ends_after_a_quarter_of_an_hour(client, users):
    for _ in range(6):
        sign_in(client, "national@exemple.fr", "faux")
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=16))

    sign_in(client, "national@exemple.fr")

    assert is_signed_in(client)


def test_trying_again_does_not_postpone_the_end_of_the_lock(client, users):
    for _ in range(5):
        sign_in(client, "national@exemple.fr", "faux")
    before = AccessAttempt.objects.values("attempt_time", "failures_since_start").get()

    sign_in(client, "national@exemple.fr", "faux")

    assert AccessAttempt.objects.values("attempt_time", "failures_since_start").get() == before


def test_success_forgets_the_failures_before_it(client, users):
    for _ in range(4):
        sign_in(client, "national@exemple.fr", "faux")
    sign_in(client, "national@exemple.fr")
    client.logout()

    response = sign_in(client, "national@exemple.fr", "faux")

    assert response.status_code == 200


def test_failures_are_kept_without_the_password(client, users):
    sign_in(client, "national@exemple.fr", "un-secret-tape-par-erreur")

    attempt = AccessAttempt.objects.get()
    assert "un-secret-tape-par-erreur" not in attempt.post_data


# --- code ----------------------------------------------------------------------------------------
def code_sent():
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", mail.outbox[-1].body, re.MULTILINE)[0]


@pytest.mark.parametrize("nature", ["operateur", "partenaire"])
def test_operator_and_partner_sign_in_by_code(client, users, nature):
    asked = ask_code(client, f"{nature}@exemple.fr")
    page = client.get(asked["Location"])
    response = client.post(asked["Location"], {"code": code_sent()})

    assert asked["Location"] == "/connexion/code/confirmer/"
    assert page.status_code == 200
    assert mail.outbox[0].to == [f"{nature}@exemple.fr"]
    assert mail.outbox[0].subject == "[Annuaire des dispositifs] Votre code de connexion"
    assert response["Location"] == "/connexion/suite/"
    assert client.session["_auth_user_id"] == str(users[nature].pk)


def test_asking_a_code_answers_everybody_alike(client, users):
    pages, mails = set(), {}
    addresses = {who: user.email for who, user in users.items()}
    for who, email in {**addresses, "inconnu": "personne@exemple.fr"}.items():
        asked = ask_code(client, email)
        pages.add(text_of(client.get(asked["Location"])).replace(email, "…"))
        mails[who] = mail.outbox[-1].subject.removeprefix("[Annuaire des dispositifs] ")
        client.cookies.clear()

    refusal = "Votre demande de code de connexion"
    assert len(pages) == 1
    assert mails == {
        "correspondant": refusal,
        "national": refusal,
        "operateur": "Votre code de connexion",
        "partenaire": "Votre code de connexion",
        "sans rôle": refusal,
        "fermé": refusal,
        "inconnu": refusal,
    }


def test_mail_tells_whoever_writes_to_use_his_password(client, users):
    ask_code(client, "correspondant@exemple.fr")

    assert "Votre compte se connecte avec un mot de passe" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/connexion/mot-de-passe-oublie/" in mail.outbox[0].body


def test_operator_who_is_also_national_needs_his_password(client, users):
    users["operateur"].roles.create(nature="national", du=datetime.date(2020, 1, 1))

    ask_code(client, "operateur@exemple.fr")

    assert "Votre compte se connecte avec un mot de passe" in mail.outbox[0].body


def test_three_wrong_codes_end_the_attempt(client, users):
    ask_code(client, "operateur@exemple.fr")
    right = code_sent()

    statuses = [
        client.post("/connexion/code/confirmer/", {"code": "FAUX"}).status_code for _ in range(3)
    ]
    late = client.post("/connexion/code/confirmer/", {"code": right})

    assert statuses == [200, 200, 302]
    assert late["Location"] == "/connexion/code/"
    assert not is_signed_in(client)
    assert "Trop d’essais." in text_of(client.get("/connexion/code/"))


def test_code_asked_then_given_up_for_the_password(client, users):
    ask_code(client, "national@exemple.fr")

    page = client.get("/connexion/")
    sign_in(client, "national@exemple.fr")

    assert page.status_code == 200
    assert is_signed_in(client)


# --- password reset ------------------------------------------------------------------------------
def link_sent():
    return re.search(r"http://127\.0\.0\.1:8000(/connexion/\S+)", mail.outbox[-1].body)[1]


def test_password_is_chosen_again_by_mail(client, users):
    client.post("/connexion/mot-de-passe-oublie/", {"email": "national@exemple.fr"})
    form = client.get(link_sent(), follow=True)
    new = {"password1": "trois petits chats", "password2": "trois petits chats"}
    done = client.post(form.redirect_chain[-1][0], new)
    sign_in(client, "national@exemple.fr", "trois petits chats")

    assert done["Location"] == "/connexion/mot-de-passe/choisi/"
    assert is_signed_in(client)


def test_link_serves_once(client, users):
    client.post("/connexion/mot-de-passe-oublie/", {"email": "national@exemple.fr"})
    link = link_sent()
    form = client.get(link, follow=True)
    new = {"password1": "trois petits chats", "password2": "trois petits chats"}
    client.post(form.redirect_chain[-1][0], new)

    again = client.get(link)

    assert "Ce lien ne fonctionne plus" in text_of(again)


def test_choosing_a_password_lifts_the_lock(client, users):
    for _ in range(5):
        sign_in(client, "national@exemple.fr", "faux")
    client.post("/connexion/mot-de-passe-oublie/", {"email": "national@exemple.fr"})
    form = client.get(link_sent(), follow=True)
    new = {"password1": "trois petits chats", "password2": "trois petits chats"}
    client.post(form.redirect_chain[-1][0], new)

    sign_in(client, "national@exemple.fr", "trois petits chats")

    assert is_signed_in(client)


def test_asking_a_password_answers_everybody_alike(client, users):
    pages, mails = set(), {}
    for email in ("national@exemple.fr", "ferme@exemple.fr", "personne@exemple.fr"):
        response = client.post("/connexion/mot-de-passe-oublie/", {"email": email}, follow=True)
        pages.add(text_of(response))
        mails[email] = mail.outbox[-1].subject.removeprefix("[Annuaire des dispositifs] ")

    assert len(pages) == 1
    assert mails == {
        "national@exemple.fr": "Choisir votre mot de passe",
        "ferme@exemple.fr": "Votre demande de mot de passe",
        "personne@exemple.fr": "Votre demande de mot de passe",
    }


@pytest.mark.parametrize(
    "path",
    ["1-abc-def", "zzzzzzzzzzzzz-abc-def", "0-set-password", "1-%00", "1-set-password"],
)
def test_broken_link_is_a_page_that_says_so(client, users, path):
    response = client.get(f"/connexion/mot-de-passe/{path}/")

    assert response.status_code == 200
    assert "Ce lien ne fonctionne plus" in text_of(response)


def test_links_of_mails_never_follow_the_host_of_the_request(client, users, settings):
    settings.ALLOWED_HOSTS = ["*"]

    client.post(
        "/connexion/mot-de-passe-oublie/",
        {"email": "national@exemple.fr"},
        HTTP_HOST="ailleurs.example",
    )

    assert "ailleurs.example" not in mail.outbox[0].body
    assert link_sent().startswith("/connexion/mot-de-passe/")


def test_too_many_demands_are_refused_in_french(client, users):
    statuses = [
        client.post("/connexion/mot-de-passe-oublie/", {"email": "national@exemple.fr"}).status_code
        for _ in range(6)
    ]

    assert statuses == [302] * 5 + [429]


# --- sign-out, sessions, cookies -----------------------------------------------------------------
def test_sign_out_asks_then_closes_the_session(client, users):
    client.force_login(users["national"])

    asked = client.get("/deconnexion/")
    still = is_signed_in(client)
    done = client.post("/deconnexion/")

    assert (asked.status_code, still) == (200, True)
    assert (done["Location"], is_signed_in(client)) == ("/", False)


def test_sign_in_of_wagtail_leads_to_ours(client, users):
    paths = {
        "/admin/": "/connexion/?next=/admin/",
        "/admin/login/?next=/admin/pages/": "/connexion/?next=/admin/pages/",
        "/admin/password_reset/": "/connexion/mot-de-passe-oublie/",
        "/admin/password_reset/confirm/a/b/": "/connexion/mot-de-passe-oublie/",
    }

    assert {path: client.get(path).get("Location") for path in paths} == paths


def test_sign_out_of_wagtail_is_ours(client, users):
    client.force_login(users["national"])

    response = client.post("/admin/logout/")

    assert (response["Location"], is_signed_in(client)) == ("/", False)


def test_nobody_signs_up(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_role_ended_closes_the_admin_at_the_next_request(client, users):
    user = users["correspondant"]
    client.force_login(user)
    before = client.get("/admin/")
    user.roles.update(au=timezone.localdate() - datetime.timedelta(days=1))
    type(user).objects.update(droits_a_revoir_le=timezone.now())

    after = client.get("/admin/")

    user.refresh_from_db()
    assert before["Location"] == "/admin/dispositifs/"
    assert after.status_code == 404
    assert (user.groups.count(), user.droits_a_revoir_le) == (0, None)


def test_account_closed_loses_its_session_at_the_next_request(client, users):
    client.force_login(users["national"])
    type(users["national"]).objects.update(is_active=False)

    response = client.get("/connexion/")

    assert response.status_code == 200
    assert response.cookies["sessionid"]["max-age"] == 0
    assert Session.objects.count() == 0


def test_signed_in_request_with_nothing_to_revise_costs_no_query_more(
    client, users, django_assert_num_queries
):
    client.force_login(users["sans rôle"])

    # The session, the account, its rights and its permissions: nothing of the middleware's own.
    with django_assert_num_queries(5):
        client.get("/connexion/suite/")


def test_cookies_are_for_sign_in_pages_alone(client):
    def cookies(path):
        client.cookies.clear()
        return sorted(client.get(path).cookies)

    pages = {
        "/connexion/": ["csrftoken"],
        "/connexion/code/": ["csrftoken"],
        "/connexion/mot-de-passe-oublie/": ["csrftoken"],
        "/connexion/mot-de-passe-oublie/envoye/": [],
        "/connexion/mot-de-passe/choisi/": [],
        "/connexion/suite/": [],
        "/deconnexion/": [],
        "/admin/": [],
        "/": [],
    }
    assert {path: cookies(path) for path in pages} == pages
