# SPDX-License-Identifier: GPL-3.0-or-later
# What status says of runs and experiments that go on, were killed, or are done.
load helper

# stored DATABASE: replications
stored() {
    sqlite3 "$1" 'SELECT count(*) FROM replication' 2>/dev/null || echo 0
}

# until_stored DATABASE: anything
until_stored() {
    until [ "$(stored "$1")" -gt 0 ]; do sleep 0.1; done
}

# grid REPLICATIONS
grid() {
    cat >grid.yaml <<EOF
fleetcast_experiment: 1
scenarios: [small.yaml]
policies: [none, faster-grid]
design: {kind: grid}
factors:
  target: {key: fleets.demo.targets.end-2028.gpus, values: [9000, 11000]}
replications: $1
EOF
}

@test "an experiment has a line of its own: points and replications of all, running or not" {
    grid 5
    fleetcast sweep grid.yaml -o done.db --quiet >/dev/null
    run -0 fleetcast status done.db
    grep -qx 'grid: 4 of 4 points, 20 of 20 replications' <<<"$output"
    run -0 fleetcast status done.db --lang ko
    grep -qx 'grid: 설계점 4/4개, 모의 20/20회' <<<"$output"

    grid 20000
    "$FLEETCAST" sweep grid.yaml -o going.db -j 1 --quiet >/dev/null 2>&1 3>&- &
    until_stored going.db
    run -0 fleetcast status going.db
    # What is left is that of all four runs, of which the first has hardly begun.
    grep -Eq '^grid: 0 of 4 points, [0-9]+ of 80000 replications, running, [0-9]+/s, left ' <<<"$output"
    kill -9 $!
    wait $! || true
    run -0 fleetcast status going.db
    grep -Eq '^grid: 0 of 4 points, [0-9]+ of 80000 replications, unfinished$' <<<"$output"
}

@test "a shard's file counts what the shard has; points that cannot be built are counted" {
    grid 6
    sed -i 's/9000, 11000/9000, -5/; s/kind: grid/kind: one_at_a_time/' grid.yaml
    run -5 fleetcast sweep grid.yaml --shard 2/2 -o part.db --quiet
    run -0 fleetcast status part.db
    # Three points a policy, of which the last cannot be built; of 6 replications 3 are this shard's.
    grep -qx 'grid: 4 of 6 points, 12 of 12 replications, 2 points could not be built' <<<"$output"
}

@test "two processes on one file: no clock is set back, and the rate is that of both" {
    if [ -n "${SANITIZED-}" ]; then skip 'measures a rate'; fi
    "$FLEETCAST" run small.yaml -n 1000000 -j 1 -o two.db --quiet >/dev/null 2>&1 3>&- &
    first=$!
    until_stored two.db
    began=$(sqlite3 two.db 'SELECT began FROM part')
    "$FLEETCAST" run small.yaml -n 1000000 -j 1 -o two.db --quiet >/dev/null 2>&1 3>&- &
    second=$!
    sleep 11 # each has said twice that it goes on
    run -0 fleetcast status two.db
    true_rate=$(sqlite3 two.db "SELECT count(*) /
        ((julianday('now') - 2440587.5) * 86400 - (SELECT began FROM part)) FROM replication")
    kill -9 $first $second
    wait $first $second || true
    [ "$(sqlite3 two.db 'SELECT began FROM part')" = "$began" ]
    rate=$(grep '^small ' <<<"$output" | sed -n 's/.*running, \([0-9]*\)\/s, left .*/\1/p')
    awk -v rate="$rate" -v true_rate="$true_rate" \
        'BEGIN { exit !(rate > 0.7 * true_rate && rate < 1.2 * true_rate) }'
}

@test "a merged file that goes on wants what its run wants, not the sum of its parts" {
    for k in 1 2; do fleetcast run small.yaml -n 60 --shard $k/3 -o $k.db --quiet >/dev/null; done
    run -8 fleetcast merge out.db 1.db 2.db --quiet
    run -0 fleetcast status out.db
    [[ "$output" != *unfinished* ]] # of what was asked nothing is left
    # As a process that was killed leaves it.
    sqlite3 out.db 'INSERT INTO part SELECT run_id, 1, 1, 60, 40, 0, 60, 1, 1, 0, NULL FROM run'
    run -0 fleetcast status out.db
    grep -q '  unfinished: 40 of 60$' <<<"$output"
}

@test "killed is not running either, and who asks for less then is done" {
    "$FLEETCAST" run small.yaml -n 1000000 -j 1 -o killed.db --quiet >/dev/null 2>&1 3>&- &
    until_stored killed.db
    kill -9 $!
    wait $! || true
    run -0 fleetcast status killed.db
    grep -q '  unfinished: [0-9]* of 1000000$' <<<"$output"
    fleetcast run small.yaml -n "$(stored killed.db)" -o killed.db --quiet >/dev/null
    run -0 fleetcast status killed.db
    [[ "$output" != *unfinished* && "$output" != *running* ]]
    # It has ended: another scenario of its name is another run.
    sed -i '0,/title:.*/s//title: another/' small.yaml
    fleetcast run small.yaml -n 1 -o killed.db --quiet >/dev/null
}

@test "stopped is not running" {
    "$FLEETCAST" run small.yaml -n 1000000 -j 1 -o stopped.db --quiet >/dev/null 2>&1 3>&- &
    until_stored stopped.db
    kill -TERM $!
    wait $! || true
    run -0 fleetcast status stopped.db
    grep -q '  unfinished: [0-9]* of 1000000$' <<<"$output"
}
