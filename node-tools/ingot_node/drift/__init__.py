"""Finds and classifies what a node has beyond its golden root: the parts of ingot-drift (docs/drift.md)."""
