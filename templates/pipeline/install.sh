set -euo pipefail
npm install --global --no-fund --no-audit "$PACKAGE"
ingot setup
