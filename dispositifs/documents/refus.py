"""Why a file is refused, and what to do: the sentences that people read."""


class Refus(Exception):
    """A refused file; `code` is stable, the text is for whoever deposits it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code

    @classmethod
    def extension(cls, extension: str) -> "Refus":
        found = f"Le format « .{extension} »" if extension else "Un fichier sans extension"
        return cls(
            "extension",
            f"{found} n’est pas accepté. Enregistrez la pièce en PDF, ODT, ODS, ODP, DOCX, XLSX,"
            " PPTX, TXT, CSV, JPEG ou PNG, puis déposez-la de nouveau.",
        )

    @classmethod
    def legacy(cls, modern: str) -> "Refus":
        return cls(
            "ancien-format",
            "Cet ancien format bureautique peut cacher des macros. Ouvrez le fichier et"
            f" enregistrez-le au format « .{modern} » ou en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def macros(cls, modern: str) -> "Refus":
        return cls(
            "macros",
            "Ce fichier contient des macros. Enregistrez-le sans macros, au format"
            f" « .{modern} » ou en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def macros_inside(cls) -> "Refus":
        return cls(
            "macros",
            "Ce fichier appelle des macros ou un programme. Retirez-les, ou enregistrez le fichier"
            " en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def dde(cls) -> "Refus":
        return cls(
            "dde",
            "Ce fichier contient un lien dynamique (DDE), qui peut lancer un programme."
            " Supprimez-le, ou enregistrez le fichier en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def links(cls) -> "Refus":
        return cls(
            "liaisons",
            "Ce fichier va chercher ailleurs une partie de son contenu (autre classeur, modèle ou"
            " image à distance). Rompez les liaisons et incorporez les images, ou enregistrez le"
            " fichier en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def embedded(cls) -> "Refus":
        return cls(
            "incorpore",
            "Ce fichier en contient un autre, incorporé (objet, programme ou archive). Retirez-le"
            " et déposez-le à part, ou enregistrez le tout en PDF, puis déposez-le de nouveau.",
        )

    @classmethod
    def pdf_script(cls) -> "Refus":
        return cls(
            "pdf-programme",
            "Ce PDF contient un programme (JavaScript). Imprimez-le vers un nouveau PDF, puis"
            " déposez cette copie.",
        )

    @classmethod
    def pdf_action(cls) -> "Refus":
        return cls(
            "pdf-action",
            "Ce PDF lance une action : programme, adresse, autre fichier ou envoi de formulaire."
            " Imprimez-le vers un nouveau PDF, puis déposez cette copie.",
        )

    @classmethod
    def pdf_attachments(cls) -> "Refus":
        return cls(
            "pdf-pieces-jointes",
            "Ce PDF contient des fichiers joints. Déposez-les à part, imprimez le PDF vers un"
            " nouveau PDF, puis déposez cette copie.",
        )

    @classmethod
    def pdf_form(cls) -> "Refus":
        return cls(
            "pdf-formulaire",
            "Ce PDF est un formulaire dynamique (XFA). Imprimez-le vers un nouveau PDF, puis"
            " déposez cette copie.",
        )

    @classmethod
    def pdf_media(cls) -> "Refus":
        return cls(
            "pdf-media",
            "Ce PDF contient une vidéo, un son ou un objet en 3D. Imprimez-le vers un nouveau PDF,"
            " puis déposez cette copie.",
        )

    @classmethod
    def infected(cls) -> "Refus":
        return cls(
            "infecte",
            "L’antivirus a reconnu un programme malveillant dans ce fichier. Ne l’envoyez à"
            " personne et prévenez votre service informatique ; déposez une copie saine.",
        )

    @classmethod
    def not_scanned(cls) -> "Refus":
        return cls(
            "antivirus-muet",
            "L’antivirus ne répond pas et l’image n’a pas pu être contrôlée. Déposez-la de nouveau"
            " dans quelques minutes.",
        )

    @classmethod
    def empty(cls) -> "Refus":
        return cls(
            "vide",
            "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le de"
            " nouveau.",
        )

    @classmethod
    def too_large(cls, limit: int) -> "Refus":
        return cls(
            "taille",
            f"Ce fichier dépasse {limit} Mo. Réduisez la taille des images ou partagez la pièce en"
            " plusieurs fichiers, puis déposez-la de nouveau.",
        )

    @classmethod
    def other_type(cls, label: str) -> "Refus":
        return cls(
            "type",
            f"Le contenu de ce fichier n’est pas celui que son nom annonce ({label}). Ouvrez-le"
            " dans le logiciel qui l’a produit et enregistrez-le dans un format accepté.",
        )

    @classmethod
    def two_files(cls, label: str) -> "Refus":
        return cls(
            "double",
            f"Ce fichier ({label}) en cache un autre. Ouvrez-le et enregistrez-le sous un nouveau"
            " nom, puis déposez cette copie.",
        )

    @classmethod
    def damaged(cls, label: str) -> "Refus":
        return cls(
            "abime",
            f"Ce fichier ({label}) est incomplet ou abîmé. Vérifiez qu’il s’ouvre sur votre poste,"
            " enregistrez-le de nouveau, puis déposez-le.",
        )

    @classmethod
    def protected(cls, label: str) -> "Refus":
        return cls(
            "protege",
            f"Ce fichier ({label}) est chiffré ou protégé par un mot de passe. Enregistrez-le sans"
            " protection, puis déposez-le de nouveau.",
        )

    @classmethod
    def bomb(cls) -> "Refus":
        return cls(
            "demesure",
            "Ce fichier deviendrait démesuré une fois ouvert. Enregistrez-le de nouveau depuis"
            " votre logiciel, ou en PDF, puis déposez-le.",
        )

    @classmethod
    def odd_paths(cls) -> "Refus":
        return cls(
            "chemins",
            "L’intérieur de ce fichier n’est pas celui d’un document bureautique. Ouvrez-le dans"
            " votre logiciel et enregistrez-le sous un nouveau nom, puis déposez cette copie.",
        )

    @classmethod
    def not_text(cls, label: str) -> "Refus":
        return cls(
            "texte",
            f"Ce fichier ({label}) n’est pas du texte lisible. Enregistrez-le en choisissant"
            " l’encodage UTF-8, puis déposez-le de nouveau.",
        )

    @classmethod
    def too_many_pixels(cls) -> "Refus":
        return cls(
            "pixels",
            "Cette image est trop grande (plus de 80 millions de pixels). Réduisez ses dimensions,"
            " puis déposez-la de nouveau.",
        )
