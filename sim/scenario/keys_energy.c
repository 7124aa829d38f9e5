/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table, part 7: electricity tariffs, on what terms power, water and space are had, emissions
 * and running cost. */
#include "scenario/key.h"

enum { VALUE_MAY = FC_MAY_UNKNOWN | FC_MAY_STEP | FC_MAY_CHANGE };

/* clang-format off */
#define PRICE(name_, dim_, least, most, field, en_, ko_) \
    {.name = name_, \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_##dim_}, \
     .may = VALUE_MAY, \
     .min = least, \
     .max = most, \
     .offset = (field) + offsetof(fc_price, value), \
     .currency_offset = (field) + offsetof(fc_price, currency), \
     .en = en_, \
     .ko = ko_}
#define AMOUNT(name_, dim_, least, most, field, en_, ko_) \
    {.name = name_, \
     .type = FC_K_VALUE, \
     .want = {.dim = FC_DIM_##dim_}, \
     .may = VALUE_MAY, \
     .min = least, \
     .max = most, \
     .offset = field, \
     .en = en_, \
     .ko = ko_}
/* clang-format on */

/* ---- tariffs --------------------------------------------------------------------------------- */

#define SEASON(field) offsetof(fc_tariff_season, field)

/* clang-format off */
#define SEASON_KEYS \
    {.name = "mid_hours", \
     .type = FC_K_HOURS, \
     .offset = SEASON(mid_hours), \
     .en = "mid-peak hours of working days, such as [8-11, 12-13] (from 8:00 to 11:00 and 12:00 to 13:00)", \
     .ko = "평일 중간부하 시간대, 예: [8-11, 12-13](08:00~11:00, 12:00~13:00)"}, \
    {.name = "peak_hours", \
     .type = FC_K_HOURS, \
     .offset = SEASON(peak_hours), \
     .en = "peak hours of working days; all other hours are off-peak", \
     .ko = "평일 최대부하 시간대; 나머지는 모두 경부하"}, \
    PRICE("off_peak", ENERGY_PRICE, 0, 1e9, SEASON(price[FC_OFF_PEAK]), \
          "energy charge in off-peak hours; the tariff's `energy` without it", \
          "경부하 전력량요금; 없으면 요금제의 energy"), \
    PRICE("mid_peak", ENERGY_PRICE, 0, 1e9, SEASON(price[FC_MID_PEAK]), \
          "energy charge in mid-peak hours; the tariff's `energy` without it", \
          "중간부하 전력량요금; 없으면 요금제의 energy"), \
    PRICE("peak", ENERGY_PRICE, 0, 1e9, SEASON(price[FC_PEAK]), \
          "energy charge in peak hours; the tariff's `energy` without it", \
          "최대부하 전력량요금; 없으면 요금제의 energy")
/* clang-format on */

/* Sections that stand in two places have keys of their own in each. */
#define DATED_SEASON(season, en_, ko_)                                                             \
    static const fc_key season##_keys[] = {                                                        \
        {.name = "months",                                                                         \
         .type = FC_K_MONTHS,                                                                      \
         .required = true,                                                                         \
         .offset = SEASON(months),                                                                 \
         .en = "its months, such as 6-8 or [11-12, 1-2]",                                          \
         .ko = "해당 월, 예: 6-8 또는 [11-12, 1-2]"},                                              \
        SEASON_KEYS,                                                                               \
        {0},                                                                                       \
    };                                                                                             \
    static const fc_section season##_section = {                                                   \
        .id = "tariff." #season,                                                                   \
        .keys = season##_keys,                                                                     \
        .size = sizeof(fc_tariff_season),                                                          \
        .en = en_,                                                                                 \
        .ko = ko_,                                                                                 \
    }
DATED_SEASON(summer, "hours and energy charges in summer", "여름철 시간대와 전력량요금");
DATED_SEASON(winter, "hours and energy charges in winter", "겨울철 시간대와 전력량요금");

static const fc_key other_season_keys[] = {SEASON_KEYS, {0}};

static const fc_section other_season_section = {
    .id = "tariff.other",
    .keys = other_season_keys,
    .size = sizeof(fc_tariff_season),
    .en = "hours and energy charges of the months that are neither summer nor winter",
    .ko = "여름·겨울이 아닌 달의 시간대와 전력량요금",
};

static const char *const off_peak_demands[] = {"counts", "free", NULL};

static const fc_key demand_keys[] = {
    PRICE("charge", DEMAND_PRICE, 0, 1e12, offsetof(fc_tariff, demand),
          "of a kW of billing demand and month", "요금적용전력 1kW당 월 기본요금"),
    {.name = "months",
     .type = FC_K_MONTHS,
     .offset = offsetof(fc_tariff, demand_months),
     .en = "months whose peak is billed in the eleven months after it, too; without it a peak is "
           "billed in its own month only",
     .ko = "최대수요가 이후 11개월의 요금에도 적용되는 달; 없으면 그달에만 적용"},
    AMOUNT("floor", SHARE, 0, 1, offsetof(fc_tariff, demand_floor),
           "share of the contract power that is billed at least; none without it",
           "계약전력 대비 최저 적용 비율; 없으면 0"),
    {.name = "off_peak",
     .type = FC_K_CHOICE,
     .fallback = "counts",
     .choices = off_peak_demands,
     .offset = offsetof(fc_tariff, off_peak_demand),
     .en = "whether power drawn in off-peak hours only makes a peak",
     .ko = "경부하 시간대에만 쓴 전력을 최대수요에 넣는가(counts) 빼는가(free)"},
    {0},
};

static const fc_section demand_section = {
    .id = "tariff.demand",
    .keys = demand_keys,
    .size = sizeof(fc_tariff),
    .en = "demand charge, on the highest power drawn",
    .ko = "최대수요에 따른 기본요금",
};

static const char *const milder_days[] = {"as_workday", "mid_peak", "off_peak", NULL};

#define DAY_KIND(name_, field, en_, ko_)                                                           \
    {                                                                                              \
        .name = name_, .type = FC_K_CHOICE, .fallback = "as_workday", .choices = milder_days,      \
        .offset = offsetof(fc_tariff, field), .en = en_, .ko = ko_                                 \
    }

static const fc_key tariff_keys[] = {
    PRICE("energy", ENERGY_PRICE, 0, 1e9, offsetof(fc_tariff, energy),
          "energy charge wherever a season has none of its own",
          "전력량요금(계절별 단가가 없는 경우)"),
    {.name = "summer",
     .type = FC_K_SECTION,
     .section = &summer_section,
     .offset = offsetof(fc_tariff, season[FC_SUMMER]),
     .en = "hours and energy charges in summer",
     .ko = "여름철 시간대와 전력량요금"},
    {.name = "winter",
     .type = FC_K_SECTION,
     .section = &winter_section,
     .offset = offsetof(fc_tariff, season[FC_WINTER]),
     .en = "hours and energy charges in winter",
     .ko = "겨울철 시간대와 전력량요금"},
    {.name = "other",
     .type = FC_K_SECTION,
     .section = &other_season_section,
     .offset = offsetof(fc_tariff, season[FC_OTHER_SEASON]),
     .en = "hours and energy charges in the remaining months",
     .ko = "나머지 달의 시간대와 전력량요금"},
    DAY_KIND("saturday", saturday,
             "what a Saturday's peak hours count as: as on working days, "
             "mid-peak, or the whole day off-peak",
             "토요일의 시간대: 평일과 같음, 최대부하를 중간부하로, 종일 경부하"),
    DAY_KIND("sunday", sunday, "the same of Sundays", "일요일의 시간대(위와 같음)"),
    DAY_KIND("holiday", holiday, "the same of holidays, whatever day of the week",
             "공휴일의 시간대(위와 같음)"),
    {.name = "holidays", .type = FC_K_DAYS, .en = "holidays", .ko = "공휴일"},
    {.name = "demand",
     .type = FC_K_SECTION,
     .section = &demand_section,
     .en = "demand charge",
     .ko = "기본요금"},
    PRICE("climate", ENERGY_PRICE, 0, 1e9, offsetof(fc_tariff, climate), "climate surcharge",
          "기후환경요금"),
    PRICE("fuel", ENERGY_PRICE, -1e9, 1e9, offsetof(fc_tariff, fuel),
          "fuel adjustment, which may be negative", "연료비조정요금(음수 가능)"),
    AMOUNT("fund", SHARE, 0, 1, offsetof(fc_tariff, fund),
           "levy on the sum of all charges above (Korea: power industry fund)",
           "부과금 비율(전력산업기반기금)"),
    AMOUNT("vat", SHARE, 0, 1, offsetof(fc_tariff, vat),
           "value-added tax on the sum of all charges above, the levy aside",
           "부가가치세율(부과금 제외 요금 기준)"),
    {0},
};

const fc_section fc_section_tariff = {
    .id = "tariff",
    .entity = FC_ENTITY_TARIFF,
    .keys = tariff_keys,
    .size = sizeof(fc_tariff),
    .en = "what electricity costs",
    .ko = "전기요금제",
};

/* ---- terms ----------------------------------------------------------------------------------- */

#define TERM(field) offsetof(fc_terms, field)

/* clang-format off */
#define PPA_KEYS \
    AMOUNT("share", SHARE, 0, 1, TERM(ppa_share), "share of the energy that is bought so", \
           "PPA로 조달하는 전력량 비율"), \
    PRICE("price", ENERGY_PRICE, 0, 1e9, TERM(ppa_price), \
          "price of that energy, network charges included, in place of energy charge and surcharges", \
          "PPA 단가(망 이용료 포함, 전력량요금·조정요금 대신)")

#define ELECTRICITY_KEYS(ppa_section) \
    {.name = "tariff", \
     .type = FC_K_REF, \
     .target = FC_ENTITY_TARIFF, \
     .offset = TERM(tariff), \
     .en = "its tariff; a site without one has its fleet's", \
     .ko = "요금제; 부지에 없으면 국가·기업의 요금제"}, \
    AMOUNT("load", SHARE, 0, 1, TERM(load), \
           "how far servers that run are loaded, between idle and peak power; a site without one " \
           "has its fleet's, else 100 %", \
           "가동 서버의 부하율(대기 전력과 최대 전력 사이); 부지에 없으면 국가·기업의 값, 그것도 " \
           "없으면 100%"), \
    AMOUNT("pue", NUMBER, 1, 4, TERM(pue), \
           "facility power a watt of IT power, as operated; a site without one has its design_pue, " \
           "what stands elsewhere 1", \
           "운영 PUE; 부지에 없으면 design_pue, 부지 밖이면 1"), \
    AMOUNT("summer_pue", NUMBER, 1, 4, TERM(summer_pue), "the same from June to August", \
           "여름(6~8월)의 운영 PUE"), \
    AMOUNT("contract_power", POWER, 0, 1e12, TERM(contract_power), \
           "contract power; a site's energised power without it", \
           "계약전력; 없으면 통전된 수전용량"), \
    PRICE("adder", ENERGY_PRICE, -1e9, 1e9, TERM(adder), \
          "regional addition to each kWh, which may be negative", \
          "지역별 차등요금 가산 단가(음수 가능)"), \
    {.name = "ppa", \
     .type = FC_K_SECTION, \
     .section = &(ppa_section), \
     .en = "power purchase agreement; a site without one has its fleet's", \
     .ko = "전력구매계약; 부지에 없으면 국가·기업의 계약"}

#define WATER_KEYS \
    AMOUNT("wue", WATER_USE, 0, 100, TERM(wue), \
           "water used a kWh of IT energy; a site without one has its fleet's", \
           "IT 전력량당 물 사용량(WUE); 부지에 없으면 국가·기업의 값"), \
    AMOUNT("permit", WATER_RATE, 0, 1e9, TERM(water_permit), \
           "water that may be taken a day; no limit without it", \
           "하루 취수 허가량; 없으면 제한 없음")
/* clang-format on */

static const fc_key ppa_keys[] = {PPA_KEYS, {0}}, site_ppa_keys[] = {PPA_KEYS, {0}};

#define TERMS_SECTION(name, id_, keys_, en_, ko_)                                                  \
    const fc_section name = {                                                                      \
        .id = id_, .keys = keys_, .size = sizeof(fc_terms), .en = en_, .ko = ko_}

static TERMS_SECTION(ppa_section, "ppa", ppa_keys, "power purchase agreement with a generator",
                     "전력구매계약(PPA)");
static TERMS_SECTION(site_ppa_section, "site.ppa", site_ppa_keys,
                     "power purchase agreement with a generator", "전력구매계약(PPA)");

static const char *const load_sources[] = {"stated", "demand", NULL}; /* fc_load_from */

static const fc_key electricity_keys[] = {
    ELECTRICITY_KEYS(ppa_section),
    {.name = "load_from",
     .type = FC_K_CHOICE,
     .fallback = "stated",
     .choices = load_sources,
     .offset = TERM(load_from),
     .en = "stated: servers are loaded as `load` says; demand: as the fleet's demand uses their "
           "accelerators, hour by hour (day by day where it is a flow without hours), all servers "
           "alike",
     .ko = "stated: load에 적힌 부하율; demand: 이용 수요가 시간마다(시간대가 없는 fluid이면 "
           "날마다) 쓰는 만큼, 모든 서버에 고르게"},
    {0}};
static const fc_key site_electricity_keys[] = {ELECTRICITY_KEYS(site_ppa_section), {0}};
static const fc_key water_keys[] = {WATER_KEYS, {0}}, site_water_keys[] = {WATER_KEYS, {0}};

TERMS_SECTION(fc_section_electricity, "electricity", electricity_keys,
              "what electricity is used, and on what terms", "전력 사용과 조건");
TERMS_SECTION(fc_section_site_electricity, "site.electricity", site_electricity_keys,
              "what electricity is used, and on what terms", "전력 사용과 조건");
TERMS_SECTION(fc_section_water, "water", water_keys, "cooling water", "냉각수");
TERMS_SECTION(fc_section_site_water, "site.water", site_water_keys, "cooling water", "냉각수");

/* ---- a fleet --------------------------------------------------------------------------------- */

static const char *const bases[] = {
#define FC_X(id, en, ko) #id,
    FC_CARBON_TABLE(FC_X)
#undef FC_X
        NULL};

#define FACTOR(basis, en_, ko_)                                                                    \
    AMOUNT(#basis, EMISSION, 0, 100, offsetof(fc_fleet, carbon.factor[FC_CARBON_##basis]), en_, ko_)

static const fc_key carbon_keys[] = {
    {.name = "headline",
     .type = FC_K_CHOICE,
     .fallback = "consumption",
     .choices = bases,
     .offset = offsetof(fc_fleet, carbon.headline),
     .en = "the basis that the answer speaks of; the others stand in the annex",
     .ko = "요약에 쓰는 기준; 나머지는 부록에 싣는다"},
    FACTOR(consumption, "official factor at the point of consumption", "공식 소비단 배출계수"),
    FACTOR(location, "factor of generation in the country", "발전단 배출계수"),
    FACTOR(life_cycle, "life-cycle factor", "전과정 배출계수"),
    FACTOR(market, "factor of what no power purchase agreement covers (residual mix)",
           "PPA로 조달하지 않은 전력의 배출계수(잔여 믹스)"),
    {0},
};

const fc_section fc_section_carbon = {
    .id = "carbon",
    .keys = carbon_keys,
    .size = sizeof(fc_fleet),
    .en = "emission factors by basis; the bases are never mixed",
    .ko = "기준별 전력배출계수; 기준을 섞지 않는다",
};

static const char *const arrears_rules[] = {"continue", "shut", NULL};

static const fc_key running_cost_keys[] = {
    PRICE("colocation", DEMAND_PRICE, 0, 1e12, offsetof(fc_fleet, terms.colocation),
          "rent of what stands outside its sites, of a kW of rated IT power and month",
          "부지 밖 설치분의 상면 임차료(정격 IT 전력 1kW당 월)"),
    AMOUNT("maintenance", RATE, 0, 1e-6, offsetof(fc_fleet, running.maintenance),
           "share of the purchase price of what is in service",
           "가동 장비 구매가 대비 유지보수비 비율"),
    PRICE("licences", GPU_PRICE, 0, 1e9, offsetof(fc_fleet, running.licences),
          "software licences, of an accelerator in service and hour or year",
          "소프트웨어 사용료(가동 장비 1장의 시간 또는 연 단가)"),
    PRICE("network", GPU_PRICE, 0, 1e9, offsetof(fc_fleet, running.network),
          "network and communication, of an accelerator in service and hour or year",
          "통신비(가동 장비 1장의 시간 또는 연 단가)"),
    PRICE("staff", DEMAND_PRICE, 0, 1e12, offsetof(fc_fleet, running.staff),
          "operations staff, of a kW of rated IT power in service and month",
          "운영 인건비(가동 정격 IT 전력 1kW당 월)"),
    AMOUNT("funded", SHARE, 0, 10, offsetof(fc_fleet, running.funded),
           "money there is for it each month, as a share of what running all that is in service "
           "would cost; without this key the running lines of the budgets pay, and where there are "
           "none all is paid",
           "매월 확보되는 운영비 비율(전량 가동 비용 기준); 없으면 예산의 운영비 항목에서 내고, 그 "
           "항목도 없으면 전액을 낸다"),
    {.name = "arrears",
     .type = FC_K_CHOICE,
     .fallback = "continue",
     .choices = arrears_rules,
     .offset = offsetof(fc_fleet, running.arrears),
     .en = "continue: what is not paid is owed; shut: beyond the limit, servers are off, those "
           "ordered last first, until the money is enough for the rest",
     .ko = "continue: 못 낸 돈은 체납으로 남음; shut: 한도를 넘으면 낼 수 있는 만큼만 남기고 "
           "나중에 발주한 서버부터 끔"},
    {.name = "arrears_limit",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_MONEY},
     .may = VALUE_MAY,
     .min = 0,
     .max = 9e15,
     .offset = offsetof(fc_fleet, running.arrears_limit.value),
     .currency_offset = offsetof(fc_fleet, running.arrears_limit.currency),
     .en = "shut: as much may be owed; nothing without it",
     .ko = "shut: 체납 한도; 없으면 0"},
    {.name = "written_off",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_DURATION},
     .may = FC_MAY_UNKNOWN,
     .min = FC_MONTH,
     .max = 50 * FC_YEAR,
     .offset = offsetof(fc_fleet, running.written_off),
     .en = "how long a purchase is spread over in the cost of a GPU-hour; 5 years without it",
     .ko = "GPU 시간당 비용에서 구매가를 나누는 기간; 없으면 5년"},
    {0},
};

const fc_section fc_section_running_cost = {
    .id = "running_cost",
    .keys = running_cost_keys,
    .size = sizeof(fc_fleet),
    .en = "what running costs besides electricity, and what is paid of it",
    .ko = "전기요금 외의 운영비와 재원",
};
