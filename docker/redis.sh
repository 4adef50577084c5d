#!/bin/sh
# Starts Redis with settings read from standard input, so that the password is on no command line.
# The image's own entry point goes on to drop root.
set -eu
exec docker-entrypoint.sh redis-server - <<CONF
requirepass $REDISCLI_AUTH
dir /data
appendonly yes
appendfsync everysec
maxmemory 512mb
# A full queue must refuse new messages, never drop waiting ones: Depesche then sends them later.
maxmemory-policy noeviction
CONF
