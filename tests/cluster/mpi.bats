# SPDX-License-Identifier: GPL-3.0-or-later
# fleetcast-mpi on four processes of this machine: what it writes is what threads write.
# shellcheck disable=SC2154 # stderr, like output, is set by run
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    "$FLEETCAST" init --quiet small.yaml
}

mpi() {
    timeout 120 mpirun -n 4 --oversubscribe --allow-run-as-root "$FLEETCAST_MPI" "$@" 3>&-
}

same_results() {
    [ "$("$FLEETCAST" status --digest "$1")" = "$("$FLEETCAST" status --digest "$2")" ]
}

@test "run: the answer, the results and what is found again are those of threads" {
    "$FLEETCAST" run small.yaml -n 200 -o threads.db --quiet >threads.txt
    mpi run small.yaml -n 200 -o mpi.db --quiet >mpi.txt
    cmp threads.txt mpi.txt
    same_results threads.db mpi.db
    run --separate-stderr -0 mpi run small.yaml -n 200 -o mpi.db
    grep -q 'all 200 replications were already in mpi.db' <<<"$stderr"
}

@test "policies, --set, another seed and every counterfactual of --explain" {
    changes=(--with faster-grid --set fleets.demo.targets.end-2028.gpus=11000 -s 7 -n 40 --quiet)
    "$FLEETCAST" run small.yaml "${changes[@]}" --explain -o threads.db >threads.txt
    mpi run small.yaml "${changes[@]}" --explain -o mpi.db >mpi.txt
    cmp threads.txt mpi.txt
    same_results threads.db mpi.db
    [ "$(sqlite3 mpi.db 'SELECT count(*) FROM run')" -gt 3 ]
}

@test "users job by job, whose waits are histograms of any length" {
    cat >use.yaml <<'EOF'
fleetcast: 1
horizon: {start: 2025-01-01, end: 2025-04-01}
world:
  accelerators:
    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS}
fleets:
  one:
    stock: {old: {model: h100, count: 16, since: 2024-01-01}}
    demand:
      detail: jobs
      classes:
        academia: {arrivals: 40/day, gpus: 4, duration: {varies: {distribution: exponential, mean: 2 hours}}, load: 50 %}
        firms: {arrivals: 2/day, gpus: 8, duration: 3 hours, load: 70 %}
EOF
    "$FLEETCAST" run use.yaml -n 30 -o threads.db --quiet >threads.txt
    mpi run use.yaml -n 30 -o mpi.db --quiet >mpi.txt
    cmp threads.txt mpi.txt
    same_results threads.db mpi.db
}

@test "experiments: a grid of policies, a sampled design" {
    cat >grid.yaml <<'EOF'
fleetcast_experiment: 1
scenarios: [small.yaml]
policies: [none, faster-grid]
design: {kind: grid}
factors:
  target: {key: fleets.demo.targets.end-2028.gpus, values: [2000, 3000]}
replications: 20
EOF
    printf 'fleetcast_experiment: 1\nscenarios: [small.yaml]\ndesign: {kind: latin_hypercube, points: 60}\n' >sample.yaml
    for experiment in grid sample; do
        "$FLEETCAST" sweep $experiment.yaml -o threads.db --quiet >threads.txt
        mpi sweep $experiment.yaml -o mpi.db --quiet >mpi.txt
        cmp threads.txt mpi.txt
    done
    same_results threads.db mpi.db
}

@test "a replication that fails is recorded, the rest goes on, exit code 5" {
    cp "$SOURCE/tests/cli/failing.yaml" .
    run --separate-stderr -5 "$FLEETCAST" run failing.yaml -n 60 -o threads.db --quiet
    run --separate-stderr -5 mpi run failing.yaml -n 60 -o mpi.db --quiet
    same_results threads.db mpi.db
    failures="SELECT count(*) FROM failure WHERE sentence LIKE 'fleets.%.install: a parameter is%'"
    [ "$(sqlite3 mpi.db "$failures")" -gt 0 ]
    [ "$(sqlite3 mpi.db "$failures")" = "$(sqlite3 threads.db "$failures")" ]
}

stored() {
    sqlite3 mpi.db 'SELECT count(*) FROM replication' 2>/dev/null || echo 0
}

# kill_process RANK: of the run in this folder; its rank is what mpirun leaves in its environment.
kill_process() {
    local pid
    for pid in $(pgrep -f "^$FLEETCAST_MPI run small.yaml"); do
        if [ "$(readlink "/proc/$pid/cwd")" = "$PWD" ] &&
            tr '\0' '\n' <"/proc/$pid/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then
            kill -KILL "$pid"
            return
        fi
    done
    return 1
}

@test "killed, whatever process it is, and called again: the results of a run never stopped" {
    local n=3000 before killed=0
    "$FLEETCAST" run small.yaml -n $n -o threads.db --quiet >threads.txt
    for rank in 0 1 3; do
        before=$(stored)
        mpi run small.yaml -n $n -o mpi.db --quiet >/dev/null 2>&1 &
        for _ in $(seq 600); do
            [ "$(stored)" -gt "$before" ] && break
            sleep 0.05
        done
        if kill_process $rank; then killed=$((killed + 1)); fi
        wait || true
    done
    [ $killed -ge 2 ] # the last run may have come to its end
    mpi run small.yaml -n $n -o mpi.db --quiet >mpi.txt
    cmp threads.txt mpi.txt
    same_results threads.db mpi.db
}

@test "a database that cannot be written, wrong usage, a scenario with mistakes: it ends, as without MPI" {
    run -4 mpi run small.yaml -n 20 -o none/mpi.db --quiet
    run -2 mpi run small.yaml -n none
    echo 'titel: x' >wrong.yaml
    run -3 mpi run wrong.yaml -o mpi.db
    run -2 mpirun -n 1 --allow-run-as-root "$FLEETCAST_MPI" run small.yaml
    [[ "$output" == *"mpirun -n 2 or more"* ]]
    run -0 mpi --help
}
