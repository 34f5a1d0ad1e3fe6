#!/bin/sh
# Sends what the container forwards to the queue, then becomes the program. Needs NET_ADMIN. No --queue-bypass: while
# nobody reads the queue nothing passes, so no packet escapes the censor.
set -eu
queue=${QUEUE:-0}
iptables -A FORWARD -p tcp -j NFQUEUE --queue-num "$queue"
ip6tables -A FORWARD -p tcp -j NFQUEUE --queue-num "$queue"
exec "$@"
