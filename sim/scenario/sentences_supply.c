/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about how a purchase comes about: what is bought and when, calls for bids, allotments,
 * export rules. */
#include "scenario/speaker.h"

static const char *mix_words(fc_speaker *s, const fc_mix *m)
{
    fc_text text = FC_TEXT_EMPTY;
    for (uint32_t i = 0; i < m->n; i++)
        fc_text_printf(&text, s->ko ? "%s%s %.10g%%" : "%s%s for %.10g %%", i ? ", " : "",
                       s->plan->accelerators[m->model[i]].name, 100 * m->share[i]);
    return fc_words_take(&s->w, &text);
}

void fc_say_mix(fc_speaker *s, const fc_programme *p)
{
    bool count = p->mix_by == FC_MIX_BY_COUNT;
    const char *of = s->ko ? (count ? "수량" : "금액") : count ? "accelerators" : "money";
    if (p->mix_by_year.n == 0) {
        SAY(s, "  It buys %1$s of the %2$s", "  구매 모델(%2$s 비율)은 %1$s", mix_words(s, &p->mix),
            of);
        return;
    }
    fc_text text = FC_TEXT_EMPTY;
    for (uint32_t y = 0; y < p->mix_by_year.n; y++)
        fc_text_printf(&text, s->ko ? "%s%lld년 %s" : "%s(%lld) %s", y ? "; " : "",
                       (long long)p->mix_by_year.year[y], mix_words(s, &p->mix_by_year.mix[y]));
    SAY(s, "  By the year of the order it buys %1$s of the %2$s",
        "  발주 연도별 구매 모델(%2$s 비율)은 %1$s", fc_words_take(&s->w, &text), of);
}

void fc_say_order_for_targets(fc_speaker *s, const fc_programme *p)
{
    SAY(s, "  It orders what is missing for %s, as far as the money reaches.\n",
        "  목표(%s)에 모자란 수량을 예산이 닿는 만큼 발주한다.\n",
        fc_speaker_refs(s, &p->targets, FC_ENTITY_TARGET));
    SAY_IF(s, p->spares, "  Ordered on top as spares: %s of a target's number.\n",
           "  목표 수량에 더해 발주하는 예비분 비율은 %s.\n");
    if (p->when != FC_WHEN_LATEST_SAFE) return;
    SAY_PLAIN(s, "  It orders on the last day that is expected to be early enough.\n",
              "  늦지 않을 것으로 예상되는 마지막 날에 발주한다.\n");
    SAY_IF(s, p->margin, "  Time kept in hand: %s.\n", "  남겨 두는 여유 기간은 %s.\n");
}

void fc_say_tender(fc_speaker *s, const fc_tender *t)
{
    if (!t->call) return;
    SAY_IF(s, t->review, "  The review before its first call for bids takes %s.\n",
           "  첫 공모 전의 사전 검토 기간은 %s.\n");
    SAY_IF(s, t->call, "  A call for bids takes %s.\n", "  공모 한 번의 기간은 %s.\n");
    SAY_IF(s, t->fails, "  Chance that a call fails: %s.\n", "  유찰될 확률은 %s.\n");
    SAY_IF(s, t->relaunch, "  From a failed call to the next: %s.\n",
           "  유찰에서 재공모까지 %s.\n");
    SAY_IF(s, t->at_most, "  Calls of one tender at most: %s.\n",
           "  한 건의 최대 공모 횟수는 %s회.\n");
}

void fc_say_fallback(fc_speaker *s, const fc_fallback *f)
{
    bool cancel = f->otherwise == FC_OTHERWISE_CANCEL;
    if (f->models.n == 0) {
        if (cancel)
            SAY_PLAIN(s, "  An order whose export is denied or banned is cancelled.\n",
                      "  수출이 불허되거나 금지된 발주는 취소한다.\n");
        return;
    }
    SAY(s,
        "  Where an export is denied or banned it buys %s instead; failing that, the order %s.\n",
        "  수출이 불허되거나 금지되면 대신 살 모델은 %s. 그것도 안 되면 %s.\n",
        fc_speaker_refs(s, &f->models, FC_ENTITY_ACCELERATOR),
        s->ko    ? (cancel ? "발주를 취소한다" : "규정이 바뀔 때까지 기다린다")
        : cancel ? "is cancelled"
                 : "waits");
}

void fc_say_allotment(fc_speaker *s, const fc_allotment *a)
{
    SAY(s, "- Allotment %s: of %s, deliveries in a calendar quarter are at most %s.\n",
        "- 공급사 할당 %s: 대상 모델은 %s, 분기당 최대 납품 수량은 %s.\n", a->name,
        fc_speaker_refs(s, &a->models, FC_ENTITY_ACCELERATOR), fc_words_param(&s->w, a->a_quarter));
}

void fc_say_export_rule(fc_speaker *s, const fc_export_rule *r)
{
    const char *models = r->models.n ? fc_speaker_refs(s, &r->models, FC_ENTITY_ACCELERATOR)
                         : s->ko     ? "모든 모델"
                                     : "all models";
    SAY(s, "- Export rule %s on %s", "- 수출 규정 %s: 대상은 %s", r->name, models);
    SAY_IF(s, r->at_least, " with a peak (dense BF16) of at least %s",
           " 가운데 최고 성능(dense BF16) %s 이상");
    if (r->buyers.n)
        SAY(s, ", for %s", ", 구매자는 %s", fc_speaker_refs(s, &r->buyers, FC_ENTITY_FLEET));
    if (r->from) SAY(s, ", beginning %s", ", 시행일은 %s", fc_words_day(&s->w, r->from));
    if (r->until) SAY(s, ", ending %s", ", 끝나는 날은 %s", fc_words_day(&s->w, r->until));
    SAY(s, "; status: %s.\n", ", 규제 수준은 %s.\n", fc_words_param(&s->w, r->status));
    SAY_IF(s, r->delay, "  From application to decision: %s.\n", "  신청에서 결정까지 %s.\n");
    SAY_IF(s, r->denied, "  Chance that an application is denied: %s.\n", "  불허될 확률은 %s.\n");
}
