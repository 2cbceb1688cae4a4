"""Fiches, bonnes pratiques and pages as files: read, checked, written in bulk, exported."""
