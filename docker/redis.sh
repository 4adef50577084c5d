#!/bin/sh
# Starts Redis with settings read from standard input, so that the password is on no command line.
# Not by the image's entry point: that would load its modules, and chown where it is root.
set -eu
. "${0%/*}/secrets.sh"
check_secret REDISCLI_AUTH 16 REDIS_PASSWORD
if [ -n "${REDIS_PROGRAM_PASSWORD:-}" ]; then
    check_secret REDIS_PROGRAM_PASSWORD 16
    [ "$REDIS_PROGRAM_PASSWORD" != "$REDISCLI_AUTH" ] ||
        fail "REDIS_PROGRAM_PASSWORD is that of the workers: set it in .env to another one"
fi
umask 077
exec redis-server - <<CONF
# What messages need: no scripts, and nothing that sets the server or holds all others.
user default on >$REDISCLI_AUTH ~* &* -@all +auth +hello +ping +quit +select +client|setname +multi +exec +discard +watch +unwatch +publish +subscribe +unsubscribe +pubsub|numpat +del +unlink +exists +expire +pttl +type +get +getrange +mget +set +setex +lpush +rpush +brpop +llen +lrange +sadd +srem +scard +smembers +hset +hget +hmget +hvals +hdel +zadd +zrange +zrem +time +info +bgrewriteaof +flushall
# Programs of others: to send tasks, and to wait for their results. Without a password there is none.
${REDIS_PROGRAM_PASSWORD:+user program on >$REDIS_PROGRAM_PASSWORD resetchannels &celery-task-meta-* -@all +auth +hello +ping +quit +select +client|setname +multi +exec +discard +subscribe +unsubscribe (%W~celery %W~celery??[369] %W~depesche.*.intake %W~depesche.*.intake??[369] +lpush +llen) (%W~_kombu.binding.celery %W~_kombu.binding.depesche.*.intake %W~_kombu.binding_permanent.celery %W~_kombu.binding_permanent.depesche.*.intake +sadd) (%R~celery-task-meta-* +get +mget) (%W~celery-task-meta-* +del)}
dir /data
appendonly yes
appendfsync everysec
maxmemory 512mb
maxmemory-clients 256mb
proto-max-bulk-len 96mb
acllog-max-len 0
slowlog-log-slower-than -1
client-output-buffer-limit normal 128mb 0 0
# A full queue must refuse new messages, never drop waiting ones: Depesche then sends them later.
maxmemory-policy noeviction
CONF
