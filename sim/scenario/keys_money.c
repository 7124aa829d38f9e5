/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key table: money. Budgets, how contracts are paid, exchange rates, valuation. */
#include "scenario/key.h"

#define AT(type, field) offsetof(type, field)
#define WANT(d) .want = {.dim = FC_DIM_##d}

/* ---- budgets -------------------------------------------------------------------------------- */

static const char *const budget_types[] = {"supplementary", "main", NULL}; /* fc_budget_type */
static const char *const money_kinds[] = {"direct", "contribution", "subsidy",
                                          "equity", "loan",         NULL}; /* fc_money_kind */

static const fc_key line_keys[] = {
    {.name = "gpu",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .fallback = "100 %",
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, line[FC_LINE_GPU]),
     .en = "share that buys accelerators and their servers",
     .ko = "GPU·서버 구매비 비율"},
    {.name = "building",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, line[FC_LINE_BUILDING]),
     .en = "share for building and environment: pays the phases of sites that name this budget",
     .ko = "구축·환경 조성비 비율; 이 예산을 재원으로 적은 부지의 공사비를 낸다"},
    {.name = "running",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, line[FC_LINE_RUNNING]),
     .en = "share for running cost",
     .ko = "운영비 비율"},
    {0},
};

static const fc_section lines_section = {
    .id = "lines",
    .keys = line_keys,
    .size = sizeof(fc_budget),
    .en = "what the money is for; what the lines leave of 100 % pays for what is not modelled",
    .ko = "예산의 용도별 비율; 100%에서 남는 부분은 모형 밖의 지출",
};

#define QUARTER(n, which_en, which_ko)                                                             \
    {                                                                                              \
        .name = "q" #n, .type = FC_K_VALUE, WANT(SHARE), .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,    \
        .min = 0, .max = 1, .in_progress = FC_KEEP, .offset = AT(fc_budget, apportioned[n - 1]),   \
        .en = "share released as the " which_en " quarter of the fiscal year begins",              \
        .ko = "회계연도 " which_ko "분기 초에 배정하는 비율"                             \
    }

static const fc_key apportioned_keys[] = {
    QUARTER(1, "first", "1"),
    QUARTER(2, "second", "2"),
    QUARTER(3, "third", "3"),
    {0},
};

static const fc_section apportioned_section = {
    .id = "apportioned",
    .keys = apportioned_keys,
    .size = sizeof(fc_budget),
    .en = "release by quarters of the fiscal year; what the first three leave comes in the fourth",
    .ko = "분기별 예산배정; 1~3분기에 남긴 몫은 4분기에 배정",
};

static const fc_key ahead_keys[] = {
    {.name = "ceiling",
     .type = FC_K_VALUE,
     WANT(MONEY),
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 9e15,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, ahead.ceiling),
     .currency_offset = AT(fc_budget, currency),
     .en = "most that may be on order before the release",
     .ko = "배정 전에 계약할 수 있는 한도"},
    {.name = "from",
     .type = FC_K_VALUE,
     WANT(DATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = AT(fc_budget, ahead.from),
     .en = "first day of such orders; the start without it",
     .ko = "배정 전 계약이 가능한 첫날; 없으면 모의 첫날"},
    {0},
};

static const fc_section ahead_section = {
    .id = "ahead",
    .keys = ahead_keys,
    .size = sizeof(fc_budget),
    .en = "multi-year commitment: orders on this money before it is released, paid when it is",
    .ko = "국고채무부담행위: 배정 전에 계약하고 배정된 뒤 지급",
};

static const fc_key budget_keys[] = {
    {.name = "type",
     .type = FC_K_CHOICE,
     .fallback = "supplementary",
     .choices = budget_types,
     .offset = AT(fc_budget, type),
     .en =
         "supplementary: of the fiscal year in which it is enacted, released at once; main: of the "
         "fiscal year whose first day is nearest to its enactment, not released before that day",
     .ko = "supplementary(추경): 확정된 날이 속한 회계연도의 예산으로 바로 배정; main(본예산): "
           "확정일에 "
           "가장 가까운 회계연도 개시일의 예산으로 그날 전에는 배정하지 않음"},
    {.name = "kind",
     .type = FC_K_CHOICE,
     .fallback = "direct",
     .choices = money_kinds,
     .offset = AT(fc_budget, kind),
     .en =
         "how it gets to who buys: direct, or handed on as contribution, subsidy, equity or loan; "
         "what is handed on counts as spent by the ministry, equity and loans as recoverable",
     .ko = "집행 방식: 직접(direct), 출연(contribution), 보조(subsidy), 출자(equity), 융자(loan); "
           "직접이 아니면 내려보낸 돈을 집행으로 보고, 출자·융자는 회수 가능한 돈으로 본다"},
    {.name = "requested",
     .type = FC_K_VALUE,
     WANT(MONEY),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 9e15,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, requested),
     .currency_offset = AT(fc_budget, currency),
     .en = "what the ministry asks for; where neither bill nor amount is given the amount is this "
           "less the cut",
     .ko = "부처 요구액; bill과 amount가 모두 없으면 여기서 삭감분을 뺀 것이 총액"},
    {.name = "requested_on",
     .type = FC_K_VALUE,
     WANT(DATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = AT(fc_budget, requested_on),
     .en = "day it is requested; what waits for this money waits for one that is not budgeted "
           "before it, and for one that is not released after it",
     .ko =
         "예산을 요구하는 날; 지연 원인 내역에서 그 전은 미편성, 그 뒤 배정까지는 미배정으로 본다"},
    {.name = "bill",
     .type = FC_K_VALUE,
     WANT(MONEY),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 9e15,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, bill),
     .currency_offset = AT(fc_budget, currency),
     .en = "what the bill says that goes to parliament; the amount is this less the cut unless it "
           "is given",
     .ko = "국회에 내는 정부안; amount가 없으면 여기서 삭감분을 뺀 것이 총액"},
    {.name = "introduced",
     .type = FC_K_VALUE,
     WANT(DATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = AT(fc_budget, introduced),
     .en = "day the bill goes to parliament; without requested_on the money is on its way from "
           "this day on",
     .ko = "정부안을 국회에 내는 날; requested_on이 없으면 이날부터 편성 중인 예산으로 본다"},
    {.name = "cut",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = -1,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, cut),
     .en = "share of the bill (without one of what was requested) that is not granted; below 0 %: "
           "more is granted",
     .ko = "정부안(없으면 요구액)에서 삭감되는 비율; 음수는 증액"},
    {.name = "amount",
     .type = FC_K_VALUE,
     WANT(MONEY),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 9e15,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, amount),
     .currency_offset = AT(fc_budget, currency),
     .en = "the whole amount, as enacted",
     .ko = "총액(확정액)"},
    {.name = "enacted",
     .type = FC_K_VALUE,
     WANT(DATE),
     .required = true,
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = AT(fc_budget, enacted),
     .en = "date it is enacted, from which the money can be spent (see type); an unknown date may "
           "slip beyond the horizon",
     .ko = "확정되어 집행할 수 있는 날(type 참조); 미지수로 두면 미뤄질 수 있다"},
    {.name = "probability",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, probability),
     .en = "chance that it is enacted at all; surely without it",
     .ko = "확정될 확률; 없으면 반드시 확정"},
    {.name = "lines",
     .type = FC_K_SECTION,
     .section = &lines_section,
     .en = "what the money is for",
     .ko = "용도별 비율"},
    {.name = "apportioned",
     .type = FC_K_SECTION,
     .section = &apportioned_section,
     .en = "release by quarters; all at once without it",
     .ko = "분기별 배정; 없으면 한꺼번에 배정"},
    {.name = "lapses",
     .type = FC_K_VALUE,
     WANT(DATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .in_progress = FC_RESCALE,
     .offset = AT(fc_budget, lapses),
     .en = "date on which money not yet committed is lost; without it and carry_over it is carried "
           "over for ever",
     .ko = "미집행분이 불용 처리되는 날; 이것과 carry_over가 모두 없으면 계속 이월"},
    {.name = "carry_over",
     .type = FC_K_VALUE,
     WANT(DURATION),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 20 * FC_YEAR,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, carry_over),
     .en = "whole fiscal years after its own for which free money is carried over before it lapses "
           "(0 years: only committed money is carried over); committed money is kept until it is "
           "paid",
     .ko = "자기 회계연도 뒤로 미계약액을 이월하는 햇수(만으로 셈, 0년이면 계약분만 이월); 그 뒤는 "
           "불용. 계약분은 지급할 때까지 이월"},
    {.name = "private_share",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 0.99,
     .in_progress = FC_KEEP,
     .offset = AT(fc_budget, private_share),
     .en = "private money, as a share of public and private money together; it arrives with each "
           "release, on top of the amount",
     .ko = "민간부담금 비율(국비와 민간부담금의 합에서); 배정 때마다 총액에 더해 들어온다"},
    {.name = "ahead",
     .type = FC_K_SECTION,
     .section = &ahead_section,
     .en = "orders before the release; none without it",
     .ko = "배정 전 계약; 없으면 불가"},
    {0},
};

const fc_section fc_section_budget = {
    .id = "budget",
    .entity = FC_ENTITY_BUDGET,
    .keys = budget_keys,
    .size = sizeof(fc_budget),
    .en = "money released on a date",
    .ko = "정해진 날에 배정되는 예산",
};

/* ---- contracts ------------------------------------------------------------------------------ */

static const fc_key payment_keys[] = {
    {.name = "advance",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1,
     .offset = AT(fc_programme, payments.advance),
     .en = "share paid on the order; none without it",
     .ko = "계약 때 주는 선금 비율; 없으면 0"},
    {.name = "acceptance",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1,
     .offset = AT(fc_programme, payments.acceptance),
     .en = "share paid when they are commissioned; none without it",
     .ko = "검수 후 가동 때 주는 잔금 비율; 없으면 0"},
    {0},
};

const fc_section fc_section_payments = {
    .id = "payments",
    .keys = payment_keys,
    .size = sizeof(fc_programme),
    .en = "when a contract is paid; what the two leave is paid on delivery",
    .ko = "대금 지급 시기; 선금과 잔금을 뺀 나머지는 납품 때 지급",
};

static const fc_key exchange_keys[] = {
    {.name = "in_dollars",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1,
     .offset = AT(fc_programme, exchange.in_dollars),
     .en = "share of a price in the budget's currency that is owed in US dollars; none without it "
           "(a price in another currency is owed in that, all of it)",
     .ko = "예산 통화로 적은 단가에서 달러로 치르는 비율; 없으면 0(다른 통화로 적은 단가는 전액 그 "
           "통화로 치른다)"},
    {.name = "budget_rate",
     .type = FC_K_VALUE,
     .want = {.dim = FC_DIM_EXCHANGE, .per_currency = "USD"},
     .may = FC_MAY_UNKNOWN,
     .min = 1e-6,
     .max = 1e9,
     .offset = AT(fc_programme, exchange.budget_rate),
     .en = "exchange rate at which the programme's own price was reckoned; the part in dollars "
           "costs so much more as the rate of the order is above it. That of the order without it",
     .ko = "예산 기준환율: 사업 단가를 산정한 환율. 발주일 환율이 이보다 높으면 달러 몫이 그만큼 "
           "비싸진다. 없으면 발주일 환율"},
    {.name = "hedge",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 1,
     .offset = AT(fc_programme, exchange.hedge),
     .en = "share of what is owed in another currency that is paid at the rate of the order; the "
           "rest at the rate of the payment. All of it without it",
     .ko = "환헤지 비율: 외화로 치를 돈 중 발주일 환율로 지급하는 몫; 나머지는 지급일 환율로 지급. "
           "없으면 전액 헤지"},
    {0},
};

const fc_section fc_section_exchange = {
    .id = "exposure",
    .keys = exchange_keys,
    .size = sizeof(fc_programme),
    .en = "what exchange rates do to prices and payments",
    .ko = "환율이 단가와 지급액에 미치는 영향",
};

/* ---- valuation, random walks ---------------------------------------------------------------- */

static const fc_key valuation_keys[] = {
    {.name = "base",
     .type = FC_K_VALUE,
     WANT(DATE),
     .required = true,
     .offset = AT(fc_fleet, valuation.base),
     .en = "date to which payments are valued",
     .ko = "현재가치·불변가격의 기준일"},
    {.name = "discount_rate",
     .type = FC_K_VALUE,
     WANT(RATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1 / FC_YEAR,
     .offset = AT(fc_fleet, valuation.discount_rate),
     .en = "nominal discount rate; no present value without it",
     .ko = "명목 할인율; 없으면 현재가치를 내지 않음"},
    {.name = "inflation",
     .type = FC_K_VALUE,
     WANT(RATE),
     .may = FC_MAY_UNKNOWN | FC_MAY_CHANGE,
     .min = 0,
     .max = 1 / FC_YEAR,
     .offset = AT(fc_fleet, valuation.inflation),
     .en = "yearly rise of the price level (deflator); no real figures without it",
     .ko = "연간 물가상승률(디플레이터); 없으면 불변가격을 내지 않음"},
    {0},
};

const fc_section fc_section_valuation = {
    .id = "valuation",
    .keys = valuation_keys,
    .size = sizeof(fc_fleet),
    .en = "a base date for present values and real figures",
    .ko = "현재가치와 불변가격의 기준",
};

static const fc_key walk_keys[] = {
    {.name = "volatility",
     .type = FC_K_VALUE,
     WANT(SHARE),
     .required = true,
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 2,
     .offset = AT(fc_currency, walk.volatility),
     .en = "standard deviation of the logarithm of the rate after a year, were it not to return",
     .ko = "연간 변동성: 되돌림이 없을 때 1년 뒤 로그 환율의 표준편차"},
    {.name = "reversion",
     .type = FC_K_VALUE,
     WANT(RATE),
     .may = FC_MAY_UNKNOWN,
     .min = 0,
     .max = 100 / FC_YEAR,
     .offset = AT(fc_currency, walk.reversion),
     .en = "rate at which it returns to the path (mean reversion); never without it",
     .ko = "경로로 되돌아오는 속도(평균회귀); 없으면 되돌아오지 않음"},
    {.name = "from",
     .type = FC_K_VALUE,
     WANT(DATE),
     .may = FC_MAY_UNKNOWN,
     .offset = AT(fc_currency, walk.from),
     .en = "the walk begins in the month of this day; with the horizon without it",
     .ko = "변동이 시작되는 날(그 달부터); 없으면 모의 첫날"},
    {0},
};

const fc_section fc_section_walk = {
    .id = "walk",
    .keys = walk_keys,
    .size = sizeof(fc_currency),
    .en = "a random walk by calendar months about the path of the rate, which remains its mean",
    .ko = "환율 경로를 평균으로 하는 월별 무작위 변동",
};
