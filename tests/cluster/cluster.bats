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

slurm_array() {
    local job
    job=$(sbatch --parsable --array=1-4 shards.sbatch small.yaml $N)
    # Of one task, once it has begun to write: SIGKILL, then once more from the queue; at once, as
    # Slurm would let a requeued task wait for two minutes.
    until [ -s part-2.db ]; do sleep 0.01; done
    if scontrol requeue "${job}_2"; then
        while [ "$(squeue -h -j "${job}_2" -o %t)" = CG ]; do sleep 0.1; done
        scontrol update "JobId=${job}_2" StartTime=now || true # it may run already
    else
        echo 'task 2 was done before it could be requeued'
    fi
    sbatch --wait --dependency="afterok:$job" --wrap "$FLEETCAST merge results.db part-*.db" \
        --output=merge.log
}

@test "a Slurm array of shards, one task requeued: the digest of one run" {
    if ! command -v slurmctld munged >/dev/null || [ "$(id -u)" -ne 0 ]; then skip 'needs Slurm and root'; fi
    export -f slurm_array
    export N FLEETCAST
    # Not with the descriptor by which bats would wait for daemons.
    timeout 200 "$SOURCE"/tests/cluster/with_slurm bash -euo pipefail -c slurm_array 3>&-
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}

@test "a Snakemake workflow of shards, run twice: the digest of one run" {
    if ! command -v snakemake >/dev/null; then skip 'needs Snakemake'; fi
    snakemake --snakefile Snakefile --cores 2 --config scenario=small.yaml replications=$N
    [ "$(digest results.db)" = "$(digest whole.db)" ]
    snakemake --snakefile Snakefile --cores 2 --config scenario=small.yaml replications=$N
    [ "$(digest results.db)" = "$(digest whole.db)" ]
}
