#!/usr/bin/env bash
# Starts a complete system on this machine: PostgreSQL, a simulated fleet of PBXs and a front, and registers the fleet.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: scripts/run.sh [options]

Starts PostgreSQL (a private one in .run/postgres), simulated PBXs and the front, registers the simulated PBXs as sites,
and says how to use it all. Ctrl-C ends everything it started. State is kept in .run and found again at the next start.

--sites N              Simulated PBXs to register (default 3); one more runs unregistered, to be registered by you
--extensions N         Extensions per simulated PBX (default 20)
--calls-per-minute N   Calls per simulated PBX and minute (default 6)
--no-demo              No simulated PBXs
--port N               Port of the API (default 8080)
--report-port N        Port for the reports of the PBXs (default 8260)
--pbx-port N           Port of the simulated PBXs (default 8088)
--sim-control-port N   Port of the simulator's control API (default 8089)
-h, --help             This text

Environment: ConnectionStrings__Pbx names a PostgreSQL to use instead of the private one. What is set for the front
(Front__Address for example) reaches it.
USAGE
}

readonly pbx_user=api pbx_password=Password1 time_zone=Europe/Paris

sites=3
extensions=20
calls_per_minute=6
demo=yes
port=8080
report_port=8260
pbx_port=8088
control_port=8089

while (($# > 0)); do
    option=$1
    case $option in
        --sites | --extensions | --port | --report-port | --pbx-port | --sim-control-port)
            [[ ${2:-} =~ ^[0-9]{1,5}$ ]] || usage_error "$option needs a number."
            value=$((10#$2))
            ;;&
        --port | --report-port | --pbx-port | --sim-control-port)
            ((value >= 1 && value <= 65535)) || usage_error "$option needs a port, 1 to 65535."
            ;;&
        --sites) ((value >= 1 && value <= 250)) || usage_error "--sites takes 1 to 250; --no-demo runs without simulated PBXs."; sites=$value; shift 2 ;;
        --extensions) ((value >= 1 && value <= 1000)) || usage_error "--extensions takes 1 to 1000."; extensions=$value; shift 2 ;;
        --calls-per-minute)
            [[ ${2:-} =~ ^[0-9]+(\.[0-9]+)?$ ]] || usage_error "$option needs a number."
            calls_per_minute=$2
            shift 2
            ;;
        --port) port=$value; shift 2 ;;
        --report-port) report_port=$value; shift 2 ;;
        --pbx-port) pbx_port=$value; shift 2 ;;
        --sim-control-port) control_port=$value; shift 2 ;;
        --no-demo) demo=; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage_error "Unknown option $option." ;;
    esac
done

front_dll=$(dll PbxGrains.Front PbxGrains.Front)
simulator_dll=$(dll PbxGrains.Simulator PbxGrains.Simulator)
cli_dll=$(dll PbxGrains.Cli pbx)
front_pid=
simulator_pid=
owns_postgres=

# --- Ending -----------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2317 # the trap calls it
stop_all() {
    local code=$?
    trap - EXIT
    trap '' INT TERM HUP
    if [[ -n $front_pid$simulator_pid$owns_postgres ]]; then say "Stopping …"; fi
    # The front first: it finishes what it is doing with PBXs and database while both are there.
    if [[ -n $front_pid ]]; then end "$front_pid" "$front_dll" 30; rm -f "$run_dir/front.pid" "$run_dir/front.url"; fi
    if [[ -n $simulator_pid ]]; then end "$simulator_pid" "$simulator_dll" 5; rm -f "$run_dir/simulator.pid"; fi
    if [[ -n $owns_postgres ]]; then
        "$root/scripts/postgres.sh" stop --data "$run_dir/postgres" >>"$log_dir/postgres.log" 2>&1 || say "PostgreSQL does not stop; see .run/logs/postgres.log"
    fi
    exit "$code"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# An earlier run that was killed hard may have left its children behind.
end_leftover() { # pid file, dll
    local pid
    [[ -s $1 ]] || return 0
    pid=$(<"$1")
    if runs "$pid" "$2"; then
        say "Ending what an earlier run left behind (pid $pid)."
        end "$pid" "$2" 10
    fi
    rm -f "$1"
}

# --- Starting ---------------------------------------------------------------------------------------------------------

need_port() { # address, port, what for, option
    if port_in_use "$1" "$2"; then
        if http_get "$1" "$2" /openapi/v1.json 2>/dev/null | grep -F PbxGrains >/dev/null; then
            die "PbxGrains is running already at http://localhost:$2, started from elsewhere. Use that one, stop it, or choose other ports with --port, --report-port, --pbx-port and --sim-control-port."
        fi
        die "Port $2 on $1 is taken by another program, and it is wanted for $3. Free it, or choose another one with $4."
    fi
}

fail_with_log() { # what, log
    say "$1. The end of ${2#"$root/"}:"
    tail -n 30 "$2" >&2
    exit 1
}

# start NAME COMMAND...: starts a child in a process group of its own, so that Ctrl-C reaches only this script, which
# then ends its children in order. Its pid is left in started_pid.
start() {
    local name=$1
    shift
    set -m
    "$@" >"$log_dir/$name.log" 2>&1 </dev/null 9>&- &
    started_pid=$!
    set +m
    printf '%s\n' "$started_pid" >"$run_dir/$name.pid"
}

# wait_until SECONDS PID LOG WHAT COMMAND...: until the command succeeds; the process must go on living.
wait_until() {
    local tries=$(($1 * 5)) pid=$2 log=$3 what=$4
    shift 4
    until "$@" >/dev/null 2>&1; do
        kill -0 "$pid" 2>/dev/null || fail_with_log "$what ended at once" "$log"
        ((--tries > 0)) || fail_with_log "$what does not become ready" "$log"
        sleep 0.2
    done
}

# Builds what this start needs, unless nothing has changed since that was last done: a folder is newer, too, when a file
# has gone from it.
build_all() {
    local stamp=$run_dir/built needed=("$front_dll" "$cli_dll") program
    if [[ -n $demo ]]; then needed+=("$simulator_dll"); fi
    for program in "${needed[@]}"; do
        if [[ ! -f $program ]]; then rm -f "$stamp"; fi
    done
    if [[ -f $stamp && -z $(find src global.json Directory.*.props \( -name bin -o -name obj \) -prune -o \( -type f -o -path 'src/*/*' \) -newer "$stamp" -print -quit) ]]; then return; fi

    say "Building …"
    touch "$stamp.new"
    build front src/PbxGrains.Front -c Release
    build cli src/PbxGrains.Cli -c Release
    if [[ -n $demo ]]; then build simulator src/PbxGrains.Simulator -c Release; fi
    # With the time at which the build began: what was changed meanwhile is built next time. Without a simulator, not all
    # has been built.
    if [[ -n $demo ]]; then mv "$stamp.new" "$stamp"; else rm -f "$stamp" "$stamp.new"; fi
}

start_postgres() {
    if [[ -n ${ConnectionStrings__Pbx:-} ]]; then
        say "Using the PostgreSQL of ConnectionStrings__Pbx."
        return
    fi

    owns_postgres=yes
    say "Starting PostgreSQL …"
    ConnectionStrings__Pbx=$("$root/scripts/postgres.sh" start --data "$run_dir/postgres" 2>"$log_dir/postgres.log" 9>&-) ||
        fail_with_log "PostgreSQL does not start" "$log_dir/postgres.log"
    export ConnectionStrings__Pbx
}

start_simulator() {
    say "Starting the simulated PBXs, $sites and one to spare …"
    start simulator dotnet "$simulator_dll" --sites $((sites + 1)) --extensions "$extensions" --port "$pbx_port" --seed 1 \
        --calls-per-minute "$calls_per_minute" --time-zone "$time_zone" --control "http://127.0.0.1:$control_port"
    simulator_pid=$started_pid
    wait_until 60 "$simulator_pid" "$log_dir/simulator.log" "The simulator" port_in_use 127.0.0.1 "$control_port"
    wait_until 60 "$simulator_pid" "$log_dir/simulator.log" "The simulator" port_in_use "127.$((sites + 1)).0.254" "$pbx_port"
}

start_front() {
    say "Starting the front …"
    export Front__Port=$port Front__ReportPort=$report_port Front__AdminKeyFile=$run_dir/admin.key
    export DataProtection__Folder=${DataProtection__Folder:-$run_dir/keys}
    export Recordings__Folder=${Recordings__Folder:-$run_dir/recordings}
    # Somebody who tries webhooks has the receiver on this machine.
    if [[ -n $demo ]]; then export Subscriptions__AllowedTargets__0=${Subscriptions__AllowedTargets__0:-127.0.0.0/8}; fi
    # The simulated PBXs are on this machine, so that is where they push to.
    if [[ -n $demo ]]; then export Pbx__ReportAddress=${Pbx__ReportAddress:-127.0.0.1:$report_port}; fi
    start front dotnet "$front_dll"
    front_pid=$started_pid
    wait_until 90 "$front_pid" "$log_dir/front.log" "The front" http_get 127.0.0.1 "$port" /health/ready
    [[ -s $run_dir/admin.key ]] || fail_with_log "The front made no admin key" "$log_dir/front.log"
    printf 'http://localhost:%s\n' "$port" >"$run_dir/front.url"
}

pbx() {
    env -u PBX_API_KEY PBX_URL="http://localhost:$port" PBX_API_KEY_FILE="$run_dir/admin.key" dotnet "$cli_dll" "$@" 9>&-
}

# pin_of NUMBER: the certificate of a simulated PBX, as the control API tells it.
pin_of() {
    http_get 127.0.0.1 "$control_port" /sim/pbxs | tr '{' '\n' | grep -F "//127.$1.0.254:" | grep -oE '"certificatePin":"[^"]+"' | cut -d '"' -f 4 | sed 's/\\u002B/+/g'
}

# Sites of an earlier run are brought up to date; those that have no PBX this time are removed.
register_sites() {
    local known number id update log=$log_dir/register.log
    say "Registering the simulated PBXs …"
    : >"$log"
    known=$(pbx site list 2>>"$log" | cut -f 1)
    for ((number = 1; number <= sites; number++)); do
        id=demo-$number
        update=()
        if grep -qxF "$id" <<<"$known"; then update=(--update); fi
        printf '%s\n' "$pbx_password" | pbx site add --non-interactive "${update[@]}" --id "$id" --name "Demo $number" \
            --address "https://127.$number.0.254:$pbx_port" --user "$pbx_user" --password-stdin --time-zone "$time_zone" \
            --pin "$(pin_of "$number")" --source-address "127.$number.0.254" --wait 0 2>>"$log" >/dev/null ||
            fail_with_log "Site $id could not be registered" "$log"
    done

    remove_absent_sites "$sites" "$known" "$log"
}

# remove_absent_sites NUMBER KNOWN LOG: removes the demo sites above that number, unless somebody has since given the id
# to another PBX.
remove_absent_sites() {
    local id
    while IFS= read -r id; do
        if [[ $id =~ ^demo-([0-9]{1,3})$ ]] && ((10#${BASH_REMATCH[1]} > $1)) &&
            pbx site show "$id" --json 2>>"$3" | grep -E "\"address\": *\"https://127\.${BASH_REMATCH[1]}\.0\.254:" >/dev/null; then
            say "Removing the site $id: its simulated PBX does not run this time."
            pbx site remove "$id" --yes >>"$3" 2>&1 || say "The site $id could not be removed; see ${3#"$root/"}."
        fi
    done <<<"$2"
}

forget_sites() {
    local log=$log_dir/register.log
    : >"$log"
    remove_absent_sites 0 "$(pbx site list 2>>"$log" | cut -f 1)" "$log"
}

tell() {
    # The simulated traffic leaves the last two telephones alone.
    local url=http://localhost:$port key caller=$((1000 + extensions)) callee=$((1000 + extensions - 1))
    ((extensions > 1)) || callee=7005550142
    key=$(<"$run_dir/admin.key")
    cat <<TEXT

PbxGrains is ready

  Board        $url   (sign in with the admin key)
  API          $url/api/pbx
  Docs         $url/docs
  Reports      port $report_port
  Admin key    $key   (in .run/admin.key)
TEXT
    if [[ -n $demo ]]; then
        cat <<TEXT
  Simulator    http://127.0.0.1:$control_port   PBXs: $sites, extensions each: $extensions; https://127.1.0.254:$pbx_port and so on

Try:
  curl -H 'Authorization: Bearer $key' $url/api/pbx/sites
  curl -H 'Authorization: Bearer $key' $url/api/pbx/sites/demo-1/extensions/$caller
  curl -X POST -H 'Authorization: Bearer $key' -H 'Content-Type: application/json' -d '{"extension":"$caller","destination":"$callee"}' $url/api/pbx/sites/demo-1/calls

Register one more PBX, in a second terminal:
  bash scripts/addPbxSite.sh
  (waiting for it: address 127.$((sites + 1)).0.254$(if ((pbx_port != 8088)); then printf ':%s' "$pbx_port"; fi), API user $pbx_user, password $pbx_password, time zone $time_zone)
TEXT
    else
        cat <<TEXT

Try:
  curl -H 'Authorization: Bearer $key' $url/api/pbx/sites

Register a PBX, in a second terminal:
  bash scripts/addPbxSite.sh
TEXT
    fi
    printf '\nLogs are in .run/logs. Ctrl-C stops everything.\n'
}

# --- All of it --------------------------------------------------------------------------------------------------------

cd "$root"
mkdir -p "$log_dir" "$run_dir/keys"
chmod 700 "$run_dir/keys"
need_dotnet

if command -v flock >/dev/null; then
    exec 9>"$run_dir/run.lock"
    if ! flock --nonblock 9; then
        where=
        if [[ -s $run_dir/front.url ]]; then where=" at $(<"$run_dir/front.url")"; fi
        die "run.sh is running already in this folder$where; stop it with Ctrl-C in its terminal."
    fi
fi

end_leftover "$run_dir/front.pid" "$front_dll"
end_leftover "$run_dir/simulator.pid" "$simulator_dll"

need_port 127.0.0.1 "$port" "the API" --port
need_port 127.0.0.1 "$report_port" "the reports of the PBXs" --report-port
if [[ -n $demo ]]; then
    need_port 127.0.0.1 "$control_port" "the simulator's control API" --sim-control-port
    need_port 127.1.0.254 "$pbx_port" "the simulated PBXs" --pbx-port
fi

build_all

start_postgres
if [[ -n $demo ]]; then start_simulator; fi
start_front
if [[ -n $demo ]]; then register_sites; else forget_sites; fi
tell

# Whichever ends first ends the rest.
# shellcheck disable=SC2086 # an absent simulator is no argument
wait -n $front_pid $simulator_pid || true
if runs "$front_pid" "$front_dll"; then fail_with_log "The simulator ended" "$log_dir/simulator.log"; fi
fail_with_log "The front ended" "$log_dir/front.log"
