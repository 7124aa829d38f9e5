/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binding of tariffs and running cost. Private to the scenario layer; reports as bind_section.h.
 */
#ifndef FC_SCENARIO_BIND_ENERGY_H
#define FC_SCENARIO_BIND_ENERGY_H

#include "scenario/bind_section.h"

/* FC_K_MONTHS, FC_K_HOURS: one span or a list of them as bits, bit m the month m (from 1), bit h
 * the hour from h:00. */
int fc_bind_spans(fc_section_binder *s, const fc_key *key, const fc_entry *entry, uint32_t *out);
/* The holidays of every tariff, ascending, each once. */
int fc_bind_holidays(fc_section_binder *s);
/* What the key table cannot say of these sections. Once all is bound. */
void fc_check_energy(fc_section_binder *s);

#endif
