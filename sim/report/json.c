/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include "kernel/date.h"

json_t *fc_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *fc_json_date(double day)
{
    char text[FC_DATE_TEXT];
    if (!isfinite(day)) return json_null();
    return json_string(fc_date_format(fc_date_of_days((int64_t)floor(day)), FC_DATE_ISO, text));
}

json_t *fc_json_text(const char *text)
{
    return text ? json_string(text) : json_null();
}

json_t *fc_json_title(const char *en, const char *ko)
{
    return json_pack("{s:s,s:s}", "en", en, "ko", ko);
}

void fc_json_put(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (!value || json_object_set_new(object, key, value)) *failed = true;
}

int fc_json_write(json_t *root, bool failed, fc_text *out)
{
    char *text = failed ? NULL : json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(root);
    if (!text) return FC_E_NOMEM;
    fc_text_add(out, text);
    fc_text_add(out, "\n");
    free(text);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
