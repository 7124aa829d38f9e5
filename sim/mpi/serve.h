/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The other processes of an MPI run: each simulates what process 0 tells it to. */
#ifndef FC_MPI_SERVE_H
#define FC_MPI_SERVE_H

#include <mpi.h>

/* Until process 0 dismisses it. */
void fc_mpi_serve(MPI_Comm processes);

#endif
