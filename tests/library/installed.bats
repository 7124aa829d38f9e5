#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What `meson install` installs can be built against: the programs of docs/examples, with the shared
# and with the static library, found by pkg-config; the headers by themselves, in C and C++.
# BUILD and SOURCE are the folders of the build and of the checkout, CC is the compiler.
bats_require_minimum_version 1.5.0

setup_file() {
    export ROOT=$BATS_FILE_TMPDIR/root
    DESTDIR=$ROOT meson install -C "$BUILD" --no-rebuild --quiet --tags runtime,devel
    local pc
    pc=$(find "$ROOT" -name fleetcast.pc)
    [ -n "$pc" ]
    PREFIX=$ROOT$(sed -n 's/^prefix=//p' "$pc")
    LIB=$(dirname "$(find "$ROOT" -name 'libfleetcast.so')")
    PKG_CONFIG_PATH=$(dirname "$pc")
    export PREFIX LIB PKG_CONFIG_PATH LD_LIBRARY_PATH=$LIB
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# What pkg-config says, as if ROOT were /.
flags() {
    pkg-config --define-variable=prefix="$PREFIX" --define-variable=libdir="$LIB" "$@" fleetcast
}

# compile EXAMPLE FLAG...: into the working directory, without a warning.
compile() {
    local name=$1
    shift
    # shellcheck disable=SC2046 # words of flags
    "$CC" -std=c17 -Wall -Wextra -Werror "$SOURCE/docs/examples/$name.c" -o "$name" \
        $(flags --cflags) "$@"
}

@test "the soname has the version's first two numbers" {
    run -0 readelf -d "$LIB/libfleetcast.so"
    version=$(pkg-config --modversion fleetcast)
    [[ $output == *"[libfleetcast.so.${version%.*}]"* ]]
    [ -e "$LIB/libfleetcast.so.$version" ]
}

@test "each header stands by itself, in C and in C++" {
    for header in "$PREFIX"/include/fleetcast/*.h; do
        printf '#include <fleetcast/%s>\nextern int unit;\n' "$(basename "$header")" >one.c
        # shellcheck disable=SC2046
        "$CC" -std=c17 -pedantic -Wall -Wextra -Werror -fsyntax-only $(flags --cflags) one.c
        command -v g++ >/dev/null || continue
        # shellcheck disable=SC2046
        g++ -x c++ -Wall -Wextra -Werror -fsyntax-only $(flags --cflags) one.c
    done
}

@test "policy_gain: shared and static say the same" {
    # shellcheck disable=SC2046
    compile policy_gain $(flags --libs)
    ldd policy_gain | grep -q 'libfleetcast'
    shared=$(./policy_gain)
    [[ $shared == "target met in "*" of 200 futures, with faster-grid in "* ]]
    # shellcheck disable=SC2046
    compile policy_gain "$LIB/libfleetcast.a" $(flags --libs --static | sed 's/-lfleetcast//g')
    run -1 grep -q libfleetcast <(ldd policy_gain)
    [ "$(./policy_gain)" = "$shared" ]
}

@test "run_and_read: a scenario that needs the catalogue, and what the program installed says of it" {
    # shellcheck disable=SC2046
    compile run_and_read $(flags --libs)
    catalogue=$(flags --variable=catalogue)
    [ -d "$catalogue" ]
    scenario=$SOURCE/scenarios/korea-30k-2030.yaml
    run -0 --separate-stderr ./run_and_read "$scenario" one.db 6 korea "$catalogue"
    [[ ${lines[0]} == "day "*" GPUs in service, 90 % of futures within "* ]]
    "$PREFIX/bin/fleetcast" run "$scenario" -n 6 -o two.db --quiet >answer
    [[ $output == *"$(cat answer)" ]]
    [ "$("$PREFIX/bin/fleetcast" status --digest one.db)" = \
        "$("$PREFIX/bin/fleetcast" status --digest two.db)" ]
}

@test "an example says what is wrong and ends with the kind of error" {
    # shellcheck disable=SC2046
    compile run_and_read $(flags --libs)
    echo 'titel: x' >wrong.yaml
    run -3 ./run_and_read wrong.yaml one.db 6 korea
    [[ $output == *"wrong.yaml:1:1"* ]]
    [ ! -e one.db ]
}
