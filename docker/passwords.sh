#!/bin/bash
# A copy of a file in which each CHANGE_ME is a password of its own: docker/passwords.sh .env.example .env
# Readable for its owner alone, and no command's argument has one: every user of the machine sees those.
set -euCo pipefail # C: what is there already stays as it is

if [ $# -ne 2 ]; then
    echo "usage: docker/passwords.sh EXAMPLE FILE" >&2
    exit 2
fi

umask 077
while IFS= read -r line || [ -n "$line" ]; do
    case $line in
        \#*) ;;
        *=CHANGE_ME)
            password=$(openssl rand -hex 24)
            line=${line%CHANGE_ME}$password
            ;;
    esac
    printf '%s\n' "$line"
done <"$1" >"$2"
