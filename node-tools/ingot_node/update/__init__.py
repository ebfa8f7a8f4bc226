"""Secure updates of a node: the parts of ingot-update and of the units of a trial (docs/updates.md)."""
