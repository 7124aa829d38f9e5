/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/series_by_day.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "store/series_columns.h"

enum {
    MONTH = 28,         /* days from one month end to the next, at least */
    FARTHEST = 4000000, /* a day from 1970: beyond the year 9999 */
};

/* The rows of a day as they come: column k's values from k * capacity on. */
typedef struct day {
    size_t n;
    int64_t *replication; /* malloc'd with the first row */
    double *value;
} day;

typedef struct stretch {
    const fc_series_wanted *wanted;
    size_t capacity;  /* finished replications: a day has no more rows */
    int64_t from, to; /* this one */
    day *days;        /* [to - from], most of them without rows */
} stretch;

static void clear_days(stretch *s)
{
    for (int64_t d = 0; d < s->to - s->from; d++) {
        free(s->days[d].replication);
        free(s->days[d].value);
        s->days[d] = (day){0};
    }
}

/* A row (day, replication, columns). */
static int add_row(stretch *s, sqlite3_stmt *q)
{
    enum { KEY = 2 };
    int64_t at = sqlite3_column_int64(q, 0);
    size_t columns = s->wanted->n_columns;
    if (at < s->from || at >= s->to) return FC_E_DB_DAMAGED;
    day *d = &s->days[at - s->from];
    if (!d->replication) {
        d->replication = malloc(s->capacity * sizeof *d->replication);
        d->value = malloc((columns * s->capacity + 1) * sizeof *d->value);
        if (!d->replication || !d->value) return FC_E_NOMEM;
    }
    if (d->n == s->capacity) return FC_E_DB_DAMAGED;
    for (size_t k = 0; k < columns; k++) {
        int column = KEY + (int)k;
        double value = sqlite3_column_double(q, column);
        if (value == 0 && sqlite3_column_type(q, column) == SQLITE_NULL) value = NAN;
        d->value[k * s->capacity + d->n] = value;
    }
    d->replication[d->n++] = sqlite3_column_int64(q, 1);
    return FC_OK;
}

/* By way of `replication`, so that its days are looked up, by primary key, in each of them. */
static int prepare(fc_store *store, const fc_series_wanted *w, fc_diag *diag, sqlite3_stmt **out)
{
    fc_text sql = FC_TEXT_EMPTY;
    fc_text_add(&sql, "SELECT s.day, s.replication");
    fc_series_columns_list(&sql, w->columns, w->n_columns);
    fc_text_add(&sql, " FROM replication r CROSS JOIN series s ON s.run_id = r.run_id"
                      "  AND s.replication = r.replication AND s.entity = ?2"
                      "  AND s.day >= ?3 AND s.day < ?4"
                      " WHERE r.run_id = ?1 ORDER BY r.replication, s.day");
    int ret = fc_text_failed(&sql) ? fc_fail(diag, FC_E_NOMEM, NULL, NULL)
                                   : fc_store_prepare(store, sql.data, diag, out);
    fc_text_free(&sql);
    if (ret) return ret;
    sqlite3_bind_int64(*out, 1, w->run);
    fc_store_bind_text(*out, 2, w->entity);
    return FC_OK;
}

static int damaged(const fc_store *store, fc_diag *diag)
{
    return fc_fail(diag, FC_E_DB_DAMAGED, NULL, store->path, "series: day", NULL);
}

static int read_stretch(fc_store *store, stretch *s, sqlite3_stmt *q, fc_diag *diag)
{
    int code = SQLITE_DONE, ret = FC_OK;
    sqlite3_bind_int64(q, 3, s->from);
    sqlite3_bind_int64(q, 4, s->to);
    while (!ret && (code = sqlite3_step(q)) == SQLITE_ROW) ret = add_row(s, q);
    if (ret == FC_E_DB_DAMAGED)
        damaged(store, diag);
    else if (ret)
        fc_fail(diag, ret, NULL, NULL);
    else if (code != SQLITE_DONE)
        ret = fc_store_error(store, diag);
    sqlite3_reset(q);
    return ret;
}

/* Hands the days on; the columns close up where replications have no row. */
static bool take_days(stretch *s, fc_series_take *take, void *self)
{
    for (int64_t i = 0; i < s->to - s->from; i++) {
        const day *d = &s->days[i];
        if (d->n == 0) continue;
        if (d->n < s->capacity)
            for (size_t k = 1; k < s->wanted->n_columns; k++)
                memmove(d->value + k * d->n, d->value + k * s->capacity, d->n * sizeof *d->value);
        fc_series_day out = {s->from + i, d->n, d->replication, d->value};
        if (!take(self, &out)) return false;
    }
    return true;
}

static int count_replications(fc_store *store, int64_t run, fc_diag *diag, size_t *out)
{
    sqlite3_stmt *q;
    int ret =
        fc_store_prepare(store, "SELECT count(*) FROM replication WHERE run_id = ?", diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    if (sqlite3_step(q) == SQLITE_ROW)
        *out = (size_t)sqlite3_column_int64(q, 0);
    else
        ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}

/* So many days that those with rows take no more bytes than wanted. */
static int64_t days_at_once(const fc_series_wanted *w, size_t replications)
{
    size_t month = replications * (w->n_columns + 1) * sizeof(double);
    size_t months = w->bytes / month;
    int64_t days = MONTH * (int64_t)(months ? months : 1), all = w->to - w->from;
    return days < all ? days : all;
}

int fc_series_by_day(fc_store *store, const fc_series_wanted *wanted, fc_diag *diag,
                     fc_series_take *take, void *self)
{
    stretch s = {.wanted = wanted};
    sqlite3_stmt *q = NULL;
    int ret = count_replications(store, wanted->run, diag, &s.capacity);
    if (ret || s.capacity == 0 || wanted->to <= wanted->from) return ret;
    if (wanted->from < -FARTHEST || wanted->to > FARTHEST) return damaged(store, diag);
    int64_t step = days_at_once(wanted, s.capacity);
    s.days = calloc((size_t)step, sizeof *s.days);
    ret = s.days ? prepare(store, wanted, diag, &q) : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (int64_t from = wanted->from; from < wanted->to && !ret; from += step) {
        s.from = from;
        s.to = from + step < wanted->to ? from + step : wanted->to;
        ret = read_stretch(store, &s, q, diag);
        if (!ret && !take_days(&s, take, self)) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        clear_days(&s);
    }
    sqlite3_finalize(q);
    free(s.days);
    return ret;
}
