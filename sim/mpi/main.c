/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fleetcast-mpi: the command line, with the simulating done by the processes that mpirun starts.
 *
 *     mpirun -n 64 fleetcast-mpi run scenario.yaml -n 100000 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/cli.h"
#include "mpi/engine.h"
#include "mpi/serve.h"

/* However process 0 ends, --help and wrong usage included. */
static void end(void)
{
    fc_mpi_dismiss(MPI_COMM_WORLD);
    MPI_Finalize();
}

static int serve(void)
{
    /* To stop is for process 0 to say, which keeps what is finished. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    fc_mpi_serve(MPI_COMM_WORLD);
    MPI_Finalize();
    return 0;
}

int main(int argc, char **argv)
{
    int process, n;
    MPI_Comm processes = MPI_COMM_WORLD;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(processes, &process);
    MPI_Comm_size(processes, &n);
    if (process > 0) return serve();
    if (n < 2) {
        fprintf(stderr, "fleetcast-mpi: start it with mpirun -n 2 or more: the first process "
                        "writes, the others simulate\n");
        MPI_Finalize();
        return 2;
    }
    atexit(end);
    fc_engine engine = fc_mpi_engine(&processes);
    return fc_cli_main(argc, argv, &engine);
}
