"""Shapes of the API, for its OpenAPI document. The answers themselves are ready JSON."""

from typing import Literal

from ninja import Field, Schema

Statut = Literal["en-preparation", "en-cours", "termine", "abandonne"]


class Parametres(Schema):
    """Read by `liste.read`, as the pages do; here for the documentation."""

    q: str = Field("", description="Texte cherché.")
    thematique: list[str] = Field([], description="Slug de thématique ; répétable (OU).")
    forme: list[str] = Field([], description="Slug de forme ; répétable.")
    statut: list[str] = Field([], description="en-preparation, en-cours, termine, abandonne.")
    departement: list[str] = Field([], description="Code de département : 33, 2A, 971.")
    region: list[str] = Field([], description="Code INSEE de région.")
    commune: list[str] = Field([], description="Code INSEE de commune.")
    epci: list[str] = Field([], description="SIREN de l’intercommunalité.")
    structure: list[str] = Field([], description="Numéro de la structure opératrice.")
    financeur: list[str] = Field([], description="Numéro de la structure financeuse.")
    public: list[str] = Field([], description="Slug de public visé.")
    annee: list[str] = Field([], description="Année de début.")
    selection: list[str] = Field([], description="sans : tous les ménages sont accompagnés.")
    places: list[str] = Field([], description="libres : il reste des places.")
    bonne_pratique: list[str] = Field([], description="oui : cité par une bonne pratique.")
    type_document: list[str] = Field([], description="Slug de type de document.")
    langue: list[str] = Field([], description="Langue d’un document : fr, ro…")
    tri: str = Field("", description="pertinence, maj, debut ou titre.")
    updated_since: str = Field("", description="Modifiées depuis cette date : 2026-01-31.")
    facets: str = Field("0", description="1 : ajoute les comptes de chaque facette.")
    limit: str = Field("20", description="Nombre de résultats, de 1 à 100.")
    curseur: str = Field("", description="Suite d’une liste, donnée par `next`.")


class Territoire(Schema):
    code: str
    nom: str


class Participant(Schema):
    nom: str
    role: str


class LibellesCarte(Schema):
    statut: str
    thematiques: list[str]
    formes: list[str]
    communes: list[str]


class DocumentNomme(Schema):
    identifiant: str
    titre: str
    url: str


class Passage(Schema):
    """Une page d’un document public où les mots se trouvent."""

    document: DocumentNomme
    page: int = Field(description="À partir de 1 ; d’un classeur, la feuille.")
    extrait: str = Field(description="HTML échappé, mots trouvés entre <mark>.")


class Carte(Schema):
    identifiant: str
    url: str = Field(description="Chemin de la page sur ce site.")
    titre: str
    sigle: str
    resume: str
    departement: Territoire
    region: Territoire
    communes: list[str] = Field(description="Codes INSEE.")
    thematiques: list[str]
    formes: list[str]
    statut: Statut
    date_debut: str | None
    date_fin: str | None
    structures: list[Participant]
    capacite: int | None = Field(description="En ménages.")
    places_libres: int | None
    places_libres_au: str | None
    documents: int = Field(description="Nombre de documents publics.")
    maj: str = Field(description="Jour de la dernière mise à jour publique.")
    extrait: str = Field(description="HTML échappé, mots trouvés entre <mark>.")
    partiel: bool = Field(description="Vrai : une partie des mots seulement.")
    passage: Passage | None = Field(
        description="Quand la fiche n’a pas elle-même tous les mots, la page de ses documents où "
        "ils sont ; `extrait` est alors vide."
    )
    libelles: LibellesCarte


class ValeurFacette(Schema):
    value: str
    label: str
    count: int


class Dispositifs(Schema):
    total: int
    total_partiel: int
    results: list[Carte]
    suggestion: str | None
    moteur: str
    next: str | None
    facets: dict[str, list[ValeurFacette]] = Field({}, description="Avec ?facets=1 seulement.")


class Corps(Schema):
    contexte: str
    objectifs: str
    actions: str
    resultats: str
    limites: str
    conditions: str


class Enseignements(Schema):
    reussi: str
    echoue: str
    a_refaire: str


class StructureFiche(Schema):
    nom: str
    siren: str | None
    type: str
    role: str


class LieuFiche(Schema):
    nature: str
    nom: str
    commune: str
    public: Literal[True]
    longitude: float | None
    latitude: float | None


class LibellesDocument(Schema):
    type: str
    article: str
    licence: str


class VersionAnterieure(Schema):
    version: int
    url: str
    remplacee_le: str


class DocumentFiche(Schema):
    identifiant: str
    titre: str
    type: str | None
    date: str | None
    periode_du: str | None
    periode_au: str | None
    langue: str
    niveau: Literal["public"]
    url: str
    format: str
    taille: int | None = Field(description="En octets.")
    pages: int | None
    sha256: str
    description: str
    licence: str | None
    version_accessible: str | None
    balise: bool | None = Field(description="PDF balisé ; null : pas un PDF, ou non lu.")
    vignette: str | None = Field(description="Adresse d’une image de la première page.")
    libelles: LibellesDocument
    versions_anterieures: list[VersionAnterieure] = Field(
        description="Celles que tout le monde peut lire, la plus récente d’abord."
    )


class DispositifNomme(Schema):
    identifiant: str
    titre: str
    url: str


class CarteDocument(DocumentFiche):
    dispositif: DispositifNomme | None = Field(description="null : guide national.")
    departement: Territoire | None
    maj: str
    extrait: str = Field(description="HTML échappé, mots trouvés entre <mark>.")
    partiel: bool = Field(description="Vrai : une partie des mots seulement.")
    passage: Passage | None = Field(description="La page du document où les mots se trouvent.")


class Documents(Schema):
    total: int
    total_partiel: int
    results: list[CarteDocument]
    suggestion: str | None
    moteur: str
    next: str | None
    facets: dict[str, list[ValeurFacette]] = Field({}, description="Avec ?facets=1 seulement.")


class BonnePratiqueFiche(Schema):
    identifiant: str
    titre: str
    url: str


class Visuel(Schema):
    url: str
    alt: str


class Fiche(Schema):
    """La fiche publique entière ; `libelles` donne les noms de ce que les autres clés codent."""

    identifiant: str
    url: str
    titre: str
    sigle: str
    resume: str
    corps: Corps = Field(description="Texte ; une ligne vide sépare deux paragraphes.")
    corps_html: Corps
    departement: str
    region: str
    departements_secondaires: list[str]
    communes: list[str]
    epci: list[str]
    france_entiere: bool
    thematiques: list[str]
    formes: list[str]
    mots_cles: list[str]
    publics: list[str]
    statut: Statut
    date_debut: str | None
    date_fin_prevue: str | None
    date_fin: str | None
    selection: bool | None = Field(description="null : inconnu.")
    criteres_selection: str
    capacite_menages: int | None
    duree_contrat_mois: int | None
    renouvellements: int | None
    duree_totale_mois: int | None
    places_libres: int | None
    places_libres_au: str | None
    enseignements: Enseignements
    enseignements_html: Enseignements
    structures: list[StructureFiche]
    lieux: list[LieuFiche]
    documents: list[DocumentFiche]
    bonnes_pratiques: list[BonnePratiqueFiche]
    visuel: Visuel | None
    maj: str
    libelles: dict[str, object]


class ErreurParametre(Schema):
    parametre: str
    message: str


class Probleme(Schema):
    """Erreur au format `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ErreurParametre] = []
