#!/usr/bin/env bash
# Registers a PBX: the command `pbx site add`, built when needed, with the address and key that run.sh left behind.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_dotnet
cli=$(dll PbxGrains.Cli pbx)
if out_of_date "$cli" PbxGrains.Cli; then
    build cli src/PbxGrains.Cli -c Release || exit 1
fi

if [[ -z ${PBX_URL:-} && -s $run_dir/front.url ]]; then
    PBX_URL=$(<"$run_dir/front.url")
    export PBX_URL
fi

if [[ -z ${PBX_API_KEY:-} && -z ${PBX_API_KEY_FILE:-} && -s $run_dir/admin.key ]]; then
    export PBX_API_KEY_FILE=$run_dir/admin.key
fi

exec dotnet "$cli" site add "$@"
