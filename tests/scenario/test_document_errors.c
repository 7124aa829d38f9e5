/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Slips of people who write scenarios, each with all it is answered with, word for word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/text.h"
#include "scenario/document.h"

#define TEXT(literal) literal, sizeof literal - 1 /* texts may hold NUL bytes */
#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct slip {
    const char *text;
    size_t length;
    const char *answer;
} slip;

/* clang-format off */
static const slip english[] = {
    /* the file as a whole */
    {TEXT(""),
     "t.yaml: there is nothing in this file: a scenario starts with 'fleetcast: 1' [E313]"},
    {TEXT("# only a remark\n"),
     "t.yaml: there is nothing in this file: a scenario starts with 'fleetcast: 1' [E313]"},
    {TEXT("---\n"),
     "t.yaml: there is nothing in this file: a scenario starts with 'fleetcast: 1' [E313]"},
    {TEXT("a: 1\n---\nb: 1\n"),
     "t.yaml:2:1: a second document starts here: keep one in a file and delete the line '---' or '...' [E314]"},
    {TEXT("a: 1\n...\nb: 1\n"),
     "t.yaml:3:1: a second document starts here: keep one in a file and delete the line '---' or '...' [E314]"},
    /* bytes that are not UTF-8 text */
    {TEXT("\xef\xbb\xbf" "a: 1\n"),
     "t.yaml:1:1: the text starts with a UTF-8 byte order mark: save the file as UTF-8 without BOM [E300]"},
    {TEXT("\xff\xfe" "a\x00:\x00 \x00" "1\x00\n\x00"),
     "t.yaml:1:1: the text starts with a UTF-16 byte order mark: save the file as UTF-8 without BOM [E300]"},
    {TEXT("\xff\xfe\x00\x00" "a\x00\x00\x00:\x00\x00\x00 \x00\x00\x00" "1\x00\x00\x00\n\x00\x00\x00"),
     "t.yaml:1:1: the text starts with a UTF-32 byte order mark: save the file as UTF-8 without BOM [E300]"},
    {TEXT("title: \xc7\xd1\xb1\xb9 GPU 3\xb8\xb8 \xc0\xe5 # \xb0\xe8\xc8\xb9\n"),
     "t.yaml:1:8: this looks like CP949 (EUC-KR) text, \"한국 GPU 3만 장\": save the file as UTF-8 [E301]"},
    {TEXT("a: 1\nb: \"\xb8\xb8 \xc0\xe5, \xc7\xd1\xb1\xb9\"\n"),
     "t.yaml:2:5: this looks like CP949 (EUC-KR) text, \"만 장\": save the file as UTF-8 [E301]"},
    {TEXT("a: 1\nbc: \xff\xfe\n"),
     "t.yaml:2:5: the byte 0xFF is not UTF-8: save the file as UTF-8 [E302]"},
    {TEXT("a: caf\xe9\n"),
     "t.yaml:1:7: the byte 0xE9 is not UTF-8: save the file as UTF-8 [E302]"},
    {TEXT("a: \xed\xa0\x80\n"),
     "t.yaml:1:4: the byte 0xED is not UTF-8: save the file as UTF-8 [E302]"},
    {TEXT("a: \xc0\x80\n"),
     "t.yaml:1:4: the byte 0xC0 is not UTF-8: save the file as UTF-8 [E302]"},
    {TEXT("a: \xe0\x80\x80\n"),
     "t.yaml:1:4: the byte 0xE0 is not UTF-8: save the file as UTF-8 [E302]"},
    {TEXT("a: \xef\xbb\xbf" "1\n"),
     "t.yaml:1:4: the invisible character U+FEFF stands here: delete it [E303]"},
    {TEXT("a\x00" "b: 1\n"),
     "t.yaml:1:2: the invisible character U+0000 stands here: delete it [E303]"},
    {TEXT("a: 1\r\n\x07: 2\r\n"),
     "t.yaml:2:1: the invisible character U+0007 stands here: delete it [E303]"},
    {TEXT("a: x\xe2\x80\xa8y\n"),
     "t.yaml:1:5: the invisible character U+2028 stands here: delete it [E303]"},
    {TEXT("a: \"x\\0y\"\n"),
     "t.yaml:1:4: the invisible character U+0000 stands here: delete it [E303]"},
    /* full-width and typographic characters */
    {TEXT("gpus：18000\n"),
     "t.yaml:1:5: the character '：' (U+FF1A) is not ': ': type ': ', or put the text in quotes if it is meant [E305]"},
    {TEXT("fleets:\n  korea:\n    gpus：18000\n    name: x\n"),
     "t.yaml:3:9: the character '：' (U+FF1A) is not ': ': type ': ', or put the text in quotes if it is meant [E305]"},
    {TEXT("지역：수도권\n다음: 1\n"),
     "t.yaml:1:3: the character '：' (U+FF1A) is not ': ': type ': ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: {b: 1， c: 2}\n"),
     "t.yaml:1:9: the character '，' (U+FF0C) is not ', ': type ', ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: [1， 2]\n"),
     "t.yaml:1:6: the character '，' (U+FF0C) is not ', ': type ', ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: ｛b: 1｝\n"),
     "t.yaml:1:4: the character '｛' (U+FF5B) is not '{': type '{', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: {b: 1｝\n"),
     "t.yaml:1:9: the character '｝' (U+FF5D) is not '}': type '}', or put the text in quotes if it is meant [E305]"},
    {TEXT("\xe3\x80\x80" "a: 1\n"),
     "t.yaml:1:1: the character U+3000 is not ' ': type ' ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: 1\n\xe3\x80\x80\xe3\x80\x80" "b: 1\n"),
     "t.yaml:2:1: the character U+3000 is not ' ': type ' ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: 40\xc2\xa0MW\n"),
     "t.yaml:1:6: the character U+00A0 is not ' ': type ' ', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: 1\n\nb: two\n  lines\xc2\xa0here\n"),
     "t.yaml:4:8: the character U+00A0 is not ' ': type ' ', or put the text in quotes if it is meant [E305]"},
    {TEXT("title: “Korea”\n"),
     "t.yaml:1:8: the character '“' (U+201C) is not '\"': type '\"', or put the text in quotes if it is meant [E305]"},
    {TEXT("title: ‘x’\n"),
     "t.yaml:1:8: the character '‘' (U+2018) is not ''': type ''', or put the text in quotes if it is meant [E305]"},
    {TEXT("a: \xe2\x80\x8b" "1\n"),
     "t.yaml:1:4: the invisible character U+200B stands here: delete it [E303]"},
    {TEXT("– a\n– b\n"),
     "t.yaml:1:1: the character '–' (U+2013) is not '-': type '-', or put the text in quotes if it is meant [E305]"},
    /* colons and commas */
    {TEXT("gpus:18000\n"),
     "t.yaml:1:1: a space is missing after the colon in 'gpus:18000': write 'gpus: 18000', or put the text in quotes [E306]"},
    {TEXT("a: 1\ngpus:18000\nb: 2\n"),
     "t.yaml:2:1: a space is missing after the colon in 'gpus:18000': write 'gpus: 18000', or put the text in quotes [E306]"},
    {TEXT("a:\n  gpus:18000\n"),
     "t.yaml:2:3: a space is missing after the colon in 'gpus:18000': write 'gpus: 18000', or put the text in quotes [E306]"},
    {TEXT("a: {gpus:18000}\n"),
     "t.yaml:1:5: a space is missing after the colon in 'gpus:18000': write 'gpus: 18000', or put the text in quotes [E306]"},
    {TEXT("비고:계획\n"),
     "t.yaml:1:1: a space is missing after the colon in '비고:계획': write '비고: 계획', or put the text in quotes [E306]"},
    {TEXT("a: {gpus: 18,000}\n"),
     "t.yaml:1:11: a comma inside { } or [ ] separates, so 18,000 is cut apart: write 18000, or '18,000' in quotes [E307]"},
    {TEXT("a: {cost: 1,460,000 KRW, gpus: 30,000}\n"),
     "t.yaml:1:11: a comma inside { } or [ ] separates, so 1,460,000 KRW is cut apart: write 1460000 KRW, or '1,460,000 KRW' in quotes [E307]\n"
     "t.yaml:1:32: a comma inside { } or [ ] separates, so 30,000 is cut apart: write 30000, or '30,000' in quotes [E307]"},
    {TEXT("a: {b: 18,000, c: 30,000}\n"), /* not: '000' is given twice */
     "t.yaml:1:8: a comma inside { } or [ ] separates, so 18,000 is cut apart: write 18000, or '18,000' in quotes [E307]\n"
     "t.yaml:1:19: a comma inside { } or [ ] separates, so 30,000 is cut apart: write 30000, or '30,000' in quotes [E307]"},
    {TEXT("a: {amount: 1조 4,600억 원}\n"),
     "t.yaml:1:13: a comma inside { } or [ ] separates, so 1조 4,600억 원 is cut apart: write 1조 4600억 원, or '1조 4,600억 원' in quotes [E307]"},
    {TEXT("a: [18,000, 30,000]\n"),
     "t.yaml:1:5: a comma inside { } or [ ] separates, so 18,000 is cut apart: write 18000, or '18,000' in quotes [E307]\n"
     "t.yaml:1:13: a comma inside { } or [ ] separates, so 30,000 is cut apart: write 30000, or '30,000' in quotes [E307]"},
    {TEXT("a: [1,460,000, 5]\n"),
     "t.yaml:1:5: a comma inside { } or [ ] separates, so 1,460,000 is cut apart: write 1460000, or '1,460,000' in quotes [E307]"},
    {TEXT("title: Korea: 30k\n"),
     "t.yaml:1:13: ':' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    /* indentation */
    {TEXT("a:\n\tb: 1\n"),
     "t.yaml:2:1: this line is indented with a tab: use spaces [E304]"},
    {TEXT("a:\n  b: 1\n \tc: 2\n"),
     "t.yaml:3:2: this line is indented with a tab: use spaces [E304]"},
    {TEXT("a: 1\n  b: 2\n"),
     "t.yaml:2:3: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("a:\n    b: 1\n  c: 2\n"),
     "t.yaml:3:3: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("  a: 1\nb: 2\n"),
     "t.yaml:2:1: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("a:\n  - 1\n  b: 2\n"),
     "t.yaml:3:3: expected '- value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("a: 1\n- b\n"),
     "t.yaml:2:1: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("- a\nb: 1\n"),
     "t.yaml:2:1: expected '- value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT("a: 1\ngpus 18000\nb: 1\n"),
     "t.yaml:2:1: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    {TEXT(": 1\n"),
     "t.yaml:1:1: expected 'key: value' here, starting in the same column as the lines beside it [E308]"},
    /* brackets and quotes */
    {TEXT("a: {b: 1\nc: 2\n"),
     "t.yaml:2:2: the { of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: [1, 2"),
     "t.yaml:1:9: the [ of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: [1,\n\n"),
     "t.yaml:1:7: the [ of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: {b: \"1\" c: 2}\n"),
     "t.yaml:1:12: the { of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: ]\n"),
     "t.yaml:1:4: ']' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: [1,,2]\n"),
     "t.yaml:1:7: ',' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: {b: c: d}\n"),
     "t.yaml:1:9: ':' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: 'x\nb: 2\n"),
     "t.yaml:2:5: the ' of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: \"x\n"),
     "t.yaml:1:6: the \" of line 1, column 4 is not closed, or a ',' is missing before this point [E309]"},
    {TEXT("a: 'it's'\n"),
     "t.yaml:1:8: 's' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: \"x\" and y\n"),
     "t.yaml:1:8: 'and' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: \"C:\\data\"\n"),
     "t.yaml:1:7: the character '\\' is not '\\\\': type '\\\\', or put the text in quotes if it is meant [E305]"},
    /* signs with a meaning of their own */
    {TEXT("a: @x\n"),
     "t.yaml:1:4: '@x' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: %5\n"),
     "t.yaml:1:4: '%5' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: - 1\n"),
     "t.yaml:1:4: '-' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: > 300 MW\n"),
     "t.yaml:1:4: '>' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: **bold**\n"),
     "t.yaml:1:4: '**bold**' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("a: & co\n"),
     "t.yaml:1:4: '&' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("%x\na: 1\n"),
     "t.yaml:1:1: '%x' cannot stand here: delete it, or put the whole text in quotes [E310]"},
    {TEXT("%YAML 3.0\n---\na: 1\n"),
     "t.yaml:1:1: this is not valid YAML: found incompatible YAML document [E311]"},
    /* keys, tags, aliases */
    {TEXT("a: 1\na: 2\nb: 3\nb: 4\n"),
     "t.yaml:2:1: 'a' is given twice; the first is at line 1: keep one of them [E317]\n"
     "t.yaml:4:1: 'b' is given twice; the first is at line 3: keep one of them [E317]"},
    {TEXT("a: {b: 1, c: 2, b: 3}\na: x\n"),
     "t.yaml:1:17: 'b' is given twice; the first is at line 1: keep one of them [E317]\n"
     "t.yaml:2:1: 'a' is given twice; the first is at line 1: keep one of them [E317]"},
    {TEXT("a: *x\n"),
     "t.yaml:1:4: *x needs a complete value marked &x before it [E319]"},
    {TEXT("a: &x [1, *x]\n"),
     "t.yaml:1:11: *x needs a complete value marked &x before it [E319]"},
    {TEXT("a: &x 1\nb: &x 2\n"),
     "t.yaml:2:4: '&x' is given twice; the first is at line 1: keep one of them [E317]"},
    {TEXT("a: !!python/object:os.system x\n"),
     "t.yaml:1:4: !!python/object:os.system is not part of the scenario language: delete it (extends: builds on another file) [E318]"},
    {TEXT("a: !x {b: 1}\n"),
     "t.yaml:1:4: !x is not part of the scenario language: delete it (extends: builds on another file) [E318]"},
    {TEXT("a: !y!x 1\n"),
     "t.yaml:1:4: ! is not part of the scenario language: delete it (extends: builds on another file) [E318]"},
    {TEXT("a: &x {b: 1}\nc: {<<: *x}\n"),
     "t.yaml:2:5: << is not part of the scenario language: delete it (extends: builds on another file) [E318]"},
    {TEXT("? [a]\n: 1\n"),
     "t.yaml:1:3: a key must be a text, not a list, a map or nothing [E316]"},
    {TEXT("a: {{ total }}\n"),
     "t.yaml:1:5: a key must be a text, not a list, a map or nothing [E316]"},
    {TEXT("\"\": 1\n"),
     "t.yaml:1:1: a key must be a text, not a list, a map or nothing [E316]"},
};

static const slip korean[] = {
    {TEXT("\xef\xbb\xbf" "a: 1\n"),
     "t.yaml:1:1: 텍스트 첫머리에 UTF-8 바이트 순서 표시(BOM)가 있습니다: 파일을 BOM 없는 UTF-8로 저장하십시오 [E300]"},
    {TEXT("title: \xc7\xd1\xb1\xb9 GPU 3\xb8\xb8 \xc0\xe5\n"),
     "t.yaml:1:8: CP949(EUC-KR)로 저장된 텍스트로 보입니다(\"한국 GPU 3만 장\"): 파일을 UTF-8로 저장하십시오 [E301]"},
    {TEXT("a: \xff\n"),
     "t.yaml:1:4: 0xFF 바이트는 UTF-8이 아닙니다: 파일을 UTF-8로 저장하십시오 [E302]"},
    {TEXT("\x07: 1\n"),
     "t.yaml:1:1: 보이지 않는 문자가 있습니다(U+0007): 지우십시오 [E303]"},
    {TEXT("gpus：18000\n"),
     "t.yaml:1:5: 문자 '：' (U+FF1A) 대신 ': ' 문자를 입력하십시오; 그 문자를 그대로 쓰려면 텍스트를 따옴표로 묶으십시오 [E305]"},
    {TEXT("gpus:18000\n"),
     "t.yaml:1:1: 'gpus:18000': 콜론(:) 뒤에 공백이 빠졌습니다; 'gpus: 18000'처럼 쓰거나 텍스트를 따옴표로 묶으십시오 [E306]"},
    {TEXT("a: {gpus: 18,000}\n"),
     "t.yaml:1:11: { }나 [ ] 안의 쉼표는 구분 기호여서 18,000 값이 나뉩니다: 18000 또는 따옴표로 묶어 '18,000'처럼 쓰십시오 [E307]"},
    {TEXT("a:\n\tb: 1\n"),
     "t.yaml:2:1: 이 줄은 탭으로 들여썼습니다: 공백(스페이스)을 쓰십시오 [E304]"},
    {TEXT("a:\n    b: 1\n  c: 2\n"),
     "t.yaml:3:3: 여기에는 이웃한 줄과 같은 칸에서 시작하는 'key: value' 줄이 와야 합니다 [E308]"},
    {TEXT("a: [1, 2\n"),
     "t.yaml:1:9: 1행 4열의 [ 기호가 닫히지 않았거나 이 앞에 쉼표(,)가 빠졌습니다 [E309]"},
    {TEXT("a: @x\n"),
     "t.yaml:1:4: '@x': 여기에 올 수 없습니다; 지우거나 텍스트 전체를 따옴표로 묶으십시오 [E310]"},
    {TEXT("a: 1\na: 2\n"),
     "t.yaml:2:1: 'a': 두 번 나옵니다(처음은 1행); 하나만 남기십시오 [E317]"},
    {TEXT("a: !x 1\n"),
     "t.yaml:1:4: !x: 시나리오 언어에 없는 표기이므로 지우십시오(다른 파일을 이어받으려면 extends:) [E318]"},
    {TEXT("a: *x\n"),
     "t.yaml:1:4: *x: 이보다 앞에 &x 표시가 붙은 완결된 값이 있어야 합니다 [E319]"},
    {TEXT("a: {{ x }}\n"),
     "t.yaml:1:5: 키는 텍스트여야 합니다: 목록, 맵, 빈 값은 키가 될 수 없습니다 [E316]"},
    {TEXT(""),
     "t.yaml: 파일에 내용이 없습니다: 시나리오는 'fleetcast: 1'로 시작합니다 [E313]"},
    {TEXT("a: 1\n---\nb: 1\n"),
     "t.yaml:2:1: 여기서 두 번째 문서가 시작합니다: 한 파일에 하나만 두고 '---' 또는 '...' 줄을 지우십시오 [E314]"},
    {TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["),
     "t.yaml:1:65: 시나리오의 한도를 넘습니다: 텍스트 8 MiB, 64단계, 별칭을 펼친 값 200,000개 [E315]"},
};
/* clang-format on */

/* Parses a copy without a NUL behind it, so that the address sanitizer sees any read too far. */
static int parse(const char *text, size_t length, fc_diag *diag)
{
    fc_arena *arena = fc_arena_create();
    const fc_node *root = (const fc_node *)text; /* must become NULL */
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    int ret = fc_document_parse(arena, "t.yaml", copy, length, diag, &root);
    if (ret && ret != FC_E_DOC_DUPLICATE) assert_null(root);
    free(copy);
    fc_arena_free(arena);
    return ret;
}

static void check(const slip *slips, size_t count, fc_lang lang)
{
    for (size_t i = 0; i < count; i++) {
        fc_diag *diag = fc_diag_create();
        fc_text all = FC_TEXT_EMPTY;
        int ret = parse(slips[i].text, slips[i].length, diag);
        for (size_t k = 0; k < fc_diag_size(diag); k++) {
            char *line = fc_diag_text(diag, k, lang);
            fc_text_printf(&all, "%s%s", k ? "\n" : "", line);
            free(line);
        }
        char *answer = fc_text_take(&all);
        assert_string_equal(answer, slips[i].answer);
        assert_int_equal(ret, fc_diag_first(diag));
        assert_int_equal(fc_exit_code(ret), 3);
        assert_int_equal(parse(slips[i].text, slips[i].length, NULL), ret);
        free(answer);
        fc_diag_free(diag);
    }
}

static void test_english(void **state)
{
    (void)state;
    check(english, COUNT(english), FC_LANG_EN);
}

static void test_korean(void **state)
{
    (void)state;
    check(korean, COUNT(korean), FC_LANG_KO);
}

/* The same characters where they do no harm. */
static void test_accepted(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a: \"gpus：18000， “x”\u3000y\"\n",
        "a: 1 # 비고：계획， “x”\n",
        "a: '전각 공백　과 콜론：'\n",
        "a: |\n  비고：계획， 끝\n\n  gpus:18000\n",
        "a: ’30년 말 “3만 장” – 계획\n",
        "a: 59％\nb: １２\n", /* for the reader of the value, who knows the unit to name */
        "a: 12:30\nsource: doi:10.1000/x\nurl:\n  https://example.org/a:1\n",
        "a: [100,200,300]\n",
        "a: {b: 18, 000: x}\n",
        "a: 18,000\nb: 1조 4,600억 원\n",
        "a: {b: '18,000', c: 40 MW}\n",
        "a:\t1\nb: {\n\tc: 2\n  }\n", /* tabs that indent nothing */
        "a: 1\r\nb: 2\r\n",
        "---\na: 1\n...\n",
        "[]\n",
        "{}",
        "%YAML 1.2\n---\na: 1\n",
        "a: &x {b: 1}\nc: *x\n? d\n: 1\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        fc_diag *diag = fc_diag_create();
        int ret = parse(texts[i], strlen(texts[i]), diag);
        char *message = fc_diag_text(diag, 0, FC_LANG_EN);
        if (ret) print_error("%s%s\n", texts[i], message);
        assert_int_equal(ret, FC_OK);
        free(message);
        fc_diag_free(diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english),
        cmocka_unit_test(test_korean),
        cmocka_unit_test(test_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
