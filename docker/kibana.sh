#!/bin/bash
# Starts Kibana.
set -euo pipefail
. "${0%/*}/secrets.sh"
check_secret ELASTICSEARCH_PASSWORD 16 KIBANA_SYSTEM_PASSWORD
check_secret XPACK_SECURITY_ENCRYPTIONKEY 32 KIBANA_ENCRYPTION_KEY
exec kibana-docker
