"""The form of every image of the site: checked as a photograph deposited as a document is."""

from django import forms
from django.core.files.base import File
from wagtail.images.forms import BaseImageForm

from dispositifs.choices import EtatAntivirus

from .antivirus import verdict_on
from .controle import check_image
from .reception import remove_position, short_name
from .refus import Refus


class ImageForm(BaseImageForm):
    """Nothing hidden in it, no position, nothing that the antivirus knows."""

    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if "file" in self.changed_data:
            check_image(file)
            remove_position(file)
            file.name = short_name(file.name or "")
            self._check_antivirus(file)
        return file

    def _check_antivirus(self, file: File) -> None:
        # An image waits nowhere for its verdict: pages may show it at once.
        etat, _ = verdict_on(file)
        if etat is EtatAntivirus.INFECTE:
            refusal = Refus.infected()
        elif etat is EtatAntivirus.A_ANALYSER:
            refusal = Refus.not_scanned()
        else:
            return
        raise forms.ValidationError(str(refusal), code=refusal.code)
