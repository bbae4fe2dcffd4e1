#!/usr/bin/env bash
# Measures the product as it runs, each figure beside a baseline of the same run.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/bench.sh [options]
       scripts/bench.sh --micro [arguments of BenchmarkDotNet]

Starts the product as processes with a PostgreSQL of its own (with fsync) and measures what it does, each figure beside a
baseline of the same run where there is one. Takes about ten minutes; prints a Markdown table of medians, and writes all
numbers as JSON with plots (SVG) beside it. Exit code 1: a figure broke off.

--figure NAME   Only figures whose name contains NAME; a name nobody has lists all of them
--quick         Each once and short, to see that it works: no numbers to rely on
--rounds N      How often each is measured (default 3; those with long rounds take fewer)
--json FILE     Where the numbers go (default: .run/bench/<time>.json)
--no-build      Run what was built last
--micro         Single functions instead, by BenchmarkDotNet; what follows goes to it (for example --filter '*')
-h, --help      This text

PBXGRAINS_TEST_POSTGRES, an Npgsql connection string whose role may create databases, names another PostgreSQL. Everything
runs on loopback addresses and is ended at the end, also after Ctrl-C. Exit code 130: interrupted. 2: wrong usage.
USAGE
}

arguments=()
micro=
wants_build=yes
json=
while (($# > 0)); do
    case $1 in
        --figure)
            [[ -n ${2:-} ]] || usage_error "--figure needs a name."
            arguments+=(--figure "$2")
            shift 2
            ;;
        --rounds)
            if [[ ! ${2:-} =~ ^[0-9]{1,3}$ ]] || ((10#$2 < 1 || 10#$2 > 100)); then usage_error "--rounds takes 1 to 100."; fi
            arguments+=(--rounds "$((10#$2))")
            shift 2
            ;;
        --json)
            [[ -n ${2:-} ]] || usage_error "--json needs a file."
            json=$2
            shift 2
            ;;
        --quick) arguments+=(--quick); shift ;;
        --no-build) wants_build=; shift ;;
        --micro) micro=yes; shift; break ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $1." ;;
    esac
done

project=PbxGrains.Benchmarks
program=$root/tests/$project/bin/Release/net10.0/$project.dll
bench_dir=$run_dir/bench
published=$bench_dir/published
postgres_dir=$bench_dir/postgres
started_postgres=
child=

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $child ]]; then end_group "$child" 15; fi
    if [[ -n $started_postgres ]]; then "$root/scripts/postgres.sh" stop --data "$postgres_dir" >/dev/null 2>&1 || true; fi
    exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# publish NAME PROJECT: as it is deployed, so that what is measured is what runs there.
publish() {
    local log=$log_dir/build-$1.log
    if ! (cd "$root" && dotnet publish "src/$2" -c Release --use-current-runtime -o "$published/$1" -nologo -v quiet --property:UseSharedCompilation=false -nodeReuse:false) >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        say "$1 could not be published; all of it is in $log"
        return 1
    fi
}

need_dotnet
mkdir -p "$log_dir" "$bench_dir"
if [[ -n $wants_build ]]; then
    say "Building..."
    build bench "tests/$project/$project.csproj" -c Release || exit 1
    publish front PbxGrains.Front || exit 1
    publish silo PbxGrains.Silo || exit 1
    build simulator src/PbxGrains.Simulator/PbxGrains.Simulator.csproj -c Release || exit 1
fi
[[ -f $program && -x $published/front/PbxGrains.Front && -f $published/silo/PbxGrains.Silo.dll && -f $root/src/PbxGrains.Simulator/bin/Release/net10.0/PbxGrains.Simulator.dll ]] ||
    die "It is not built: run without --no-build."

# In the background and in a group of its own, so that an interruption is heard at once and ends all of it.
run() {
    local code=0
    set -m
    dotnet "$program" "$@" </dev/null &
    child=$!
    set +m
    wait "$child" || code=$?
    child=
    return "$code"
}

if [[ -n $micro ]]; then
    cd "$bench_dir"
    run --micro "$@"
    exit
fi

# One baseline is a program for Node. Without Node the figure says so and does without.
install_express() {
    local from=$root/tests/$project/Baselines/express to=$bench_dir/express
    if ! command -v npm >/dev/null || ! node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; then return; fi
    mkdir -p "$to"
    cp "$from/server.js" "$to/"
    if [[ -d $to/node_modules ]] && cmp -s "$from/package-lock.json" "$to/package-lock.json"; then return; fi
    rm -rf "$to/node_modules"
    cp "$from/package.json" "$from/package-lock.json" "$to/"
    (cd "$to" && npm ci --omit=dev --no-audit --no-fund --ignore-scripts) >"$log_dir/bench-npm.log" 2>&1 || {
        rm -rf "$to/node_modules"
        say "Packages for the Express baseline could not be installed; see ${log_dir#"$root/"}/bench-npm.log. It is left out."
    }
}
install_express

if [[ -z ${PBXGRAINS_TEST_POSTGRES:-} ]]; then
    if ! "$root/scripts/postgres.sh" status --data "$postgres_dir" >/dev/null 2>&1; then started_postgres=yes; fi
    PBXGRAINS_TEST_POSTGRES=$("$root/scripts/postgres.sh" start --data "$postgres_dir" 2>"$log_dir/bench-postgres.log") || {
        cat "$log_dir/bench-postgres.log" >&2
        exit 1
    }
    export PBXGRAINS_TEST_POSTGRES
fi

json=${json:-$bench_dir/$(date -u +%Y%m%dT%H%M%SZ).json}
code=0
run "${arguments[@]}" --json "$json" || code=$?
if [[ -f $json ]]; then say "The numbers are in ${json#"$root/"}, the plots beside it."; fi
exit "$code"
