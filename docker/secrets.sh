#!/bin/sh
# Sourced by the scripts beside it: what is no secret is refused, before anything starts with it.

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

check_secret() { # variable, least length, its name in .env where that is another
    eval "secret=\${$1:-}"
    set -- "${3:-$1}" "$2"
    how="set it in .env (openssl rand -hex 24)"
    case $secret in
        *CHANGE_ME*) fail "$1 still says CHANGE_ME: $how" ;;
        '' | *[!A-Za-z0-9_-]*) fail "$1 needs at least $2 letters and digits: $how" ;;
    esac
    [ "${#secret}" -ge "$2" ] || fail "$1 needs at least $2 letters and digits: $how"
}
