/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Process 0 of an MPI run: what fc_pool_run does with threads, with the other processes. */
#ifndef FC_MPI_ENGINE_H
#define FC_MPI_ENGINE_H

#include <mpi.h>
#include "experiment/pool.h"

/* There must be another process. Errors of a run: as of fc_pool_run, and E_PROCESS where a process
 * cannot take part: another version, a machine whose libm gives other last bits, no memory. */
fc_engine fc_mpi_engine(MPI_Comm *processes);

/* Tells the others that nothing more will come. */
void fc_mpi_dismiss(MPI_Comm processes);

#endif
