/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 6: the grid's rules, a site's grid connection, and people. */
#include "scenario/key.h"

static const char *const verdicts[] = {"required", "waived", NULL};
static const char *const rule_kinds[] = {"any", "new", "existing", "colocation", NULL};

/* What an assessment is, in a rule and in a site's own. */
/* clang-format off */
#define ASSESSMENT_KEYS(at) \
    {.name = "at_least", \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_POWER}, \
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE, \
     .min = 0, \
     .max = 1e12, \
     .offset = (at) + offsetof(fc_assessment, at_least), \
     .en = "only where the site has applied for this much power, all its phases so far together; of any " \
           "size without it", \
     .ko = "부지의 신청 전력(단계 누계)이 이 이상일 때만; 없으면 규모에 관계없이"}, \
    {.name = "passed", \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_SHARE}, \
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE, \
     .min = 0, \
     .max = 1, \
     .offset = (at) + offsetof(fc_assessment, passed), \
     .en = "share of attempts that pass; all of them without it", \
     .ko = "통과 비율; 없으면 모두 통과"}, \
    {.name = "review", \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_DURATION}, \
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE, \
     .min = 0, \
     .max = 50 * FC_YEAR, \
     .in_progress = FC_RESCALE, \
     .offset = (at) + offsetof(fc_assessment, review), \
     .en = "how long an attempt takes; varies by attempt", \
     .ko = "심의 한 번에 걸리는 기간; 신청마다 다름"}, \
    {.name = "retry", \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_DURATION}, \
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE, \
     .min = 0, \
     .max = 50 * FC_YEAR, \
     .in_progress = FC_RESCALE, \
     .offset = (at) + offsetof(fc_assessment, retry), \
     .en = "from a failed attempt to the next; varies by attempt", \
     .ko = "미통과 뒤 재신청까지의 기간; 신청마다 다름"}
/* clang-format on */

static const fc_key grid_rule_keys[] = {
    {.name = "region",
     .type = FC_K_TEXT,
     .offset = offsetof(fc_grid_rule, region),
     .en = "region of the sites it is for; all without it",
     .ko = "적용 지역; 없으면 모든 지역"},
    {.name = "kind",
     .type = FC_K_CHOICE,
     .fallback = "any",
     .choices = rule_kinds,
     .offset = offsetof(fc_grid_rule, kind),
     .en = "kind of the sites it is for",
     .ko = "적용 부지 종류"},
    {.name = "from",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = offsetof(fc_grid_rule, from),
     .en = "date from which it is in force; always without it",
     .ko = "시행일; 없으면 처음부터"},
    {.name = "until",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = offsetof(fc_grid_rule, until),
     .en = "date on which it ends; never without it",
     .ko = "끝나는 날; 없으면 계속"},
    {.name = "assessment",
     .type = FC_K_CHOICE,
     .fallback = "required",
     .choices = verdicts,
     .offset = offsetof(fc_grid_rule, waived),
     .en = "whether such sites must pass an impact assessment before they are connected; of the "
           "rules that match, the last decides",
     .ko = "계통 접속 전 영향평가 통과 의무(required) 또는 면제(waived); 해당하는 규칙 중 "
           "마지막 것을 따른다"},
    ASSESSMENT_KEYS(offsetof(fc_grid_rule, assessment)),
    {0},
};

const fc_section fc_section_grid_rule = {
    .id = "grid_rule",
    .entity = FC_ENTITY_GRID_RULE,
    .keys = grid_rule_keys,
    .size = sizeof(fc_grid_rule),
    .en = "a dated rule on the impact assessment of new load on the grid",
    .ko = "전력계통영향평가에 관한 규칙과 시행 기간",
};

static const fc_key assessment_keys[] = {ASSESSMENT_KEYS(0), {0}};

static const fc_section assessment_section = {
    .id = "site.grid.assessment",
    .keys = assessment_keys,
    .size = sizeof(fc_assessment),
    .en = "the site's own assessment, and its own figures where a rule requires one",
    .ko = "이 부지의 영향평가; 규칙이 요구할 때는 이 부지에 쓸 값",
};

static const fc_key site_grid_keys[] = {
    {.name = "notice",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN | FC_MAY_VARY | FC_MAY_CHANGE,
     .min = 0,
     .max = 50 * FC_YEAR,
     .in_progress = FC_RESCALE,
     .offset = offsetof(fc_site, notice),
     .en = "review of the advance notice of use, before the assessment; varies by phase",
     .ko = "전기사용예정통지 검토 기간(영향평가 전); 단계마다 다름"},
    {.name = "assessment",
     .type = FC_K_SECTION,
     .section = &assessment_section,
     .offset = offsetof(fc_site, assessment),
     .en = "impact assessment",
     .ko = "전력계통영향평가"},
    {0},
};

const fc_section fc_section_site_grid = {
    .id = "site.grid",
    .keys = site_grid_keys,
    .size = sizeof(fc_site),
    .en = "what comes before a phase's connection: advance notice, impact assessment",
    .ko = "접속 공사 전의 절차: 전기사용예정통지, 전력계통영향평가",
};

static const fc_key staff_keys[] = {
    {.name = "stock",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_USER},
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1e9,
     .offset = offsetof(fc_fleet, staff.stock),
     .en = "persons at the start who can install and operate; enough of them without it",
     .ko = "시작 시점의 설치·운영 인력(명); 없으면 인력 제약 없음"},
    {.name = "graduates",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_RATE, .item = FC_ITEM_USER},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e3,
     .offset = offsetof(fc_fleet, staff.graduates),
     .en = "persons who join from school, e.g. 300 persons/year",
     .ko = "졸업 유입, 예: 300 명/년"},
    {.name = "training",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_RATE, .item = FC_ITEM_USER},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e3,
     .offset = offsetof(fc_fleet, staff.training),
     .en = "persons who join by training, e.g. 100 persons/year",
     .ko = "교육·전환 유입, 예: 100 명/년"},
    {.name = "outflow",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_RATE},
     .may = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e-3,
     .offset = offsetof(fc_fleet, staff.outflow),
     .en = "share of the stock that leaves, e.g. 5 %/year",
     .ko = "유출 비율, 예: 5 %/년"},
    {.name = "needed_per_mw",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_NUMBER},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e6,
     .offset = offsetof(fc_fleet, staff.needed_per_mw),
     .en = "persons to operate a MW of rated IT power; servers that cannot be staffed are not "
           "commissioned",
     .ko = "정격 IT 전력 1MW를 운영하는 데 필요한 인원; 인력이 없으면 가동하지 못한다"},
    {.name = "crews",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 1,
     .max = 1e6,
     .offset = offsetof(fc_fleet, staff.crews),
     .en = "lots that can be installed at once; no limit without it",
     .ko = "동시에 설치할 수 있는 발주분 수; 없으면 제한 없음"},
    {.name = "crew_size",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_COUNT, .item = FC_ITEM_USER},
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1e6,
     .offset = offsetof(fc_fleet, staff.crew_size),
     .en = "persons of the stock in an installation crew; none of them without it",
     .ko = "설치팀 한 팀의 인원(stock에서 나간다); 없으면 stock과 무관"},
    {0},
};

const fc_section fc_section_staff = {
    .id = "staff",
    .keys = staff_keys,
    .size = sizeof(fc_fleet),
    .en = "people who install and operate",
    .ko = "설치·운영 인력",
};
