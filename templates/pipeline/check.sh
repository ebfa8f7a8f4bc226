set -euo pipefail
ingot check "$SPEC"
ingot lock check "$SPEC"
