# shellcheck shell=bash
# What backup and restore share. Sourced, never run; the sourcing script has set -euo pipefail.

program=$(basename "$0")
say() { printf '%s\n' "$*" >&2; }
die() { say "$program: $*"; exit 1; }
wrong() { say "$program: $*"; say "See $program --help."; exit 2; }

# need PROGRAM...: what the scripts call.
need() {
    local name
    for name in "$@"; do
        command -v "$name" >/dev/null || die "$name is needed and not here."
    done
}

# setting FILE KEY: the value of KEY in an environment file as systemd and compose read it; the last one counts.
setting() {
    local line value='' single="'"
    while IFS= read -r line || [[ -n $line ]]; do
        [[ $line == "$2="* ]] || continue
        value=${line#*=}
        if [[ $value == \"*\" ]]; then
            value=${value:1:-1}
            value=${value//\\\"/\"}
            value=${value//\\\\/\\}
        elif [[ $value == "$single"*"$single" ]]; then
            value=${value:1:-1}
        fi
    done <"$1"
    printf '%s' "$value"
}

# connect CONNECTION_STRING: sets the variables PostgreSQL's own programs read (PGHOST and so on) from a connection string
# as the product has it. The password goes by the environment, never by a command line.
connect() {
    local text=$1 key value quote
    while [[ -n $text ]]; do
        if [[ ! $text =~ ^[[:space:]\;]*([^=\;]+)=(.*)$ ]]; then
            [[ $text =~ ^[[:space:]\;]*$ ]] || die "The connection string cannot be read."
            break
        fi
        key=${BASH_REMATCH[1]}
        text=${BASH_REMATCH[2]}
        text=${text#"${text%%[![:space:]]*}"}
        quote=${text:0:1}
        if [[ $quote == \" || $quote == "'" ]]; then
            text=${text:1}
            value=
            while true; do
                [[ $text == *"$quote"* ]] || die "The connection string cannot be read: a quotation mark is missing."
                value+=${text%%"$quote"*}
                text=${text#*"$quote"}
                # Twice means itself.
                if [[ ${text:0:1} != "$quote" ]]; then break; fi
                value+=$quote
                text=${text:1}
            done
            text=${text#*;}
        else
            value=${text%%;*}
            if [[ $text == *\;* ]]; then text=${text#*;}; else text=; fi
            value=${value%"${value##*[![:space:]]}"}
        fi

        key=${key//[[:space:]]/}
        case ${key,,} in
            host | server) export PGHOST=$value ;;
            port) export PGPORT=$value ;;
            database | db) export PGDATABASE=$value ;;
            username | user | userid | uid) export PGUSER=$value ;;
            password | pwd | psw) export PGPASSWORD=$value ;;
            passfile) export PGPASSFILE=$value ;;
            sslmode)
                case ${value,,} in
                    verifyca) export PGSSLMODE=verify-ca ;;
                    verifyfull) export PGSSLMODE=verify-full ;;
                    *) export PGSSLMODE=${value,,} ;;
                esac
                ;;
            rootcertificate) export PGSSLROOTCERT=$value ;;
            sslcertificate) export PGSSLCERT=$value ;;
            sslkey) export PGSSLKEY=$value ;;
        esac
    done
    [[ -n ${PGHOST:-} && -n ${PGDATABASE:-} ]] || die "The connection string names no host or no database."
}

# configure: reads the environment file, when there is one, for what the command line left open.
configure() {
    if [[ -n $env_file ]]; then
        [[ -r $env_file ]] || die "$env_file cannot be read."
        connection=${connection:-$(setting "$env_file" ConnectionStrings__Pbx)}
        keys=${keys:-$(setting "$env_file" DataProtection__Folder)}
    fi
    connection=${connection:-${ConnectionStrings__Pbx:-}}
    keys=${keys:-${DataProtection__Folder:-/var/lib/pbxgrains/keys}}
    [[ -n $connection ]] || wrong "Which database? Give --env FILE, or set ConnectionStrings__Pbx."
    connect "$connection"
}

# ask SQL: one value.
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1"; }
