# SPDX-License-Identifier: GPL-3.0-or-later
# The ways to many machines that docs/cluster shows, on this one: a Slurm array with a task killed
# and requeued, a Snakemake workflow. Both must end with the digest of one undivided run.
# shellcheck disable=SC2154 # stderr, like output, is set by run
bats_require_minimum_version 1.5.0

N=800

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$SOURCE"/docs/cluster/* .
    "$FLEETCAST" init --quiet small.yaml
    "$FLEETCAST" run small.yaml -n $N -o whole.db --quiet >answer.txt
}

digest() {
    "$FLEETCAST" status --digest "$1"
}

# Slurm would let a requeued task wait for two minutes, beginning at some moment of its end.
without_wait() {
    while squeue -h -j "$1" 2>/dev/null | grep -q .; do
        scontrol update "JobId=$1" StartTime=now 2>/dev/null || true # it may not wait, or not yet
        scontrol release "$1" 2>/dev/null || true # or be held, as it was stopped while it was launched
        sleep 0.2
    done
}

slurm_array() {
    local job
    job=$(sbatch --parsable --array=1-4 shards.sbatch 4 run small.yaml --replications $N)
    # Of one task, once it has begun to write: SIGKILL, then once more from the queue.
    until [ -s part-2.db ]; do sleep 0.01; done
    scontrol requeue "${job}_2" || echo 'task 2 was done before it could be requeued'
    without_wait "${job}_2"
    # One that stops at once, be it before its file is a database, may be done, with an error, before
    # Slurm has queued it: then by hand.
    until scontrol show job "${job}_2" | grep -q JobState=COMPLETED; do
        scontrol requeue "${job}_2" || true # it may be queued
        without_wait "${job}_2"
    done
    while squeue -h -j "$job" 2>/dev/null | grep -q .; do sleep 0.2; done
    # One that was lost, alone: the third of the same four.
    rm part-3.db
    sbatch --wait --array=3 shards.sbatch 4 run small.yaml --replications $N
    sbatch --wait --wrap "$FLEETCAST merge results.db part-*.db" \
        --output=merge.log
    # Without the number of shards.
    if sbatch --wait --array=1 --output=refused.log shards.sbatch small.yaml $N; then return 1; fi
    grep -q '^usage: ' refused.log
}

# An experiment some of whose replications fail: the merge that depends on its tasks is begun.
slurm_failing() {
    local job
    job=$(sbatch --parsable --array=1-2 shards.sbatch 2 sweep failing-sample.yaml)
    sbatch --wait --dependency="afterok:$job" --output=merge.log \
        --wrap "$FLEETCAST merge results.db part-*.db" || [ $? -eq 5 ]
}

in_slurm() {
    if ! command -v slurmctld munged >/dev/null || [ "$(id -u)" -ne 0 ]; then skip 'needs Slurm and root'; fi
    export -f slurm_array slurm_failing without_wait
    export N FLEETCAST
    # Not with the descriptor by which bats would wait for daemons.
    timeout 200 "$SOURCE"/tests/cluster/with_slurm bash -euo pipefail -c "$1" 3>&-
    tail -n 3 part-*.log merge.log
}

failing_sample() {
    cp "$SOURCE/tests/cli/failing.yaml" .
    printf 'fleetcast_experiment: 1\nscenarios: [failing.yaml]\ndesign: {kind: monte_carlo, points: 40}\n' \
        >failing-sample.yaml
    run -5 "$FLEETCAST" sweep failing-sample.yaml -o whole.db --quiet
}

@test "a Slurm array of shards, one task requeued, one lost: the digest of one run" {
    in_slurm slurm_array
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}

@test "a Slurm array of an experiment in which some replications fail" {
    rm whole.db
    failing_sample
    in_slurm slurm_failing
    grep -q 'replications failed' merge.log
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}

@test "a Snakemake workflow of shards, run twice: the digest of one run" {
    if ! command -v snakemake >/dev/null; then skip 'needs Snakemake'; fi
    snakemake --snakefile Snakefile --cores 2 --config scenario=small.yaml replications=$N
    [ "$(digest results.db)" = "$(digest whole.db)" ]
    snakemake --snakefile Snakefile --cores 2 --config scenario=small.yaml replications=$N
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}

@test "a Snakemake workflow of an experiment in which some replications fail" {
    if ! command -v snakemake >/dev/null; then skip 'needs Snakemake'; fi
    rm whole.db
    failing_sample
    run -0 snakemake --snakefile Snakefile --cores 2 --config experiment=failing-sample.yaml shards=2
    grep -q 'replications failed' <<<"$output"
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}
