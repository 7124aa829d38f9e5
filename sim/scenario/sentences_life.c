/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about who operates accelerators, how long they serve, and what follows. */
#include "scenario/quantity.h"
#include "scenario/speaker.h"

static const char *end_words(const fc_speaker *s, int end)
{
    static const char *const words[][2] = {
        [FC_TERM_DISPOSE] = {"they are disposed of", "폐기한다"},
        [FC_TERM_TRANSFER] = {"they go to their operator", "운영사에 이관한다"},
        [FC_TERM_RENEW] = {"the term is renewed", "협약을 연장한다"},
    };
    return words[end][s->ko];
}

static void say_term(fc_speaker *s, const fc_term *t)
{
    if (!t->lasts && !t->ends) return;
    if (t->lasts)
        SAY(s, "  Their term lasts %1$s from commissioning; then %2$s.\n",
            "  협약 기간은 가동부터 %1$s. 종료되면 %2$s.\n", fc_words_param(&s->w, t->lasts),
            end_words(s, t->then));
    else
        SAY(s, "  Their term ends %1$s; then %2$s.\n", "  협약 종료일은 %1$s. 종료되면 %2$s.\n",
            fc_words_day(&s->w, t->ends), end_words(s, t->then));
    if (t->then != FC_TERM_RENEW) return;
    SAY_IF(s, t->renewed, "  Renewed are %s of them.\n", "  연장하는 비율은 %s.\n");
    SAY_IF(s, t->renewal, "  A renewed term lasts %s.\n", "  연장된 기간은 %s.\n");
    SAY_IF(s, t->cost, "  A renewal costs %s each.\n", "  연장 비용은 장당 %s.\n");
    if (t->renewed || t->cost)
        SAY(s, "  Of those that are not renewed: %s.\n", "  연장하지 못한 것은 %s.\n",
            end_words(s, t->otherwise));
}

void fc_say_life(fc_speaker *s, const fc_programme *p)
{
    if (p->owner == FC_OWNER_OPERATOR)
        SAY_PLAIN(s, "  They belong to their operator.\n", "  소유자는 운영사이다.\n");
    SAY_IF(s, p->operator_share, "  The operator keeps %s of them for its own use.\n",
           "  운영사 자체 사용 비율은 %s.\n");
    SAY_IF(s, p->service_life, "  They are retired after a service life of %s.\n",
           "  내용연수는 %s.\n");
    say_term(s, &p->term);
}

void fc_say_refresh(fc_speaker *s, const fc_programme *p)
{
    SAY(s,
        "  It orders as many as leave %s by age or term end, ahead of it, as far as the money "
        "reaches.\n",
        "  노후·협약 종료로 빠지는 수량만큼 예산이 닿는 대로 미리 발주한다(대상 사업은 %s).\n",
        fc_speaker_refs(s, &p->replaces, FC_ENTITY_PROGRAMME));
    SAY_IF(s, p->margin, "  Time kept in hand: %s.\n", "  남겨 두는 여유 기간은 %s.\n");
}

/* "3 at first, 1 from 6 months" / "처음부터 3배, 6개월부터 1배" */
static void say_ages(fc_speaker *s, const fc_upkeep *u)
{
    fc_text text = FC_TEXT_EMPTY;
    if (u->by_age.n == 0) return;
    for (uint32_t i = 0; i < u->by_age.n; i++) {
        double age = u->by_age.from[i];
        fc_quantity q = {.value = age, .last = age, .dim = FC_DIM_DURATION};
        fc_text_add(&text, i ? ", " : "");
        if (!s->ko)
            fc_text_printf(&text, age > 0 ? "%.10g from " : "%.10g at first", u->by_age.factor[i]);
        if (age > 0)
            fc_quantity_format(&q, FC_FIGURES_SHORT, s->w.lang, &text);
        else if (s->ko)
            fc_text_add(&text, "처음");
        if (s->ko) fc_text_printf(&text, "부터 %.10g배", u->by_age.factor[i]);
    }
    SAY(s, "  By age the rate is multiplied by %s.\n", "  나이별 고장률 배수는 %s.\n",
        fc_words_take(&s->w, &text));
    if (u->repaired_as == FC_REPAIRED_NEW)
        SAY_PLAIN(s, "  A repaired server is as new.\n",
                  "  수리된 서버의 나이는 0부터 다시 센다.\n");
}

static void say_spares(fc_speaker *s, const fc_upkeep *u)
{
    SAY_IF(s, u->scrapped, "  Of failed servers %s are scrapped",
           "  수리하지 못하고 폐기하는 비율은 %s");
    SAY_IF(s, u->replacement, " and replaced after %s", ", 새 서버로 바꾸기까지 %s");
    if (u->scrapped) fc_text_add(s->out, ".\n");
    SAY_IF(s, u->spares, "  Spare servers of each model: %s.\n",
           "  모델마다 두는 예비 서버는 %s.\n");
    SAY_IF(s, u->swap_time, "  Swapping one in takes %s.\n", "  예비 서버로 교체하는 시간은 %s.\n");
}

void fc_say_upkeep(fc_speaker *s, const fc_upkeep *u)
{
    if (!u->failure_rate) {
        SAY_PLAIN(s, "- Servers do not fail.\n", "- 서버 고장은 다루지 않는다.\n");
        return;
    }
    SAY(s, "- A running server fails at a rate of %s; a repair takes %s.\n",
        "- 가동 중인 서버의 고장률은 %s, 수리 기간은 %s.\n", fc_words_param(&s->w, u->failure_rate),
        fc_words_param(&s->w, u->repair_time));
    say_ages(s, u);
    SAY_IF(s, u->crews, "  %s repairs can go on at once.\n", "  동시에 %s건까지 수리한다.\n");
    say_spares(s, u);
    SAY_IF(s, u->exact_up_to, "  Lots of more than %s servers fail and are repaired by the day.\n",
           "  서버가 %s보다 많은 발주분은 고장과 수리를 하루 단위로 묶는다.\n");
}
