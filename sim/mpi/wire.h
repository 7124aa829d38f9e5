/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the processes of an MPI run say to each other. Process 0 reads files, writes the database
 * and says what to simulate; the others need no file at all: they get the scenario as one resolved
 * text, which is the same tree (tree_print.h). All run the same program on the same kind of
 * machine, so that numbers are sent as they lie in memory.
 *
 *     0 -> all    fc_mpi_task, text, weaker        (broadcast; a task without text is the end)
 *     all -> 0    fc_mpi_ready                     (gathered)
 *     0 -> one    FC_MPI_WORK: number, uniforms    (a few ahead, so that nobody waits)
 *     one -> 0    FC_MPI_RESULT: fc_mpi_result, and the record or the sentence
 *     0 -> each   FC_MPI_DONE                      (after which the next task is awaited)
 */
#ifndef FC_MPI_WIRE_H
#define FC_MPI_WIRE_H

#include <mpi.h>
#include "base/text.h"
#include "fleetcast/simulate.h"
#include "scenario/scenario.h"

enum { FC_MPI_WORK = 1, FC_MPI_RESULT, FC_MPI_DONE };

/* A run: the scenario's text and what a counterfactual changes of its plan. */
typedef struct fc_mpi_task {
    uint64_t text; /* bytes that follow; 0: there are no more tasks */
    uint64_t seed, without;
    uint32_t n_currencies; /* `weaker` of each follows */
    uint32_t n_outcomes, n_series, n_months, n_draws, n_classes;
    uint32_t n_uniforms; /* with each replication; 0: everything is drawn */
    char tree[65], version[32], libm[65];
} fc_mpi_task;

/* Whether a process can take part. */
typedef struct fc_mpi_ready {
    int code; /* FC_OK or why not */
    char host[MPI_MAX_PROCESSOR_NAME], reason[512];
} fc_mpi_ready;

/* Followed by outcomes, series, draws and waits, or by the sentence if it failed. */
typedef struct fc_mpi_result {
    uint32_t replication;
    int code;
    uint64_t events;
} fc_mpi_result;

/* What has to be equal where the same bits are to come out. E_NOMEM. */
int fc_mpi_describe(const fc_scenario *scenario, fc_mpi_task *task);

/* The bytes of a result; out->failed: no memory. `sentence` may be NULL. */
void fc_mpi_pack(const fc_mpi_task *task, const fc_mpi_result *result, const fc_record *record,
                 const char *sentence, fc_text *out);

/* What such bytes say. The record, with `waits` (two of each class), and the sentence (NULL: none)
 * lie in them; they are aligned as malloc does. */
fc_mpi_result fc_mpi_unpack(const fc_mpi_task *task, unsigned char *bytes, size_t length,
                            fc_bytes *waits, fc_record *record, const char **sentence);

#endif
