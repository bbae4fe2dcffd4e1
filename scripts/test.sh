#!/usr/bin/env bash
# Builds everything once and runs every test project, with a PostgreSQL of its own.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/test.sh [options]

Builds the solution, runs every project tests/*.Tests one after the other, and checks shell scripts and formatting.
The last line is "N passed, N failed"; what was skipped is told before it. The exit code is 0 only when
something ran and nothing failed.

--filter TEXT    Only tests whose full name (namespace.class.method) contains TEXT; * stands for anything
--project TEXT   Only projects whose name contains TEXT
--no-build       Test what was built last
--no-lint        Neither shellcheck nor dotnet format
-h, --help       This text

The database is a private PostgreSQL in .run/test-postgres, unless PBXGRAINS_TEST_POSTGRES holds a connection string.
Programs that some tests use (Chromium, expect, faketime, node with npm, shellcheck) are installed from Debian's packages when
that is permitted; what is missing then is said by the tests themselves. nginx with libnginx-mod-stream, and haproxy,
which would begin to serve, are left to you.
Logs are in .run/logs, reports in .run/test-results.
USAGE
}

filter=
only=
wants_build=yes
wants_lint=yes
while (($# > 0)); do
    case $1 in
        --filter | --project)
            [[ -n ${2:-} ]] || usage_error "$1 needs a text."
            if [[ $1 == --filter ]]; then filter=$2; else only=$2; fi
            shift 2
            ;;
        --no-build) wants_build=; shift ;;
        --no-lint) wants_lint=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

results_dir=$run_dir/test-results
postgres_dir=$run_dir/test-postgres
started_postgres=
child=
passed=0
failed=0
skipped=0

stop_all() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $child ]]; then end_group "$child" 10; fi
    if [[ -n $started_postgres ]]; then
        "$root/scripts/postgres.sh" stop --data "$postgres_dir" >"$log_dir/test-postgres.log" 2>&1 || true
    fi
    exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# In the background, so that an interruption is heard at once, and in a process group of its own, so that it can be ended
# together with all that it started.
run() {
    local code=0
    set -m
    "$@" &
    child=$!
    set +m
    wait "$child" || code=$?
    child=
    return "$code"
}

summary() {
    local line="$passed passed, $failed failed"
    if ((skipped > 0)); then printf '%s skipped\n' "$skipped"; fi
    printf '%s\n' "$line"
}

# Debian's names of what some tests use and this machine lacks.
missing_packages() {
    local entry
    for entry in chromium:chromium expect:expect node:nodejs npm:npm shellcheck:shellcheck faketime:faketime; do
        if ! PATH=$PATH:/usr/sbin command -v "${entry%%:*}" >/dev/null; then printf '%s\n' "${entry##*:}"; fi
    done
}

install_missing() {
    local missing sudo=() log=$log_dir/test-packages.log
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]} > 0)) && command -v apt-get >/dev/null || return 0
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then return 0; fi
        sudo=(sudo -n)
    fi

    say "Installing ${missing[*]} …"
    apt() { run "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >>"$log" 2>&1 </dev/null; }
    : >"$log"
    apt install -y --no-install-recommends "${missing[@]}" || { apt update && apt install -y --no-install-recommends "${missing[@]}"; } ||
        say "They could not be installed; see ${log#"$root/"}."
}

start_postgres() {
    if [[ -n ${PBXGRAINS_TEST_POSTGRES:-} ]]; then return; fi
    if ! "$root/scripts/postgres.sh" status --data "$postgres_dir" >/dev/null 2>&1; then started_postgres=yes; fi
    PBXGRAINS_TEST_POSTGRES=$("$root/scripts/postgres.sh" start --data "$postgres_dir" --fast 2>"$log_dir/test-postgres.log") || {
        cat "$log_dir/test-postgres.log" >&2
        return 1
    }
    export PBXGRAINS_TEST_POSTGRES
}

# Quick ones first; then whatever else there is.
projects() {
    local quick=(Contracts Yeastar Cli Simulator Hosting Storage Grains Silo Front EndToEnd) name folder
    for name in "${quick[@]}"; do
        if [[ -d $root/tests/PbxGrains.$name.Tests ]]; then printf '%s\n' "PbxGrains.$name.Tests"; fi
    done
    for folder in "$root"/tests/*.Tests; do
        name=$(basename "$folder")
        if [[ " ${quick[*]/#/PbxGrains.} " != *" ${name%.Tests} "* ]]; then printf '%s\n' "$name"; fi
    done
}

# count REPORT ATTRIBUTE: sum of an attribute over the report's assemblies.
count() {
    grep -oE '<assembly [^>]*>' "$1" | grep -oE " $2=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'
}

test_project() {
    local project=$1 report=$results_dir/$1.xml log=$log_dir/test-$1.log code=0 arguments=() ok bad left errors
    local program=$root/tests/$project/bin/Debug/net10.0/$project.dll
    if [[ ! -f $program ]]; then
        printf '%-32s not built\n' "$project"
        failed=$((failed + 1))
        return
    fi

    if [[ -n $filter ]]; then arguments=(-method "*$filter*"); fi
    rm -f "$report"
    run dotnet "$program" "${arguments[@]}" -noLogo -noColor -result-xml "$report" >"$log" 2>&1 </dev/null || code=$?
    if [[ ! -s $report ]] || ! grep -q '</assemblies>' "$report"; then
        printf '%-32s crashed, exit code %s\n' "$project" "$code"
        tail -n 40 "$log"
        failed=$((failed + 1))
        return
    fi

    ok=$(count "$report" passed)
    errors=$(count "$report" errors)
    bad=$(($(count "$report" failed) + errors))
    left=$(($(count "$report" skipped) + $(count "$report" not-run)))
    # A runner that is dissatisfied without naming a test has failed all the same.
    if ((code != 0 && bad == 0 && ok + left > 0)); then bad=1; fi
    if [[ -z $filter ]] || ((ok + bad + left > 0)); then
        printf '%-32s %s passed, %s failed, %s skipped\n' "$project" "$ok" "$bad" "$left"
    fi
    if ((bad > 0)); then
        grep -vE '^ *(Discovering|Discovered|Starting|Finished):' "$log" | tail -n 200 || true
    elif ((left > 0)); then
        grep -A 1 -F '[SKIP]' "$log" | grep -v '^--$' || true
    fi

    passed=$((passed + ok))
    failed=$((failed + bad))
    skipped=$((skipped + left))
}

lint() {
    local name=$1 log=$log_dir/lint-$1.log
    shift
    if run "$@" >"$log" 2>&1 </dev/null; then
        printf '%-32s clean\n' "$name"
    else
        printf '%-32s failed\n' "$name"
        head -n 60 "$log"
        failed=$((failed + 1))
    fi
}

cd "$root"
mkdir -p "$log_dir" "$results_dir"
need_dotnet
install_missing

if [[ -n $wants_build ]] && ! run build solution PbxGrains.sln; then
    failed=1
    summary
    exit 1
fi

if [[ -n $wants_lint ]]; then
    if command -v shellcheck >/dev/null; then
        lint shellcheck shellcheck -x scripts/*.sh deploy/*/*.sh .ci/run
    else
        printf '%-32s not installed\n' shellcheck
    fi
    lint format dotnet format PbxGrains.sln --verify-no-changes --no-restore
fi

if ! start_postgres; then
    say "There is no PostgreSQL to test with."
    failed=$((failed + 1))
    summary
    exit 1
fi

while IFS= read -r project <&4; do
    if [[ ${project#PbxGrains.} == *"$only"* ]]; then test_project "$project"; fi
done 4< <(projects)

if ((passed + failed == 0)); then
    say "No test ran: that is no success."
    summary
    exit 1
fi

summary
((failed == 0))
