#!/bin/bash
# Brings an installation by Compose to what this folder holds: git pull && docker/upgrade.sh
# Repeatable; what is there already stays as it is.
set -euo pipefail
cd "${0%/*}/.."

fail() {
    echo "upgrade: $*" >&2
    exit 1
}

command -v docker >/dev/null || fail "Docker is not on this machine: nothing was changed."
[ -f .env ] || fail "There is no .env yet (docs/compose.md): nothing was changed."

# A password that this version asks for and .env has not yet.
umask 077
while read -r name; do
    grep -q "^$name=." .env && continue
    printf '%s=%s\n' "$name" "$(openssl rand -hex 24)" >>.env
    echo "upgrade: .env has $name now"
done < <(sed -nE 's/^([A-Z_]+)=CHANGE_ME$/\1/p' .env.example)

if ! grep -q '^SNAPSHOT_FOLDER=' .env && [ ! -d snapshots ]; then
    mkdir snapshots
    echo "upgrade: snapshots/ is there now; it must belong to Elasticsearch's user (docs/compose.md)"
fi
# Who may look into it reads every article. Where it is not the server's own it may write by other rights.
folder=$(sed -n 's/^SNAPSHOT_FOLDER=//p' .env)
folder=${folder:-snapshots}
user=$(sed -n 's/^ELASTICSEARCH_UID=//p' .env)
if [ -d "$folder" ] && [ -n "$(find "$folder" -maxdepth 0 -perm /077)" ]; then
    echo "upgrade: others may look into $folder/: sudo chown ${user:-1000} $folder && sudo chmod 700 $folder"
fi
chmod -R go+rX docker

# Elasticsearch never goes back to an older version, its snapshots do.
name=before-$(date -u +%Y%m%d-%H%M%S)
# shellcheck disable=SC2016 -- it is the container that has the password
docker compose exec -T elasticsearch bash -c '
    printf "user = \"elastic:%s\"" "$ELASTIC_PASSWORD" | curl -fsS -o /dev/null --config - -X PUT \
        "http://localhost:9200/_snapshot/depesche/'"$name"'?wait_for_completion=true"' &&
    echo "upgrade: snapshot $name" ||
    echo "upgrade: NO SNAPSHOT was taken of what was; the articles are in the archive" >&2

if grep -q '^[A-Z]*_IMAGE=.*@sha256:' .env; then
    docker/digests.sh
fi
docker compose build
docker compose up -d
# Where the mapping is not the program's; it says that there is nothing to do otherwise.
docker compose run --rm init depesche index migrate
docker compose up -d kibana-objects
echo "upgrade: done; docker compose exec intake depesche status"
