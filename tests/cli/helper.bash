# SPDX-License-Identifier: GPL-3.0-or-later
# For every file of tests/cli: `load helper`. FLEETCAST is the program under test. Each test has a
# folder of its own as working directory, with a small scenario that runs in it: small.yaml.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$FLEETCAST" init --quiet small.yaml
}

fleetcast() {
    "$FLEETCAST" "$@"
}

# share_of N: how many of N repetitions a test does (tests/share.h)
share_of() {
    awk -v n="$1" -v share="${FLEETCAST_TEST_SHARE:-1}" \
        'BEGIN { print int(n * (share > 0 && share < 1 ? share : 1)) }'
}

# digest DATABASE
digest() {
    local hex
    hex=$(fleetcast status --digest "$1") && [[ $hex =~ ^[0-9a-f]{64}$ ]] && echo "$hex"
}

# same_results DATABASE DATABASE
same_results() {
    local a b
    a=$(digest "$1") && b=$(digest "$2") && [ "$a" = "$b" ]
}
