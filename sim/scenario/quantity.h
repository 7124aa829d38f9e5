/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quantities: a scalar's text -> a value of the kind its key wants, and back.
 *
 * Read (en)  18000  18,000  18_000  1.5e3  -3  30k  59 %  6 months  40 MW  1.46 tn KRW  KRW 1.46 tn
 *            172.99 KRW/kWh  68 bn KRW/MW  2.85 USD/GPU-h  1421.4 KRW/USD  989 TFLOPS  0.3 /year
 * Read (ko)  1만 8천  3만 장  1조 4,600억 원  8.8억 달러  59퍼센트  27개월  1년 6개월  1,421원/달러
 * Dates      2026-07-01  2026년 7월 1일  2026. 7. 1.
 * Periods    2026-07  2026년 7월  2026-Q3  2026년 3분기  2026-H2: their first day, and the last
 *
 * Multipliers k, m (mn), bn, tn stand before money or plain counts; thousand, million, billion and
 * trillion before any unit. Commas separate thousands, exactly every three digits. What could be
 * read in two ways is refused with a message that says what to write: `12 m` for a duration, `12m`
 * for a count, `1.460.000`, full-width digits, d/m/y dates, a bare number where a unit is needed.
 * Decimal texts are scaled as text, so `1.46 tn KRW` is exactly the double nearest to 1.46e12.
 *
 * Errors: the numbers 320 to 338 of the catalogue; exactly one is added to `diag` a refused text.
 */
#ifndef FC_SCENARIO_QUANTITY_H
#define FC_SCENARIO_QUANTITY_H

#include "base/text.h"
#include "fleetcast/error.h"
#include "scenario/unit.h"

typedef struct fc_quantity {
    double value; /* in fc_dim_base(dim); finite */
    double last;  /* dates: the last day of what was named (2026-07: 31 July); else value */
    fc_dim dim;
    fc_item item;                      /* as wanted */
    char currency[4], per_currency[4]; /* where money: "KRW"; per_currency for exchange rates */
} fc_quantity;

/* `where` and `diag` may be NULL. *out is written only on FC_OK. */
int fc_quantity_parse(const char *text, const fc_unit_want *want, const fc_place *where,
                      fc_diag *diag, fc_quantity *out);

/* How exact a formatted quantity is. */
typedef enum fc_figures {
    FC_FIGURES_EXACT, /* reads back to the same value */
    FC_FIGURES_SHORT, /* three significant figures, for prose */
    FC_FIGURES_TABLE  /* money in 억 원 or KRW bn with one decimal; others as SHORT */
} fc_figures;

/* The value as people of the language write it: KRW 1.46 tn / 1조 4,600억 원, 30,000 / 3만 장, 40
 * MW, 59 %, 822 days / 822일. A count takes its word from `item` (장, 대, 랙); in English the bare
 * number. */
void fc_quantity_format(const fc_quantity *quantity, fc_figures figures, fc_lang lang,
                        fc_text *out);

/* What Korean calls a currency, 원; the code itself where it has no common word for it. */
const char *fc_currency_word(const char *code);

#endif
