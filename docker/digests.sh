#!/bin/bash
# Writes into .env which images these are, by their digests: a tag can be moved, a digest cannot.
# Needs Docker and its registry. Run it again after each update of Depesche.
set -euo pipefail
cd "${0%/*}/.."

fail() {
    echo "digests: $*" >&2
    exit 1
}

command -v docker >/dev/null || fail "Docker is not on this machine: nothing was changed."
[ -f .env ] || fail "There is no .env yet (docs/compose.md): nothing was changed."

lines=
while IFS='|' read -r name image; do
    docker pull --quiet "$image" >/dev/null || fail "$image cannot be had: nothing was changed."
    digest=$(docker image inspect --format '{{index .RepoDigests 0}}' "$image")
    [[ $digest =~ @sha256:[0-9a-f]{64}$ ]] || fail "$image has no digest: nothing was changed."
    lines+="$name=$image@${digest##*@}"$'\n'
done < <(sed -nE 's/.*\$\{([A-Z]+_IMAGE):-([^}]+)\}.*/\1|\2/p' docker-compose.yml | sort -u)

umask 077
{ grep -vE '^[A-Z]+_IMAGE=' .env || true; printf '%s' "$lines"; } >.env.digests
mv .env.digests .env
printf '%s' "$lines"
