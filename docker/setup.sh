#!/bin/bash
# One-shot: gives Elasticsearch the users of this installation. Safe to run again; a password
# changed in .env takes hold with the next run, except that of `elastic` (docs/compose.md).
set -euo pipefail

fail() {
    echo "setup: $*" >&2
    exit 1
}

check_secret() { # name, least length
    local value=${!1:-}
    [[ $value != *CHANGE_ME* ]] || fail "$1 still says CHANGE_ME: set it in .env (openssl rand -hex 24)"
    [[ $value =~ ^[A-Za-z0-9_-]+$ && ${#value} -ge $2 ]] ||
        fail "$1 needs at least $2 letters and digits: set it in .env (openssl rand -hex 24)"
}

# Passwords go in by pipes: on no command line, in no file.
call() { # method, path; the body on standard input
    local answer
    answer=$(curl -sS --retry 5 --retry-connrefused --max-time 30 -w '\n%{http_code}' \
        --config <(printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD") \
        -X "$1" -H 'Content-Type: application/json' --data-binary @- "$ELASTICSEARCH$2") ||
        fail "$1 $2: no answer"
    [[ ${answer##*$'\n'} == 2?? ]] || fail "$1 $2: $answer"
    echo "setup: $1 $2"
}

for name in ELASTIC_PASSWORD KIBANA_SYSTEM_PASSWORD WORKER_PASSWORD DESK_PASSWORD REDIS_PASSWORD; do
    check_secret "$name" 16
done
check_secret KIBANA_ENCRYPTION_KEY 32
[[ $INDEX =~ ^[a-z0-9][a-z0-9_.-]*$ ]] || fail "DEPESCHE_INDEX is no index name: $INDEX"

call POST /_security/user/kibana_system/_password <<JSON
{"password": "$KIBANA_SYSTEM_PASSWORD"}
JSON

# `manage` is for refresh, settings and the alias swap of a migration, on these names alone.
call PUT /_security/role/depesche_worker <<JSON
{
  "cluster": ["monitor"],
  "indices": [{
    "names": ["$INDEX", "$INDEX-*"],
    "privileges": ["read", "write", "create_index", "view_index_metadata", "manage"]
  }]
}
JSON
call PUT /_security/user/depesche <<JSON
{"password": "$WORKER_PASSWORD", "roles": ["depesche_worker"], "full_name": "Depesche workers"}
JSON

call PUT /_security/role/depesche_reader <<JSON
{"indices": [{"names": ["$INDEX", "$INDEX-*"], "privileges": ["read", "view_index_metadata"]}]}
JSON
call PUT /_security/user/desk <<JSON
{"password": "$DESK_PASSWORD", "roles": ["depesche_reader", "kibana_admin"], "full_name": "News desk"}
JSON

echo "setup: done"
