/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demand in the answer as JSON; its shape is described in answer.h. Private to the report layer. */
#ifndef FC_REPORT_DEMAND_JSON_H
#define FC_REPORT_DEMAND_JSON_H

#include <jansson.h>
#include "analysis/demand_details.h"
#include "analysis/demand_facts.h"

/* null where there is no demand; waits that are not known are null. */
json_t *fc_demand_json(const fc_demand_details *details, const fc_demand_facts *facts,
                       bool *failed);

#endif
