"""What a node has beyond its golden root, judged: what ingot-drift is made of (docs/drift.md)."""
