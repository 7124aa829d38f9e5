/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about money: budgets, payments, exchange rates, valuation. */
#include "scenario/speaker.h"

static const char *param(fc_speaker *s, fc_param p)
{
    return fc_words_param(&s->w, p);
}

static void say_lines(fc_speaker *s, const fc_budget *b)
{
    if (!fc_words_is(&s->w, b->line[FC_LINE_GPU], 1))
        SAY(s, "  Accelerators and their servers get %s of it.\n",
            "  그중 GPU·서버 구매 비율은 %s.\n", param(s, b->line[FC_LINE_GPU]));
    SAY_IF(s, b->line[FC_LINE_BUILDING], "  Building gets %s of it.\n",
           "  그중 구축비 비율은 %s.\n");
    SAY_IF(s, b->line[FC_LINE_RUNNING], "  Running cost gets %s of it.\n",
           "  그중 운영비 비율은 %s.\n");
}

static void say_amount(fc_speaker *s, const fc_budget *b)
{
    const char *day = fc_words_day(&s->w, b->enacted);
    if (b->amount)
        SAY(s, "- Budget %1$s brings %3$s %2$s.\n",
            "- 예산 %1$s: 집행 가능한 날은 %2$s, 총액은 %3$s.\n", b->name, day,
            param(s, b->amount));
    else
        SAY(s, "- Budget %1$s brings what is granted of %3$s %2$s.\n",
            b->bill
                ? "- 예산 %1$s: 집행 가능한 날은 %2$s, 총액은 정부안 %3$s에서 삭감분을 뺀 금액.\n"
                : "- 예산 %1$s: 집행 가능한 날은 %2$s, 총액은 요구액 %3$s에서 삭감분을 뺀 금액.\n",
            b->name, day, param(s, b->bill ? b->bill : b->requested));
    if (b->amount || b->bill)
        SAY_IF(s, b->requested, "  The ministry asks for %s.\n", "  부처 요구액은 %s.\n");
    if (b->requested_on)
        SAY(s, "  It is requested %s.\n", "  요구하는 날은 %s.\n",
            fc_words_day(&s->w, b->requested_on));
    if (b->amount) SAY_IF(s, b->bill, "  The bill says %s.\n", "  정부안은 %s.\n");
    if (b->introduced)
        SAY(s, "  The bill goes to parliament %s.\n", "  정부안을 국회에 내는 날은 %s.\n",
            fc_words_day(&s->w, b->introduced));
    SAY_IF(s, b->cut, "  The cut is %s of that.\n", "  삭감 비율은 %s.\n");
    SAY_IF(s, b->probability, "  Chance that it is enacted at all: %s.\n", "  확정될 확률은 %s.\n");
}

static void say_kind(fc_speaker *s, const fc_budget *b)
{
    static const char *const kinds[][2] = {
        [FC_MONEY_DIRECT] = {"", ""},
        [FC_MONEY_CONTRIBUTION] = {"a contribution", "출연금"},
        [FC_MONEY_SUBSIDY] = {"a subsidy", "보조금"},
        [FC_MONEY_EQUITY] = {"equity", "출자금"},
        [FC_MONEY_LOAN] = {"a loan", "융자금"},
    };
    if (b->type == FC_BUDGET_MAIN)
        SAY_PLAIN(s, "  It is a main budget: not released before its fiscal year begins.\n",
                  "  본예산이어서 회계연도가 시작되기 전에는 배정하지 않는다.\n");
    if (b->kind != FC_MONEY_DIRECT)
        SAY(s, "  It is handed on to who buys as %s.\n", "  사업 수행기관에 주는 %s이다.\n",
            kinds[b->kind][s->ko]);
    SAY_IF(s, b->private_share, "  With it comes private money; of both together it is %s.\n",
           "  함께 들어오는 민간부담금 비율은 %s.\n");
}

static void say_quarters(fc_speaker *s, const fc_budget *b)
{
    fc_text text = FC_TEXT_EMPTY;
    bool any = false;
    for (int q = 0; q < FC_QUARTERS_NAMED; q++) {
        const char *share = b->apportioned[q] ? param(s, b->apportioned[q]) : s->ko ? "0%" : "0 %";
        fc_text_printf(&text, "%s%s", q ? ", " : "", share);
        any |= b->apportioned[q] != 0;
    }
    const char *shares = fc_words_take(&s->w, &text);
    if (any)
        SAY(s, "  It is released by quarters of its fiscal year: %s, and the rest in the fourth.\n",
            "  회계연도의 1~3분기 배정 비율은 %s, 나머지는 4분기에 배정한다.\n", shares);
}

void fc_say_budget(fc_speaker *s, const fc_budget *b)
{
    say_amount(s, b);
    say_kind(s, b);
    say_lines(s, b);
    say_quarters(s, b);
    if (b->ahead.ceiling)
        SAY(s, "  Orders on it may be placed before its release, %s at most.\n",
            "  배정 전에도 계약할 수 있으며 한도는 %s.\n", param(s, b->ahead.ceiling));
    if (b->ahead.from)
        SAY(s, "  Such orders begin %s.\n", "  배정 전 계약이 가능한 첫날은 %s.\n",
            fc_words_day(&s->w, b->ahead.from));
    if (b->lapses)
        SAY(s, "  What is not committed lapses %s.\n", "  집행하지 못한 돈이 불용되는 날은 %s.\n",
            fc_words_day(&s->w, b->lapses));
    SAY_IF(s, b->carry_over,
           "  What is not committed is carried over beyond its fiscal year for %s, then lapses.\n",
           "  회계연도가 지난 뒤 미계약액을 이월하는 기간은 %s, 그 뒤는 불용.\n");
}

void fc_say_payments(fc_speaker *s, const fc_programme *p)
{
    const fc_exposure *e = &p->exchange;
    SAY_IF(s, p->payments.advance, "  Paid on the order: %s of the cost.\n",
           "  계약 때 주는 선금 비율은 %s.\n");
    SAY_IF(s, p->payments.acceptance, "  Paid when they are commissioned: %s of the cost.\n",
           "  가동 때 주는 잔금 비율은 %s.\n");
    SAY_IF(s, e->in_dollars, "  Of a price in the budget's currency %s is owed in US dollars.\n",
           "  예산 통화로 적은 단가 중 달러로 치르는 비율은 %s.\n");
    SAY_IF(s, e->budget_rate, "  The price was reckoned at %s.\n", "  예산 기준환율은 %s.\n");
    SAY_IF(
        s, e->hedge,
        "  Of what is owed in another currency %s is paid at the rate of the order, the rest at "
        "the rate of the payment.\n",
        "  외화로 치를 돈 중 발주일 환율로 지급하는 비율은 %s, 나머지는 지급일 환율을 따른다.\n");
}

void fc_say_walk(fc_speaker *s, const fc_walk *w)
{
    SAY_IF(s, w->volatility,
           "  About it the rate walks at random, with a volatility of %s a year.\n",
           "  이를 중심으로 환율이 무작위로 변동하며 연간 변동성은 %s.\n");
    SAY_IF(s, w->reversion, "  It returns to it at a rate of %s.\n", "  되돌아오는 속도는 %s.\n");
    if (w->from)
        SAY(s, "  The walk begins in the month of this day: %s.\n",
            "  변동이 시작되는 날은 %s(그 달부터).\n", param(s, w->from));
}

void fc_say_fiscal(fc_speaker *s, const fc_fleet *f)
{
    const fc_valuation *v = &f->valuation;
    if (f->fiscal_year_starts > 0)
        SAY(s, "- The fiscal year begins with month %lld of the year.\n",
            "- 회계연도는 %lld월에 시작한다.\n", (long long)f->fiscal_year_starts);
    if (!v->base) return;
    SAY(s, "- Payments are valued to this day: %s.\n", "- 지급액을 평가하는 기준일은 %s.\n",
        param(s, v->base));
    SAY_IF(s, v->discount_rate, "  The discount rate (nominal) is %s.\n", "  명목 할인율은 %s.\n");
    SAY_IF(s, v->inflation, "  Inflation is %s.\n", "  물가상승률은 %s.\n");
}

void fc_say_building_money(fc_speaker *s, const fc_site *site)
{
    if (site->pays_from.n == 0) return;
    SAY(s, "  Its works cost %s and are paid from the building lines of %s.\n",
        "  공사비는 수전용량당 %s, 재원은 예산 %s의 구축비.\n", param(s, site->cost),
        fc_speaker_refs(s, &site->pays_from, FC_ENTITY_BUDGET));
}
