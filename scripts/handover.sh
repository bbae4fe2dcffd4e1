#!/usr/bin/env bash
# Workers join and are stopped with SIGTERM while many sites are polled; says how long sites take to move and silos to end.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/handover.sh [options]

Runs a front, two workers and simulated PBXs as processes, with a PostgreSQL of its own unless PBXGRAINS_TEST_POSTGRES holds
a connection string: the second worker takes its part, the first is stopped with SIGTERM, then the second. Prints the
times. Fails when a PBX sees a second login or a record is missing.

--sites N    Simulated PBXs with 5 telephones each (default 1000)
--no-build   Run what was built last
-h, --help   This text
USAGE
}

sites=1000
wants_build=yes
while (($# > 0)); do
    case $1 in
        --sites) [[ ${2:-} =~ ^[1-9][0-9]{0,4}$ ]] || usage_error "--sites needs a number."; sites=$2; shift 2 ;;
        --no-build) wants_build=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

project=PbxGrains.EndToEnd.Tests
program=$root/tests/$project/bin/Debug/net10.0/$project.dll
log=$log_dir/handover.log
postgres_dir=$run_dir/test-postgres
started_postgres=
child=

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $child ]]; then end_group "$child" 5; fi
    if [[ -n $started_postgres ]]; then "$root/scripts/postgres.sh" stop --data "$postgres_dir" >/dev/null 2>&1 || true; fi
    exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

need_dotnet
mkdir -p "$log_dir"
if [[ -n $wants_build ]]; then build handover "tests/$project/$project.csproj" || exit 1; fi
[[ -f $program ]] || die "$project is not built: run without --no-build."

if [[ -z ${PBXGRAINS_TEST_POSTGRES:-} ]]; then
    if ! "$root/scripts/postgres.sh" status --data "$postgres_dir" >/dev/null 2>&1; then started_postgres=yes; fi
    PBXGRAINS_TEST_POSTGRES=$("$root/scripts/postgres.sh" start --data "$postgres_dir" --fast 2>"$log_dir/test-postgres.log") || die "There is no PostgreSQL to test with; see .run/logs/test-postgres.log."
    export PBXGRAINS_TEST_POSTGRES
fi

code=0
set -m
PBXGRAINS_MOVED_SITES=$sites dotnet "$program" -method '*.StoppedSiloTests.Workers_that_join*' -noLogo -noColor -showLiveOutput >"$log" 2>&1 </dev/null &
child=$!
set +m
wait "$child" || code=$?
child=
grep -E ' s after | after [0-9.]+ s' "$log" || true
if ((code != 0)); then
    tail -n 60 "$log" >&2
    say "Failed; all of it is in $log."
    exit 1
fi
