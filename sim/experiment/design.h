/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Designs: the points at which an experiment looks.
 *
 * A point of a grid, a list or one-at-a-time design is texts, one a factor: what its key is set to,
 * NULL where the scenario keeps its own value. A point of a sampled design is quantiles, one a
 * column: numbers of (0, 1) that stand in for the uniforms of what nobody knows.
 *
 *   grid             every combination; the last factor changes fastest
 *   one_at_a_time    point 0 as the scenario says, then each value of each factor alone
 *   monte_carlo      independent uniforms
 *   latin_hypercube  in each column one point in each of n equal strata, at random within it, the
 *                    strata in random order (McKay, Beckman, Conover, Technometrics 1979)
 *   sobol            `shifts` independent copies of the first n / shifts points of a Sobol sequence
 *                    (Bratley and Fox, TOMS 659), its origin included, each shifted modulo 1 by
 *                    random numbers of its own (Cranley and Patterson 1976): each copy is unbiased,
 *                    and their spread tells the error. Even where n / shifts is a power of 2
 *
 * The random numbers of a column hang on seed and name of the column alone, so that one more
 * factor moves no other (of sobol: its shifts; the sequence's dimensions go by the columns' order).
 */
#ifndef FC_EXPERIMENT_DESIGN_H
#define FC_EXPERIMENT_DESIGN_H

#include "base/arena.h"
#include "fleetcast/error.h"
#include "scenario/experiment_file.h"

enum {
    FC_DESIGN_POINTS = 1000000, /* at most */
    FC_DESIGN_CELLS = 50 * 1000 * 1000,
    FC_SOBOL_DIMENSIONS = 40, /* GSL makes a generator of more, and it returns zeros */
};

typedef struct fc_design {
    uint32_t n_points, n_columns;
    uint32_t shift_points;      /* sobol: points of a shift, the first ones of the first; else 0 */
    const char *const *columns; /* factors, or paths of what is drawn */
    const double *quantiles;    /* n_points x n_columns; NULL: the points are texts */
    const char *const *cells;   /* n_points x n_columns, each YAML in one line */
} fc_design;

/* Of the factors' values. Errors: E_DESIGN_SIZE, E_NOMEM. */
int fc_design_grid(fc_arena *arena, const fc_factor *factors, uint32_t n, fc_diag *diag,
                   fc_design *out);
int fc_design_one_at_a_time(fc_arena *arena, const fc_factor *factors, uint32_t n, fc_diag *diag,
                            fc_design *out);

/* Sampled designs. `columns` must outlive the design. Errors: E_DESIGN_DIMENSIONS (more columns
 * than Sobol's 40), E_DESIGN_SHIFTS (points no multiple of them), E_DESIGN_SIZE, E_NOMEM. */
int fc_design_sample(fc_arena *arena, fc_design_kind kind, uint64_t seed,
                     const char *const *columns, uint32_t n_columns, uint32_t n_points,
                     uint32_t shifts, fc_diag *diag, fc_design *out);

/* As CSV (RFC 4180): a column `point`, of sobol `shift`, then one a factor, `quantile(NAME)` in a
 * sampled design. An empty cell: as the scenario says. What is written reads back as the same
 * design, to the last bit; reading knows UTF-8 with a byte order mark and both ends of line, as
 * spreadsheets write, and needs no column `point`; where there is one, it counts 0, 1, 2, ... So
 * does `shift`, whose shifts have equally many points; quantiles without it are taken for
 * independent. Errors: E_FILE_OPEN, E_FILE_WRITE, E_DOC_FILE, E_DESIGN_CSV (line and what is
 * wrong), E_DESIGN_SIZE, E_NOMEM. */
int fc_design_write(const fc_design *design, const char *path, fc_diag *diag);
int fc_design_read(fc_arena *arena, const char *path, fc_diag *diag, fc_design *out);

/* SHA-256 over columns and points. */
void fc_design_hash(const fc_design *design, char hex[65]);

#endif
