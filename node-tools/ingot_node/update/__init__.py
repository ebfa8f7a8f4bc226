"""A node's secure updates: what ingot-update and the units of a trial are made of (docs/updates.md)."""
