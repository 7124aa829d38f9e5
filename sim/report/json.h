/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON values of what the reports share. Private to the report layer. Each returns a new reference,
 * NULL when out of memory (which jansson's *_new functions pass on). */
#ifndef FC_REPORT_JSON_H
#define FC_REPORT_JSON_H

#include <jansson.h>
#include "analysis/summary.h"
#include "base/text.h"

json_t *fc_json_number(double value);   /* null if it is not finite */
json_t *fc_json_date(double day);       /* "2030-12-31", null if it is not finite */
json_t *fc_json_text(const char *text); /* null for NULL */
json_t *fc_json_title(const char *en, const char *ko);

/* Puts a new reference into an object and remembers if anything failed. */
void fc_json_put(json_t *object, const char *key, json_t *value, bool *failed);

/* Appends the text of `root` and a newline, and frees it; E_NOMEM if `failed` or the text did. */
int fc_json_write(json_t *root, bool failed, fc_text *out);

#endif
