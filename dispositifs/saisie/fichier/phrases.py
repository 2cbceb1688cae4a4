"""What the commands say to whoever runs them."""

from collections import Counter

from dispositifs.choices import EtatTexte

from .bonnes_pratiques import BilanPages
from .erreurs import MAXIMUM, FichierRefuse
from .importation import Bilan
from .progression import shown


def refusal_sentence(refus: FichierRefuse) -> str:
    """Every error, one a line, under what to do about them."""
    count = len(refus.erreurs)
    head = "1 erreur" if count == 1 else f"{count} erreurs"
    if not refus.complet:
        head = f"Au moins {MAXIMUM} erreurs"
    return f"{head} : rien n’a été écrit. Corrigez le fichier, puis recommencez.\n{refus}"


def plural(count: int, singular: str, plural: str) -> str:
    return f"{shown(count)} {singular if count < 2 else plural}"


def report_sentences(bilan: Bilan, *, essai: bool = False) -> list[str]:
    """What was done, or would be done."""
    total = bilan.creees + bilan.modifiees + bilan.identiques
    sentences = []
    if not bilan.changes:
        sentences.append(
            f"Aucun changement : {plural(total, 'fiche identique', 'fiches identiques')}."
        )
    else:
        sentences.append(
            f"{plural(total, 'fiche', 'fiches')} :"
            f" {plural(bilan.creees, 'créée', 'créées')},"
            f" {plural(bilan.modifiees, 'mise à jour', 'mises à jour')},"
            f" {plural(bilan.identiques, 'identique', 'identiques')}."
        )
        sentences.append(
            f"{plural(bilan.documents, 'document ajouté', 'documents ajoutés')},"
            f" {plural(bilan.documents_modifies, 'document modifié', 'documents modifiés')},"
            f" {plural(bilan.structures, 'structure créée', 'structures créées')}."
        )
    if bilan.non_chargees:
        counts = ", ".join(
            f"{key} ({shown(count)})" for key, count in sorted(bilan.non_chargees.items())
        )
        sentences.append(f"Non chargés dans cette version : {counts}.")
    if bilan.a_relire:
        count = plural(len(bilan.a_relire), "texte contient", "textes contiennent")
        more = "\n…" if len(bilan.a_relire) > MAXIMUM else ""
        lines = "\n".join(map(str, bilan.a_relire[:MAXIMUM]))
        sentences.append(
            f"{count} des données peut-être nominatives, à retirer ou à relire sur la fiche :"
            f"\n{lines}{more}"
        )
    if essai:
        sentences.append("Essai : rien n’a été écrit.")
    return sentences


def reading_sentence(done: Counter[str]) -> str:
    """How many documents came to each state of their text; empty if none did."""
    if not done.total():
        return ""
    names = {
        EtatTexte.EXTRAIT: ("avec du texte", "avec du texte"),
        EtatTexte.SANS_TEXTE: ("sans texte", "sans texte"),
        EtatTexte.ECHEC: ("illisible", "illisibles"),
    }
    counts = ", ".join(plural(done[etat], *forms) for etat, forms in names.items() if done[etat])
    return f"{plural(done.total(), 'document lu', 'documents lus')} : {counts}."


def pages_sentence(singular: str, plural_form: str, bilan: BilanPages) -> str:
    """What became of pages written one by one: bonnes pratiques, pages of the site."""
    return (
        f"{plural(bilan.total, singular, plural_form)} :"
        f" {plural(len(bilan.creees), 'créée', 'créées')},"
        f" {plural(len(bilan.modifiees), 'mise à jour', 'mises à jour')},"
        f" {plural(len(bilan.identiques), 'identique', 'identiques')}."
    )
