/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "fleetcast/error.h"
#include "jobs/queue.h"

void fc_queue_init(fc_queue *q, fc_band_rule rule)
{
    *q = (fc_queue){.rule = rule};
}

void fc_queue_free(fc_queue *q)
{
    for (uint32_t i = 0; i < q->row_count; i++) {
        for (uint32_t j = 0; j < FC_QUEUE_SIZES; j++) fc_ordered_free(&q->rows[i].band[j]);
    }
    free(q->rows);
    fc_ordered_free(&q->all);
    *q = (fc_queue){.rule = q->rule};
}

static int add_row(fc_queue *q, uint32_t groups)
{
    fc_queue_row *rows = realloc(q->rows, (q->row_count + 1) * sizeof *rows);

    if (!rows) return FC_E_NOMEM;
    q->rows = rows;
    rows[q->row_count++] = (fc_queue_row){.groups = groups}; /* bands are made when needed */
    return FC_OK;
}

static uint32_t row_for(const fc_queue *q, uint32_t groups, uint32_t account)
{
    uint32_t row = 0;

    if (q->rule == FC_BAND_ACCOUNT) return account;
    if (q->rule == FC_BAND_ONE) return 0;
    while (row < q->row_count && q->rows[row].groups != groups) row++;
    return row;
}

static uint32_t band_for(const fc_queue *q, uint32_t gpus)
{
    return q->rule == FC_BAND_SIZE ? 31 - (uint32_t)__builtin_clz(gpus) : 0;
}

static int add_to_all(fc_queue *q, fc_ordered_entry entry)
{
    int ret = q->all.nodes ? FC_OK : fc_ordered_init(&q->all, false);

    return ret ? ret : fc_ordered_insert(&q->all, entry);
}

int fc_queue_add(fc_queue *q, fc_ordered_entry entry, uint32_t groups, uint32_t account)
{
    uint32_t at = row_for(q, groups, account), band = band_for(q, entry.gpus);
    int ret = FC_OK;

    while (ret == FC_OK && at >= q->row_count) ret = add_row(q, groups);
    if (ret) return ret;
    fc_queue_row *row = &q->rows[at];
    if (!row->band[band].nodes) ret = fc_ordered_init(&row->band[band], q->rule != FC_BAND_ONE);
    if (ret == FC_OK) ret = fc_ordered_insert(&row->band[band], entry);
    if (ret == FC_OK && q->rule == FC_BAND_ACCOUNT) ret = add_to_all(q, entry);
    if (ret) return ret;
    if (q->rule == FC_BAND_ACCOUNT) row->groups = row->filled ? row->groups | groups : groups;
    row->filled |= 1u << band;
    if (q->first.seq > 0 && fc_entry_before(&entry, &q->first)) q->first = entry;
    q->count++;
    q->gpus += entry.gpus;
    q->work += entry.gpus * entry.length;
    return FC_OK;
}

void fc_queue_remove(fc_queue *q, const fc_ordered_entry *entry, uint32_t groups, uint32_t account)
{
    fc_queue_row *row = &q->rows[row_for(q, groups, account)];
    uint32_t band = band_for(q, entry->gpus);

    fc_ordered_remove(&row->band[band], entry->key, entry->seq);
    if (q->rule == FC_BAND_ACCOUNT) fc_ordered_remove(&q->all, entry->key, entry->seq);
    if (row->band[band].count == 0) row->filled &= ~(1u << band);
    if (entry->seq == q->first.seq) q->first.seq = 0;
    q->count--;
    q->gpus -= entry->gpus;
    q->work = q->count == 0 ? 0 : q->work - entry->gpus * entry->length;
}

bool fc_queue_first(fc_queue *q, fc_ordered_entry *out)
{
    if (q->count == 0) return false;
    if (q->rule == FC_BAND_ACCOUNT) return fc_ordered_first(&q->all, out);
    if (q->first.seq == 0) {
        fc_ordered_entry entry = {0};

        for (uint32_t i = 0; i < q->row_count; i++) {
            for (uint32_t bits = q->rows[i].filled; bits; bits &= bits - 1) {
                fc_ordered_first(&q->rows[i].band[__builtin_ctz(bits)], &entry);
                if (q->first.seq == 0 || fc_entry_before(&entry, &q->first)) q->first = entry;
            }
        }
    }
    *out = q->first;
    return true;
}

static uint32_t at_most(uint64_t gpus)
{
    return gpus > UINT32_MAX ? UINT32_MAX : (uint32_t)gpus;
}

bool fc_queue_first_of(const fc_queue *q, uint32_t account, uint64_t gpus, fc_ordered_entry *out)
{
    return account < q->row_count && q->rows[account].filled && gpus > 0 &&
           fc_ordered_find(&q->rows[account].band[0], at_most(gpus), INFINITY, out);
}

uint32_t fc_queue_groups_of(const fc_queue *q, uint32_t account)
{
    return account < q->row_count && q->rows[account].filled ? q->rows[account].groups : 0;
}

bool fc_queue_after(const fc_queue *q, uint32_t account, const fc_ordered_entry *entry,
                    fc_ordered_entry *out)
{
    return account < q->row_count && q->rows[account].filled &&
           fc_ordered_after(&q->rows[account].band[0], entry->key, entry->seq, out);
}

bool fc_queue_find(const fc_queue *q, uint32_t group, uint64_t gpus, double length,
                   fc_ordered_entry *out)
{
    bool found = false;
    uint32_t most = at_most(gpus);

    if (most == 0) return false;
    uint32_t sizes = UINT32_MAX >> __builtin_clz(most); /* bands that hold any so small */
    for (uint32_t i = 0; i < q->row_count; i++) {
        const fc_queue_row *row = &q->rows[i];
        if (!(row->groups >> group & 1)) continue;
        for (uint32_t bits = row->filled & sizes; bits; bits &= bits - 1) {
            fc_ordered_entry entry = {0};
            if (!fc_ordered_find(&row->band[__builtin_ctz(bits)], most, length, &entry)) continue;
            if (!found || fc_entry_before(&entry, out)) *out = entry;
            found = true;
        }
    }
    return found;
}

bool fc_queue_verify(const fc_queue *q)
{
    uint64_t count = 0, gpus = 0;
    fc_ordered_entry entry = {0};

    for (uint32_t i = 0; i < q->row_count; i++) {
        for (uint32_t j = 0; j < FC_QUEUE_SIZES; j++) {
            const fc_ordered *band = &q->rows[i].band[j];
            if ((band->count > 0) != (q->rows[i].filled >> j & 1)) return false;
            if (band->nodes && !fc_ordered_verify(band)) return false;
            if (q->first.seq > 0 && band->count > 0 && fc_ordered_first(band, &entry) &&
                fc_entry_before(&entry, &q->first))
                return false;
            count += band->count;
            gpus += band->gpus;
        }
    }
    if (q->rule == FC_BAND_ACCOUNT && count > 0 &&
        (q->all.count != count || q->all.gpus != gpus || !fc_ordered_verify(&q->all)))
        return false;
    return count == q->count && gpus == q->gpus;
}
