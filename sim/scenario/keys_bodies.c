/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table: the bodies of a nation or firm, a row a cause of delay. */
#include "scenario/key.h"

static const fc_key bodies_keys[] = {
#define FC_X(id_, en_, ko_, who_en_, who_ko_)                                                      \
    {.name = #id_,                                                                                 \
     .type = FC_K_TEXTS,                                                                           \
     .offset = offsetof(fc_fleet, bodies[FC_CAUSE_##id_]),                                         \
     .en = "who can act on the cause '" en_ "'; " who_en_ " without it",                           \
     .ko = "원인 ‘" ko_ "’의 소관; 없으면 " who_ko_},
    FC_CAUSE_TABLE(FC_X)
#undef FC_X
        {0},
};

const fc_section fc_section_bodies = {
    .id = "bodies",
    .keys = bodies_keys,
    .size = sizeof(fc_fleet),
    .en = "who can act on each cause of delay",
    .ko = "지연 원인별 소관",
};
