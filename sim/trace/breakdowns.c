/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/breakdowns.h"

static uint32_t most_units(const fc_gpu_group *group)
{
    return group->most > group->units ? group->most : group->units;
}

void fc_breakdowns_start(fc_breakdowns *b, const fc_replay_failures *failures,
                         const fc_gpu_group *groups, uint32_t group_count, double start)
{
    *b = (fc_breakdowns){.key = fc_stream_key(failures->seed, "replay", "failure"),
                         .time = start,
                         .repair = failures->repair,
                         .groups = groups};
    for (uint32_t i = 0; i < group_count; i++) b->units += most_units(&groups[i]);
    b->gap = failures->mtbf / (double)b->units;
}

int fc_breakdowns_next(void *context, fc_capacity_change *change, bool *more)
{
    fc_breakdowns *b = context;
    fc_stream stream;
    fc_stream_init(&stream, b->key, 0, b->count++);
    double gap = fc_exponential(&stream);
    double back = fc_exponential(&stream);
    uint64_t unit = fc_stream_below(&stream, b->units);
    uint32_t group = 0;
    for (; unit >= most_units(&b->groups[group]); group++) unit -= most_units(&b->groups[group]);
    b->time += b->gap * gap;
    *change = (fc_capacity_change){.time = b->time,
                                   .kind = FC_CAPACITY_FAIL,
                                   .group = group,
                                   .place = ((double)unit + 0.5) / most_units(&b->groups[group]),
                                   .back = b->repair * back};
    *more = true;
    return 0;
}
