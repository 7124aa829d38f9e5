/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/axis.h"

#include <math.h>
#include "scenario/quantity.h"

fc_axis fc_axis_to(double most, int ticks)
{
    static const double mantissas[] = {1, 2, 5, 10};
    double rough = fmax(most / ticks, 1), power = pow(10, floor(log10(rough))), step = power;
    for (size_t i = 0; i < sizeof mantissas / sizeof *mantissas; i++) {
        step = mantissas[i] * power;
        if (step * ticks >= most) break;
    }
    return (fc_axis){.top = fmax(ceil(most / step), 1) * step, .step = step};
}

void fc_axis_label(fc_text *out, double value, fc_lang lang)
{
    fc_quantity q = {.value = value, .last = value, .dim = FC_DIM_COUNT, .item = FC_ITEM_ANY};
    fc_quantity_format(&q, FC_FIGURES_EXACT, lang, out);
}

double fc_fan_most(const fc_fan *fan, int which)
{
    double most = 0;
    for (size_t d = 0; d < fan->n_days; d++)
        if (fan->value[which][d] > most) most = fan->value[which][d];
    return most;
}
