"""The engine without a server: tantivy, on a local folder."""

from .engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
