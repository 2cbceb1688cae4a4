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
