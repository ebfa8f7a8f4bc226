"""Stand-in for Marathon 1.11: for tests and rehearsals, not Marathon."""

VERSION = "1.11.24-standin"
NOTICE = "stand-in for tests and rehearsals, not Marathon"
