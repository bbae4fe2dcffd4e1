#!/usr/bin/env bash
# Restores what backup.sh has saved.
set -euo pipefail
umask 077
# shellcheck source=deploy/backup/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<'USAGE'
Usage: restore.sh [--env FILE] --from ARCHIVE [options]
       restore.sh --check ARCHIVE

Checks the archive against its manifest, then restores database and key ring. The database must exist, belong to the role,
and hold nothing of ours; nobody may be connected to it. It is restored whole or not at all. Then start the processes: they
bring an older database up to date by themselves. Unpacks into TMPDIR, which needs twice the size of the archive.

--env FILE         Environment file with ConnectionStrings__Pbx and DataProtection__Folder
--from ARCHIVE     What backup.sh has written
--check ARCHIVE    Only check the archive
--keys DIR         Where the keys go (default: as configured, else /var/lib/pbxgrains/keys); made when missing
--recordings DIR   Restore the recordings into this folder; those that are there stay
--owner USER       Keys and recordings belong to this user, pbxgrains for example (default: who runs this)
--force            Replace what is in the database, and move other keys aside
-h, --help         This text

Exit code 1: refused or failed; the database is as it was. 2: wrong usage.
USAGE
}

env_file=
archive=
check_only=
keys=
recordings=
owner=
force=
connection=
while (($# > 0)); do
    case $1 in
        --env) env_file=${2:-}; [[ -n $env_file ]] || wrong "--env needs a file."; shift 2 ;;
        --from) archive=${2:-}; [[ -n $archive ]] || wrong "--from needs a file."; shift 2 ;;
        --check) archive=${2:-}; check_only=yes; [[ -n $archive ]] || wrong "--check needs a file."; shift 2 ;;
        --keys) keys=${2:-}; [[ -n $keys ]] || wrong "--keys needs a folder."; shift 2 ;;
        --recordings) recordings=${2:-}; [[ -n $recordings ]] || wrong "--recordings needs a folder."; shift 2 ;;
        --owner) owner=${2:-}; [[ -n $owner ]] || wrong "--owner needs a user."; shift 2 ;;
        --force) force=yes; shift ;;
        -h | --help) usage; exit 0 ;;
        *) wrong "Unknown option $1." ;;
    esac
done
[[ -n $archive ]] || wrong "What? Give --from ARCHIVE."
[[ -r $archive ]] || die "$archive cannot be read."
if [[ -z $check_only ]]; then configure; fi
need tar sha256sum

# --- The archive ------------------------------------------------------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/pbxgrains-restore.XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -C "$work" --strip-components=1 --no-same-owner -xf "$archive" 2>/dev/null || die "$archive is damaged: it cannot be unpacked."

field() { sed -n "s/^$1: //p" "$work/manifest" | head -n 1; }

[[ -f $work/manifest && $(field product) == pbxgrains ]] || die "$archive was not made by backup.sh."
[[ $(field format) == 1 ]] || die "$archive was made by a newer backup.sh; use its restore.sh."
parts=$(sed -n 's/^part: \([a-z]*\.tar\) \([0-9a-f]\{64\}\)$/\2  \1/p' "$work/manifest")
for part in database.tar keys.tar; do
    [[ $parts == *"  $part"* ]] || die "$archive is damaged: its manifest does not name $part."
done
(cd "$work" && sha256sum --check --strict --quiet - <<<"$parts") >/dev/null 2>&1 ||
    die "$archive is damaged: a part is missing or is not what the manifest says."
[[ $(find "$work" -mindepth 1 -maxdepth 1 | wc -l) == $(($(wc -l <<<"$parts") + 1)) ]] ||
    die "$archive holds more than its manifest names."
say "The archive is whole: made $(field made), schema $(field schema), PostgreSQL $(field server)."
if [[ -n $check_only ]]; then exit; fi

# --- May it go there? -------------------------------------------------------------------------------------------------

need psql pg_restore
if [[ -n $owner ]]; then id -u "$owner" >/dev/null 2>&1 || die "There is no user $owner."; fi
if [[ -n $recordings && ! -f $work/recordings.tar ]]; then die "There are no recordings in $archive."; fi
there=$(ask "SELECT count(*) FROM pg_namespace WHERE nspname IN ('pbx', 'orleans')") || die "The database does not answer."
if ((there > 0)) && [[ -z $force ]]; then
    die "Database $PGDATABASE is not empty. Name an empty one, or replace what it holds with --force."
fi
others=$(ask 'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = '"'client backend'")
((others == 0)) || die "Somebody is connected to database $PGDATABASE ($others connections): stop all fronts and silos first."

mkdir "$work/keys"
tar -C "$work/keys" --no-same-owner -xf "$work/keys.tar"
foreign=
while IFS= read -r key; do
    if ! cmp -s "$keys/$key" "$work/keys/$key"; then foreign=yes; fi
done < <(find "$keys" -maxdepth 1 -name '*.xml' -printf '%f\n' 2>/dev/null)
if [[ -n $foreign && -z $force ]]; then
    die "$keys holds other keys. Name an empty folder with --keys, or move them aside with --force."
fi

# --- Do it ------------------------------------------------------------------------------------------------------------

say "Restoring database $PGDATABASE ..."
tar -C "$work" --no-same-owner -xf "$work/database.tar"
{
    printf 'BEGIN;\nSET client_min_messages = warning;\nDROP SCHEMA IF EXISTS pbx, orleans CASCADE;\n'
    # Without COMMIT, the end of the input undoes all.
    pg_restore --no-owner --no-privileges --exit-on-error --file=- "$work/database" && printf 'COMMIT;\n'
} | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$PGDATABASE" >/dev/null || die "The database could not be restored; it is as it was."

mkdir -p "$keys"
if [[ -n $foreign ]]; then
    aside=$keys/replaced-$(date -u +%Y%m%dT%H%M%SZ)
    mkdir "$aside"
    find "$keys" -maxdepth 1 -name '*.xml' -exec mv -t "$aside" {} +
    say "The keys that were there are in $aside."
fi
find "$work/keys" -name '*.xml' -exec cp -t "$keys" {} +
find "$keys" -maxdepth 1 -name '*.xml' -exec chmod 600 {} +
if [[ -n $owner ]]; then chown -R "$owner:" "$keys"; fi

if [[ -n $recordings ]]; then
    say "Restoring recordings ..."
    mkdir -p "$recordings"
    tar -C "$recordings" --no-same-owner --skip-old-files -xf "$work/recordings.tar"
    if [[ -n $owner ]]; then chown -R "$owner:" "$recordings"; fi
fi
say "Restored. Start the fronts and silos."
