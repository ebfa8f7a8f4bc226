set -euo pipefail
tar --extract --file store.tar
ingot verify "out/$ROLE/latest" --key "$PUBLIC_KEY"
into="delivered/$ROLE/$TARGET"
mkdir -p "$into"
for file in $FILES SHA256SUMS SHA256SUMS.dsse; do
  (cd "out/$ROLE/latest" && cp --parents --dereference "$file" "$OLDPWD/$into")
done
