#!/usr/bin/env bash
# The long form of the soak: calls on simulated PBXs while everything breaks, then every record is compared.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/soak.sh [options]

Starts a front, two worker silos, a PostgreSQL of its own and simulated PBXs of both dialects; makes calls while reports
are dropped, doubled, swapped and late, PBXs reboot and fall silent, silos are killed with -9 and PostgreSQL is stopped and
crashed; lets everything heal; and compares every record of every PBX with the ledger, field by field.

--minutes N   How long things break (default 5); starting and comparing take a minute more
--sites N     Simulated PBXs (default 8)
--seed S      Repeats the calls and disturbances of an earlier run (default: another one each time; it is printed)
--no-build    Run what was built last
-h, --help    This text

Progress is printed as it goes, then numbers and times to recover. Exit code 0: the ledger holds exactly what the PBXs
wrote, and nothing was acknowledged before it was committed. 1: it does not; the differing records and the seed are
printed, and all of it is in .run/logs/soak.log. 2: wrong usage. 130: interrupted. Everything runs on loopback addresses
and is ended and removed at the end, also after Ctrl-C.
USAGE
}

minutes=5
sites=8
seed=$((RANDOM * 32768 + RANDOM))
wants_build=yes
while (($# > 0)); do
    case $1 in
        --minutes | --sites | --seed)
            [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || usage_error "$1 needs a number."
            value=$((10#$2))
            ;;&
        --minutes) ((value >= 1 && value <= 10080)) || usage_error "--minutes takes 1 to 10080."; minutes=$value; shift 2 ;;
        --sites) ((value >= 1 && value <= 100)) || usage_error "--sites takes 1 to 100."; sites=$value; shift 2 ;;
        --seed) seed=$value; shift 2 ;;
        --no-build) wants_build=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

project=PbxGrains.EndToEnd.Tests
program=$root/tests/$project/bin/Debug/net10.0/$project.dll
log=$log_dir/soak.log
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
        "$root/scripts/postgres.sh" stop --data "$folder/soak" >/dev/null 2>&1 || true
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
    build soak "tests/$project/$project.csproj" || exit 1
fi
[[ -f $program ]] || die "$project is not built: run without --no-build."

folder=$(mktemp -d "$run_dir/soak-XXXXXX")
chmod a+x "$folder"
progress=$folder/progress
: >"$progress"

# In the background and in a group of its own, so that an interruption is heard at once and ends all of it.
set -m
PBXGRAINS_SOAK_SEED=$seed PBXGRAINS_SOAK_SITES=$sites PBXGRAINS_SOAK_SECONDS=$((minutes * 60)) \
    PBXGRAINS_SOAK_FOLDER=$folder/soak PBXGRAINS_SOAK_PROGRESS=$progress \
    dotnet "$program" -method '*.SoakTests.The_ledger_holds*' -noLogo -noColor >"$log" 2>&1 </dev/null &
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
say "Failed with seed $seed; again with: scripts/soak.sh --minutes $minutes --sites $sites --seed $seed"
exit 1
