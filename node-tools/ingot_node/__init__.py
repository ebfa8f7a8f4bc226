"""The programs of ingot that run on a node; installed as /usr/lib/ingot/ingot_node."""
