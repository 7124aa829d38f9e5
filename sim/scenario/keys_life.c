/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 6: how accelerators fail and are repaired, how long they serve, and what becomes
 * of them. */
#include "scenario/key.h"

static const char *const repaired[] = {"old", "new", NULL}; /* as fc_repaired */

static const fc_key upkeep_keys[] = {
    {.name = "failure_rate",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_RATE, .item = FC_ITEM_SERVER},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e-3,
     .offset = offsetof(fc_fleet, upkeep.failure_rate),
     .en = "failures of one running server",
     .ko = "가동 중인 서버 한 대의 고장률"},
    {.name = "failure_by_age",
     .type = FC_K_AGES,
     .offset = offsetof(fc_fleet, upkeep.by_age),
     .en = "factor on the failure rate from each age on, beginning with age 0 (a bathtub: high, 1, "
           "high; a Weibull hazard in steps); 1 without it",
     .ko = "나이별 고장률 배수(0부터 시작하는 계단; 욕조 곡선이나 와이블 위험률을 계단으로); "
           "없으면 1"},
    {.name = "repaired_as",
     .type = FC_K_CHOICE,
     .fallback = "old",
     .choices = repaired,
     .offset = offsetof(fc_fleet, upkeep.repaired_as),
     .en = "age of a repaired server: old, as before the failure; new, 0",
     .ko = "수리된 서버의 나이: old는 고장 전 그대로, new는 0"},
    {.name = "repair_time",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 5 * FC_YEAR,
     .fallback = "0 days",
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_fleet, upkeep.repair_time),
     .en = "time with a repair crew; varies by failure",
     .ko = "수리에 걸리는 시간; 고장마다 다름"},
    {.name = "crews",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 1,
     .max = 1e6,
     .offset = offsetof(fc_fleet, upkeep.crews),
     .en = "repairs that can go on at once; no limit without it",
     .ko = "동시에 수리할 수 있는 수; 없으면 제한 없음"},
    {.name = "scrapped",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .offset = offsetof(fc_fleet, upkeep.scrapped),
     .en = "share of failures after which the server is scrapped, and another bought in its place; "
           "none without it",
     .ko = "고장 가운데 수리하지 못하고 새 서버로 바꾸는 비율; 없으면 0"},
    {.name = "replacement",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 5 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_fleet, upkeep.replacement),
     .en =
         "from a scrapped server to the new one in its place; varies by failure. Its price is not "
         "modelled",
     .ko = "폐기한 서버를 새 서버로 바꾸기까지의 기간; 고장마다 다름. 값은 다루지 않는다"},
    {.name = "spares",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_SERVER},
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1e6,
     .offset = offsetof(fc_fleet, upkeep.spares),
     .en =
         "servers of each model in reserve: one takes a failed one's place, which joins them when "
         "it is repaired; not counted among the accelerators; without it a failed server waits "
         "for its own repair",
     .ko = "모델마다 두는 예비 서버 수: 고장 나면 바로 교체하고, 수리된 서버는 예비로 돌아온다. "
           "가속기 수량에는 넣지 않음; 없으면 자기 수리를 기다린다"},
    {.name = "swap_time",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = offsetof(fc_fleet, upkeep.swap_time),
     .en = "until a spare has taken the failed one's place; at once without it; varies by failure",
     .ko = "예비 서버로 교체하는 데 걸리는 시간; 없으면 즉시; 고장마다 다름"},
    {.name = "exact_up_to",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_SERVER},
     .min = 0,
     .max = 1e9,
     .offset = offsetof(fc_fleet, upkeep.exact_up_to),
     .en = "lots of more servers fail and are repaired in steps of a day, about three times as "
           "fast; an approximation. Without it every failure of every lot is an event",
     .ko = "서버가 이보다 많은 발주분은 고장과 수리를 하루 단위로 묶어 약 3배 빠르게 계산(근사); "
           "없으면 고장 하나하나를 사건으로 다룬다"},
    {0},
};

const fc_section fc_section_upkeep = {
    .id = "upkeep",
    .entity = FC_ENTITY_NONE,
    .keys = upkeep_keys,
    .size = sizeof(fc_fleet),
    .en = "failures and repairs of servers",
    .ko = "서버 고장과 수리",
};

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
