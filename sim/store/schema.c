/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/schema.h"

const char fc_schema_tables[] =
    "CREATE TABLE run(" /* a scenario as resolved, a seed, a program version */
    " run_id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL, title_en TEXT NOT NULL, title_ko TEXT NOT NULL,"
    " file TEXT NOT NULL,"
    " hash TEXT NOT NULL," /* SHA-256 of the resolved scenario */
    " seed TEXT NOT NULL," /* text: 64-bit numbers survive every reader */
    " version TEXT NOT NULL,"
    " libm TEXT NOT NULL," /* last bits of exp, log, pow on this machine */
    " start_day INTEGER NOT NULL, end_day INTEGER NOT NULL," /* days since 1970-01-01 */
    " headline TEXT,"                         /* path of the target the answer opens with */
    " summarised INTEGER NOT NULL DEFAULT 0," /* replications that the summary was made of */
    " created TEXT NOT NULL,"                 /* wall time, UTC; not part of the digest */
    " UNIQUE(hash, seed, version)) STRICT;"

    "CREATE TABLE fleet(" /* names and currencies of the fleets of a run */
    " run_id INTEGER NOT NULL REFERENCES run,"
    " fleet TEXT NOT NULL, title_en TEXT NOT NULL, title_ko TEXT NOT NULL,"
    " currency TEXT NOT NULL,"
    " PRIMARY KEY(run_id, fleet)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE input(" /* every resolved value and where it comes from */
    " run_id INTEGER NOT NULL REFERENCES run,"
    " path TEXT NOT NULL, value TEXT NOT NULL, unit TEXT NOT NULL,"
    " layer TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
    " source TEXT, certainty TEXT, known_by TEXT, note TEXT,"
    " PRIMARY KEY(run_id, path)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE metric(" /* what is observed, of which entity, in which unit */
    " metric_id INTEGER PRIMARY KEY,"
    " metric TEXT NOT NULL, entity TEXT NOT NULL, unit TEXT NOT NULL,"
    " kind TEXT NOT NULL," /* series: month ends, and the end as an outcome; outcome */
    " en TEXT NOT NULL, ko TEXT NOT NULL, iamc TEXT NOT NULL,"
    " UNIQUE(metric, entity, unit)) STRICT;"

    "CREATE TABLE path(" /* what is drawn: a key's path or a shock, and its unit */
    " path_id INTEGER PRIMARY KEY, path TEXT NOT NULL, unit TEXT NOT NULL,"
    " UNIQUE(path, unit)) STRICT;"

    "CREATE TABLE replication(" /* the finished ones: their rows are complete */
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " events INTEGER NOT NULL,"
    " PRIMARY KEY(run_id, replication)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE failure(" /* replications that ended with an error; tried again next time */
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " code INTEGER NOT NULL, sentence TEXT NOT NULL,"
    " PRIMARY KEY(run_id, replication)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE draw(" /* every unknown and shock as drawn */
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " path_id INTEGER NOT NULL REFERENCES path, value REAL,"
    " PRIMARY KEY(run_id, replication, path_id)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE outcome(" /* one value a replication */
    " run_id INTEGER NOT NULL REFERENCES run, replication INTEGER NOT NULL,"
    " metric_id INTEGER NOT NULL REFERENCES metric, value REAL,"
    " PRIMARY KEY(run_id, replication, metric_id)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE observed(" /* which metrics a run has, and so the units of its series */
    " run_id INTEGER NOT NULL REFERENCES run, metric_id INTEGER NOT NULL REFERENCES metric,"
    " PRIMARY KEY(run_id, metric_id)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE summary(" /* of series over replications: refreshed when a run ends; */
    " run_id INTEGER NOT NULL REFERENCES run," /* n says over how many; quantiles of type 7 */
    " metric_id INTEGER NOT NULL REFERENCES metric, day INTEGER NOT NULL,"
    " n INTEGER NOT NULL, mean REAL NOT NULL, p05 REAL NOT NULL, p25 REAL NOT NULL,"
    " p50 REAL NOT NULL, p75 REAL NOT NULL, p95 REAL NOT NULL,"
    " PRIMARY KEY(run_id, metric_id, day)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE warning("
    " run_id INTEGER NOT NULL REFERENCES run, number INTEGER NOT NULL,"
    " code INTEGER NOT NULL, sentence TEXT NOT NULL,"
    " PRIMARY KEY(run_id, number)) STRICT, WITHOUT ROWID;";

/* The key is the order in which rows are made: SQLite appends them, where a key that begins with
 * the day has it search for each row's place, at a third of the cost of writing it. */
const char fc_schema_series[] =
    "CREATE TABLE series(" /* values at a month end, a column a metric (series_columns.h); day: */
    " run_id INTEGER NOT NULL REFERENCES run," /* days since 1970-01-01 of the month's last day */
    " entity TEXT NOT NULL, day INTEGER NOT NULL, replication INTEGER NOT NULL%s,"
    " PRIMARY KEY(run_id, replication, entity, day)) STRICT, WITHOUT ROWID;";

/* clang-format off */

const char fc_schema_views[] =
    "CREATE VIEW v_outcome AS"
    " SELECT run.name AS run, run.run_id, replication, metric, entity, value, unit,"
    "  CASE WHEN unit = 'date' THEN date(value * 86400, 'unixepoch') END AS date"
    " FROM outcome JOIN run USING(run_id) JOIN metric USING(metric_id);"

    "CREATE VIEW v_counterfactual AS" /* run --explain: an outcome, and the same future changed */
    " SELECT base.name AS run, base.run_id, what.value AS what, o.replication, metric, entity,"
    "  b.value, o.value AS changed, metric.unit"
    " FROM input AS link JOIN input AS what ON what.run_id = link.run_id"
    "  AND what.path = 'counterfactual.what'"
    "  JOIN run AS other ON other.run_id = link.run_id"
    "  JOIN run AS base ON base.hash = link.value AND base.seed = other.seed"
    "  AND base.version = other.version"
    "  JOIN outcome AS o ON o.run_id = other.run_id"
    "  JOIN outcome AS b ON b.run_id = base.run_id AND b.replication = o.replication"
    "  AND b.metric_id = o.metric_id"
    "  JOIN metric ON metric.metric_id = o.metric_id"
    " WHERE link.path = 'counterfactual.of';"

    "CREATE VIEW v_draw AS"
    " SELECT run.name AS run, run.run_id, replication, path, value, unit,"
    "  CASE WHEN unit = 'date' THEN date(value * 86400, 'unixepoch') END AS date"
    " FROM draw JOIN run USING(run_id) JOIN path USING(path_id);"

    "CREATE VIEW v_series AS"
    " SELECT run.name AS run, summary.run_id AS run_id, metric, entity,"
    "  date(day * 86400, 'unixepoch') AS date, n, mean, p05, p25, p50, p75, p95, unit"
    " FROM summary JOIN run USING(run_id) JOIN metric USING(metric_id);"

    "CREATE VIEW iamc AS" /* pyam's columns: medians at the ends of years */
    " SELECT 'fleetcast ' || version AS model,"
    "  CASE WHEN EXISTS (SELECT 1 FROM run r WHERE r.name = run.name AND r.version = run.version"
    "   AND r.run_id <> run.run_id) THEN run.name || ' (run ' || run.run_id || ')'"
    "  ELSE run.name END AS scenario, fleet.title_en AS region,"
    "  iamc AS variable, unit, CAST(strftime('%Y', day * 86400, 'unixepoch') AS INTEGER) AS year,"
    "  p50 AS value"
    " FROM summary JOIN run USING(run_id) JOIN metric USING(metric_id)"
    "  JOIN fleet ON fleet.run_id = summary.run_id AND fleet.fleet = metric.entity"
    " WHERE strftime('%m%d', day * 86400, 'unixepoch') = '1231';";
/* clang-format on */
