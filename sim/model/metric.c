/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/metric_table.h"

const fc_metric_info fc_metrics[FC_N_METRICS] = {
#define FC_X(id_, scope_, kind_, unit_, en_, ko_, iamc_)                                           \
    [FC_M_##id_] = {.id = #id_,                                                                    \
                    .scope = FC_SCOPE_##scope_,                                                    \
                    .kind = FC_KIND_##kind_,                                                       \
                    .unit = unit_,                                                                 \
                    .en = en_,                                                                     \
                    .ko = ko_,                                                                     \
                    .iamc = iamc_},
    FC_METRIC_TABLE(FC_X)
#undef FC_X
};

const fc_cause_info fc_causes[FC_N_CAUSES] = {
#define FC_X(id_, en_, ko_, who_en_, who_ko_)                                                      \
    [FC_CAUSE_##id_] = {.id = #id_, .en = en_, .ko = ko_, .who_en = who_en_, .who_ko = who_ko_},
    FC_CAUSE_TABLE(FC_X)
#undef FC_X
};

const fc_gap_info fc_gaps[FC_N_GAPS] = {
#define FC_X(id_, en_, ko_) [FC_GAP_##id_] = {.id = #id_, .en = en_, .ko = ko_},
    FC_GAP_TABLE(FC_X)
#undef FC_X
};

const fc_cost_info fc_costs[FC_N_COSTS] = {
#define FC_X(id_, en_, ko_) [FC_COST_##id_] = {.id = #id_, .en = en_, .ko = ko_},
    FC_COST_TABLE(FC_X)
#undef FC_X
};
