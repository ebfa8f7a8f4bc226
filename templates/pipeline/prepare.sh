set -euo pipefail
ingot bake "$SPEC" --locked --role "$ROLE" --prepare --cache-from "$CACHE" --cache-to "$CACHE"
