# shellcheck shell=bash disable=SC2034
# What install, upgrade and remove share: where things are, and how a release is made.
# The variables ROOT (a folder instead of /, for a trial) and SYSTEMCTL (another command) are for tests.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=${ROOT:-}
SYSTEMCTL=${SYSTEMCTL:-systemctl}
dry_run=

# Set what depends on ROOT.
set_places() {
    base=$ROOT/srv/leadwatch releases=$base/releases current=$base/current data=$base/data
    versions=$base-version switching=$base/upgrading
    secrets=$ROOT/etc/leadwatch variables=$secrets/production.env
    units=$ROOT/etc/systemd/system site=$ROOT/etc/nginx/sites-available/leadwatch
    user=leadwatch
    if [ "$ROOT" ]; then user=$(id -un); fi
}

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

must_be_root() {
    if [ -z "$ROOT$dry_run" ] && [ "$(id -u)" != 0 ]; then
        fail "Only root can do this. Put sudo in front of the command."
    fi
}

# step WORDS DONE DO...: if the command DONE fails, print the words and run the command DO.
changed=
step() {
    local words=$1 done=$2
    shift 2
    if ! "$done"; then
        changed=yes
        say "- $words"
        if [ -z "$dry_run" ]; then "$@"; fi
    fi
}

# Print the value of a variable of the site, if it has one.
variable() { sed -n "s/^$1=//p" "$variables" 2>/dev/null || true; }

port() {
    local number
    number=$(variable PORT)
    say "${number:-8000}"
}

# in_release FOLDER COMMAND...: run a command as the site's user.
in_release() { (become_in_release "$@"); }

become_in_release() {
    cd -P "$1"
    shift
    if [ "$user" = "$(id -un)" ]; then exec "$@"; fi
    exec setpriv --reuid="$user" --regid="$user" --init-groups --reset-env "$@"
}

# ask PORT PATH: print the site's answer, also if it must start first. Fail unless its status is 200.
ask() {
    local address end=$((SECONDS + 60)) status
    address=$(variable BASE_URL)
    until curl --silent --fail-with-body --max-time 60 --header "Host: ${address#*://}" \
        --header "X-Forwarded-Proto: ${address%%://*}" "http://127.0.0.1:$1$2"; do
        status=$?
        # 7: nothing listens there yet.
        if [ "$status" != 7 ] || ((SECONDS > end)); then return "$status"; fi
        sleep 0.5
    done
}

# What a release consists of: everything but what is made from it, and what belongs to one machine.
pack() {
    tar --create --directory "$1" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=go=rX,u=rwX \
        --exclude-vcs --exclude='.venv*' --exclude=./var --exclude=./.static --exclude=production.env \
        --exclude=.complete --exclude=node_modules --exclude=__pycache__ --exclude=.{pytest,mypy,ruff}_cache --exclude=.hypothesis .
}

# Print the folder for the release with the code in a folder: the day it came here, and a hash of the code.
release_of() {
    local hash known
    hash=$(pack "$1" | sha256sum | head -c 10)
    known=$(find "$releases" -maxdepth 1 -name "*-$hash" 2>/dev/null)
    say "${known:-$releases/$(date +%F)-$hash}"
}

# make_release SOURCE RELEASE: copy the code, install its packages, and check that it fits the settings.
make_release() {
    local release=$2 requirements=requirements.txt
    if [ -e "$release/.complete" ]; then return; fi
    rm -rf "$release"
    mkdir -p "$release"
    # The site compares times to notice new code.
    pack "$1" | tar --extract --directory "$release" --touch --no-same-owner
    ln -s "$variables" "$release/production.env"
    if grep -Eq '^(CACHE_URL|SEARCH_URL|AWS_STORAGE_BUCKET_NAME)=.' "$variables"; then
        requirements="requirements-scale.txt"
    fi
    if command -v uv >/dev/null; then
        # Not one of uv's own, which only root could read.
        uv venv --quiet --python /usr/bin/python3 "$release/.venv"
        uv pip install --quiet --compile-bytecode --python "$release/.venv/bin/python" --require-hashes \
            --requirement "$release/$requirements"
    else
        /usr/bin/python3 -m venv "$release/.venv"
        "$release/.venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
            --requirement "$release/$requirements"
    fi
    (cd "$release" && .venv/bin/python -m compileall -q concerns home leadwatch search timeline)
    install -d -m 700 -o "$user" "$release/.static"
    in_release "$release" .venv/bin/python manage.py check >/dev/null
    # After a power failure, a release is either not complete or there to its last byte.
    sync --file-system "$release"
    touch "$release/.complete"
}

# Migrate the database, make what it needs, and collect the static files of a release.
set_up() {
    # nginx reads it, as another user.
    install -d -m 755 -o "$user" "$versions"
    if [ -z "$(variable VERSION_DIR)" ]; then say "VERSION_DIR=$versions" >>"$variables"; fi
    in_release "$1" .venv/bin/python manage.py set_up
    # Pages that visitors have open refer to the static files of the release before.
    if [ -d "$current/.static" ]; then cp -a --no-clobber "$current/.static/." "$1/.static/"; fi
}

switch_to() {
    sync --file-system "$1"
    ln -sfn "$1" "$current.new"
    mv -T "$current.new" "$current"
}

# render FILE: print a unit or a configuration with the places and the port of this machine.
render() {
    {
        cat "$1"
        if [ "${1%.service}" != "$1" ]; then cat "${1%/*}/every-service.conf"; fi
    } | sed -e "s|127\.0\.0\.1:8000|127.0.0.1:$(port)|" -e "s|=/srv/leadwatch|=$base|" -e "s|=leadwatch$|=$user|"
}

# units_of RELEASE: list the files of the units that a release brings.
units_of() { ls "$1"/deploy/units/leadwatch*; }

units_are_there() {
    local unit
    for unit in $(units_of "$1"); do
        render "$unit" | cmp --silent - "$units/${unit##*/}" || return 1
    done
}

add_units() {
    local unit
    mkdir -p "$units"
    for unit in $(units_of "$1"); do
        render "$unit" >"$units/leadwatch.new"
        mv "$units/leadwatch.new" "$units/${unit##*/}"
    done
    "$SYSTEMCTL" daemon-reload
}
