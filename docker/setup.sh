#!/bin/bash
# One-shot: gives Elasticsearch the users of this installation. Safe to run again; a password
# changed in .env takes hold with the next run, except that of `elastic` (docs/compose.md).
set -euo pipefail

. "${0%/*}/secrets.sh"

# Passwords go in by pipes: on no command line, in no file.
ask() { # method, path; the body on standard input
    local answer
    answer=$(curl -sS --retry 5 --retry-connrefused --max-time 30 -w '\n%{http_code}' \
        --config <(printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD") \
        -X "$1" -H 'Content-Type: application/json' --data-binary @- "$ELASTICSEARCH$2") ||
        answer="no answer"
    if [[ ${answer##*$'\n'} == 2?? ]]; then
        echo "setup: $1 $2"
    else
        echo "setup.sh: $1 $2: $answer" >&2
        return 1
    fi
}

call() { # likewise; without it nothing goes on
    ask "$@" || exit 1
}

for name in ELASTIC_PASSWORD KIBANA_SYSTEM_PASSWORD ADMIN_PASSWORD WORKER_PASSWORD \
    DESK_PASSWORD REDIS_PASSWORD; do
    check_secret "$name" 16
done
check_secret KIBANA_ENCRYPTION_KEY 32
[[ $SNAPSHOT_DAYS =~ ^[1-9][0-9]*$ ]] || fail "SNAPSHOT_DAYS is no number of days: $SNAPSHOT_DAYS"
[[ $INDEX =~ ^[a-z0-9][a-z0-9_.-]*$ ]] || fail "DEPESCHE_INDEX is no index name: $INDEX"
[[ $SPACE =~ ^[a-z0-9_-]+$ ]] || fail "DEPESCHE_KIBANA_SPACE is no space's id: $SPACE"

call POST /_security/user/kibana_system/_password <<JSON
{"password": "$KIBANA_SYSTEM_PASSWORD"}
JSON

# What the workers need and no more: docs/compose.md has it by command. They can write and remove
# documents; the index itself they can neither make nor change nor delete. Not by Elasticsearch's
# privilege `write`: that lets them change the mapping, too, up to fields that scripts make up.
call PUT /_security/role/depesche_worker <<JSON
{
  "cluster": ["monitor"],
  "indices": [{
    "names": ["$INDEX", "$INDEX-v*", "$INDEX-rules", "$INDEX-withdrawals"],
    "privileges": [
      "read", "indices:data/write/*", "view_index_metadata", "monitor", "maintenance"
    ]
  }]
}
JSON
call PUT /_security/user/depesche <<JSON
{"password": "$WORKER_PASSWORD", "roles": ["depesche_worker"], "full_name": "Depesche workers"}
JSON

# For `init` and migrations: makes and deletes these indices, loads Kibana's objects. The rules about
# names, and what is withdrawn, it makes room for and cannot write: Depesche's own user alone does,
# who has no Kibana.
call PUT /_security/role/depesche_admin <<JSON
{
  "cluster": ["monitor", "cancel_task"],
  "indices": [{
    "names": ["$INDEX", "$INDEX-v*", "$INDEX-readable"],
    "privileges": ["read", "write", "create_index", "view_index_metadata", "manage"]
  }, {
    "names": ["$INDEX-rules", "$INDEX-withdrawals"],
    "privileges": ["read", "create_index", "view_index_metadata"]
  }],
  "applications": [{
    "application": "kibana-.kibana", "privileges": ["space_all"], "resources": ["space:$SPACE"]
  }]
}
JSON
call PUT /_security/user/depesche_admin <<JSON
{"password": "$ADMIN_PASSWORD", "roles": ["depesche_admin"], "full_name": "Depesche: index"}
JSON

call PUT /_security/role/depesche_reader <<JSON
{
  "indices": [{
    "names": ["$INDEX", "$INDEX-v*", "$INDEX-withdrawals"],
    "privileges": ["read", "view_index_metadata"]
  }]
}
JSON
# What people do in Kibana: search, draw and save. No console, no connectors, no settings, no users,
# no other space. They see what is released: the alias for readers has a filter. Elasticsearch heeds it
# in searches and not where a document is got by its id, so they may search and no more. It is no
# boundary against requests that somebody writes himself: docs/security.md says which.
call PUT /_security/role/depesche_desk <<JSON
{
  "indices": [{
    "names": ["$INDEX-readable", "$INDEX-withdrawals"],
    "privileges": [
      "indices:data/read/search*", "indices:data/read/msearch*", "indices:data/read/async_search/*",
      "indices:data/read/field_caps*", "indices:data/read/open_point_in_time",
      "indices:data/read/close_point_in_time", "view_index_metadata"
    ]
  }],
  "applications": [{
    "application": "kibana-.kibana",
    "privileges": [
      "feature_discover_v2.all", "feature_dashboard_v2.all", "feature_visualize_v2.all",
      "feature_savedQueryManagement.all", "feature_indexPatterns.read"
    ],
    "resources": ["space:$SPACE"]
  }]
}
JSON
call PUT /_security/user/desk <<JSON
{"password": "$DESK_PASSWORD", "roles": ["depesche_desk"], "full_name": "News desk"}
JSON

# Every night a snapshot of the index and of what people have made in Kibana. Articles come in without.
if ask PUT /_snapshot/depesche <<JSON; then
{"type": "fs", "settings": {"location": "/usr/share/elasticsearch/snapshots"}}
JSON
    call PUT /_slm/policy/depesche <<JSON
{
  "schedule": "0 30 1 * * ?",
  "name": "<depesche-{now/d}>",
  "repository": "depesche",
  "config": {
    "indices": ["$INDEX-v*", "$INDEX-rules", "$INDEX-withdrawals"],
    "include_global_state": false,
    "feature_states": ["kibana"]
  },
  "retention": {"expire_after": "${SNAPSHOT_DAYS}d", "min_count": 3}
}
JSON
else
    echo "setup.sh: THERE ARE NO SNAPSHOTS: SNAPSHOT_FOLDER must belong to user $(id -u)" >&2
fi

echo "setup: done"
