#!/usr/bin/env bash
# Installs the product on a machine with systemd, or brings an installation up to date.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: deploy/systemd/install.sh [options]
       deploy/systemd/install.sh --uninstall [options]

Publishes front, silo and pbx into a folder of their own below PREFIX/releases, points PREFIX/current to it, and installs
the units. Run it again to upgrade: what runs goes on with its old files until it is restarted, and the last three releases
are kept. Configuration in /etc/pbxgrains is made when it is missing and never changed. Nothing is started or restarted.

--from DIR      Take published programs from DIR/front, DIR/silo and DIR/cli instead of building them
--prefix DIR    Where programs go (default /opt/pbxgrains)
--publish DIR   Only publish into DIR/front, DIR/silo and DIR/cli, for machines without the SDK, and stop
--uninstall     Remove units and programs; configuration, keys, recordings and the user stay
-h, --help      This text

DESTDIR, an environment variable, is put before every path, as packagers want it: then no user is made, nothing belongs to
anybody else, systemd is told nothing, and no privileges are needed.
Exit code 2: wrong usage. 1: it did not work; an installation that was there still is.
USAGE
}

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "install.sh: $*" >&2; exit 1; }
wrong() { printf '%s\n' "install.sh: $*" "See install.sh --help." >&2; exit 2; }

readonly user=pbxgrains
readonly programs=(front silo cli)
readonly kept_releases=3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
prefix=/opt/pbxgrains
from=
publish_only=
uninstall=
while (($# > 0)); do
    case $1 in
        --from) from=${2:-}; [[ -n $from ]] || wrong "--from needs a folder."; shift 2 ;;
        --prefix) prefix=${2:-}; [[ $prefix == /* ]] || wrong "--prefix needs an absolute path."; shift 2 ;;
        --publish) publish_only=${2:-}; [[ -n $publish_only ]] || wrong "--publish needs a folder."; shift 2 ;;
        --uninstall) uninstall=yes; shift ;;
        -h | --help) usage; exit 0 ;;
        *) wrong "Unknown option $1." ;;
    esac
done
[[ $prefix =~ ^[A-Za-z0-9/._-]+$ ]] || wrong "--prefix takes letters, digits and /._- only."
prefix=${prefix%/}
[[ -n $prefix ]] || wrong "--prefix cannot be the root folder."

staged=${DESTDIR:-}
staged=${staged%/}
etc=$staged/etc/pbxgrains
units=$staged/etc/systemd/system
state=$staged/var/lib/pbxgrains
releases=$staged$prefix/releases
current=$staged$prefix/current
command=$staged/usr/local/bin/pbx

project_of() {
    case $1 in
        front) say PbxGrains.Front ;;
        silo) say PbxGrains.Silo ;;
        cli) say PbxGrains.Cli ;;
    esac
}

# publish DIR: builds the programs into DIR/front and so on.
publish() {
    local name log
    command -v dotnet >/dev/null || die "There is no .NET SDK here to build with: install it, or publish elsewhere (--publish DIR) and give --from DIR."
    log=$(mktemp)
    for name in "${programs[@]}"; do
        say "Publishing $name ..."
        if ! (cd "$repository" && dotnet publish "src/$(project_of "$name")" -c Release --use-current-runtime -o "$1/$name" -nologo -v quiet \
            --property:UseSharedCompilation=false -nodeReuse:false) >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            die "$name could not be published."
        fi
    done
    rm -f "$log"
}

complete() { [[ -x $1/front/PbxGrains.Front && -x $1/silo/PbxGrains.Silo && -x $1/cli/pbx ]]; }

as_owner() { if [[ -z $staged ]]; then chown "$@"; fi; }
systemd() { if [[ -z $staged && -d /run/systemd/system ]]; then systemctl "$@"; fi; }

if [[ -n $publish_only ]]; then
    mkdir -p "$publish_only"
    publish "$(cd "$publish_only" && pwd)"
    exit
fi

if [[ -z $staged ]] && ((EUID != 0)); then die "Run it as root, or with DESTDIR into a folder of yours."; fi

if [[ -n $uninstall ]]; then
    while read -r unit _; do
        if [[ -n $unit ]]; then systemd disable --now "$unit"; fi
    done < <(systemd list-units --all --plain --no-legend 'pbxgrains-front.service' 'pbxgrains-silo@*.service' || true)
    rm -f "$units/pbxgrains-front.service" "$units/pbxgrains-silo@.service"
    if [[ -L $command ]]; then rm -f "$command"; fi
    rm -rf "$releases"
    rm -f "$current"
    rmdir "$staged$prefix" 2>/dev/null || true
    systemd daemon-reload
    say "Removed. ${etc#"$staged"}, ${state#"$staged"} and the user $user are still there."
    exit
fi

if [[ -n $from ]]; then
    complete "$from" || die "$from does not hold front/PbxGrains.Front, silo/PbxGrains.Silo and cli/pbx: make it with --publish."
fi

if [[ -z $staged ]] && ! id -u "$user" >/dev/null 2>&1; then
    useradd --system --user-group --home-dir /var/lib/pbxgrains --no-create-home --shell /usr/sbin/nologin "$user"
    say "Made user $user."
fi

# A release is there whole or not at all, and one that runs is never written to.
umask 022
mkdir -p "$releases"
while release=$(date -u +%Y%m%dT%H%M%S.%3NZ) && [[ -e $releases/$release ]]; do sleep 0.01; done
fresh=$releases/.$release.new
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh"
if [[ -n $from ]]; then
    for name in "${programs[@]}"; do cp -R "$from/$name" "$fresh/$name"; done
else
    publish "$fresh"
    complete "$fresh" || die "What was published is not complete."
fi
mkdir "$fresh/deploy"
cp -R "$here/../README.md" "$here/../backup" "$fresh/deploy/"
chmod -R u+rwX,go+rX,go-w "$fresh"
as_owner -R root:root "$fresh"
mv "$fresh" "$releases/$release"
ln -sfn "$prefix/releases/$release" "$current.new"
mv -T "$current.new" "$current"

mkdir -p "$units" "$(dirname "$command")"
for unit in pbxgrains-front.service pbxgrains-silo@.service; do
    sed "s|/opt/pbxgrains|$prefix|g" "$here/$unit" >"$units/$unit.new"
    chmod 644 "$units/$unit.new"
    mv "$units/$unit.new" "$units/$unit"
done
if [[ ! -e $command || -L $command ]]; then ln -sfn "$prefix/current/cli/pbx" "$command"; fi

if [[ ! -d $etc ]]; then
    mkdir -p "$etc"
    chmod 700 "$etc"
fi
made=
for file in pbxgrains.env front.env; do
    if [[ ! -e $etc/$file ]]; then
        (umask 077 && cp "$here/$file.example" "$etc/$file")
        chmod 600 "$etc/$file"
        made=yes
    fi
done
if [[ ! -d $state ]]; then
    mkdir -p "$state"
    chmod 700 "$state"
    as_owner "$user:$user" "$state"
fi

# Names begin with the time, so they sort by age.
while IFS= read -r old; do
    if [[ $(readlink "$current") != */$old ]]; then rm -rf "${releases:?}/$old"; fi
done < <(find "$releases" -mindepth 1 -maxdepth 1 -type d -not -name '.*' -printf '%f\n' | LC_ALL=C sort | head -n -"$kept_releases")

systemd daemon-reload
say "Installed $prefix/releases/$release."
if [[ -n $made ]]; then
    say "Now set the database in /etc/pbxgrains/pbxgrains.env, then:"
    say "  systemctl enable --now pbxgrains-front pbxgrains-silo@1"
    say "The first admin key is written to /var/lib/pbxgrains/admin.key."
else
    say "Restart one after the other, silos first; wait for /health/ready of one before the next:"
    say "  systemctl restart pbxgrains-silo@1"
    say "  systemctl restart pbxgrains-front"
fi
