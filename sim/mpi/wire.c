/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mpi/wire.h"

#include <stdio.h>
#include <string.h>
#include "store/store.h"

int fc_mpi_describe(const fc_scenario *scenario, fc_mpi_task *task)
{
    const fc_plan *plan = scenario->plan;
    *task = (fc_mpi_task){.seed = plan->seed,
                          .without = plan->without,
                          .n_currencies = plan->n_currencies,
                          .n_outcomes = plan->n_outcomes,
                          .n_series = plan->n_series,
                          .n_months = plan->n_months,
                          .n_draws = plan->n_draws,
                          .n_classes = plan->n_classes};
    snprintf(task->version, sizeof task->version, "%s", FC_VERSION);
    fc_store_libm_probe(task->libm);
    return fc_tree_hash(scenario->tree, task->tree);
}

/* Of outcomes, series and draws, one after the other. */
static size_t numbers_of(const fc_mpi_task *task)
{
    return task->n_outcomes + (size_t)task->n_series * task->n_months + task->n_draws;
}

static void add(fc_text *out, const void *bytes, size_t length)
{
    if (length) fc_text_addn(out, bytes, length);
}

/* Each with its length before it; UINT64_MAX: there is none. */
static void add_waits(const fc_bytes *waits, size_t n, fc_text *out)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t length = waits[i].data ? waits[i].length : UINT64_MAX;
        add(out, &length, sizeof length);
        if (waits[i].data) add(out, waits[i].data, waits[i].length);
    }
}

void fc_mpi_pack(const fc_mpi_task *task, const fc_mpi_result *result, const fc_record *record,
                 const char *sentence, fc_text *out)
{
    fc_text_clear(out);
    add(out, result, sizeof *result);
    if (result->code) {
        if (sentence) add(out, sentence, strlen(sentence) + 1);
        return;
    }
    add(out, record->outcomes, task->n_outcomes * sizeof(double));
    add(out, record->series, (size_t)task->n_series * task->n_months * sizeof(double));
    add(out, record->draws, task->n_draws * sizeof(double));
    add_waits(record->waits, FC_WAITS_A_CLASS * (size_t)task->n_classes, out);
}

fc_mpi_result fc_mpi_unpack(const fc_mpi_task *task, unsigned char *bytes, size_t length,
                            fc_bytes *waits, fc_record *record, const char **sentence)
{
    fc_mpi_result result;
    memcpy(&result, bytes, sizeof result);
    *record = (fc_record){.events = result.events};
    *sentence = NULL;
    if (result.code) {
        if (length > sizeof result) *sentence = (const char *)bytes + sizeof result;
        return result;
    }
    double *numbers = (double *)(void *)(bytes + sizeof result);
    record->outcomes = numbers;
    record->series = numbers + task->n_outcomes;
    record->draws = record->series + (size_t)task->n_series * task->n_months;
    record->waits = waits;
    record->n_waits = FC_WAITS_A_CLASS * (size_t)task->n_classes;
    unsigned char *at = (unsigned char *)(numbers + numbers_of(task));
    for (size_t i = 0; i < record->n_waits; i++) {
        uint64_t n;
        memcpy(&n, at, sizeof n);
        at += sizeof n;
        waits[i] = n == UINT64_MAX ? (fc_bytes){0} : (fc_bytes){at, (size_t)n};
        if (n != UINT64_MAX) at += n;
    }
    return result;
}
