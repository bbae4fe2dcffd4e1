#!/usr/bin/env bash
# Backs up the database, the key ring and, when wanted, the recordings into one archive.
set -euo pipefail
umask 077
# shellcheck source=deploy/backup/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: backup.sh [--env FILE] --to DIR [options]

Writes DIR/pbxgrains-<time>.tar: the database (pg_dump), the keys that open the PBX passwords in it, a manifest, and the
SHA-256 of every part. All may run meanwhile. The name of the archive is printed on standard output, and it appears under
that name only when it is whole. It opens every PBX: keep it where such a thing may be kept.

--env FILE         Environment file with ConnectionStrings__Pbx and DataProtection__Folder, /etc/pbxgrains/pbxgrains.env
                   for example. Without it they are taken from the environment
--to DIR           Where the archive goes; made when missing
--keys DIR         The key ring (default: as configured, else /var/lib/pbxgrains/keys)
--recordings DIR   Back up this folder of recordings too; needs as much space again
--jobs N           Tables dumped at a time, 1 to 32 (default 2)
-h, --help         This text

Not in it: who is a member of the cluster just now, recordings in an object store, and the configuration.
Needs psql and pg_dump not older than the server. Exit code 1: no backup was made. 2: wrong usage.
USAGE
}

env_file=
to=
keys=
recordings=
jobs=2
connection=
while (($# > 0)); do
    case $1 in
        --env) env_file=${2:-}; [[ -n $env_file ]] || wrong "--env needs a file."; shift 2 ;;
        --to) to=${2:-}; [[ -n $to ]] || wrong "--to needs a folder."; shift 2 ;;
        --keys) keys=${2:-}; [[ -n $keys ]] || wrong "--keys needs a folder."; shift 2 ;;
        --recordings) recordings=${2:-}; [[ -d $recordings ]] || wrong "--recordings needs a folder that is there."; shift 2 ;;
        --jobs)
            if [[ ! ${2:-} =~ ^[0-9]{1,2}$ ]] || ((10#$2 < 1 || 10#$2 > 32)); then wrong "--jobs takes 1 to 32."; fi
            jobs=$((10#$2))
            shift 2
            ;;
        -h | --help) usage; exit 0 ;;
        *) wrong "Unknown option $1." ;;
    esac
done
[[ -n $to ]] || wrong "Where to? Give --to DIR."
configure
need psql pg_dump tar sha256sum
[[ -n $(find "$keys" -maxdepth 1 -name '*.xml' -print -quit 2>/dev/null) ]] ||
    die "$keys holds no keys. Without them the PBX passwords in the database cannot be read: name the right folder with --keys."

schema=$(ask 'SELECT max(version) FROM pbx.schema_version') || die "The database does not answer, or it is not one of the product."
mkdir -p "$to"
name=pbxgrains-$(date -u +%Y%m%dT%H%M%SZ)
[[ ! -e $to/$name.tar ]] || die "$to/$name.tar is there already."
work=$(mktemp -d "$to/.$name.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"

# The database first: every key and every recording it knows is then still in the folders, or was deleted on purpose.
# A restored cluster has no members yet; those of this one would only be waited for.
say "Dumping database $PGDATABASE ..."
pg_dump --format=directory --jobs="$jobs" --no-owner --no-privileges --schema=pbx --schema=orleans \
    --exclude-table-data=orleans.membership --exclude-table-data=orleans.membership_version \
    --file="$work/database"
tar -C "$work" -cf "$work/$name/database.tar" database
rm -rf "$work/database"

# The keys alone: an admin key beside them opens nothing a restored system could not make anew.
find "$keys" -maxdepth 1 -name '*.xml' -printf '%f\0' | tar -C "$keys" --null --files-from=- -cf "$work/$name/keys.tar"

if [[ -n $recordings ]]; then
    say "Reading recordings ..."
    # What is just arriving is not the database's yet; what was just deleted is nobody's any more.
    code=0
    tar -C "$recordings" --exclude=./incoming --warning=no-file-removed --warning=no-file-changed -cf "$work/$name/recordings.tar" . || code=$?
    ((code <= 1)) || die "The recordings could not be read."
fi

cd "$work/$name"
{
    printf 'product: pbxgrains\nformat: 1\nmade: %s\nschema: %s\nserver: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$schema" "$(ask 'SHOW server_version')"
    sha256sum -- *.tar | sed 's/^\([0-9a-f]*\) [ *]\(.*\)$/part: \2 \1/'
} >manifest
cd - >/dev/null
sync -f "$work"
tar -C "$work" -cf "$work/archive" "$name/manifest" "$name/database.tar" "$name/keys.tar" ${recordings:+"$name/recordings.tar"}
sync "$work/archive"
mv "$work/archive" "$to/$name.tar"
say "$(sha256sum "$to/$name.tar" | cut -d ' ' -f 1) is the SHA-256 of the archive."
printf '%s\n' "$to/$name.tar"
