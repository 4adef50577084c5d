#!/bin/sh
# Starts Redis with settings read from standard input, so that the password is on no command line.
# Not by the image's entry point: that would load its modules, and chown where it is root.
set -eu
. "${0%/*}/secrets.sh"
check_secret REDISCLI_AUTH 16 REDIS_PASSWORD
umask 077
exec redis-server - <<CONF
# What messages need: no scripts, and nothing that sets the server or holds all others.
user default on >$REDISCLI_AUTH ~* &* -@all +auth +hello +ping +quit +select +client|setname +multi +exec +discard +watch +unwatch +publish +subscribe +unsubscribe +pubsub|numpat +del +unlink +exists +expire +pttl +type +get +getrange +mget +set +setex +lpush +rpush +brpop +llen +lrange +sadd +srem +scard +smembers +hset +hget +hmget +hvals +hdel +zadd +zrange +zrem +time +info +bgrewriteaof +flushall
dir /data
appendonly yes
appendfsync everysec
maxmemory 512mb
maxmemory-clients 256mb
proto-max-bulk-len 128mb
acllog-max-len 0
slowlog-log-slower-than -1
client-output-buffer-limit normal 512mb 0 0
# A full queue must refuse new messages, never drop waiting ones: Depesche then sends them later.
maxmemory-policy noeviction
CONF
