/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Korean particles: the form for every kind of word a message may end with. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "base/josa.h"

/* A word with its 은/는 and its 으로/로, which differ after ㄹ. */
static const struct {
    const char *word, *topic, *way;
} cases[] = {
    /* Hangul by its final consonant */
    {"예산", "은", "으로"},
    {"부지", "는", "로"},
    {"서울", "은", "로"},
    {"3만 장", "은", "으로"},
    {"뷁", "은", "으로"},
    {"힣", "은", "으로"},
    {"가", "는", "로"},
    /* digits as they are said */
    {"0", "은", "으로"},
    {"1", "은", "로"},
    {"2", "는", "로"},
    {"3", "은", "으로"},
    {"6", "은", "으로"},
    {"7", "은", "로"},
    {"8", "은", "로"},
    {"9", "는", "로"},
    {"2030", "은", "으로"},            /* 삼십 */
    {"500", "은", "으로"},             /* 오백 */
    {"8,000", "은", "으로"},           /* 팔천 */
    {"20,000", "은", "으로"},          /* 이만 */
    {"100,000,000", "은", "으로"},     /* 일억 */
    {"1,000,000,000,000", "는", "로"}, /* 일조 */
    {"1.50", "은", "으로"},            /* 오영 */
    {"12.1", "은", "로"},
    {"18,432", "는", "로"},
    /* Latin letters: names of capitals, sounds of words */
    {"GPU", "는", "로"},
    {"URL", "은", "로"},
    {"SPC", "는", "로"},
    {"VRAM", "은", "으로"},
    {"CDR", "은", "로"},
    {"Rubin", "은", "으로"},
    {"training", "은", "으로"},
    {"solar", "는", "로"},
    {"budget-2025", "는", "로"},
    /* what is not said */
    {"70 %", "는", "로"},
    {"한국(KR)", "은", "으로"},
    {"5개월(20번에 한 번은 12개월 초과)", "은", "로"},
    {"(3장)", "은", "으로"},
    {"‘가동’", "은", "으로"},
    {"부지.", "는", "로"},
    {"", "는", "로"},
    {"—", "는", "로"},
    {"\xff", "는", "로"},
};

static void particles_fit_the_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].word);
        assert_string_equal(fc_josa_of(cases[i].word, FC_JOSA_EUN), cases[i].topic);
        assert_string_equal(fc_josa_of(cases[i].word, FC_JOSA_EURO), cases[i].way);
    }
}

static void every_particle_has_two_forms(void **state)
{
    (void)state;
    static const struct {
        fc_josa josa;
        const char *closed, *open;
    } forms[] = {{FC_JOSA_EUN, "은", "는"},    {FC_JOSA_I, "이", "가"},
                 {FC_JOSA_EUL, "을", "를"},    {FC_JOSA_GWA, "과", "와"},
                 {FC_JOSA_EURO, "으로", "로"}, {FC_JOSA_IRA, "이라", "라"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_string_equal(fc_josa_of("사업", forms[i].josa), forms[i].closed);
        assert_string_equal(fc_josa_of("국가", forms[i].josa), forms[i].open);
    }
}

static void appends_to_what_was_written(void **state)
{
    (void)state;
    fc_text text = FC_TEXT_EMPTY;
    fc_text_printf(&text, "%s", "추경");
    fc_text_add_josa(&text, FC_JOSA_I);
    fc_text_printf(&text, " %d", 30);
    fc_text_add_josa(&text, FC_JOSA_EURO);
    assert_string_equal(text.data, "추경이 30으로");
    fc_text_free(&text);
    fc_text_add_josa(&text, FC_JOSA_EUL); /* nothing written yet */
    assert_string_equal(text.data, "를");
    fc_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(particles_fit_the_sound),
        cmocka_unit_test(every_particle_has_two_forms),
        cmocka_unit_test(appends_to_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
