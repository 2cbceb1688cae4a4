"""What Wagtail's administration is told of ours: registration only."""

from wagtail import hooks

from dispositifs.actions import journal

hooks.register("register_log_actions", journal.register)
