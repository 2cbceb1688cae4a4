from wagtail.documents.forms import BaseDocumentForm


class DocumentForm(BaseDocumentForm): ...
