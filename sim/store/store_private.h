/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the store share. Private. */
#ifndef FC_STORE_PRIVATE_H
#define FC_STORE_PRIVATE_H

#include <sqlite3.h>
#include "model/metric_table.h"
#include "store/store.h"

/* Replications that are not written yet, all of one run. */
typedef struct fc_store_batch {
    const fc_plan *plan;
    int64_t run;
    uint32_t n, capacity;
    double began; /* when the first of them came, monotonic seconds */
    uint32_t *replication;
    uint64_t *events;
    double *outcomes, *draws, *series;
    fc_bytes *waits; /* n_waits a record, malloc'd each */
    size_t n_waits;
    /* While it is written: places in the arrays above, by replication number, without those that
     * are stored already, by another process meanwhile or twice in this batch. */
    uint32_t n_kept, *kept;
} fc_store_batch;

/* An entity that has series, and where in a month's values (plan->series) each metric is: FC_NONE
 * where it has none. */
typedef struct fc_store_entity {
    const char *name;
    int32_t place[FC_N_METRICS];
} fc_store_entity;

/* A class of users of which histograms are kept. */
typedef struct fc_store_waiting {
    const char *name; /* korea.demand.academia */
    uint32_t class;   /* plan->classes */
    uint32_t per_job; /* counts that a job, or project, makes */
} fc_store_waiting;

struct fc_store {
    sqlite3 *db;
    char *path;
    bool writes;
    bool mixes_libm; /* a run goes on though its libm differs */
    fc_store_batch batch;
    /* The run begun last and its plan; ids of plan->outcomes and plan->draw_names; the days of
     * plan->month_ends; the entities of plan->series by name. */
    int64_t run;
    const fc_plan *plan;
    int64_t *outcome_ids, *draw_ids, *month_days;
    bool *draw_is_date;
    uint32_t n_entities;
    fc_store_entity *entities;
    uint32_t n_waiting; /* the plan's classes that have histograms, by name */
    fc_store_waiting *waiting;
};

/* Adds SQLite's last message as a 4xx error and returns its number. */
int fc_store_error(const fc_store *store, fc_diag *diag);
int fc_store_exec(fc_store *store, const char *sql, fc_diag *diag);
int fc_store_prepare(const fc_store *store, const char *sql, fc_diag *diag, sqlite3_stmt **out);
/* Whether a file lies on a disk of a type (statfs) that several hosts may share, where memory
 * shared by processes, which a write-ahead log needs, is not shared by hosts. */
bool fc_is_network_disk(uint32_t type);
bool fc_on_network_disk(const char *path);
/* Unix time, as in the table part. */
double fc_store_clock(void);
/* Runs a statement that returns no rows, and resets it. */
int fc_store_step(const fc_store *store, sqlite3_stmt *statement, fc_diag *diag);
int fc_store_begin(fc_store *store, fc_diag *diag); /* a writing transaction, begun at once */
/* Any transaction is ended so: committed, or rolled back if `ret` is an error. Returns the error.
 */
int fc_store_end(fc_store *store, int ret, fc_diag *diag);
/* Whether the file has a table or view: those of other programs may not. */
int fc_store_has(const fc_store *store, const char *name, fc_diag *diag, bool *has);
/* From now on SQL may say longer(a, b) of two texts of design.replications: the larger of each. */
int fc_store_know_longer(fc_store *store, fc_diag *diag);
void fc_store_batch_free(fc_store_batch *batch);
/* ---- waits.c: tables job_wait and pooled_wait, and the view v_wait */
extern const char fc_schema_waits[];
/* Whether the file has them, and all columns of job_wait: those of earlier programs may not. */
int fc_store_has_waits(const fc_store *store, fc_diag *diag, bool *has, bool *whole);
int fc_store_complete_waits(fc_store *store, fc_diag *diag);
int fc_store_list_waiting(fc_store *store, const fc_plan *plan, fc_diag *diag);
/* Makes the run's rows of pooled_wait anew, within a transaction. */
int fc_store_pool_waits(fc_store *store, int64_t run, fc_diag *diag);
/* ---- process.c: the column process of the table part */
enum { FC_PROCESS_NAME = 192 };
/* What no other process has or had, on this host or elsewhere; "" where the system does not tell.
 */
void fc_process_name(char out[FC_PROCESS_NAME]);
/* Whether the process of that name is there. True where nobody can tell: of NULL and "", and of
 * another host. */
bool fc_process_lives(const char *name);
/* Makes that column where a program made the file that did not have it. */
int fc_store_complete_parts(fc_store *store, fc_diag *diag);
/* Makes the table look where a program made the file that did not have it. */
int fc_store_complete_looks(fc_store *store, fc_diag *diag);
/* NULL binds NULL. The text must live until the statement has run. */
void fc_store_bind_text(sqlite3_stmt *statement, int column, const char *text);
/* The path as a URI, so that no path is taken for something else ("file:x", ":memory:x"), with a
 * query such as "?mode=ro". malloc'd, NULL when out of memory. */
char *fc_store_uri(const char *path, const char *query);

#endif
