"""Where new dispositifs go in the page tree: paths, slugs and addresses, counted by hand."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F
from wagtail.models import Page

from annuaire.acteurs.normalisation import free_slug
from dispositifs.models import DepartementPage


@dataclass
class Branche:
    """One DepartementPage and what is already below it."""

    page: DepartementPage
    last: int
    slugs: set[str] = field(default_factory=set)

    def next_path(self) -> str:
        self.last += 1
        # Wagtail gives no bulk insertion: this is treebeard's own way to name a child.
        path: str = Page._get_path(self.page.path, self.page.depth + 1, self.last)
        return path

    def free_slug(self, titre: str) -> str:
        slug = free_slug(titre, self.slugs, "dispositif")
        self.slugs.add(slug)
        return slug


class Arbre:
    """The branches that a file touches, each read once."""

    def __init__(self) -> None:
        self.branches: dict[str, Branche] = {}
        self.added: Counter[int] = Counter()

    def branch(self, departement: str) -> Branche:
        if departement not in self.branches:
            self.branches[departement] = self._read(departement)
        return self.branches[departement]

    def _read(self, departement: str) -> Branche:
        parent = DepartementPage.objects.get(departement=departement)
        children = Page.objects.child_of(parent).values_list("path", "slug")
        paths = [path for path, _ in children]
        last = Page._str2int(max(paths)[-Page.steplen :]) if paths else 0
        return Branche(parent, last, {slug for _, slug in children})

    def place(self, page: Page, departement: str) -> None:
        """Give `page` its place, its slug and its address, as the next child of the département."""
        branch = self.branch(departement)
        page.path = branch.next_path()
        page.depth = branch.page.depth + 1
        page.slug = branch.free_slug(page.title)
        page.url_path = f"{branch.page.url_path}{page.slug}/"
        page.locale_id = branch.page.locale_id
        self.added[branch.page.pk] += 1

    def save_counts(self) -> None:
        """Tell the parents how many children they have gained."""
        for pk, count in self.added.items():
            Page.objects.filter(pk=pk).update(numchild=F("numchild") + count)
        self.added.clear()

    def forget(self, departement: str) -> None:
        """A page has left or entered this branch otherwise: read it again."""
        self.branches.pop(departement, None)
