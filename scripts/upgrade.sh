#!/usr/bin/env bash
# Two versions side by side: the one before, and the one that is checked out.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

named=tests/PbxGrains.EndToEnd.Tests/Upgrade/previous-version

usage() {
    cat <<'USAGE'
Usage: scripts/upgrade.sh [--from REF]

Builds an earlier version in a work tree of its own under .run/upgrade (once per commit), and runs silos and fronts of both
versions as one cluster on one PostgreSQL with simulated PBXs: first the old version alone, then the new one beside it,
then the new one alone, then an old silo that comes back. All the while sites are polled, calls dialled, and board, events
and records read through the fronts of both.

--from REF   The earlier version (default: the commit named in tests/PbxGrains.EndToEnd.Tests/Upgrade/previous-version)
--no-build   Run what was built last of the version that is checked out
-h, --help   This text

Exit code 0: both understood each other, and no login was wasted. 1: they did not; the log is in .run/logs/upgrade.log.
3: this clone does not have the commit.
USAGE
}

ref=$(<"$root/$named")
wants_build=yes
while (($# > 0)); do
    case $1 in
        --from) [[ -n ${2:-} ]] || usage_error "--from needs a commit, tag or branch."; ref=$2; shift 2 ;;
        --no-build) wants_build=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

project=PbxGrains.EndToEnd.Tests
program=$root/tests/$project/bin/Debug/net10.0/$project.dll
log=$log_dir/upgrade.log
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
mkdir -p "$log_dir" "$run_dir/upgrade"
commit=$(git -C "$root" rev-parse --quiet --verify "$ref^{commit}") || {
    say "This clone does not have $ref: fetch the whole history, or name another version with --from."
    exit 3
}

tree=$run_dir/upgrade/$commit
hosts=$tree/src/PbxGrains.Front/bin/Release/net10.0/PbxGrains.Front.dll
if [[ ! -f $tree/.built ]]; then
    say "Building ${commit:0:8}, once..."
    git -C "$root" worktree prune
    [[ -d $tree ]] || git -C "$root" worktree add --quiet --detach "$tree" "$commit"
    for host in Front Silo; do
        (cd "$tree" && dotnet build "src/PbxGrains.$host" -c Release -nologo -v quiet --property:UseSharedCompilation=false -nodeReuse:false) >"$log_dir/build-upgrade.log" 2>&1 </dev/null ||
            die "PbxGrains.$host of ${commit:0:8} does not build; see .run/logs/build-upgrade.log."
    done
    [[ -f $hosts ]] || die "The build of ${commit:0:8} made no $hosts."
    touch "$tree/.built"
fi

if [[ -n $wants_build ]]; then
    say "Building..."
    build upgrade "tests/$project/$project.csproj" || exit 1
fi
[[ -f $program ]] || die "$project is not built: run without --no-build."

if [[ -z ${PBXGRAINS_TEST_POSTGRES:-} ]]; then
    if ! "$root/scripts/postgres.sh" status --data "$postgres_dir" >/dev/null 2>&1; then started_postgres=yes; fi
    PBXGRAINS_TEST_POSTGRES=$("$root/scripts/postgres.sh" start --data "$postgres_dir" --fast 2>"$log_dir/test-postgres.log") || die "There is no PostgreSQL to test with; see .run/logs/test-postgres.log."
    export PBXGRAINS_TEST_POSTGRES
fi

code=0
set -m
PBXGRAINS_PREVIOUS_VERSION=$tree dotnet "$program" -method '*.UpgradeTests.*' -noLogo -noColor -showLiveOutput >"$log" 2>&1 </dev/null &
child=$!
set +m
wait "$child" || code=$?
child=
grep -vE '^ *(Discovering|Discovered|Starting|Finished):' "$log" | tail -n 60 || true
if ((code == 0)); then
    say "${commit:0:8} and the version that is checked out work side by side."
    exit 0
fi

say "They do not; all of it is in $log."
exit 1
