#!/usr/bin/env bash
# The long form of the fault tests: everything breaks, over and over, and what must hold is checked all the while.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/faults.sh [options]

Starts two workers, two fronts, a PostgreSQL of its own and simulated PBXs of both dialects, with people who call, a CRM
that dials, reads events at both fronts and takes webhooks; and breaks, at random: silos (kill -9, SIGTERM, clock steps),
PostgreSQL (restart, crash, outage, no connection left, slow commits, a bad network), half of the PBXs or the way to single
ones (silence, loss, delay, resets, partition), the PBXs themselves, their reports and our answers. Meanwhile and at the
end it checks that no PBX is used by two sessions or locks us out, no record or event is lost, doubled or out of order,
nothing acknowledged is lost, no call is dialled twice, and what is stale says so.

--minutes N   How long things break (default 5); starting and comparing take a minute or two more
--seconds N   The same, in seconds; below 180 each kind of fault comes but once, and shorter
--sites N     Simulated PBXs (default 8)
--seed S      Repeats the calls and faults of an earlier run (default: another one each time; it is printed)
--no-build    Run what was built last
-h, --help    This text

Progress is printed as it goes, then a table: each kind of fault, how often, how long until all sites concerned were
polled and their reports answered again (p50, max); and each invariant with its violations. The same is in
.run/faults/seed-S.md and .json, with the history and the logs of all silos beside it. Exit code 0: everything held.
1: it did not; what did not, the history of faults and the seed are printed. 2: wrong usage. 130: interrupted.
Everything runs on loopback addresses and is ended and removed at the end, also after Ctrl-C.
The clocks of silos are stepped where libfaketime is installed (Debian: faketime).
USAGE
}

seconds=300
sites=8
seed=$((RANDOM * 32768 + RANDOM))
wants_build=yes
while (($# > 0)); do
    case $1 in
        --minutes | --seconds | --sites | --seed)
            [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || usage_error "$1 needs a number."
            value=$((10#$2))
            ;;&
        --minutes) ((value >= 1 && value <= 10080)) || usage_error "--minutes takes 1 to 10080."; seconds=$((value * 60)); shift 2 ;;
        --seconds) ((value >= 20 && value <= 604800)) || usage_error "--seconds takes 20 to 604800."; seconds=$value; shift 2 ;;
        --sites) ((value >= 2 && value <= 100)) || usage_error "--sites takes 2 to 100."; sites=$value; shift 2 ;;
        --seed) seed=$value; shift 2 ;;
        --no-build) wants_build=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

project=PbxGrains.EndToEnd.Tests
program=$root/tests/$project/bin/Debug/net10.0/$project.dll
log=$log_dir/faults.log
reports=$run_dir/faults
folder=
child=
reader=

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $child ]]; then end_group "$child" 5; fi
    if [[ -n $reader ]]; then kill "$reader" 2>/dev/null || true; fi
    if [[ -n $folder ]]; then
        "$root/scripts/postgres.sh" stop --data "$folder/faults" >/dev/null 2>&1 || true
        rm -rf "$folder"
    fi
    exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

need_dotnet
mkdir -p "$log_dir"
if [[ -n $wants_build ]]; then
    say "Building..."
    build faults "tests/$project/$project.csproj" || exit 1
fi
[[ -f $program ]] || die "$project is not built: run without --no-build."

folder=$(mktemp -d "$run_dir/faults-XXXXXX")
chmod a+x "$folder"
progress=$folder/progress
: >"$progress"
report=$reports/seed-$seed
mkdir -p "$reports"
rm -f "$report".* "$report"-*.log

# In the background and in a group of its own, so that an interruption is heard at once and ends all of it.
set -m
PBXGRAINS_FAULTS_SEED=$seed PBXGRAINS_FAULTS_SITES=$sites PBXGRAINS_FAULTS_SECONDS=$seconds \
    PBXGRAINS_FAULTS_FOLDER=$folder/faults PBXGRAINS_FAULTS_PROGRESS=$progress PBXGRAINS_FAULTS_REPORT=$report \
    dotnet "$program" -method '*.FaultTests.Nothing_is_lost*' -noLogo -noColor >"$log" 2>&1 </dev/null &
child=$!
tail -n +1 -f "$progress" 2>/dev/null &
reader=$!
set +m

code=0
wait "$child" || code=$?
child=
# What was said last is printed, too.
sleep 1
if ((code == 0)); then
    say "Passed with seed $seed."
    exit 0
fi

grep -vE '^ *(Discovering|Discovered|Starting|Finished):' "$log" | tail -n 200 >&2 || true
say "Failed with seed $seed; again with: scripts/faults.sh --seconds $seconds --sites $sites --seed $seed"
exit 1
