#!/usr/bin/env bash
# Prepare a checkout: system libraries that Qt needs, a virtual environment, the pinned packages.
# Usage: packaging/bootstrap.sh [dev|package]...   Safe to run again; does nothing when up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${ASCLEPIUS_VENV:-.venv}
say() { printf '%s\n' "asclepius: $*"; }
fail() { printf '%s\n' "asclepius: $*" >&2; exit 1; }

# Run a command silently; show what it printed only when it fails.
quietly() {
    local log
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    cat "$log" >&2
    rm -f "$log"
    return 1
}

# Library file names that Qt's platform plug-ins load, and the Debian packages that hold them.
libraries="libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0
libxkbcommon-x11.so.0:libxkbcommon-x11-0 libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0
libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0
libxcb-xkb.so.1:libxcb-xkb1 libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1
libglib-2.0.so.0:libglib2.0-0"

missing_packages() {
    local known entry
    known=$( (PATH=$PATH:/sbin:/usr/sbin ldconfig -p) 2>/dev/null || true)
    for entry in $libraries; do
        case "$known" in *"${entry%%:*} "*) ;; *) printf '%s ' "${entry##*:}" ;; esac
    done
    # Only tests and pictures need a screen that does not exist.
    [ $# -eq 0 ] || command -v xvfb-run >/dev/null || printf 'xvfb xauth '
    python3 -c 'import ensurepip, venv' 2>/dev/null || printf 'python3-venv '
    fc-list 2>/dev/null | grep -q . || printf 'fontconfig fonts-dejavu-core '
}

install_system_packages() {
    local packages run=""
    packages=$(missing_packages "$@")
    [ -n "$packages" ] || return 0
    command -v apt-get >/dev/null || fail "these system packages are missing: $packages
  Install what your system calls them, then run this command again."
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || fail "system packages are missing.
  Run: sudo apt-get install $packages
  Then run this command again."
        run="sudo"
    fi
    say "installing system packages: $packages"
    # shellcheck disable=SC2086 # lists of words
    { quietly $run apt-get update && quietly $run env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $packages; } \
        || fail "the system packages could not be installed; see the lines above."
}

if ! command -v python3 >/dev/null; then
    { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; } \
        || fail "Python 3.11 or newer is missing. Install it, then run this command again."
    say "installing Python"
    { quietly apt-get update && quietly env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends python3 python3-venv; } \
        || fail "Python could not be installed; see the lines above."
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || fail "Python 3.11 or newer is needed; python3 is $(python3 -V 2>&1)."
[ "$(uname -s)" != Linux ] || install_system_packages "$@"

extras=$(IFS=,; printf '%s' "$*")
pins=$(cat pyproject.toml packaging/constraints.txt | cksum | cut -d' ' -f1)
stamp="$venv/.ready-$pins-$extras"
# What was prepared with extras serves without them, too.
for ready in "$stamp" ${extras:-"$venv/.ready-$pins-"*}; do
    [ -e "$ready" ] && exit 0
done
[ -x "$venv/bin/python" ] || { say "making the virtual environment $venv"; python3 -m venv "$venv"; }
say "installing the pinned packages (a few minutes the first time)"
quietly "$venv/bin/python" -m pip install --disable-pip-version-check --use-pep517 \
    --constraint packaging/constraints.txt --editable ".${extras:+[$extras]}" \
    || fail "the packages could not be installed; see the lines above. Is the network there?"
touch "$stamp"
