/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/design.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <gsl/gsl_qrng.h>
#include <nettle/sha2.h>
#include "kernel/init.h"
#include "kernel/stream.h"

static int no_memory(fc_diag *diag)
{
    return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
}

static int fail_number(fc_diag *diag, int code, uint64_t a, uint64_t b)
{
    char first[24], second[24];
    snprintf(first, sizeof first, "%llu", (unsigned long long)a);
    snprintf(second, sizeof second, "%llu", (unsigned long long)b);
    return fc_fail(diag, code, NULL, first, second, NULL);
}

static int check_size(uint64_t points, uint64_t columns, fc_diag *diag)
{
    if (points > FC_DESIGN_POINTS || points * columns > FC_DESIGN_CELLS)
        return fail_number(diag, FC_E_DESIGN_SIZE, FC_DESIGN_POINTS, FC_DESIGN_CELLS);
    return FC_OK;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Room for the cells of so many points, all of them empty, and the factors' names. */
static const char **make_cells(fc_arena *arena, const fc_factor *factors, uint32_t n,
                               uint64_t points, fc_diag *diag, fc_design *out)
{
    *out = (fc_design){0};
    if (check_size(points, n, diag)) return NULL;
    const char **columns = fc_arena_array(arena, n + 1, sizeof *columns);
    const char **cells = fc_arena_array(arena, (size_t)points * n + 1, sizeof *cells);
    if (!columns || !cells) {
        no_memory(diag);
        return NULL;
    }
    for (uint32_t f = 0; f < n; f++) columns[f] = factors[f].name;
    for (size_t i = 0; i < (size_t)points * n; i++) cells[i] = NULL;
    *out = (fc_design){
        .n_points = (uint32_t)points, .n_columns = n, .columns = columns, .cells = cells};
    return cells;
}

int fc_design_grid(fc_arena *arena, const fc_factor *factors, uint32_t n, fc_diag *diag,
                   fc_design *out)
{
    uint64_t points = 1;
    for (uint32_t f = 0; f < n && points <= FC_DESIGN_POINTS; f++) points *= factors[f].n_values;
    const char **cells = make_cells(arena, factors, n, points, diag, out);
    if (!cells) return fc_diag_first(diag);
    for (uint32_t p = 0; p < out->n_points; p++) {
        uint32_t rest = p;
        for (uint32_t f = n; f-- > 0; rest /= factors[f].n_values)
            cells[(size_t)p * n + f] = factors[f].values[rest % factors[f].n_values];
    }
    return FC_OK;
}

int fc_design_one_at_a_time(fc_arena *arena, const fc_factor *factors, uint32_t n, fc_diag *diag,
                            fc_design *out)
{
    uint64_t points = 1;
    for (uint32_t f = 0; f < n; f++) points += factors[f].n_values;
    const char **cells = make_cells(arena, factors, n, points, diag, out);
    if (!cells) return fc_diag_first(diag);
    size_t p = 1;
    for (uint32_t f = 0; f < n; f++)
        for (uint32_t v = 0; v < factors[f].n_values; v++, p++)
            cells[p * n + f] = factors[f].values[v];
    return FC_OK;
}

/* ---- samples --------------------------------------------------------------------------------- */

static fc_stream stream_of(uint64_t seed, const char *column, const char *purpose, uint32_t copy)
{
    fc_stream stream;
    fc_stream_init(&stream, fc_stream_key(seed, column, purpose), copy, 0);
    return stream;
}

static void fill_monte_carlo(const fc_design *d, uint32_t c, uint64_t seed, double *out)
{
    fc_stream stream = stream_of(seed, d->columns[c], "design.monte_carlo", 0);
    for (uint32_t p = 0; p < d->n_points; p++)
        out[(size_t)p * d->n_columns + c] = fc_stream_uniform(&stream);
}

/* `order` has room for the points. */
static void fill_strata(const fc_design *d, uint32_t c, uint64_t seed, uint32_t *order, double *out)
{
    fc_stream stream = stream_of(seed, d->columns[c], "design.latin_hypercube", 0);
    uint32_t n = d->n_points;
    for (uint32_t p = 0; p < n; p++) order[p] = p;
    for (uint32_t p = n; p > 1; p--) { /* Fisher and Yates */
        uint32_t k = (uint32_t)fc_stream_below(&stream, p), last = order[p - 1];
        order[p - 1] = order[k];
        order[k] = last;
    }
    for (uint32_t p = 0; p < n; p++) {
        double u = (order[p] + fc_stream_uniform(&stream)) / n;
        /* Rounding must not carry the point over into the next stratum. */
        out[(size_t)p * d->n_columns + c] = fmin(u, nextafter((order[p] + 1.0) / n, 0));
    }
}

/* The sequence without a shift, its origin first. */
static int fill_sequence(const fc_design *d, double *out, fc_diag *diag)
{
    gsl_qrng *sobol = gsl_qrng_alloc(gsl_qrng_sobol, d->n_columns);
    if (!sobol) return no_memory(diag);
    for (uint32_t c = 0; c < d->n_columns; c++) out[c] = 0;
    for (uint32_t p = 1; p < d->shift_points; p++)
        gsl_qrng_get(sobol, out + (size_t)p * d->n_columns);
    gsl_qrng_free(sobol);
    return FC_OK;
}

/* The copies before the first, which is shifted last: they are made from it. */
static void shift(const fc_design *d, uint32_t copies, uint64_t seed, double *out)
{
    for (uint32_t copy = copies; copy-- > 0;)
        for (uint32_t c = 0; c < d->n_columns; c++) {
            fc_stream stream = stream_of(seed, d->columns[c], "design.sobol", copy);
            double by = fc_stream_uniform(&stream);
            for (uint32_t p = 0; p < d->shift_points; p++) {
                double u = out[(size_t)p * d->n_columns + c] + by;
                size_t at = (size_t)copy * d->shift_points + p;
                u = u >= 1 ? u - 1 : u;
                out[at * d->n_columns + c] = fmax(u, 0x1p-53);
            }
        }
}

int fc_design_sample(fc_arena *arena, fc_design_kind kind, uint64_t seed,
                     const char *const *columns, uint32_t n_columns, uint32_t n_points,
                     uint32_t shifts, fc_diag *diag, fc_design *out)
{
    *out = (fc_design){.n_points = n_points, .n_columns = n_columns, .columns = columns};
    bool sobol = kind == FC_DESIGN_SOBOL;
    int ret = check_size(n_points, n_columns, diag);
    if (ret) return ret;
    if (sobol && n_columns > FC_SOBOL_DIMENSIONS)
        return fail_number(diag, FC_E_DESIGN_DIMENSIONS, n_columns, FC_SOBOL_DIMENSIONS);
    if (sobol && (shifts == 0 || n_points % shifts || n_points < shifts))
        return fail_number(diag, FC_E_DESIGN_SHIFTS, n_points, shifts);
    fc_kernel_init();
    double *quantiles = fc_arena_array(arena, (size_t)n_points * n_columns + 1, sizeof *quantiles);
    uint32_t *order = fc_arena_array(arena, n_points + 1, sizeof *order);
    if (!quantiles || !order) return no_memory(diag);
    out->quantiles = quantiles;
    if (sobol) {
        out->shift_points = n_points / shifts;
        if ((ret = fill_sequence(out, quantiles, diag))) return ret;
        shift(out, shifts, seed, quantiles);
    }
    for (uint32_t c = 0; c < n_columns && !sobol; c++)
        if (kind == FC_DESIGN_LATIN_HYPERCUBE)
            fill_strata(out, c, seed, order, quantiles);
        else
            fill_monte_carlo(out, c, seed, quantiles);
    return FC_OK;
}

/* ---- identity -------------------------------------------------------------------------------- */

static void add_text(struct sha256_ctx *sha, const char *text)
{
    /* One byte tells no text from an empty one; texts hold no NUL. */
    sha256_update(sha, 1, (const uint8_t *)(text ? "=" : "-"));
    if (text) sha256_update(sha, strlen(text) + 1, (const uint8_t *)text);
}

void fc_design_hash(const fc_design *d, char hex[65])
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    size_t cells = (size_t)d->n_points * d->n_columns;
    char number[40];
    sha256_init(&sha);
    add_text(&sha, d->quantiles ? "quantiles" : "values");
    for (uint32_t c = 0; c < d->n_columns; c++) add_text(&sha, d->columns[c]);
    for (size_t i = 0; i < cells; i++) {
        if (d->quantiles) snprintf(number, sizeof number, "%a", d->quantiles[i]);
        add_text(&sha, d->quantiles ? number : d->cells[i]);
    }
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}
