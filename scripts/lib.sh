# shellcheck shell=bash
# What the scripts share. Sourced, never run; the sourcing script has set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
run_dir=$root/.run
log_dir=$run_dir/logs

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

# usage_error SENTENCE: the command line is wrong.
usage_error() {
    say "$1"
    say "See $(basename "$0") --help."
    exit 2
}

need_dotnet() {
    local version
    command -v dotnet >/dev/null || die "The .NET SDK 10 is needed and there is no 'dotnet' here: see https://dotnet.microsoft.com/download, or your system's package dotnet-sdk-10.0."
    version=$(cd "$root" && dotnet --version 2>/dev/null) || die "The .NET SDK found does not suit global.json: .NET SDK 10 is needed. Found: $(dotnet --list-sdks | tr '\n' ' ')"
    [[ $version == 10.* ]] || die "The .NET SDK 10 is needed; 'dotnet' is $version."
}

# build NAME ARGUMENTS...: builds without a word; on failure shows why.
build() {
    local name=$1 log=$log_dir/build-$1.log
    shift
    mkdir -p "$log_dir"
    # Two builds at a time write the same files: one waits for the other. No server of the compiler stays behind, holding
    # our output, our terminal and the lock.
    if ! (
        cd "$root"
        if command -v flock >/dev/null; then flock 8; fi
        dotnet build "$@" -nologo -v quiet --property:UseSharedCompilation=false -nodeReuse:false
    ) >"$log" 2>&1 </dev/null 8>"$log_dir/build.lock"; then
        grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
        say "$name does not build; all of it is in $log"
        return 1
    fi
}

# dll PROJECT ASSEMBLY: path of what a Release build made.
dll() { printf '%s\n' "$root/src/$1/bin/Release/net10.0/$2.dll"; }

# out_of_date DLL PROJECT: true when the project has sources newer than what was built.
out_of_date() {
    [[ ! -f $1 ]] || [[ -n $(find "$root/src/$2" "$root"/Directory.*.props \
        \( -name bin -o -name obj \) -prune -o -type f -newer "$1" -print -quit) ]]
}

# port_in_use ADDRESS PORT
port_in_use() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# http_get ADDRESS PORT PATH: the body of a 200; fails on anything else. Spares the user installing curl.
http_get() {
    local status line
    exec 3<>"/dev/tcp/$1/$2" || return 1
    printf 'GET %s HTTP/1.0\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$3" "$1" "$2" >&3
    IFS= read -r -t 10 status <&3 || { exec 3>&-; return 1; }
    while IFS= read -r -t 10 line <&3 && [[ ${line%$'\r'} != '' ]]; do :; done
    timeout 10 cat <&3
    exec 3>&-
    [[ $status == *' 200 '* ]]
}

# runs PID TEXT: true when that process lives and its command line holds the text. A pid file that a hard kill left
# behind may by now name an innocent process.
runs() {
    [[ $1 =~ ^[0-9]+$ ]] && kill -0 "$1" 2>/dev/null || return 1
    if [[ -r /proc/$1/cmdline ]]; then
        tr '\0' ' ' <"/proc/$1/cmdline" | grep -qF -- "$2"
    else
        ps -o command= -p "$1" | grep -qF -- "$2"
    fi
}

# end PID TEXT SECONDS: asks that process to end, and makes it when it does not.
end() {
    local tries
    runs "$1" "$2" || return 0
    kill -TERM "$1" 2>/dev/null || return 0
    for ((tries = $3 * 10; tries > 0; tries--)); do
        runs "$1" "$2" || return 0
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
}

# end_group ID SECONDS: interrupts all processes of a group, and ends by force what is left of it after that time.
end_group() {
    local tries
    kill -INT -- "-$1" 2>/dev/null || return 0
    for ((tries = $2 * 10; tries > 0; tries--)); do
        kill -0 -- "-$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$1" 2>/dev/null || true
}
