# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # stderr, like output, is set by run
load helper

grid() {
    cat >grid.yaml <<'EOF'
fleetcast_experiment: 1
scenarios: [small.yaml]
policies: [none, faster-grid]
design: {kind: grid}
factors:
  target: {key: fleets.demo.targets.end-2028.gpus, values: [2000, 3000]}
replications: 6
EOF
}

sample() {
    cat >sample.yaml <<EOF
fleetcast_experiment: 1
scenarios: [small.yaml]
design: {kind: $1, points: $2}
EOF
}

@test "sweep prints a line a run and stores the design" {
    grid
    run --separate-stderr -0 fleetcast sweep grid.yaml
    [ "$(wc -l <<<"$output")" = 5 ]
    grep -q 'target=3000' <<<"$output"
    [ "$(sqlite3 results.db 'SELECT count(*) FROM point')" = 4 ]
    before=$(digest results.db)
    run --separate-stderr -0 fleetcast sweep grid.yaml
    grep -q '0 replications, 24 in all' <<<"$stderr"
    [ "$(digest results.db)" = "$before" ]
    run --separate-stderr -0 fleetcast sweep grid.yaml --lang ko
    grep -q '기한일 수량' <<<"$output"
}

@test "a sweep killed and continued is one never killed" {
    sample monte_carlo 300
    fleetcast sweep sample.yaml -o whole.db --quiet >/dev/null
    for i in 1 2 3; do
        "$FLEETCAST" sweep sample.yaml -o killed.db -j 2 --quiet >/dev/null 3>&- &
        sleep "0.$i"
        kill -9 $! || true
        wait $! || true
    done
    fleetcast sweep sample.yaml -o killed.db --quiet >/dev/null
    same_results whole.db killed.db
}

@test "a design is written out and read back" {
    sample latin_hypercube 20
    fleetcast sweep sample.yaml --dry-run --write-design points.csv --quiet
    [ ! -e results.db ]
    [ "$(wc -l <points.csv)" = 21 ]
    fleetcast sweep sample.yaml --quiet >/dev/null
    printf 'fleetcast_experiment: 1\nscenarios: [small.yaml]\ndesign: {kind: list, file: points.csv}\n' >list.yaml
    run --separate-stderr -0 fleetcast sweep list.yaml
    grep -q ': 0 replications, 20 in all' <<<"$stderr"
}

@test "shards merge into the whole, and what is missing is named" {
    fleetcast run small.yaml -n 30 -o whole.db --quiet
    for k in 1 2 3; do fleetcast run small.yaml -n 30 --shard $k/3 -o "$k.db" --quiet; done
    run --separate-stderr -8 fleetcast merge out.db 1.db 3.db
    grep -q '10 replications are missing, of shards 2/3 (10)' <<<"$stderr"
    fleetcast merge out.db 2.db 1.db --quiet
    same_results whole.db out.db
    fleetcast run small.yaml -s 9 -n 30 -o other.db --quiet
    run --separate-stderr -4 fleetcast merge out.db other.db
    grep -q 'seed 1 <> 9' <<<"$stderr"
    same_results whole.db out.db
    run -2 fleetcast run small.yaml --shard 4/3
}

@test "precision: reached, not reached, refused" {
    run --separate-stderr -0 fleetcast run small.yaml --precision 'P(end-2028): 10 points'
    grep -q 'reached with 200 replications' <<<"$stderr"
    run --separate-stderr -0 fleetcast run small.yaml --precision 'P(end-2028): 0.1 points' -n 210
    grep -q 'not reached with 210 replications' <<<"$stderr"
    run -2 fleetcast run small.yaml --precision 'P(end-2028): 2 points' --shard 1/2
    run -3 fleetcast run small.yaml --precision 'P(end-2028)'
    run -3 fleetcast run small.yaml --precision 'P(nothing): 2 points'
    run --separate-stderr -3 fleetcast run small.yaml --precision 'reached_in_service: 1 %'
    grep -q 'a percentage of a date means nothing' <<<"$stderr"
    run --separate-stderr -3 fleetcast run small.yaml --precision 'delay: 5 %'
    grep -q 'could be any of demo.delay' <<<"$stderr"
}

@test "precision: what fails is tried again at each look and counted once" {
    run --separate-stderr -5 fleetcast run "$BATS_TEST_DIRNAME/failing.yaml" --precision 'P(goal): 1 points' -n 500
    failed=$(sqlite3 results.db 'SELECT count(*) FROM failure')
    [ "$failed" -gt 100 ]
    grep -q "not reached with 500 replications, the most, of which $failed have no value" <<<"$stderr"
    grep -q '500 replications in .* s, 500 in all' <<<"$stderr"
    grep -q "$failed replications failed" <<<"$stderr"
}

# The interval of the table is the one that the looks were taken with, 97 % at the first.
@test "precision of an experiment file: named, at most so many, the table at the look's confidence" {
    grid
    sed -i 's/^replications: .*/replications: 1000/' grid.yaml
    printf "precision: 'P(end-2028): 10 points'\n" >>grid.yaml
    run --separate-stderr -0 fleetcast sweep grid.yaml
    grep -q 'at most 4000 replications' <<<"$stderr"
    grep -q 'P(end-2028): 10 points (demo.targets.end-2028): reached with 200 replications' <<<"$stderr"
    grep -q 'Stopped by precision: the intervals have 97.0 %,' <<<"$output"
    fleetcast sweep grid.yaml --quiet --json >table.json
    python3 - <<'END'
import json, math
for run in json.load(open("table.json"))["runs"]:
    met, z = run["met"], 2.1648868
    scale = 1 + z * z / 200
    half = z * math.sqrt(met["mean"] * (1 - met["mean"]) / 200 + z * z / 160000) / scale
    assert abs(met["high"] - met["low"] - 2 * half) < 1e-6 and abs(run["level"] - 0.9696) < 1e-4
END
    # Whoever prints the table again, of the same replications, gets the same.
    sed -i '/^precision:/d; s/^replications: .*/replications: 200/' grid.yaml
    fleetcast sweep grid.yaml --quiet --json >again.json
    cmp table.json again.json
}

@test "an unfinished run is not continued as another" {
    "$FLEETCAST" run small.yaml -n 100000 --quiet >/dev/null 3>&- &
    until [ "$(sqlite3 results.db 'SELECT count(*) FROM replication' 2>/dev/null || echo 0)" -gt 0 ]; do
        sleep 0.1
    done
    kill -9 $!
    wait $! || true
    run --separate-stderr -0 fleetcast status results.db
    grep -q 'of 100000' <<<"$output" || grep -q running <<<"$output"
    run --separate-stderr -4 fleetcast run small.yaml -n 3 -s 2
    grep -q 'seed: 1 -> 2' <<<"$stderr"
    run -0 fleetcast run small.yaml -n 3 -s 2 --force --quiet
    run -0 fleetcast run small.yaml -n 3 --quiet
}

@test "one replication again, with its events" {
    run --separate-stderr -0 fleetcast run small.yaml --only 2 --events events.csv
    [ -z "$output" ]
    [ ! -e results.db ]
    grep -q '^date,time,what,entity,lot,amount,unit$' events.csv
    grep -q ',order,\|,delivery,' events.csv
    sample monte_carlo 5
    run -0 fleetcast sweep sample.yaml --only small+sample:4 --events events.csv
    run -2 fleetcast sweep sample.yaml --only small+sample:5
}

# 64 points in 16 shifts are 16 independent ones, also where they come from a list: same intervals.
@test "a Sobol design read back has its shifts, and so its error" {
    sample sobol 64
    sed 's/kind: .*/kind: list, file: points.csv}/' sample.yaml >list.yaml
    fleetcast sweep sample.yaml -o a.db --quiet --json --write-design points.csv >a.json
    head -1 points.csv | grep -q '^point,shift,quantile('
    fleetcast sweep list.yaml -o b.db --quiet --json >b.json
    cut -d, -f1,3- points.csv >without.csv
    sed 's/points.csv/without.csv/' list.yaml >without.yaml
    fleetcast sweep without.yaml -o c.db --quiet --json >c.json
    [ "$(sqlite3 b.db 'SELECT points FROM design')" = '64 in 16 shifts' ]
    # In one file the shifts hold for both, whichever comes first.
    fleetcast sweep without.yaml -o a.db --quiet --json >d.json
    fleetcast sweep sample.yaml -o c.db --quiet >/dev/null
    fleetcast sweep without.yaml -o c.db --quiet --json >e.json
    python3 - <<'END'
import json
a, b, c, d, e = ([run["count_by"] for run in json.load(open(f + ".json"))["runs"]] for f in "abcde")
assert a == b and a[0]["mean"] == c[0]["mean"] and a[0]["low"] != c[0]["low"], (a, b, c)
assert a == d == e, (a, d, e)
END
}

@test "a Sobol design is warned of unless its shifts are powers of 2" {
    sample sobol 48
    run --separate-stderr -0 fleetcast sweep sample.yaml --dry-run --lang ko
    grep -q '이동마다 설계점이 3개입니다.*points: 64' <<<"$stderr"
    sample sobol 32
    run --separate-stderr -0 fleetcast sweep sample.yaml --dry-run
    [[ "$stderr" != *'power of 2'* ]]
}

@test "mistakes of an experiment are found before anything runs" {
    grid
    sed -i 's/gpus/gpu/' grid.yaml
    run --separate-stderr -3 fleetcast sweep grid.yaml
    grep -q "grid.yaml:6:3.*factor 'target'" <<<"$stderr"
    [ ! -e results.db ]
    run -3 fleetcast sweep small.yaml
}

@test "sweep --json: the table's figures in full, a target's share and count with their intervals" {
    grid
    fleetcast sweep grid.yaml --quiet >table.txt
    fleetcast sweep grid.yaml --quiet --json >table.json
    python3 - <<'END'
import json
table = json.load(open("table.json"))
lines = open("table.txt").read().splitlines()[1:]
assert table["experiment"] == "grid" and len(table["runs"]) == len(lines) == 4
for run, line in zip(table["runs"], lines):
    cells = line.split()
    assert cells[0] == run["name"] and int(cells[1]) == run["replications"] == run["met"]["n"] == 6
    met, count = run["met"], run["count_by"]
    assert cells[2] == f"{100 * met['mean']:.1f}", (cells, run)
    assert cells[3:6] == [f"({100 * met['low']:.1f}", "to", f"{100 * met['high']:.1f})"]
    assert cells[6] == f"{count['mean']:.0f}"
    assert met["low"] <= met["mean"] <= met["high"] and met["high"] - met["low"] > 0.2
    assert abs(count["high"] + count["low"] - 2 * count["mean"]) < 1e-6 and run["level"] == 0.95
    assert run["failures"] == 0 and run["target"] == "fleets.demo.targets.end-2028"
END
}

@test "a sweep whose points are runs grows like a run; a sample does not" {
    grid
    fleetcast sweep grid.yaml -n 4 --quiet >/dev/null
    run --separate-stderr -0 fleetcast sweep grid.yaml -n 7
    grep -q '12 replications, 28 in all' <<<"$stderr"
    fleetcast sweep grid.yaml -n 7 -o whole.db --quiet >/dev/null
    same_results results.db whole.db
    sample monte_carlo 10
    fleetcast sweep sample.yaml --quiet >/dev/null
    run --separate-stderr -4 fleetcast sweep sample.yaml -n 2 --quiet
    grep -q 'replications: 1 -> 2' <<<"$stderr"
}

@test "status: an empty file, a database without runs, a run just begun" {
    : >results.db
    run --separate-stderr -4 fleetcast status results.db
    [[ "$stderr" == *"results.db is empty: no run has written to it yet"* ]]
    fleetcast run small.yaml -n 1 --quiet >/dev/null
    sqlite3 results.db 'DELETE FROM part; DELETE FROM replication'
    run --separate-stderr -0 fleetcast status results.db
    grep -q '^small .* 0 .*just begun' <<<"$output"
    for table in outcome draw series summary observed fleet input; do
        sqlite3 results.db "DELETE FROM $table"
    done
    sqlite3 results.db 'DELETE FROM run'
    run --separate-stderr -0 fleetcast status results.db --lang ko
    [ "$output" = '실행 기록 아직 없음' ]
}

@test "failed replications: recorded with their number, exit code 5, and one command simulates one again" {
    cp "$BATS_TEST_DIRNAME/failing.yaml" .
    run --separate-stderr -5 fleetcast run failing.yaml -n 40
    grep -q 'replications failed; they are listed in the table failure' <<<"$stderr"
    failed=$(sqlite3 results.db 'SELECT replication FROM failure ORDER BY 1 LIMIT 1')
    [ "$(sqlite3 results.db 'SELECT (SELECT count(*) FROM failure) + (SELECT count(*) FROM replication)')" = 40 ]
    run --separate-stderr -5 fleetcast run failing.yaml --only "$failed" --events events.csv
    grep -q 'fleets.one.programmes.state.install' <<<"$stderr"
    grep -q "replication $failed of failing fails" <<<"$stderr"
    [ "$(cat events.csv)" = date,time,what,entity,lot,amount,unit ] # it fails before the first
    printf 'fleetcast_experiment: 1\nscenarios: [failing.yaml]\ndesign: {kind: monte_carlo, points: 30}\n' >sample.yaml
    run --separate-stderr -5 fleetcast sweep sample.yaml --quiet
    failed=$(sqlite3 results.db "SELECT replication FROM failure JOIN run USING(run_id) WHERE name = 'failing+sample' LIMIT 1")
    run -5 fleetcast sweep sample.yaml --only "failing+sample:$failed" --events events.csv
}

@test "merge takes counterfactuals and replays along, and twice is once" {
    printf '%s\n' '; MaxProcs: 4' '1 0 -1 100 3 -1 -1 3 100 -1 1 7 1 -1 1 1 -1 -1' \
        '2 10 -1 50 4 -1 -1 4 60 -1 1 7 1 -1 1 1 -1 -1' >t.swf
    fleetcast run small.yaml -n 8 --explain -o whole.db --quiet >explained.txt
    fleetcast replay t.swf --policy fifo,easy -o whole.db >/dev/null
    fleetcast run small.yaml -n 8 --explain -o one.db --quiet >/dev/null
    fleetcast replay t.swf --policy fifo,easy -o two.db >/dev/null
    fleetcast merge out.db one.db two.db --quiet
    same_results out.db whole.db
    fleetcast merge out.db two.db one.db --quiet
    same_results out.db whole.db
    for table in v_counterfactual replay job; do
        rows="SELECT count(*) FROM $table"
        [ "$(sqlite3 out.db "$rows")" -gt 0 ]
        [ "$(sqlite3 out.db "$rows")" = "$(sqlite3 whole.db "$rows")" ]
    done
    fleetcast run small.yaml -n 8 --explain -o out.db --quiet | cmp - explained.txt
    [ "$(sqlite3 out.db 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 out.db 'PRAGMA foreign_key_check')" ]
}

@test "a failed replication of a sample is simulated again at its own point" {
    cp "$BATS_TEST_DIRNAME/failing.yaml" .
    printf 'fleetcast_experiment: 1\nscenarios: [failing.yaml]\ndesign: {kind: latin_hypercube, points: 10}\n' >lhs.yaml
    run --separate-stderr -5 fleetcast sweep lhs.yaml -n 4 -o 'the lhs.db' --quiet
    command=${stderr#*one of them alone: }
    run -5 eval "${command% \[E502\]}"
    [[ "$output" == *'replication 0 of failing+lhs fails [E504]'* ]]
    # The file tells that a point has four: each number ends as it did in the sweep.
    for r in 3 20 39; do
        failed=$(sqlite3 'the lhs.db' "SELECT count(*) FROM failure WHERE replication = $r")
        run -$((5 * failed)) fleetcast sweep lhs.yaml -o 'the lhs.db' --only "failing+lhs:$r"
        [[ "$output" == *"replication $r is of point $((r / 4)) "* ]]
    done
    run -4 fleetcast sweep lhs.yaml -n 1 -o 'the lhs.db' --only failing+lhs:3
    [[ "$output" == *E428* ]]
    run -4 fleetcast sweep lhs.yaml -s 2 -o 'the lhs.db' --only failing+lhs:3
    [[ "$output" == *'seed: 1 -> 2'* ]]
    fleetcast sweep lhs.yaml -n 1 -o 'the lhs.db' --force --quiet >/dev/null || [ $? = 5 ]
    run -2 fleetcast sweep lhs.yaml -o 'the lhs.db' --only failing+lhs:3 # which of the two?
    run -5 fleetcast sweep lhs.yaml -n 4 -o 'the lhs.db' --only failing+lhs:3
    # The same of a scenario; of the file that is there by chance it is a warning.
    fleetcast run small.yaml -n 2 --quiet >/dev/null
    run --separate-stderr -0 fleetcast run small.yaml --only 1 -s 2
    [[ "$stderr" == *'seed: 1 -> 2'*W913* ]]
    run -4 fleetcast run small.yaml --only 1 -s 2 -o results.db
    run -4 fleetcast run failing.yaml --only 1 -o results.db # no run of this name
}

@test "an experiment grows in shards as it does in one file, and never shrinks" {
    grid
    fleetcast sweep grid.yaml -n 12 -o whole.db --quiet >/dev/null
    for k in 1 2; do fleetcast sweep grid.yaml --shard $k/2 -o "$k.db" --quiet >/dev/null; done
    fleetcast merge out.db 1.db 2.db --quiet
    fleetcast sweep grid.yaml -n 12 --shard 1/2 -o 1.db --quiet >/dev/null
    run --separate-stderr -8 fleetcast merge out.db 1.db 2.db # of 12 and of 6
    grep -q '^small+target=2000: 3 replications are missing, of shards 2/2 (3)$' <<<"$stderr"
    [ "$(sqlite3 out.db 'SELECT group_concat(replications) FROM design')" = '12' ]
    fleetcast sweep grid.yaml -n 12 --shard 2/2 -o 2.db --quiet >/dev/null
    fleetcast merge out.db 2.db 1.db --quiet
    same_results out.db whole.db
    rows="SELECT DISTINCT count(*) FROM v_point WHERE metric = 'met' GROUP BY design_id, policies, point"
    [ "$(sqlite3 out.db "$rows")" = 12 ]
    fleetcast sweep grid.yaml --quiet -o out.db >/dev/null # asks for 6 of what has 12
    [ "$(sqlite3 out.db "$rows")" = 12 ]
    same_results out.db whole.db
}

@test "an experiment whose scenario has changed is refused before anything runs" {
    grid
    cp small.yaml kept.yaml
    fleetcast sweep grid.yaml --quiet >/dev/null
    before=$(digest results.db)
    sed -i 's/amount: 220 m EUR/amount: 230 m EUR/' small.yaml
    run --separate-stderr -4 fleetcast sweep grid.yaml --quiet
    [[ "$stderr" == *'small: fleets.demo.budgets.main-2026.amount: 220 m EUR -> 230 m EUR'*E426* ]]
    [ "$(digest results.db)" = "$before" ]
    # Killed between two runs it is no other: the points that are done are the old scenario's.
    sqlite3 results.db 'DELETE FROM point WHERE point > 0'
    run -4 fleetcast sweep grid.yaml --quiet
    run -0 fleetcast sweep grid.yaml --quiet --force
    [ "$(sqlite3 results.db 'SELECT count(*) FROM design')" = 2 ]
    [ "$(sqlite3 results.db 'SELECT count(DISTINCT run_id) FROM point WHERE design_id = 2')" = 4 ]
    cp kept.yaml small.yaml
    run --separate-stderr -0 fleetcast sweep grid.yaml # what it was before goes on
    grep -q ' 0 replications, 24 in all' <<<"$stderr"
}

@test "an experiment that would not be what it says is refused" {
    refused() { # refused CODE WORDS SED-COMMAND
        grid
        sed -i "$3" grid.yaml
        run --separate-stderr -3 fleetcast sweep grid.yaml
        [[ "$stderr" == *"$2"*"[$1]"* ]]
        [ ! -e results.db ]
    }
    mkdir a
    cp small.yaml a
    refused E709 "'small.yaml' and 'a/small.yaml' have the same file name" 's/\[small.yaml\]/[small.yaml, a\/small.yaml]/'
    refused E710 "'+': a policy's name is missing" 's/\[none, .*/[none, "+"]/'
    refused E710 "'faster-grid+': a policy's name is missing" 's/\[none, .*/[faster-grid+]/'
    refused E378 'replications is no factor' 's/key: [^,]*/key: replications/'
    refused E702 "the seed of the experiment, or of --seed, takes its place" "s/key: [^,]*/key: seed/; \$a seed: 5"
    refused E702 "it meets factor 'target' at fleets.demo.targets.end-2028.gpus" \
        's/^replications/  more: {key: fleets.demo.targets.*.gpus, values: [5, 6]}\n&/'
    grid
    sed -i 's/key: [^,]*/key: seed/' grid.yaml
    run -0 fleetcast sweep grid.yaml --dry-run # two seeds, but not under --seed
    run --separate-stderr -3 fleetcast sweep grid.yaml --seed 5
    [[ "$stderr" == *'takes its place'*E702* ]]
    grid
    sed -i 's/2000, 3000/2000, x/' grid.yaml
    run --separate-stderr -3 fleetcast sweep grid.yaml --dry-run
    [[ "$stderr" == *'point 1 of small: '*E378* ]]
    grid
    sed -i 's/kind: grid/kind: list, file: list.csv/; s/, values: .*/}/' grid.yaml
    printf 'point,target\n17,2000\n3,3000\n' >list.csv
    run --separate-stderr -3 fleetcast sweep grid.yaml
    [[ "$stderr" == *'list.csv:2'*'column point counts 0, 1, 2, ...'*E706* ]]
    printf 'point,target\r\n0,2000\r\n1,3000\r\n' >list.csv
    run -0 fleetcast sweep grid.yaml --dry-run
}
