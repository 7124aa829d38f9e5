/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plans by hand, for tests. An entity belongs to the fleet added last, a phase to the site added
 * last; every build_* that adds returns the index (or parameter) to refer to it by.
 *
 *     plan_builder *b = build_start("2025-01-01", "2031-01-01", 1);
 *     int32_t krw = build_currency(b, "KRW", 0, build_number(b, "rate", 1400));
 *     build_fleet(b, (fc_fleet){.name = "korea", .currency = krw});
 *     int32_t money = build_budget(b, (fc_budget){
 *         .name = "main", .currency = krw,
 *         .amount = build_number(b, "amount", 1e12),
 *         .enacted = build_date(b, "enacted", "2025-05-01")});
 *     fc_programme p = {.name = "state", .pays_from = build_refs(b, 1, money), ...};
 *     fc_param lead = build_param(b, "lead", build_varies(b, "lead", FC_DIST_UNIFORM,
 * 2, 10., 20.)); int32_t shock = build_driver(b, (fc_driver){.name = "late", .at = build_date(b,
 * "at", ...)}); build_change(b, shock, lead, FC_SCALE, build_constant(b, 2), FC_RESCALE); fc_plan
 * *plan = build_plan(b);             // finished; frees the builder fc_plan_free(plan);
 *
 * A value's stream key follows from its path, so values of one path share their uniforms: give the
 * operand of a FC_SET, and the points of a calendar path that vary, the path of their parameter.
 * Structs are copied, strings are not (use literals). A zeroed index means the first entity: write
 * FC_NONE for a stock's site that is none. Out of memory ends the test program.
 */
#ifndef FC_TEST_PLAN_BUILDER_H
#define FC_TEST_PLAN_BUILDER_H

#include "fleetcast/error.h"
#include "model/plan.h"

typedef struct plan_builder plan_builder;

plan_builder *build_start(const char *start, const char *end, uint64_t seed);
/* The finished plan; ends the test program with the messages if fc_plan_finish refuses it. */
fc_plan *build_plan(plan_builder *b);
/* The same for plans that should be refused: returns what fc_plan_finish returned. *out is set in
 * any case and to be freed. */
int build_plan_or_fail(plan_builder *b, fc_diag *diag, fc_plan **out);

/* The plan so far, for what no build_* function does. */
fc_plan *build_unfinished(plan_builder *b);

/* ---- values: return an index into plan->values ------------------------------------------- */
double build_time(const plan_builder *b, const char *date); /* seconds from the start */
uint32_t build_constant(plan_builder *b, double x);
/* Of n numbers (double!): build_varies(b, "x", FC_DIST_UNIFORM, 2, 10., 20.). */
uint32_t build_unknown(plan_builder *b, const char *path, fc_distribution_kind kind, int n, ...);
uint32_t build_varies(plan_builder *b, const char *path, fc_distribution_kind kind, int n, ...);
/* Of n values, and calendar paths (FC_FORM_STEP, FC_FORM_LINEAR) through n values. */
uint32_t build_drawn_of(plan_builder *b, fc_form form, const char *path, fc_distribution_kind kind,
                        int n, const uint32_t *values);
uint32_t build_path_of(plan_builder *b, fc_form form, double before, int n, const double *times,
                       const uint32_t *values);
/* The value itself, to set what the functions above leave out. Until the next value is added. */
fc_value *build_value(plan_builder *b, uint32_t value);
/* Correlated unknowns: value i gets row i of the lower-triangular factor (n x n, row-major). */
void build_copula(plan_builder *b, int n, const uint32_t *unknowns, const double *cholesky);

/* ---- parameters -------------------------------------------------------------------------- */
fc_param build_param(plan_builder *b, const char *path, uint32_t value);
fc_param build_number(plan_builder *b, const char *path, double x);
fc_param build_date(plan_builder *b, const char *path, const char *date);
/* A step path from dates and numbers, ended by NULL:
 * build_steps(b, "announced", 0, "2026-01-01", 1000., "2027-01-01", 3000., NULL). */
fc_param build_steps(plan_builder *b, const char *path, double before, ...)
    __attribute__((sentinel));

/* ---- drivers and what they change -------------------------------------------------------- */
/* `key` follows from the name; when_metric FC_NONE unless there are reviews. */
int32_t build_driver(plan_builder *b, fc_driver driver);
void build_change(plan_builder *b, int32_t driver, fc_param param, fc_change_op op, uint32_t value,
                  fc_in_progress in_progress);

/* ---- entities ---------------------------------------------------------------------------- */
fc_refs build_refs(plan_builder *b, int n, ...);       /* n indices (int) */
fc_factors build_factors(plan_builder *b, int n, ...); /* n times a model (int), its fc_param */
fc_mix build_mix(plan_builder *b, int n, ...);         /* n pairs of model (int), share (double) */
int32_t build_currency(plan_builder *b, const char *code, int minor_digits, fc_param per_usd);
int32_t build_accelerator(plan_builder *b, fc_accelerator accelerator);
int32_t build_grid_rule(plan_builder *b, fc_grid_rule rule);
int32_t build_fleet(plan_builder *b, fc_fleet fleet); /* ranges are filled in; month 0 becomes 1 */
int32_t build_stock(plan_builder *b, fc_stock stock);
int32_t build_budget(plan_builder *b, fc_budget budget);
int32_t build_programme(plan_builder *b, fc_programme programme);
int32_t build_site(plan_builder *b, fc_site site); /* fleet and phases are filled in */
int32_t build_phase(plan_builder *b, fc_phase phase);
int32_t build_target(plan_builder *b, fc_target target);
int32_t build_allotment(plan_builder *b, fc_allotment allotment); /* fleet is filled in */
/* Of the fleet added last; a class's fleet is filled in, its pool is an index or FC_NONE. */
int32_t build_pool(plan_builder *b, fc_pool pool);
int32_t build_call(plan_builder *b, fc_call call);
/* After the fleet's calls; where it has any, `access` is one of them or FC_NONE. */
int32_t build_class(plan_builder *b, fc_user_class users);
int32_t build_service(plan_builder *b, fc_service service); /* likewise */
int32_t build_export_rule(plan_builder *b, fc_export_rule rule);
/* From the first one on, terms without a tariff say so: .tariff = FC_NONE. */
int32_t build_tariff(plan_builder *b, fc_tariff tariff);

#endif
