/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The database's schema, as SQL. One home for it: writing, reading and the digest follow it. */
#ifndef FC_STORE_SCHEMA_H
#define FC_STORE_SCHEMA_H

enum { FC_APPLICATION_ID = 0x464c4354 }; /* "FLCT" */

extern const char fc_schema_tables[];
extern const char fc_schema_series[]; /* %s: its columns, each `, "metric" REAL` */
extern const char fc_schema_views[];

#endif
