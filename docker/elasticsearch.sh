#!/bin/bash
# Starts Elasticsearch, whose programs cannot be written: it gets a copy of its settings in memory,
# for it keeps the first password of `elastic` among them.
set -euo pipefail
. "${0%/*}/secrets.sh"
check_secret ELASTIC_PASSWORD 16
rm -rf "$ES_PATH_CONF"
cp -r config "$ES_PATH_CONF"
exec docker-entrypoint.sh eswrapper
