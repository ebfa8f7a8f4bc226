set -euo pipefail
ingot bake "$SPEC" --locked --cache-from "$CACHE" --cache-to "$CACHE" --json > images.json
ingot verify out/master/latest out/slave/latest --key "$PUBLIC_KEY"
tar --create --file store.tar images.json out
