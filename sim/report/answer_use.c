/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer_use.h"

#include "report/words.h"

static void share(fc_text *line, const char *name, double value, fc_lang lang)
{
    fc_text_printf(line, "%s ", name);
    size_t from = line->length;
    fc_add_share(line, value, lang);
    fc_glue(line, from);
}

/* Days from two on, hours below. */
static void wait(fc_text *line, const fc_class_facts *class, fc_lang lang)
{
    bool days = class->wait >= 48;
    double n = days ? class->wait / 24 : class->wait;
    size_t from = line->length;
    fc_text_printf(line, n < 10 && n > 0 ? "%s %.1f" : "%s %.0f", class->name, n);
    fc_text_add(line, days ? FC_PICK(lang, " days", "일") : FC_PICK(lang, " hours", "시간"));
    fc_glue(line, from);
}

void fc_say_use(const fc_demand_facts *d, fc_lang lang, fc_text *line)
{
    if (!(d->allocation > 0)) return;
    fc_text_add(line, FC_PICK(lang, "Use: of running GPU-hours ", "□ (이용) 가동 GPU 시간 중 "));
    share(line, FC_PICK(lang, "allocated", "배정"), d->allocation, lang);
    share(line, FC_PICK(lang, ", used", ", 실사용"), d->utilisation, lang);
    if (d->unmet_share > 0)
        share(line, FC_PICK(lang, "; of demand left unserved", "; 수요 중 미충족"), d->unmet_share,
              lang);
    if (d->home_share < 1)
        share(line, FC_PICK(lang, ", served at home", ", 국내 처리"), d->home_share, lang);
    for (size_t i = 0; i < d->n_classes; i++) {
        fc_text_add(line, i > 0 ? ", " : FC_PICK(lang, "; median wait ", "; 대기(중앙값) "));
        wait(line, &d->classes[i], lang);
    }
}
