#!/bin/sh
# Starts Redis with settings read from standard input, so that the password is on no command line.
# Not by the image's entry point: that would load its modules, and chown where it is root.
set -eu
. "${0%/*}/secrets.sh"
check_secret REDISCLI_AUTH 16 REDIS_PASSWORD
umask 077
exec redis-server - <<CONF
# What messages need: no scripts, and nothing that sets the server or holds all others.
user default on >$REDISCLI_AUTH ~* &* -@all +@connection +@transaction +@pubsub +@keyspace +@string +@list +@hash +@set +@sortedset +time -@dangerous -@scripting -lcs +info +bgrewriteaof +bgsave +flushall +flushdb
dir /data
appendonly yes
appendfsync everysec
maxmemory 512mb
# A full queue must refuse new messages, never drop waiting ones: Depesche then sends them later.
maxmemory-policy noeviction
CONF
