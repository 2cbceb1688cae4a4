"""Files put aside by a deposit that nobody finished: neither documents nor images, only disk."""

import datetime

from django.utils import timezone
from wagtail.models import UploadedFile

KEPT = datetime.timedelta(days=7)


def forget_abandoned() -> int:
    """Delete those put aside a week ago or more, rows and files; how many."""
    limit = timezone.now() - KEPT
    count = 0
    for upload in UploadedFile.objects.iterator():
        storage, name = upload.file.storage, upload.file.name
        # The row has no date: the file has one, unless a storage has lost it.
        if storage.exists(name) and storage.get_modified_time(name) > limit:
            continue
        upload.delete()
        storage.delete(name)
        count += 1
    return count
