# SPDX-License-Identifier: GPL-3.0-or-later
# Shards put together: what is missing, what failed, and what does not belong.
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

# grid VALUES [REPLICATIONS]: an experiment whose points are runs
grid() {
    cat >grid.yaml <<EOF
fleetcast_experiment: 1
scenarios: [small.yaml]
design: {kind: grid}
factors:
  target: {key: fleets.demo.targets.end-2028.gpus, values: [$1]}
replications: ${2:-1}
EOF
}

# shards N FIRST...: of grid.yaml, into 1.db, 2.db ...
shards() {
    local n=$1 k
    shift
    for k in "$@"; do fleetcast sweep grid.yaml --shard "$k/$n" -o "$k.db" --quiet >/dev/null; done
}

@test "points whose runs lie wholly in a missing shard are missing" {
    grid '1, 2, 3, 4, 5, 6, 7, 8, 9, 10'
    shards 5 1 2 3 4 5
    # Replications are dealt out in turn: the third shard of five has the third and the eighth.
    run --separate-stderr -8 fleetcast merge out.db 1.db 2.db 4.db 5.db
    grep -q '^grid: 2 points are missing, of shards 3/5 (2)$' <<<"$stderr"
    grep -q '0 replications of runs that were begun and 2 points that were not' <<<"$stderr"
    run --separate-stderr -8 fleetcast merge out.db 1.db --quiet --lang ko
    grep -q '시작하지 않은 설계점 2개' <<<"$stderr"
    run --separate-stderr -0 fleetcast merge out.db 3.db
    [[ "$stderr" != *missing* ]]
    fleetcast sweep grid.yaml -o whole.db --quiet >/dev/null
    same_results out.db whole.db
}

@test "the points of several scenarios and policies are counted, those of a sample too" {
    cp small.yaml other.yaml
    cat >grid.yaml <<'EOF'
fleetcast_experiment: 1
scenarios: [small.yaml, other.yaml]
policies: [none, faster-grid]
design: {kind: grid}
factors:
  target: {key: fleets.demo.targets.end-2028.gpus, values: [1, 2, 3]}
replications: 2
EOF
    # 24 replications, two a point: the last of six shards has the third of every three points.
    shards 6 1 2 3 4 5 6
    run --separate-stderr -8 fleetcast merge out.db 1.db 2.db 3.db 4.db
    grep -q '^grid: 4 points are missing, of shards 5/6 (4), 6/6 (4)$' <<<"$stderr"
    [ "$(sqlite3 out.db "SELECT group_concat(point) FROM point WHERE point = 2")" = '' ]
    run --separate-stderr -0 fleetcast merge out.db 5.db 6.db
    cat >sample.yaml <<'EOF'
fleetcast_experiment: 1
scenarios: [small.yaml]
policies: [none, faster-grid]
design: {kind: monte_carlo, points: 2}
EOF
    fleetcast sweep sample.yaml --shard 1/4 -o s1.db --quiet >/dev/null
    fleetcast sweep sample.yaml --shard 2/4 -o s2.db --quiet >/dev/null
    run --separate-stderr -8 fleetcast merge sampled.db s1.db s2.db
    grep -q '^sample: 2 points are missing, of shards 3/4 (1), 4/4 (1)$' <<<"$stderr"
}

@test "shards of different lengths: the longest is what was asked for" {
    for k in 1 2; do fleetcast run small.yaml -n 12 --shard $k/3 -o "$k.db" --quiet >/dev/null; done
    fleetcast run small.yaml -n 6 --shard 3/3 -o 3.db --quiet >/dev/null
    run --separate-stderr -8 fleetcast merge out.db 1.db 2.db 3.db
    grep -q '^small: 2 replications are missing, of shards 3/3 (2)$' <<<"$stderr"
    fleetcast run small.yaml -n 12 --shard 3/3 -o 3.db --quiet >/dev/null
    run -0 fleetcast merge out.db 3.db --quiet
    fleetcast run small.yaml -n 12 -o whole.db --quiet >/dev/null
    same_results out.db whole.db
}

@test "a part that two files were asked for differently: the larger counts, whichever comes first" {
    fleetcast run small.yaml -n 12 -o done.db --quiet >/dev/null
    fleetcast run small.yaml -n 40 -o more.db --quiet >/dev/null
    # As a process that was killed leaves it.
    sqlite3 more.db 'UPDATE part SET wanted = 60, replications = 60, ended = 0, seen = 1'
    for files in 'more.db done.db' 'done.db more.db'; do
        # shellcheck disable=SC2086
        run --separate-stderr -8 fleetcast merge out.db $files
        grep -q '^small: 20 replications are missing$' <<<"$stderr"
        run -0 fleetcast status out.db
        grep -q '  unfinished: 40 of 60$' <<<"$output"
        rm out.db
    done
    # What has ended since is whole, and stays so.
    fleetcast merge out.db more.db --quiet || true
    cp more.db killed.db
    fleetcast run small.yaml -n 60 -o more.db --quiet >/dev/null
    run -0 fleetcast merge out.db more.db killed.db --quiet
    [ "$(sqlite3 out.db 'SELECT ended FROM part')" = 1 ]
}

@test "asked for fewer after it was stopped, a run is whole for status and merge" {
    fleetcast run small.yaml -n 12 -o less.db --quiet >/dev/null
    sqlite3 less.db 'UPDATE part SET wanted = 60, replications = 60, ended = 0, seen = 0'
    run -8 fleetcast merge out.db less.db --quiet
    fleetcast run small.yaml -n 6 -o less.db --quiet >/dev/null
    run -0 fleetcast status less.db
    [[ "$output" != *unfinished* ]]
    run -0 fleetcast merge other.db less.db --quiet
    # What the merged file was asked for is ended in the same way.
    fleetcast run small.yaml -n 6 -o out.db --quiet >/dev/null
    run -0 fleetcast merge out.db less.db --quiet
}

@test "what failed is not missing: it is counted, exit code 5" {
    cp "$BATS_TEST_DIRNAME/failing.yaml" .
    run -5 fleetcast run failing.yaml -n 40 -o whole.db --quiet
    for k in 1 2; do
        run -5 fleetcast run failing.yaml -n 40 --shard $k/2 -o "$k.db" --quiet
    done
    failed=$(sqlite3 whole.db 'SELECT count(*) FROM failure')
    run --separate-stderr -5 fleetcast merge out.db 1.db 2.db
    grep -q "^failing: $failed replications failed; they are listed in the table failure$" <<<"$stderr"
    [[ "$stderr" != *missing* ]]
    same_results out.db whole.db
    # Both: missing comes first.
    run --separate-stderr -8 fleetcast merge half.db 1.db
    grep -q '^failing: 20 replications are missing, of shards 2/2 (20)$' <<<"$stderr"
    grep -q 'replications failed' <<<"$stderr"
}

@test "points that cannot be built: exit code 5" {
    grid '2000, -5'
    sed -i 's/kind: grid/kind: one_at_a_time/' grid.yaml
    run -5 fleetcast sweep grid.yaml -o 1.db --quiet
    run --separate-stderr -5 fleetcast merge out.db 1.db
    grep -q '^grid: 1 points could not be built; the table point says why (sentence)$' <<<"$stderr"
}

@test "stopped is not failed: exit code 8, and a shard that was stopped is missed" {
    for signal in INT TERM; do
        "$FLEETCAST" run small.yaml -n 100000 -j 1 -o $signal.db --quiet >/dev/null 2>$signal.txt 3>&- &
        until [ "$(sqlite3 $signal.db 'SELECT count(*) FROM replication' 2>/dev/null || echo 0)" -gt 0 ]; do
            sleep 0.1
        done
        kill -s $signal $!
        code=0
        wait $! || code=$?
        [ $code = 8 ]
        grep -q E801 $signal.txt
    done
    run --separate-stderr -8 fleetcast merge out.db TERM.db
    grep -q '^small: [0-9]* replications are missing$' <<<"$stderr"
}

@test "shards of another version of an experiment are refused, unless forced" {
    grid '9000, 11000' 4
    shards 2 1
    sed -i 's/11000/12000/' grid.yaml
    shards 2 2
    run --separate-stderr -4 fleetcast merge out.db 1.db 2.db
    grep -q 'grid: values of the points' <<<"$stderr"
    [ "$(sqlite3 out.db 'SELECT count(*) FROM design')" = 1 ]
    run -8 fleetcast merge out.db 2.db --force --quiet
    [ "$(sqlite3 out.db 'SELECT count(*) FROM design')" = 2 ]
    # Now it holds both, and takes either.
    run -8 fleetcast merge out.db 1.db --quiet
    rm 2.db
    sed -i 's/12000/11000/; s/kind: grid/kind: one_at_a_time/' grid.yaml
    shards 2 2
    run --separate-stderr -4 fleetcast merge other.db 1.db 2.db
    grep -q 'grid: kind: grid <> one_at_a_time' <<<"$stderr"
}

@test "a file that is not there, or no database: nothing is made" {
    run -4 fleetcast merge new.db nowhere.db
    [ ! -e new.db ]
    run -4 fleetcast merge new.db small.yaml
    [ ! -e new.db ]
}

# A run stopped at the second look, and one at the first: of their 400 replications the second counts.
@test "of the looks at a run the larger is kept, whatever the order" {
    fleetcast run small.yaml --precision 'P(end-2028): 10 points' -o 1.db --quiet >/dev/null
    fleetcast run small.yaml --precision 'P(end-2028): 0.1 points' -n 400 -o 2.db --quiet >/dev/null
    fleetcast merge 12.db 1.db 2.db --quiet
    fleetcast merge 21.db 2.db 1.db --quiet
    for file in 12.db 21.db; do
        [ "$(sqlite3 $file 'SELECT n, number, precision FROM look')" = '400|1|P(end-2028): 0.1 points' ]
        fleetcast run small.yaml -n 400 -o $file --quiet --full >$file.txt
        grep -q '99.2 % CI' $file.txt
    done
}

@test "a run that is wholly in one file has its summary in the merged one, too" {
    fleetcast run small.yaml -n 8 -o 1.db --quiet >1.txt
    fleetcast merge out.db 1.db --quiet
    for file in 1.db out.db; do
        sqlite3 $file 'SELECT * FROM v_series ORDER BY metric, entity, date' >$file.txt
    done
    [ -s 1.db.txt ]
    cmp 1.db.txt out.db.txt
    # Nor is a file left without it that an earlier version merged.
    sqlite3 out.db 'DELETE FROM summary'
    fleetcast run small.yaml -n 8 -o out.db --quiet | cmp - 1.txt
    [ "$(sqlite3 out.db 'SELECT count(*) FROM v_series')" = "$(wc -l <1.db.txt)" ]
}
