"""Declarative reproducibility reports: one YAML spec in, a page and a paper out."""

__version__ = "0.1.0"
