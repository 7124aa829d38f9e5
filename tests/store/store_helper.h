/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of the store and of experiments: each runs in its own empty folder, so that messages
 * name files plainly; a small scenario; and SQLite by hand, to look at a file or to harm it.
 */
#ifndef FC_TEST_STORE_HELPER_H
#define FC_TEST_STORE_HELPER_H

#include <sys/types.h>
#include "store/store.h"

typedef struct fixture {
    fc_arena *arena;
    fc_diag *diag;
    fc_scenario *scenario; /* of small_scenario */
    char folder[64];
    int home;
} fixture;

int fixture_open(void **state);
int fixture_close(void **state);

/* Three years, one fleet, an unknown price, a date nobody knows, a shock, lead times that vary. */
extern const char small_scenario[];
/* Its install time varies between bounds of which the lower is unknown: in some replications the
 * lower one is above the upper, and they fail. */
extern const char failing_scenario[];
fc_scenario *load_text(fixture *f, const char *text, int64_t seed);

/* Fails the test with the messages unless `ret` is FC_OK. */
void check(fixture *f, int ret);
/* The messages so far, a line each; the list is then empty. */
const char *said(fixture *f);

fc_store *open_store(fixture *f, const char *path, fc_store_mode mode);
/* Simulates replications [from, to) and adds them to the run begun last. */
void add_replications(fixture *f, fc_store *store, fc_scenario *scenario, int64_t run,
                      uint32_t from, uint32_t to);
/* A record of one replication; to be freed by fc_record_free. */
void simulate(fixture *f, const fc_scenario *scenario, uint32_t replication, fc_record *record);
/* A new database with replications [0, n) of the small scenario, closed. */
void make_database(fixture *f, const char *path, uint32_t n);
/* The digest of a closed database, in the fixture's arena. */
const char *digest_of(fixture *f, const char *path);

/* One statement, or several without a result, by SQLite itself. */
void sql(const char *path, const char *statements);
int64_t sql_number(const char *path, const char *query);
/* The first row as text, "a|b|c", in the fixture's arena. */
const char *sql_row(fixture *f, const char *path, const char *query);

typedef struct bytes {
    size_t size;
    unsigned char *data; /* malloc'd */
} bytes;
bytes read_bytes(const char *path);
void write_bytes(const char *path, bytes content);
/* Names in the folder, sorted, with blanks between, in the fixture's arena. */
const char *files(fixture *f, const char *folder);

#endif
