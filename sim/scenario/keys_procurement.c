/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 4: how a purchase comes about: calls for bids, vendors' allotments, export rules
 * and what is done where they forbid. */
#include "scenario/key.h"

#define AT(type, field) offsetof(type, field)
#define LASTS                                                                                      \
    .type = FC_K_VALUE, .want = {.dim = FC_DIM_DURATION}, .min = 0, .max = 20 * FC_YEAR,           \
    .in_progress = FC_RESCALE

static const fc_key tender_keys[] = {
    {.name = "review",
     LASTS,
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .offset = AT(fc_programme, tender.review),
     .en = "feasibility or other review before the first call; none (or exempt) without it; varies "
           "by tender",
     .ko = "첫 공모 전의 예비타당성조사 등 사전 검토; 없거나 면제면 적지 않음; 공모 건마다 다름"},
    {.name = "call",
     LASTS,
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .offset = AT(fc_programme, tender.call),
     .en = "one call for bids, from notice to contract or failure, a day at least; varies by call",
     .ko = "공모 한 번(공고부터 계약 또는 유찰까지, 최소 하루); 공모마다 다름"},
    {.name = "fails",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .offset = AT(fc_programme, tender.fails),
     .en = "chance that a call fails, on the day it ends; none without it",
     .ko = "공모가 유찰될 확률(공모가 끝나는 날 기준); 없으면 유찰 없음"},
    {.name = "relaunch",
     LASTS,
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .offset = AT(fc_programme, tender.relaunch),
     .en = "from a failed call to the next; varies by call",
     .ko = "유찰에서 재공모까지; 공모마다 다름"},
    {.name = "at_most",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 1,
     .max = 1000,
     .offset = AT(fc_programme, tender.at_most),
     .en = "calls of one tender; when the last has failed it is given up until more money is "
           "released or more is wanted; no limit without it",
     .ko = "한 건의 최대 공모 횟수; 마지막까지 유찰되면 예산이나 물량이 늘 때까지 중단; 없으면 "
           "제한 없음"},
    {0},
};

const fc_section fc_section_tender = {
    .id = "programme.tender",
    .entity = FC_ENTITY_NONE,
    .keys = tender_keys,
    .size = sizeof(fc_programme),
    .en = "review and calls for bids before each order; the order takes the money free and the "
          "prices of the day of the contract",
    .ko = "발주 전의 검토와 공모; 계약하는 날의 가용 예산과 가격으로 발주",
};

static const char *const otherwises[] = {"wait", "cancel", NULL}; /* as fc_otherwise */

static const fc_key fallback_keys[] = {
    {.name = "models",
     .type = FC_K_REFS,
     .target = FC_ENTITY_ACCELERATOR,
     .offset = AT(fc_programme, fallback.models),
     .en = "bought instead with the same money: the first of them that is not banned",
     .ko = "같은 예산으로 대신 살 모델; 목록에서 금지되지 않은 첫째"},
    {.name = "otherwise",
     .type = FC_K_CHOICE,
     .fallback = "wait",
     .choices = otherwises,
     .offset = AT(fc_programme, fallback.otherwise),
     .en = "where there is none: wait until the rules change, or cancel the order and have the "
           "money back",
     .ko = "대신 살 모델이 없을 때: 규정이 바뀔 때까지 대기(wait) 또는 발주 취소(cancel)"},
    {0},
};

const fc_section fc_section_fallback = {
    .id = "programme.fallback",
    .entity = FC_ENTITY_NONE,
    .keys = fallback_keys,
    .size = sizeof(fc_programme),
    .en = "what becomes of an order whose export is denied or banned",
    .ko = "수출이 불허되거나 금지된 발주분의 처리",
};

static const fc_key allotment_keys[] = {
    {.name = "models",
     .type = FC_K_REFS,
     .required = true,
     .target = FC_ENTITY_ACCELERATOR,
     .offset = AT(fc_allotment, models),
     .en = "models it is for, all together",
     .ko = "할당이 적용되는 모델(합산)"},
    {.name = "a_quarter",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_GPU},
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .flat = true,
     .min = 0,
     .max = 1e9,
     .offset = AT(fc_allotment, a_quarter),
     .en = "accelerators delivered in a calendar quarter at most; the rest waits, first ordered "
           "first served, in whole servers",
     .ko = "분기당 최대 납품 수량; 나머지는 발주 순서대로 다음 분기를 기다림(서버 단위)"},
    {0},
};

const fc_section fc_section_allotment = {
    .id = "allotment",
    .entity = FC_ENTITY_ALLOTMENT,
    .keys = allotment_keys,
    .size = sizeof(fc_allotment),
    .en = "what a vendor sets aside for the fleet",
    .ko = "공급사 할당",
};

static const char *const statuses[] = {"free", "licence", "banned", NULL}; /* fc_export_status */

static const fc_key export_rule_keys[] = {
    {.name = "models",
     .type = FC_K_REFS,
     .target = FC_ENTITY_ACCELERATOR,
     .offset = AT(fc_export_rule, models),
     .en = "models it is about; all without it",
     .ko = "적용 모델; 없으면 전부"},
    {.name = "at_least",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COMPUTE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e18,
     .offset = AT(fc_export_rule, at_least),
     .en = "of those only the ones with this dense BF16 peak or more",
     .ko = "그중 dense BF16 최고 성능이 이 값 이상인 것만"},
    {.name = "buyers",
     .type = FC_K_REFS,
     .target = FC_ENTITY_FLEET,
     .offset = AT(fc_export_rule, buyers),
     .en = "fleets it is about; all without it",
     .ko = "적용 대상 국가·기업; 없으면 전부"},
    {.name = "from",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .offset = AT(fc_export_rule, from),
     .en = "date it comes into force; works on all that has not left by then",
     .ko = "시행일; 그날까지 출하되지 않은 물량 모두에 적용"},
    {.name = "until",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .offset = AT(fc_export_rule, until),
     .en = "date it ends, not part of it",
     .ko = "폐지일(그날은 포함하지 않음)"},
    {.name = "status",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .fallback = "licence",
     .choices = statuses,
     .offset = AT(fc_export_rule, status),
     .en = "free, licence (each lot applies) or banned; of several rules the strictest holds",
     .ko = "free(자유), licence(발주분마다 허가), banned(금지); 여럿이면 가장 엄격한 것"},
    {.name = "delay",
     LASTS,
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_STEP | FC_MAY_CHANGE,
     .offset = AT(fc_export_rule, delay),
     .en = "from application, on the order date, to decision, beside manufacture; varies by lot",
     .ko = "신청(발주일)부터 결정까지, 제조와 병행; 발주분마다 다름"},
    {.name = "denied",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_SHARE},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .offset = AT(fc_export_rule, denied),
     .en = "chance that an application is denied; none without it",
     .ko = "불허될 확률; 없으면 0"},
    {0},
};

const fc_section fc_section_export_rule = {
    .id = "export_rule",
    .entity = FC_ENTITY_EXPORT_RULE,
    .keys = export_rule_keys,
    .size = sizeof(fc_export_rule),
    .en = "an export rule of the vendors' government",
    .ko = "수출국의 수출 규정",
};
