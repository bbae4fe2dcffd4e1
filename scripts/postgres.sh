#!/usr/bin/env bash
# A private PostgreSQL cluster in a folder of its own: for trying the product and for its tests, never for production.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: scripts/postgres.sh start  --data DIR [--port N] [--fast]
       scripts/postgres.sh stop   --data DIR [--if-unused]
       scripts/postgres.sh status --data DIR
       scripts/postgres.sh url    --data DIR

start   Creates the cluster in DIR if there is none, starts it if it does not run, waits until it is ready and prints its
        Npgsql connection string on standard output. Everything else goes to standard error.
stop    Stops it and waits until it has ended. The data stays.
status  Says whether it runs; exit code 0 if so, 3 if not.
url     Prints the connection string of the running cluster; exit code 3 if it does not run.

--data DIR    The folder; made when missing.
--port N      Port on 127.0.0.1. Default: the one it had before, else a free one.
--fast        Without fsync: quick, but a power cut may ruin the data. For tests only.
--if-unused   Leave it running while any process holds a shared lock on DIR/users.

The server listens on 127.0.0.1 only and lets in one role, "pbx", by password; the role may create databases but is no
superuser. The password lies in DIR/password, which only its owner may read.
USAGE
}

readonly role=pbx
readonly superuser=pbxgrains_owner
readonly oldest_major=15

say() { printf '%s\n' "postgres.sh: $*" >&2; }
die() { say "$@"; exit 1; }

# --- Where things are -------------------------------------------------------------------------------------------------

is_program() {
    [[ -f $1 && -x $1 ]] || return 1
    # A script of that name is somebody's wrapper, not the server's own program.
    [[ $(head -c 2 "$1" | tr -d '\0') != '#!' ]]
}

major_of() { # bin folder -> major version, nothing when it is no server's
    local program
    for program in initdb postgres pg_ctl; do
        is_program "$1/$program" || return 0
    done
    "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9][0-9]*\).*/\1/p'
}

candidate_folders() {
    local found
    if command -v pg_config >/dev/null; then pg_config --bindir 2>/dev/null || true; fi
    for found in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql@*/bin; do
        if [[ -d $found ]]; then printf '%s\n' "$found"; fi
    done
    # What PATH offers may be a link to the real place, where the other programs are.
    found=$(command -v initdb || true)
    if [[ -n $found ]]; then dirname "$(readlink -f "$found")"; fi
}

find_programs() { # [major that the data needs] -> sets bin; fails when there are none
    local wanted=${1:-} folder major best=0
    bin=
    while IFS= read -r folder; do
        major=$(major_of "$folder")
        [[ -n $major ]] || continue
        if [[ -n $wanted ]]; then
            if [[ $major == "$wanted" ]]; then bin=$folder; return 0; fi
        elif ((major >= oldest_major && major > best)); then
            best=$major
            bin=$folder
        fi
    done < <(candidate_folders)
    [[ -n $bin ]]
}

install_package() {
    local sudo=() conf=/etc/postgresql-common/createcluster.conf kept
    command -v apt-get >/dev/null || return 1
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then return 1; fi
        sudo=(sudo -n)
    fi

    say "installing the package postgresql"
    apt() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >&2; }
    apt install -y --no-install-recommends postgresql-common || { apt update && apt install -y --no-install-recommends postgresql-common; } || return 1

    # Debian would create and start a cluster of its own, which nobody asked for.
    kept=$("${sudo[@]}" mktemp)
    "${sudo[@]}" cp -p "$conf" "$kept"
    printf 'create_main_cluster = false\n' | "${sudo[@]}" tee "$conf" >/dev/null
    local result=0
    apt install -y --no-install-recommends postgresql || result=1
    "${sudo[@]}" cp -p "$kept" "$conf"
    "${sudo[@]}" rm -f "$kept"
    return "$result"
}

need_programs() {
    local wanted=
    if [[ -f $data/PG_VERSION ]]; then wanted=$(<"$data/PG_VERSION"); fi
    find_programs "$wanted" && return 0
    if [[ -n $wanted ]]; then
        die "the cluster in $data was made by PostgreSQL $wanted, whose programs are not here: install postgresql-$wanted, or remove the folder to begin anew."
    fi

    if install_package && find_programs; then return 0; fi
    die "PostgreSQL $oldest_major or newer is not installed. On Debian or Ubuntu: sudo apt-get install postgresql. Elsewhere: the server package of your system (initdb, postgres, pg_ctl)."
}

# --- As whom ----------------------------------------------------------------------------------------------------------

owner_of() { stat -c '%u:%g' "$1" 2>/dev/null || stat -f '%u:%g' "$1"; }

enters() { # can the server's user, by these means, work in this folder?
    # shellcheck disable=SC2016 # the inner shell expands it
    "$@" sh -c 'cd "$1"' _ "$home" 2>/dev/null
}

# PostgreSQL refuses to run as root. Sets as_server (a command prefix), owner (uid:gid) and data.
choose_user() {
    data=$home/data
    if [[ -L $data && ! -e $data ]]; then
        say "the data that $data leads to is gone; beginning anew"
        rm -f "$data"
    fi

    if ((EUID != 0)); then
        owner=$(id -u):$(id -g)
        as_server=(env)
        if [[ -e $data && $(owner_of "$data/") != "$owner" ]]; then
            die "$data belongs to another user; run this as that user or as root, or remove the folder."
        fi
        return
    fi

    if [[ -e $data ]]; then
        owner=$(owner_of "$data/")
    else
        local name=postgres
        if ! id -u "$name" >/dev/null 2>&1; then
            name=pbxgrains-pg
            id -u "$name" >/dev/null 2>&1 || useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$name"
        fi
        owner=$(id -u "$name"):$(id -g "$name")
    fi

    command -v setpriv >/dev/null || die "setpriv is missing (package util-linux); or run this as a user other than root."
    local plain=(setpriv --reuid "${owner%:*}" --regid "${owner#*:}" --clear-groups)
    local reaching=("${plain[@]}" "--inh-caps=+dac_read_search" "--ambient-caps=+dac_read_search")
    as_server=("${plain[@]}")

    # The folder may lie where only root may enter (mktemp -d makes such places). Then the server gets the one capability
    # to pass through folders that are closed to it. It also lets it read files; but no one can log in as superuser, so
    # no SQL can make use of that. Where the capability cannot be given, as in many containers, the data goes to
    # /var/tmp, and a link leads there.
    if [[ -L $data ]]; then
        data=$(readlink -f "$data")
        return
    fi
    if enters "${plain[@]}"; then return; fi
    if enters "${reaching[@]}"; then
        as_server=("${reaching[@]}")
        return
    fi

    local elsewhere
    elsewhere=/var/tmp/pbxgrains-$(printf '%s' "$home" | sha256sum | cut -c 1-16)
    say "$home cannot be entered by the server's user; the data goes to $elsewhere"
    mkdir -m 0755 "$elsewhere" 2>/dev/null || true
    # Anyone may make folders in /var/tmp: one that was not made by root is a trap.
    if [[ -L $elsewhere || $(owner_of "$elsewhere") != 0:* ]]; then
        die "$elsewhere was made by somebody else; remove it."
    fi
    outside=$elsewhere
}

# --- The cluster ------------------------------------------------------------------------------------------------------

# The pid of the running server; fails when it does not run. A pid file that a killed server left behind may by now name
# an innocent process, so a process only counts when it is a PostgreSQL working in this very folder.
running() {
    pid=
    [[ -f $data/postmaster.pid ]] || return 1
    pid=$(head -n 1 "$data/postmaster.pid")
    [[ $pid =~ ^[0-9]+$ ]] && kill -0 "$pid" 2>/dev/null || return 1
    if [[ -d /proc/self ]]; then
        [[ $(basename "$(readlink "/proc/$pid/exe")") == postgres* && /proc/$pid/cwd -ef $data ]]
    else
        [[ $(ps -o command= -p "$pid") == *postgres* ]]
    fi
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # below the range from which the system serves outgoing connections
    local candidate
    while true; do
        candidate=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! port_in_use "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

alone() { # folder, SQL: runs it without a server, as superuser
    local answer
    if ! answer=$(printf '%s\n' "$2" | (cd / && "${as_server[@]}" "$bin/postgres" --single -D "$1" -c log_min_messages=error postgres) 2>&1) ||
        [[ $answer == *ERROR:* ]]; then
        die "the cluster could not be prepared: ${answer//"$2"/}"
    fi
}

create() {
    local fresh=${outside:-$home}/data.new output
    say "creating a cluster with $("$bin/postgres" --version) in $data"
    rm -rf "$fresh"
    mkdir -m 0700 "$fresh"
    if ((EUID == 0)); then chown "$owner" "$fresh"; fi

    output=$(cd / && "${as_server[@]}" "$bin/initdb" -D "$fresh" -U "$superuser" --auth=reject --encoding=UTF8 --locale=C --no-sync 2>&1) ||
        die "initdb failed: $output"
    printf 'host all %s 127.0.0.1/32 scram-sha-256\n' "$role" >"$fresh/pg_hba.conf"
    alone "$fresh" "CREATE ROLE $role LOGIN CREATEDB"
    alone "$fresh" "CREATE DATABASE $role OWNER $role"

    # Whole or not at all: an interrupted creation leaves nothing that looks like a cluster.
    rm -f "$home/password"
    if [[ -n ${outside:-} ]]; then
        rm -rf "$outside/data"
        mv "$fresh" "$outside/data"
        ln -s "$outside/data" "$data"
        data=$outside/data
    else
        mv "$fresh" "$data"
    fi
}

set_password() {
    local password
    password=$(od -An -N 24 -t x1 /dev/urandom | tr -d ' \n')
    alone "$data" "ALTER ROLE $role PASSWORD '$password'"
    (umask 077 && printf '%s\n' "$password" >"$home/password.new")
    mv "$home/password.new" "$home/password"
}

launch() { # port
    local options="-c listen_addresses=127.0.0.1 -c port=$1 -c unix_socket_directories= -c max_connections=200 -c timezone=UTC -c log_timezone=UTC"
    if [[ -n $fast ]]; then options+=" -c fsync=off -c full_page_writes=off"; fi
    # The server must not inherit our lock.
    (cd / && "${as_server[@]}" "$bin/pg_ctl" start -D "$data" -l "$data/server.log" -w -t 60 -s -o "$options") 9>&- >&2
}

start() {
    local tries port
    choose_user
    if running; then
        print_url
        return
    fi

    need_programs
    if [[ ! -e $data/PG_VERSION ]]; then create; fi

    # After a hard kill the pid file stays; PostgreSQL sees through that unless another process of the same user has got
    # the pid since. running has just found that it is not a server.
    pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
    if [[ -n $pid && -d /proc/$pid && $(basename "$(readlink "/proc/$pid/exe")") != postgres* ]]; then
        rm -f "$data/postmaster.pid"
    fi

    if [[ ! -s $home/password ]]; then set_password; fi

    port=$wanted_port
    if [[ -z $port && -s $home/port ]]; then port=$(<"$home/port"); fi
    if [[ -n $port ]] && port_in_use "$port"; then
        if [[ -n $wanted_port ]]; then die "port $port is in use by another program."; fi
        port=
    fi

    : >"$data/server.log"
    if ((EUID == 0)); then chown "$owner" "$data/server.log"; fi
    for tries in 3 2 1; do
        if launch "${port:=$(free_port)}"; then
            printf '%s\n' "$port" >"$home/port"
            say "ready on 127.0.0.1:$port"
            print_url
            return
        fi

        # Somebody took the port meanwhile, or processes of a killed server are just ending.
        if ((tries > 1)); then
            if [[ -z $wanted_port ]]; then port=; fi
            sleep 1
        fi
    done

    say "PostgreSQL does not start; the end of $data/server.log:"
    tail -n 20 "$data/server.log" >&2
    exit 1
}

stop() {
    local waited signal
    if ! running; then
        say "not running"
        return
    fi

    if [[ -n $if_unused && -e $home/users ]] && ! flock --nonblock "$home/users" true; then
        say "still in use"
        return
    fi

    # INT ends sessions and writes everything down; QUIT is for a server that does not manage.
    for signal in INT QUIT; do
        kill -s "$signal" "$pid"
        for ((waited = 0; waited < 300; waited++)); do
            if ! running; then
                say "stopped"
                return
            fi
            sleep 0.1
        done
    done
    die "the server (pid $pid) does not stop."
}

print_url() {
    printf 'Host=127.0.0.1;Port=%s;Username=%s;Password=%s;Database=%s\n' "$(sed -n 4p "$data/postmaster.pid")" "$role" "$(<"$home/password")" "$role"
}

# --- The command line -------------------------------------------------------------------------------------------------

command=${1:-}
case $command in
    start | stop | status | url) shift ;;
    -h | --help | help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

home=
wanted_port=
fast=
if_unused=
while (($# > 0)); do
    case $1 in
        --data) home=${2:?--data needs a folder}; shift 2 ;;
        --port) wanted_port=${2:?--port needs a number}; shift 2 ;;
        --fast) fast=yes; shift ;;
        --if-unused) if_unused=yes; shift ;;
        *) usage >&2; exit 2 ;;
    esac
done
[[ -n $home ]] || { usage >&2; exit 2; }
[[ -z $wanted_port || $wanted_port =~ ^[0-9]{1,5}$ ]] || die "--port needs a number."

if [[ $command == start ]]; then
    mkdir -p "$home"
    # The server's user must pass; what is secret in it is closed by itself.
    if [[ -O $home ]]; then chmod a+x "$home"; fi
elif [[ ! -d $home ]]; then
    say "there is no cluster in $home"
    if [[ $command == stop ]]; then exit 0; fi
    exit 3
fi

home=$(cd "$home" && pwd -P)
data=$home/data

# One at a time: test programs that start together share a cluster.
if command -v flock >/dev/null && [[ -w $home ]]; then
    exec 9>"$home/lock"
    flock 9
fi

case $command in
    start) start ;;
    stop) stop ;;
    status)
        if running; then
            printf 'running, pid %s, port %s\n' "$pid" "$(sed -n 4p "$data/postmaster.pid")"
        else
            printf 'stopped\n'
            exit 3
        fi
        ;;
    url)
        running || { say "not running"; exit 3; }
        print_url
        ;;
esac
