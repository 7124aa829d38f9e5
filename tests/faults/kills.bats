# SPDX-License-Identifier: GPL-3.0-or-later
# Runs that are killed: what was finished stays, and the same command goes on from there to the
# digest of a run that nothing disturbed. KILLS says how many kills; many more than by default:
# KILLS=500 meson test -C build faults/kills --timeout-multiplier 10
bats_require_minimum_version 1.5.0

N=800

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$FLEETCAST" init --quiet small.yaml
    local start=${EPOCHREALTIME/./}
    "$FLEETCAST" run small.yaml -n $N -o whole.db --quiet >answer.txt
    LASTS=$(((${EPOCHREALTIME/./} - start) / 1000)) # ms
    digest whole.db >whole.digest
    RANDOM=1
}

digest() {
    "$FLEETCAST" status --digest "$1"
}

# intact DATABASE: nothing damaged, no row without what it belongs to
intact() {
    [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 "$1" 'PRAGMA foreign_key_check')" ]
}

finished() {
    "$FLEETCAST" run small.yaml -n $N -o "$1" --quiet | diff - answer.txt
    intact "$1"
    digest "$1" | diff - whole.digest
}

# struck SECONDS COMMAND...: kills it after so long; false if it was done before
struck() {
    local delay=$1 pid
    shift
    "$@" >/dev/null 2>&1 &
    pid=$!
    sleep "$delay"
    kill -KILL $pid 2>/dev/null || return 1
    wait $pid 2>/dev/null
    [ $? -eq 137 ] # or it ended just before
}

@test "killed at any instant: nothing lost, nothing doubled, the same digest" {
    local kills=0 rounds=0
    while ((kills < ${KILLS:-12})); do
        # Some right after the start, the first write among them; the others anywhere in a run.
        ms=$((kills % 3 == 0 ? RANDOM % 30 : RANDOM % LASTS))
        delay=$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))
        if struck "$delay" "$FLEETCAST" run small.yaml -n $N -o k.db --quiet; then
            kills=$((kills + 1))
            if [ -e k.db ] && ((kills % 4 == 0)); then
                # What a kill leaves can be read, and what is there is whole.
                [ -s k.db ] && intact k.db
            fi
        else
            finished k.db
            rm -f k.db*
            rounds=$((rounds + 1))
        fi
    done
    finished k.db
    echo "# $kills kills, $((rounds + 1)) runs finished" >&3
}

@test "killed while it merges: nothing lost, nothing doubled, the same digest" {
    local kills=0 rounds=0 start lasts
    for k in 1 2 3; do "$FLEETCAST" run small.yaml -n $N --shard $k/3 -o $k.db --quiet >/dev/null; done
    start=${EPOCHREALTIME/./}
    "$FLEETCAST" merge all.db 1.db 2.db 3.db --quiet
    lasts=$(((${EPOCHREALTIME/./} - start) / 1000 + 1))
    digest all.db | diff - whole.digest
    while ((kills < ${KILLS:-12})); do
        delay=0.$(printf '%03d' $((RANDOM % lasts)))
        if struck "$delay" "$FLEETCAST" merge k.db 1.db 2.db 3.db --quiet; then
            kills=$((kills + 1))
            if [ -s k.db ] && ((kills % 4 == 0)); then intact k.db; fi
        else
            "$FLEETCAST" merge k.db 3.db 1.db 2.db --quiet # all there, in whatever order
            intact k.db
            digest k.db | diff - whole.digest
            rounds=$((rounds + 1))
            rm -f k.db*
        fi
    done
    "$FLEETCAST" merge k.db 1.db 2.db 3.db --quiet
    finished k.db
    echo "# $kills kills, $((rounds + 1)) merges finished" >&3
}
