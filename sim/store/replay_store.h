/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replays of traces in the results database: three tables that appear with the first of them.
 *
 *   replay         a trace, a policy, the settings, this program's version
 *   replay_metric  its measures (trace/replay_metric_table.h)
 *   job            what became of each job, by its line in the trace
 *
 * One replay is one transaction: it is there as a whole or not at all. The same replay again takes
 * the place of what is there.
 */
#ifndef FC_STORE_REPLAY_STORE_H
#define FC_STORE_REPLAY_STORE_H

#include "base/text.h"
#include "store/store.h"
#include "trace/replay.h"

typedef struct fc_replay_writer fc_replay_writer;

/* What a replay is known by. `settings`: everything that changes its results, as one text. */
typedef struct fc_replay_id {
    const char *trace, *policy, *settings;
} fc_replay_id;

/* Adds " content=" and the first 16 digits of the file's SHA-256 to the settings, for traces of one
 * name are not all alike; nothing where it is no regular file. E_FILE_OPEN. */
int fc_replay_content(const char *path, fc_diag *diag, fc_text *settings);

int fc_replay_writer_begin(fc_store *store, const fc_replay_id *id, fc_diag *diag,
                           fc_replay_writer **out);
/* fc_replay_sink.take; `self` is the writer. */
int fc_replay_writer_take(void *self, const fc_replay_row *row);
/* Commits, or leaves everything as it was if `ret` is an error; returns `ret` or its own error.
 * Frees the writer. */
int fc_replay_writer_end(fc_replay_writer *writer, int ret, const fc_replay_result *result);

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct fc_replay_info {
    int64_t id;
    const char *trace, *format, *policy, *settings, *version;
    double origin; /* NaN: not known */
    int64_t gpus, jobs;
    /* Whether every job's id, every user, every group is a whole number (or not known). */
    bool whole_ids, whole_users, whole_groups;
} fc_replay_info;

/* All replays, in the order made, in `arena`; none in a file without any. */
int fc_store_replays(fc_store *store, fc_arena *arena, fc_diag *diag, fc_replay_info **out,
                     size_t *n);

/* A job as stored; NaN where NULL, texts NULL where NULL. Valid during the call. */
typedef struct fc_stored_job {
    const char *job_id, *user, *group, *final_state;
    double submission_time, requested_time, starting_time, finish_time;
    int64_t gpus, line;
} fc_stored_job;
/* Jobs in order of submission (ties: as in the trace). */
int fc_store_replay_jobs(fc_store *store, int64_t replay,
                         int (*take)(void *self, const fc_stored_job *job), void *self,
                         fc_diag *diag);

#endif
