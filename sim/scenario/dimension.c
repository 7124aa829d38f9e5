/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/dimension.h"

typedef struct kind {
    const char *id, *en, *ko;
    const char *base, *example, *list;
    fc_item item;              /* the item in `base` */
    int item_least, item_most; /* exponents of items that are accepted */
} kind;

/* clang-format off */
static const kind kinds[FC_DIM_LIMIT] = {
    [FC_DIM_NUMBER] = {"number", "a plain number", "단위 없는 수", "", "1.5", "", FC_ITEM_ANY, 0, 0},
    [FC_DIM_COUNT] = {"count", "a count", "개수", "", "30,000", "", FC_ITEM_ANY, 0, 1},
    [FC_DIM_SHARE] = {"share", "a share", "비율", "", "59 %", "%", FC_ITEM_ANY, 0, 0},
    [FC_DIM_DURATION] = {"duration", "a duration", "기간", "s", "6 months",
        "months, days, weeks, years, hours, minutes, seconds", FC_ITEM_ANY, 0, 0},
    [FC_DIM_DATE] = {"date", "a date", "날짜", "day", "2026-07-01", "", FC_ITEM_ANY, 0, 0},
    [FC_DIM_POWER] = {"power", "a power", "전력", "W", "40 MW", "MW, kW, GW, W", FC_ITEM_ANY, 0, 0},
    [FC_DIM_RACK_POWER] = {"rack-power", "a power per rack", "랙당 전력", "W/rack", "40 kW/rack",
        "kW, kW/rack, W", FC_ITEM_RACK, -1, 0},
    [FC_DIM_ENERGY] = {"energy", "an energy", "전력량", "kWh", "120 GWh", "MWh, kWh, GWh, TWh, Wh",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_MONEY] = {"money", "an amount of money", "금액", "XXX", "1.46 tn KRW", "XXX",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_ITEM_PRICE] = {"item-price", "a price of one item", "단가", "XXX", "30,000 USD",
        "XXX, XXX/GPU, XXX/server, XXX/rack", FC_ITEM_ANY, -1, 0},
    [FC_DIM_ENERGY_PRICE] = {"energy-price", "a price of energy", "전력량 단가", "XXX/kWh",
        "172.99 KRW/kWh", "XXX/kWh, XXX/MWh", FC_ITEM_ANY, 0, 0},
    [FC_DIM_POWER_PRICE] = {"power-price", "a price of power capacity", "설비용량 단가", "XXX/kW",
        "68 bn KRW/MW", "XXX/MW, XXX/kW", FC_ITEM_ANY, 0, 0},
    [FC_DIM_DEMAND_PRICE] = {"demand-price", "a charge per power and month", "월별 전력 요금",
        "XXX/kW-month", "150,000 KRW/kW-month", "XXX/kW-month, XXX/kW-year", FC_ITEM_ANY, 0, 0},
    [FC_DIM_GPU_PRICE] = {"gpu-price", "a price of a GPU-hour", "GPU 시간당 단가", "XXX/GPU-h",
        "2.85 USD/GPU-h", "XXX/GPU-h", FC_ITEM_GPU, -1, -1},
    [FC_DIM_CARBON_PRICE] = {"carbon-price", "a price of carbon", "탄소 가격", "XXX/t",
        "9,000 KRW/t", "XXX/t, XXX/tCO2eq", FC_ITEM_ANY, 0, 0},
    [FC_DIM_EXCHANGE] = {"exchange", "an exchange rate", "환율", "XXX/XXX", "1,421.4 KRW/USD",
        "XXX/XXX", FC_ITEM_ANY, 0, 0},
    [FC_DIM_COMPUTE] = {"compute", "a computing rate", "연산 성능", "FLOPS", "989 TFLOPS",
        "TFLOPS, PFLOPS, EFLOPS", FC_ITEM_ANY, 0, 0},
    [FC_DIM_WORK] = {"work", "an amount of computing", "연산량", "FLOP", "1e26 FLOP", "FLOP, EFLOP, ZFLOP",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_GPU_TIME] = {"gpu-time", "an amount of GPU time", "GPU 사용 시간", "GPU-h", "5,000 GPU-h",
        "GPU-h, GPU-day", FC_ITEM_GPU, 1, 1},
    [FC_DIM_BYTES] = {"bytes", "a memory size", "기억 용량", "B", "80 GB", "GB, TB, MB, PB",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_BANDWIDTH] = {"bandwidth", "a bandwidth", "대역폭", "B/s", "3.35 TB/s", "TB/s, GB/s",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_MASS] = {"mass", "a mass", "질량", "kg", "120 ktCO2eq", "t, kg, kt, tCO2eq",
        FC_ITEM_ANY, 0, 0},
    [FC_DIM_EMISSION] = {"emission", "an emission factor", "배출계수", "kg/kWh", "423 gCO2eq/kWh",
        "gCO2eq/kWh, kg/MWh, t/MWh", FC_ITEM_ANY, 0, 0},
    [FC_DIM_VOLUME] = {"volume", "a volume", "부피", "m3", "500 m3", "m3, L", FC_ITEM_ANY, 0, 0},
    [FC_DIM_WATER_USE] = {"water-use", "a water use per energy", "전력량당 물 사용량", "L/kWh",
        "1.8 L/kWh", "L/kWh, m3/MWh", FC_ITEM_ANY, 0, 0},
    [FC_DIM_WATER_RATE] = {"water-rate", "a water use per time", "기간당 물 사용량", "m3/day",
        "2,000 m3/day", "m3/day, L/s", FC_ITEM_ANY, 0, 0},
    [FC_DIM_RATE] = {"rate", "a rate", "기간당 비율", "/s", "5 %/year",
        "/day, /year, /month, /h, %/year, jobs/day", FC_ITEM_ANY, -1, 1},
};
/* clang-format on */

const char *fc_dim_id(fc_dim dim)
{
    return kinds[dim].id;
}

const char *fc_dim_name(fc_dim dim, fc_lang lang)
{
    return lang == FC_LANG_KO ? kinds[dim].ko : kinds[dim].en;
}

const char *fc_dim_base(fc_dim dim)
{
    return kinds[dim].base;
}

const char *fc_unit_example(fc_dim dim)
{
    return kinds[dim].example;
}

const char *fc_unit_list(fc_dim dim)
{
    return kinds[dim].list;
}

fc_item fc_dim_item(fc_dim dim, int *least, int *most)
{
    *least = kinds[dim].item_least;
    *most = kinds[dim].item_most;
    return kinds[dim].item;
}

const char *fc_item_name(fc_item item, fc_lang lang)
{
    static const struct {
        const char *en, *ko;
    } names[FC_ITEM_LIMIT] = {
        [FC_ITEM_ANY] = {"things", "개수"},         [FC_ITEM_GPU] = {"GPUs", "GPU(장)"},
        [FC_ITEM_SERVER] = {"servers", "서버(대)"}, [FC_ITEM_RACK] = {"racks", "랙"},
        [FC_ITEM_USER] = {"users", "이용자(명)"},   [FC_ITEM_JOB] = {"jobs", "작업(건)"},
        [FC_ITEM_TOKEN] = {"tokens", "토큰"},
    };
    return lang == FC_LANG_KO ? names[item].ko : names[item].en;
}
