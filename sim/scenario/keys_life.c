/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 6: how long accelerators serve, and what becomes of them. */
#include "scenario/key.h"

static const char *const ends[] = {"dispose", "transfer", "renew", NULL}; /* as fc_term_end */
static const char *const otherwises[] = {"dispose", "transfer", NULL};

static const fc_key term_keys[] = {
    {.name = "lasts",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = FC_DAY,
     .max = 100 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_programme, term.lasts),
     .en = "from commissioning to its end; varies by lot",
     .ko = "가동부터 종료까지; 발주분마다 다름"},
    {.name = "ends",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = offsetof(fc_programme, term.ends),
     .en = "in place of lasts: the date on which it ends for all of them, no longer part of it",
     .ko = "lasts 대신: 모두 종료되는 날(그날은 포함하지 않음)"},
    {.name = "then",
     .type = FC_K_CHOICE,
     .fallback = "dispose",
     .choices = ends,
     .offset = offsetof(fc_programme, term.then),
     .en = "what becomes of them: disposed of, transferred to their operator, or the term is "
           "renewed. What leaves gives its room, power and staff to those who wait",
     .ko = "종료 뒤의 처리: 폐기(dispose), 운영사 이관(transfer), 연장(renew). 나가는 장비의 "
           "자리·전력·인력은 기다리는 쪽에 넘어간다"},
    {.name = "renewed",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .offset = offsetof(fc_programme, term.renewed),
     .en = "renew: share of each lot, in whole servers, rounded down; all without it",
     .ko = "renew: 발주분마다 연장하는 비율(서버 단위, 내림); 없으면 전부"},
    {.name = "renewal",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = FC_DAY,
     .max = 100 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_programme, term.renewal),
     .en = "renew: duration of a renewed term, after which the same is asked again; without it it "
           "does not end again; varies by lot",
     .ko =
         "renew: 연장된 기간(끝나면 다시 같은 방식으로 처리); 없으면 다시 끝나지 않음; 발주분마다 "
         "다름"},
    {.name = "cost",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_ITEM_PRICE, .item = FC_ITEM_GPU},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_LINEAR | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e12,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_programme, term.cost),
     .currency_offset = offsetof(fc_programme, term.cost_currency),
     .en =
         "renew: paid for each accelerator that day from the programme's budgets; what their free "
         "money does not reach for is not renewed; nothing without it",
     .ko =
         "renew: 연장하는 날 사업 예산에서 장당 지급하는 금액; 가용 예산이 모자란 만큼은 연장하지 "
         "못함; 없으면 0"},
    {.name = "otherwise",
     .type = FC_K_CHOICE,
     .fallback = "dispose",
     .choices = otherwises,
     .offset = offsetof(fc_programme, term.otherwise),
     .en = "renew: what becomes of those that are not renewed",
     .ko = "renew: 연장하지 못한 것의 처리"},
    {0},
};

const fc_section fc_section_term = {
    .id = "programme.term",
    .entity = FC_ENTITY_NONE,
    .keys = term_keys,
    .size = sizeof(fc_programme),
    .en = "term of the contract with who operates the accelerators: from commissioning, or until a "
          "date",
    .ko = "운영 협약의 기간: 가동부터, 또는 정해진 날까지",
};
