#!/usr/bin/env bash
# ready PORT: exit code 0 when the process in this container is ready. The image has neither curl nor wget.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${1:?PORT}"
printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
IFS= read -r -t 4 status <&3
[[ $status == 'HTTP/1.'?' 200 '* ]]
