#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

usage() {
    cat <<'TEXT'
Usage: ./setup.sh

Makes this checkout of fleetcast ready to use on Debian 12: installs the packages that are missing,
configures a release build in build/ and compiles it. Safe to repeat; quick when nothing is to do.

Packages are installed as root, or by sudo where that asks for no password. Otherwise setup.sh
changes nothing, prints the one command that installs what is missing, and ends with exit code 1.
The compiler is gcc, or the one that CC names: CC=clang ./setup.sh
TEXT
}

# All that the program and its tests are built with and run on. A C compiler comes on top.
packages="libc6-dev meson ninja-build pkg-config"
packages="$packages libgsl-dev libsqlite3-dev libyaml-dev libjansson-dev nettle-dev librandom123-dev"
packages="$packages zlib1g-dev libcmocka-dev bats scdoc sqlite3 python3-yaml python3-jsonschema"

say() {
    printf 'setup: %s\n' "$*"
}

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# Packages of the list that are not installed, in one line.
missing_packages() {
    list=$packages
    have "${CC:-cc}" || have gcc || have clang || list="gcc $list"
    missing=
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n')
    for package in $list; do
        case "
$installed
" in
        *"
installed $package
"*) ;;
        *) missing="$missing $package" ;;
        esac
    done
    echo "${missing# }"
}

# install_packages PACKAGE...: package lists are fetched where they are absent or out of date.
install_packages() {
    set -- apt-get install --yes --quiet --no-install-recommends "$@"
    $as_root "$@" --simulate >/dev/null 2>&1 || $as_root apt-get update --quiet
    $as_root "$@" || { $as_root apt-get update --quiet && $as_root "$@"; }
}

provide_packages() {
    if ! have dpkg-query || ! have apt-get; then
        have meson && have ninja && return # meson itself names the library that is missing
        fail "this system has no apt, and meson or ninja is missing." \
            "Needed, by their names in Debian 12: gcc $packages"
    fi
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root="env DEBIAN_FRONTEND=noninteractive"
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root="sudo -n DEBIAN_FRONTEND=noninteractive"
    else
        fail "these packages are missing: $missing" "Install them with" \
            "    sudo apt-get update && sudo apt-get install $missing" "and call ./setup.sh again."
    fi
    say "installing $missing"
    # shellcheck disable=SC2086 # one word a package
    install_packages $missing || fail "apt could not install $missing"
}

case "${1-}" in
'') ;;
-h | --help)
    usage
    exit 0
    ;;
*)
    usage >&2
    exit 2
    ;;
esac

cd "$(dirname "$0")"
provide_packages
if [ ! -f build/build.ninja ]; then
    say "configuring a release build in build/"
    output=$(meson setup build 2>&1) || {
        printf '%s\n' "$output" >&2
        fail "meson could not configure the build."
    }
fi
say "compiling in build/"
quiet=--quiet
[ ! -t 1 ] || quiet= # on a terminal ninja counts in one line
# shellcheck disable=SC2086 # nothing when empty
ninja -C build $quiet || fail "the build failed."
say "done: build/fleetcast is ready"
