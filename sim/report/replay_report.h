/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answer of `replay`: one trace under one or several policies, side by side. */
#ifndef FC_REPORT_REPLAY_REPORT_H
#define FC_REPORT_REPLAY_REPORT_H

#include "base/text.h"
#include "fleetcast/error.h"
#include "trace/replay.h"

/* The fleet of a scenario that is the cluster. */
typedef struct fc_replay_fleet_told {
    const char *scenario, *title[2]; /* of the fleet; English, Korean */
    const char *from;                /* 2026-07-01 */
    uint32_t replication;
    int64_t least, most; /* GPUs that run, from then on */
} fc_replay_fleet_told;

typedef struct fc_replay_report {
    const char *trace;
    const fc_gpu_group *groups; /* as in fc_replay_spec */
    uint32_t group_count;
    const fc_replay_fleet_told *fleet; /* NULL: none, the groups say it all */
    fc_overrun overrun;
    bool exact;
    const char *const *policies; /* n names */
    const fc_replay_result *results;
    size_t n;
} fc_replay_report;

/* "400 servers of 8 GPUs, 1,000 GPUs" / "8장 서버 400대, GPU 1,000장" */
void fc_add_cluster(fc_text *out, const fc_gpu_group *groups, uint32_t n, fc_lang lang);
/* 45 s, 12.5 min, 3.2 h, 4.0 days / 45초, 12.5분, 3.2시간, 4.0일: three figures. */
void fc_add_duration(fc_text *out, double seconds, fc_lang lang);

void fc_replay_text(const fc_replay_report *report, fc_lang lang, fc_text *out);
/* E_NOMEM. */
int fc_replay_json(const fc_replay_report *report, fc_text *out);

#endif
