/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/unit.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* --- the words of units -------------------------------------------------------------------------
 */

typedef struct atom {
    const char *names; /* separated by spaces, the usual first */
    int base;          /* fc_base; PERCENT */
    double factor; /* one = factor * 10^exp10 of the base kind's unit: s, W, Wh, g, L, B, FLOP */
    int exp10;
    int place; /* BELOW: only under the bar; PER_SECOND: divided by a second */
} atom;

enum { PERCENT = FC_BASE_LIMIT };
enum { ANYWHERE, BELOW, PER_SECOND };

/* clang-format off */
static const atom atoms[] = {
    {"% percent 퍼센트", PERCENT, 1, -2, ANYWHERE},
    {"s sec second seconds 초", FC_BASE_TIME, 1, 0, ANYWHERE},
    {"min minute minutes 분", FC_BASE_TIME, 60, 0, ANYWHERE},
    {"h hour hours hr hrs 시간", FC_BASE_TIME, 3600, 0, ANYWHERE},
    {"day days d 일", FC_BASE_TIME, 86400, 0, ANYWHERE},
    {"week weeks 주 주일 주간", FC_BASE_TIME, 7 * 86400, 0, ANYWHERE},
    {"month months 개월 달", FC_BASE_TIME, 2629800, 0, ANYWHERE},
    {"월", FC_BASE_TIME, 2629800, 0, BELOW}, /* 원/kW·월; "27월" would be a month's name */
    {"quarter quarters 분기", FC_BASE_TIME, 3 * 2629800, 0, ANYWHERE},
    {"year years 년", FC_BASE_TIME, 31557600, 0, ANYWHERE},
    {"W", FC_BASE_POWER, 1, 0, ANYWHERE},
    {"kW ㎾", FC_BASE_POWER, 1, 3, ANYWHERE},
    {"MW ㎿", FC_BASE_POWER, 1, 6, ANYWHERE},
    {"GW", FC_BASE_POWER, 1, 9, ANYWHERE},
    {"Wh", FC_BASE_ENERGY, 1, 0, ANYWHERE},
    {"kWh ㎾h", FC_BASE_ENERGY, 1, 3, ANYWHERE},
    {"MWh ㎿h", FC_BASE_ENERGY, 1, 6, ANYWHERE},
    {"GWh", FC_BASE_ENERGY, 1, 9, ANYWHERE},
    {"TWh", FC_BASE_ENERGY, 1, 12, ANYWHERE},
    {"g gCO2eq gCO2e gCO2", FC_BASE_MASS, 1, 0, ANYWHERE},
    {"kg kgCO2eq kgCO2e kgCO2 ㎏", FC_BASE_MASS, 1, 3, ANYWHERE},
    {"t tonne tonnes tCO2eq tCO2e tCO2 톤", FC_BASE_MASS, 1, 6, ANYWHERE},
    {"kt ktCO2eq ktCO2e ktCO2", FC_BASE_MASS, 1, 9, ANYWHERE},
    {"Mt MtCO2eq MtCO2e MtCO2", FC_BASE_MASS, 1, 12, ANYWHERE},
    {"L l liter liters litre litres 리터 ℓ", FC_BASE_VOLUME, 1, 0, ANYWHERE},
    {"m3 m³ ㎥ m^3", FC_BASE_VOLUME, 1, 3, ANYWHERE},
    {"B", FC_BASE_BYTE, 1, 0, ANYWHERE},
    {"kB", FC_BASE_BYTE, 1, 3, ANYWHERE},
    {"MB", FC_BASE_BYTE, 1, 6, ANYWHERE},
    {"GB", FC_BASE_BYTE, 1, 9, ANYWHERE},
    {"TB", FC_BASE_BYTE, 1, 12, ANYWHERE},
    {"PB", FC_BASE_BYTE, 1, 15, ANYWHERE},
    {"EB", FC_BASE_BYTE, 1, 18, ANYWHERE},
    {"FLOP", FC_BASE_FLOP, 1, 0, ANYWHERE},
    {"GFLOP", FC_BASE_FLOP, 1, 9, ANYWHERE},
    {"TFLOP", FC_BASE_FLOP, 1, 12, ANYWHERE},
    {"PFLOP", FC_BASE_FLOP, 1, 15, ANYWHERE},
    {"EFLOP", FC_BASE_FLOP, 1, 18, ANYWHERE},
    {"ZFLOP", FC_BASE_FLOP, 1, 21, ANYWHERE},
    {"FLOPS", FC_BASE_FLOP, 1, 0, PER_SECOND},
    {"GFLOPS", FC_BASE_FLOP, 1, 9, PER_SECOND},
    {"TFLOPS", FC_BASE_FLOP, 1, 12, PER_SECOND},
    {"PFLOPS", FC_BASE_FLOP, 1, 15, PER_SECOND},
    {"EFLOPS", FC_BASE_FLOP, 1, 18, PER_SECOND},
    {"ZFLOPS", FC_BASE_FLOP, 1, 21, PER_SECOND},
    {"개 건 unit units", FC_BASE_ITEM + FC_ITEM_ANY, 1, 0, ANYWHERE},
    {"GPU GPUs accelerator accelerators NPU NPUs card cards 장", FC_BASE_ITEM + FC_ITEM_GPU, 1, 0, ANYWHERE},
    {"server servers node nodes 대", FC_BASE_ITEM + FC_ITEM_SERVER, 1, 0, ANYWHERE},
    {"rack racks 랙", FC_BASE_ITEM + FC_ITEM_RACK, 1, 0, ANYWHERE},
    {"user users person persons people 명", FC_BASE_ITEM + FC_ITEM_USER, 1, 0, ANYWHERE},
    {"job jobs 작업", FC_BASE_ITEM + FC_ITEM_JOB, 1, 0, ANYWHERE},
    {"token tokens 토큰", FC_BASE_ITEM + FC_ITEM_TOKEN, 1, 0, ANYWHERE},
};

static const struct { const char *names; } currencies[] = {
    {"KRW 원"}, {"USD 달러"}, {"EUR 유로"}, {"JPY 엔"}, {"CNY 위안"}, {"GBP 파운드"}, {"TWD"}, {"INR"},
    {"SGD"}, {"CAD"}, {"AUD"}, {"CHF"}, {"SEK"}, {"NOK"}, {"DKK"}, {"AED"}, {"SAR"}, {"HKD"}, {"MYR"},
    {"IDR"}, {"VND"}, {"THB"}, {"BRL"}, {"ILS"}, {"PLN"}, {"TRY"}, {"MXN"}, {"ZAR"},
};

/* What people write for a unit, and what it should be; "" where no suggestion would be safe. */
static const struct { const char *word, *meant; } traps[] = {
    {"won", "KRW"}, {"dollar", "USD"}, {"dollars", "USD"}, {"euro", "EUR"}, {"euros", "EUR"},
    {"yen", "JPY"}, {"yuan", "CNY"}, {"RMB", "CNY"}, {"pound", "GBP"}, {"pounds", "GBP"},
    {"불", "USD"}, {"mo", "months"}, {"mon", "months"}, {"mth", "months"}, {"mths", "months"},
    {"y", "years"}, {"yr", "years"}, {"yrs", "years"}, {"w", "weeks"}, {"wk", "weeks"},
    {"wks", "weeks"}, {"월", "개월"}, {"pct", "%"}, {"pc", "%"}, {"%p", "%"}, {"프로", "%"},
    {"ton", "t"}, {"tons", "t"}, {"Gb", ""}, {"Tb", ""}, {"Mb", ""}, {"서버", "대"}, {"노드", "대"},
};
/* clang-format on */

enum { ATOMS = sizeof atoms / sizeof *atoms, CURRENCIES = sizeof currencies / sizeof *currencies };
enum { TRAPS = sizeof traps / sizeof *traps };

/* The next name of a list, NULL at its end. */
static const char *next_name(const char *names, const char *name, size_t *length)
{
    const char *at = name ? name + *length : names;
    at += strspn(at, " ");
    *length = strcspn(at, " ");
    return *length > 0 ? at : NULL;
}

static bool is_named(const char *names, const char *word, size_t length)
{
    size_t n = 0;
    for (const char *name = next_name(names, NULL, &n); name; name = next_name(names, name, &n))
        if (n == length && memcmp(name, word, n) == 0) return true;
    return false;
}

bool fc_currency_known(const char *code)
{
    for (size_t i = 0; i < CURRENCIES; i++)
        if (strlen(code) == 3 && memcmp(currencies[i].names, code, 3) == 0) return true;
    return false;
}

/* --- reading one unit ---------------------------------------------------------------------------
 */

static const char *find_currency(const char *word, size_t length)
{
    for (size_t i = 0; i < CURRENCIES; i++)
        if (is_named(currencies[i].names, word, length)) return currencies[i].names;
    return NULL;
}

/* Multiplies (sign 1) or divides (-1) `unit` by a word. */
static bool apply_word(fc_unit *unit, const char *word, size_t length, int sign)
{
    const char *currency = find_currency(word, length);
    if (currency) {
        char *code = sign > 0 ? unit->currency : unit->per_currency;
        if (*code) return false;
        memcpy(code, currency, 3);
        unit->power[FC_BASE_MONEY] = (int8_t)(unit->power[FC_BASE_MONEY] + sign);
        return true;
    }
    for (size_t i = 0; i < ATOMS; i++) {
        const atom *a = &atoms[i];
        if (!is_named(a->names, word, length) || (a->place == BELOW && sign > 0)) continue;
        if (a->base == PERCENT) {
            if (sign < 0 || unit->percent) return false;
            unit->percent = true;
        } else {
            unit->power[a->base] = (int8_t)(unit->power[a->base] + sign);
        }
        if (a->place == PER_SECOND)
            unit->power[FC_BASE_TIME] = (int8_t)(unit->power[FC_BASE_TIME] - sign);
        *(sign > 0 ? &unit->factor : &unit->divisor) *= a->factor;
        unit->exp10 += sign * a->exp10;
        return true;
    }
    return false;
}

/* Length of a separator at `at`: space, '-', '*', '/', and the middle dots of Korean and Western
 * typing; 0 if there is none. */
static size_t separator(const char *at, size_t length)
{
    static const char *const dots[] = {"·", "⋅", "ㆍ", "・"};
    if (length == 0) return 0;
    if (strchr(" -*/", *at)) return 1;
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        size_t n = strlen(dots[i]);
        if (length >= n && memcmp(at, dots[i], n) == 0) return n;
    }
    return 0;
}

bool fc_unit_parse(const char *text, size_t length, fc_unit *out, const char **bad,
                   size_t *bad_length)
{
    enum { MAX_WORDS = 6 };
    fc_unit unit = {.factor = 1, .divisor = 1};
    const char *at = text, *end = text + length;
    int sign = 1, words = 0;
    bool joined =
        true; /* what precedes is the start or '/', so a word may follow, no other joint */
    while (at < end) {
        size_t gap = separator(at, (size_t)(end - at));
        size_t word = 0;
        while (gap == 0 && at + word < end && separator(at + word, (size_t)(end - at) - word) == 0)
            word++;
        bool per = (gap == 1 && *at == '/') || (word == 3 && memcmp(at, "per", 3) == 0);
        *bad = at;
        *bad_length = gap > 0 ? gap : word;
        if (per) {
            if (joined && words > 0) return false;
            if (joined && sign < 0) return false;
            sign = -1;
            joined = true;
        } else if (gap > 0 && *at != ' ') {
            if (joined) return false;
            joined = true;
        } else if (word > 0) {
            if (++words > MAX_WORDS || !apply_word(&unit, at, word, sign)) {
                fc_unit alone = {.factor = 1, .divisor = 1};
                if (!apply_word(&alone, at, word, 1)) return false;
                break; /* a good word in a wrong place: it is the whole that is no unit */
            }
            joined = false;
        }
        at += gap > 0 ? gap : word;
    }
    *bad = text;
    *bad_length = length;
    if (at < end || (joined && length > 0)) return false;
    *out = unit;
    return true;
}

/* --- comparing units ----------------------------------------------------------------------------
 */

static fc_unit base_unit(fc_dim dim)
{
    fc_unit unit = {.factor = 1, .divisor = 1};
    /* "XXX", any currency, is not in the table: it stands for money. */
    int sign = 1;
    for (const char *p = fc_dim_base(dim); *p;) {
        size_t n = strcspn(p, "/-");
        if (n == 3 && memcmp(p, "XXX", 3) == 0) {
            unit.power[FC_BASE_MONEY] = (int8_t)(unit.power[FC_BASE_MONEY] + sign);
        } else if (n > 0) {
            bool known = apply_word(&unit, p, n, sign);
            assert(known);
            (void)known;
        }
        if (p[n] == '/') sign = -1;
        p += n + (p[n] != '\0');
    }
    return unit;
}

static bool items_fit(const fc_unit *unit, fc_dim dim, fc_item item)
{
    int least, most;
    fc_item base = fc_dim_item(dim, &least, &most);
    fc_item counted = item != FC_ITEM_ANY ? item : base;
    int exponent = 0;
    for (int i = 0; i < FC_ITEM_LIMIT; i++) {
        /* NOLINTNEXTLINE(bugprone-signed-char-misuse): an exponent, not a character */
        int e = unit->power[FC_BASE_ITEM + i];
        if (e != 0 && counted != FC_ITEM_ANY && i != FC_ITEM_ANY && i != (int)counted) return false;
        exponent += e;
    }
    return exponent >= least && exponent <= most;
}

bool fc_unit_fits(const fc_unit *unit, fc_dim dim, fc_item item)
{
    if (dim == FC_DIM_DATE) return false;
    if (unit->percent && dim != FC_DIM_SHARE && dim != FC_DIM_RATE) return false;
    fc_unit base = base_unit(dim);
    if (memcmp(unit->power, base.power, FC_BASE_ITEM) != 0) return false;
    bool exchange = dim == FC_DIM_EXCHANGE;
    if (exchange != (*unit->per_currency != '\0')) return false;
    if (exchange && (!*unit->currency || strcmp(unit->currency, unit->per_currency) == 0))
        return false;
    return items_fit(unit, dim, item);
}

void fc_unit_scale(const fc_unit *unit, fc_dim dim, double *factor, double *divisor, int *exp10)
{
    fc_unit base = base_unit(dim);
    *factor = unit->factor * base.divisor;
    *divisor = unit->divisor * base.factor;
    *exp10 = unit->exp10 - base.exp10;
    if (*factor == *divisor) *factor = *divisor = 1;
}

fc_dim fc_unit_kind(const fc_unit *unit)
{
    if (unit->percent && fc_unit_fits(unit, FC_DIM_SHARE, FC_ITEM_ANY)) return FC_DIM_SHARE;
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++)
        if (fc_unit_fits(unit, (fc_dim)dim, FC_ITEM_ANY)) return (fc_dim)dim;
    return FC_DIM_LIMIT;
}

/* --- what was meant -----------------------------------------------------------------------------
 */

/* Keeps the nearest name of one list in best[]; names that the wanted kind uses win ties. */
static void nearest_in(const char *names, const char *word, bool used, size_t *score, char *best)
{
    size_t length = strlen(word), limit = length < 3 ? 0 : length < 6 ? 1 : length < 9 ? 2 : 3;
    size_t n = 0;
    for (const char *name = next_name(names, NULL, &n); name; name = next_name(names, name, &n)) {
        char candidate[FC_UNIT_WORD];
        if (n >= sizeof candidate) continue;
        memcpy(candidate, name, n);
        candidate[n] = '\0';
        size_t distance =
            strcasecmp(candidate, word) == 0 ? 0 : fc_text_distance(candidate, word, limit);
        size_t now = 2 * distance + (used ? 0 : 1);
        if (distance > limit || now >= *score) continue;
        *score = now;
        memcpy(best, candidate, n + 1);
    }
}

bool fc_unit_nearest(const char *word, size_t length, fc_dim dim, char nearest[FC_UNIT_WORD])
{
    char copy[FC_UNIT_WORD];
    if (length == 0 || length >= sizeof copy) return false;
    memcpy(copy, word, length);
    copy[length] = '\0';
    for (size_t i = 0; i < TRAPS; i++) {
        if (strcmp(traps[i].word, copy) != 0) continue;
        strcpy(nearest, traps[i].meant);
        return *nearest != '\0';
    }
    size_t score = SIZE_MAX;
    fc_unit base = base_unit(dim);
    for (size_t i = 0; i < ATOMS; i++) {
        bool used = atoms[i].base == PERCENT ? dim == FC_DIM_SHARE || dim == FC_DIM_RATE
                                             : base.power[atoms[i].base] != 0;
        nearest_in(atoms[i].names, copy, used, &score, nearest);
    }
    bool money = base.power[FC_BASE_MONEY] != 0 || dim == FC_DIM_EXCHANGE;
    for (size_t i = 0; i < CURRENCIES; i++)
        nearest_in(currencies[i].names, copy, money, &score, nearest);
    return score != SIZE_MAX;
}

/* --- for editors --------------------------------------------------------------------------------
 */

static void add_names(fc_text *out, const char *names, bool first)
{
    size_t n = 0;
    for (const char *name = next_name(names, NULL, &n); name; name = next_name(names, name, &n)) {
        if (!first) fc_text_add(out, "|");
        first = false;
        for (size_t i = 0; i < n; i++) {
            if (name[i] == '^') fc_text_add(out, "\\");
            fc_text_addn(out, name + i, 1);
        }
    }
}

static void add_currencies(fc_text *out)
{
    for (size_t i = 0; i < CURRENCIES; i++) add_names(out, currencies[i].names, i == 0);
}

/* "a|b|c": the single words that are a unit of the kind. */
static void add_words(fc_text *out, fc_dim dim)
{
    bool first = true;
    for (size_t i = 0; i < ATOMS; i++) {
        fc_unit unit = {.factor = 1, .divisor = 1};
        size_t length = strcspn(atoms[i].names, " ");
        if (!apply_word(&unit, atoms[i].names, length, 1) || !fc_unit_fits(&unit, dim, FC_ITEM_ANY))
            continue;
        add_names(out, atoms[i].names, first);
        first = false;
    }
}

void fc_unit_pattern(fc_dim dim, fc_text *out)
{
    static const char number[] = "[-+]?[0-9.][0-9_,.]*([eE][-+]?[0-9]+)?[ 0-9,.십백천만억조]*"
                                 "(thousand|million|billion|trillion)? *";
    static const char brief[] = "((k|mn|bn|tn) *)?"; /* after plain numbers */
    if (dim == FC_DIM_DATE) {
        fc_text_add(out, "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?|-Q[1-4]|-H[12]"
                         "|\\. ?[0-9]{1,2}\\.( ?[0-9]{1,2}\\.?)?"
                         "|년 ?([0-9]{1,2}월( ?[0-9]{1,2}일)?|[1-4]분기|[상하]반기))$");
    } else if (dim == FC_DIM_NUMBER) {
        fc_text_printf(out, "^%s%s$", number, brief);
    } else if (strstr(fc_dim_base(dim), "XXX")) {
        fc_text_add(out, "^((");
        add_currencies(out);
        fc_text_add(out, ") *[-+]?[0-9.].*|[-+]?[0-9.].*(");
        add_currencies(out);
        fc_text_add(out, ").*)$");
    } else if (strpbrk(fc_dim_base(dim), "/-") || dim == FC_DIM_COMPUTE) {
        fc_text_printf(out, "^%s[^0-9 ].*$", number);
    } else {
        bool bare = dim == FC_DIM_COUNT || dim == FC_DIM_SHARE;
        fc_text_printf(out, "^(%s%s(", number, dim == FC_DIM_COUNT ? brief : "");
        add_words(out, dim);
        fc_text_printf(out, ")%s *)%s$", bare ? "?" : "", dim == FC_DIM_DURATION ? "+" : "");
    }
}
