/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The error table: X(name, number, English, Korean). {1}, {2} ... are filled in by the caller.
 * A sentence says what is wrong, what was expected, and where it can, what to do. Korean
 * sentences put arguments where no particle has to agree with them.
 */
#ifndef FLEETCAST_ERROR_TABLE_H
#define FLEETCAST_ERROR_TABLE_H

/* clang-format off */
#define FC_ERROR_TABLE(X) FC_ERRORS_INTERNAL(X) FC_ERRORS_USAGE(X) FC_ERRORS_DOCUMENT(X) \
    FC_ERRORS_VALUE(X) FC_ERRORS_SCENARIO(X) FC_ERRORS_BINDING(X) FC_ERRORS_TRACE(X) \
    FC_ERRORS_FILE(X) FC_ERRORS_RUN(X) FC_ERRORS_EXPERIMENT(X) FC_ERRORS_UNFINISHED(X) FC_WARNINGS(X)

/* 1xx internal */
#define FC_ERRORS_INTERNAL(X) \
    X(E_NOMEM,    101, "out of memory", "메모리가 부족합니다") \
    X(E_INTERNAL, 102, "internal error: {1}; please report it with the scenario and seed", \
                       "내부 오류: {1}; 시나리오와 시드를 함께 알려 주십시오") \
    X(E_DOMAIN,   103, "a parameter is outside its domain: {1}", "매개변수가 정의역을 벗어났습니다: {1}") \
    X(E_FULL,     104, "more than {1} {2} at once", "동시에 {1}개를 넘는 {2}") \
    X(E_PLAN,     105, "the plan contradicts itself: {1}", "실행 계획의 앞뒤가 맞지 않습니다: {1}") \
    X(E_STREAM_KEY, 106, "the random streams of {1} and {2} have the same key: use another seed", \
                         "난수열의 키가 같습니다({1}, {2}): 다른 시드를 쓰십시오") \
    X(E_PROCESS,  107, "process {1} on {2} cannot take part: {3}", "{2}의 프로세스 {1}번이 참여할 수 없습니다: {3}")

/* 2xx usage of the command line or the library */
#define FC_ERRORS_USAGE(X) \
    X(E_USAGE,    201, "{1}", "{1}")

/* 30x-31x the YAML text itself */
#define FC_ERRORS_DOCUMENT(X) \
    X(E_TEXT_BOM,       300, "the text starts with a {1} byte order mark: save the file as UTF-8 without BOM", \
                             "텍스트 첫머리에 {1} 바이트 순서 표시(BOM)가 있습니다: 파일을 BOM 없는 UTF-8로 저장하십시오") \
    X(E_TEXT_CP949,     301, "this looks like CP949 (EUC-KR) text, \"{1}\": save the file as UTF-8", \
                             "CP949(EUC-KR)로 저장된 텍스트로 보입니다(\"{1}\"): 파일을 UTF-8로 저장하십시오") \
    X(E_TEXT_UTF8,      302, "the byte {1} is not UTF-8: save the file as UTF-8", \
                             "{1} 바이트는 UTF-8이 아닙니다: 파일을 UTF-8로 저장하십시오") \
    X(E_TEXT_CONTROL,   303, "the invisible character {1} stands here: delete it", \
                             "보이지 않는 문자가 있습니다({1}): 지우십시오") \
    X(E_TEXT_TAB,       304, "this line is indented with a tab: use spaces", \
                             "이 줄은 탭으로 들여썼습니다: 공백(스페이스)을 쓰십시오") \
    X(E_TEXT_CHARACTER, 305, "the character {1} is not '{2}': type '{2}', or put the text in quotes if it is meant", \
                             "문자 {1} 대신 '{2}' 문자를 입력하십시오; 그 문자를 그대로 쓰려면 텍스트를 따옴표로 묶으십시오") \
    X(E_TEXT_COLON,     306, "a space is missing after the colon in '{1}': write '{2}', or put the text in quotes", \
                             "'{1}': 콜론(:) 뒤에 공백이 빠졌습니다; '{2}'처럼 쓰거나 텍스트를 따옴표로 묶으십시오") \
    X(E_TEXT_COMMA,     307, "a comma inside { } or [ ] separates, so {1} is cut apart: write {2}, or '{1}' in quotes", \
                             "{ }나 [ ] 안의 쉼표는 구분 기호여서 {1} 값이 나뉩니다: {2} 또는 따옴표로 묶어 '{1}'처럼 쓰십시오") \
    X(E_TEXT_INDENT,    308, "expected '{1}' here, starting in the same column as the lines beside it", \
                             "여기에는 이웃한 줄과 같은 칸에서 시작하는 '{1}' 줄이 와야 합니다") \
    X(E_TEXT_UNCLOSED,  309, "the {1} of line {2}, column {3} is not closed, or a ',' is missing before this point", \
                             "{2}행 {3}열의 {1} 기호가 닫히지 않았거나 이 앞에 쉼표(,)가 빠졌습니다") \
    X(E_TEXT_QUOTE,     310, "'{1}' cannot stand here: delete it, or put the whole text in quotes", \
                             "'{1}': 여기에 올 수 없습니다; 지우거나 텍스트 전체를 따옴표로 묶으십시오") \
    X(E_TEXT_SYNTAX,    311, "this is not valid YAML: {1}", "올바른 YAML이 아닙니다: {1}") \
    X(E_DOC_FILE,       312, "cannot read {1}: {2}", "{1} 파일을 읽을 수 없습니다: {2}") \
    X(E_DOC_EMPTY,      313, "there is nothing in this file: a scenario starts with 'fleetcast: 1'", \
                             "파일에 내용이 없습니다: 시나리오는 'fleetcast: 1'로 시작합니다") \
    X(E_DOC_SEVERAL,    314, "a second document starts here: keep one in a file and delete the line '---' or '...'", \
                             "여기서 두 번째 문서가 시작합니다: 한 파일에 하나만 두고 '---' 또는 '...' 줄을 지우십시오") \
    X(E_DOC_LIMIT,      315, "this is more than a scenario may hold: {1} of text, {2} levels, {3} values with aliases expanded", \
                             "시나리오의 한도를 넘습니다: 텍스트 {1}, {2}단계, 별칭을 펼친 값 {3}개") \
    X(E_DOC_KEY,        316, "a key must be a text, not a list, a map or nothing", \
                             "키는 텍스트여야 합니다: 목록, 맵, 빈 값은 키가 될 수 없습니다") \
    X(E_DOC_DUPLICATE,  317, "'{1}' is given twice; the first is at line {2}: keep one of them", \
                             "'{1}': 두 번 나옵니다(처음은 {2}행); 하나만 남기십시오") \
    X(E_DOC_FEATURE,    318, "{1} is not part of the scenario language: delete it (extends: builds on another file)", \
                             "{1}: 시나리오 언어에 없는 표기이므로 지우십시오(다른 파일을 이어받으려면 extends:)") \
    X(E_DOC_ALIAS,      319, "*{1} needs a complete value marked &{1} before it", \
                             "*{1}: 이보다 앞에 &{1} 표시가 붙은 완결된 값이 있어야 합니다")

/* 32x-33x single values: numbers, units, dates, distributions */
#define FC_ERRORS_VALUE(X) \
    X(E_VALUE_EMPTY,    320, "a value is missing; write for example {1}", "값이 없습니다. 예: {1}") \
    X(E_VALUE_NUMBER,   321, "'{1}' is not a quantity; write for example {2}", \
                             "'{1}': 수량으로 읽을 수 없습니다. 예: {2}") \
    X(E_VALUE_LIMIT,    322, "'{1}' is not a number that can be used: not finite, or too large or too small; write for example {2}", \
                             "'{1}': 쓸 수 없는 수입니다(유한하지 않거나 너무 크거나 너무 작음). 예: {2}") \
    X(E_NUMBER_FORM,    323, "'{1}' is not written as numbers are here (decimal digits, a comma every three digits or none, a point before decimals, no spaces); write {2}", \
                             "'{1}': 수는 십진 숫자로, 쉼표는 세 자리마다, 소수점은 마침표로, 공백 없이 씁니다. 이렇게 쓰십시오: {2}") \
    X(E_DATE_SERIAL,    324, "'{1}' looks like a spreadsheet's day number; if it is, write {2}", \
                             "'{1}': 스프레드시트의 날짜 일련번호로 보입니다. 그렇다면 이렇게 쓰십시오: {2}") \
    X(E_VALUE_SPAN,     325, "'{1}' looks like a range; one value is expected, or a range as {low: ..., likely: ..., high: ...} under unknown: or varies:", \
                             "'{1}': 범위로 보입니다. 값 하나를 쓰거나, unknown: 또는 varies: 아래에 {low: ..., likely: ..., high: ...} 형식으로 쓰십시오") \
    X(E_VALUE_WIDTH,    326, "'{1}' has full-width or special characters; type plain ones: {2}", \
                             "'{1}': 전각 문자나 특수 문자가 있습니다. 반각으로 쓰십시오: {2}") \
    X(E_VALUE_SHEET,    327, "'{1}' is a spreadsheet's error mark, not a value; write for example {2}", \
                             "'{1}': 스프레드시트의 오류 표시이며 값이 아닙니다. 예: {2}") \
    X(E_UNIT_MISSING,   328, "'{1}' needs a unit; write for example {2} (units here: {3})", \
                             "'{1}': 단위가 필요합니다. 예: {2} (쓸 수 있는 단위: {3})") \
    X(E_UNIT_UNKNOWN,   329, "unknown unit '{1}' in '{2}'; expected {3}", \
                             "'{2}': 모르는 단위 '{1}'. 쓸 수 있는 것: {3}") \
    X(E_UNIT_KIND,      330, "'{1}' is {2}; {4} is expected here, e.g. {6}", \
                             "'{1}': 값의 종류가 다릅니다. 적힌 것: {3}, 필요한 것: {5} (예: {6})") \
    X(E_UNIT_ITEM,      331, "'{1}' counts something else; {2} are expected here, e.g. {4}", \
                             "'{1}': 세는 대상이 다릅니다. 여기서 세는 것: {3} (예: {4})") \
    X(E_UNIT_CURRENCY,  332, "'{1}' is in {2}; {3} is expected here", "'{1}': 통화가 다릅니다. 적힌 것: {2}, 필요한 것: {3}") \
    X(E_UNIT_SIGN,      333, "'{1}' has a currency sign; write the currency's code: {2}", \
                             "'{1}': 통화 기호 대신 통화 코드를 쓰십시오: {2}") \
    X(E_VALUE_TWO_WAYS, 334, "'{1}' can be read in two ways; write {2} or {3}", \
                             "'{1}': 두 가지로 읽힐 수 있습니다. 둘 중 하나로 쓰십시오: {2} / {3}") \
    X(E_UNIT_MULTIPLIER, 335, "the multiplier '{2}' in '{1}' cannot be used here; write {3}", \
                             "'{1}': 여기서 쓸 수 없는 배수 '{2}'. 이렇게 쓰십시오: {3}") \
    X(E_VALUE_WHOLE,    336, "'{1}' is not a whole number; write for example {2}", "'{1}': 정수가 아닙니다. 예: {2}") \
    X(E_DATE_FORM,      337, "'{1}' is not a date as dates are written here; write it like {2}", \
                             "'{1}': 날짜를 이렇게 쓰지 않습니다. 이렇게 쓰십시오: {2}") \
    X(E_DATE_DAY,       338, "there is no day '{1}': {2} has {3} days", "'{1}': 없는 날짜입니다. {2}의 일수: {3}일") \
    X(E_DISTRIBUTION, 339, "the {1} distribution needs {2}", "{1} 분포에는 다음 조건이 필요합니다: {2}")

/* 34x-39x the scenario: keys, references, layers */
#define FC_ERRORS_SCENARIO(X) \
    X(E_TREE_ROOT, 340, "a scenario is a map of keys that starts with 'fleetcast: 1', not a list or a single value", \
                        "시나리오는 'fleetcast: 1'로 시작하는 키의 맵이어야 합니다: 목록이나 값 하나는 쓸 수 없습니다") \
    X(E_TREE_DELETE, 341, "'{1}' is set to nothing, which deletes it, but there is nothing of that name to delete", \
                          "'{1}': 빈 값은 삭제를 뜻하는데 지울 항목이 없습니다") \
    X(E_TREE_DELETE_NEAR, 342, "'{1}' is set to nothing, which deletes it, but there is nothing of that name to delete; did you mean '{2}'?", \
                               "'{1}': 빈 값은 삭제를 뜻하는데 지울 항목이 없습니다; 가장 가까운 이름: '{2}'") \
    X(E_TREE_VALUE, 343, "'{1}' is one value and is set as a whole, so there is no '{2}'", \
                         "'{1}': 통째로 바꾸는 값이므로 '{2}' 경로는 없습니다") \
    X(E_TREE_LIMIT, 344, "this makes the scenario larger than it may be: {1} settings, {2} names in a path", \
                         "시나리오의 한도를 넘습니다: 설정 {1}개, 경로 {2}단계") \
    X(E_LAYER_EXTENDS, 345, "extends: takes a file name or a list of file names", \
                            "extends:에는 파일 이름이나 파일 이름의 목록을 쓰십시오") \
    X(E_LAYER_MISSING, 346, "there is no file {1}", \
                            "{1}: 그런 파일이 없습니다") \
    X(E_LAYER_MISSING_NEAR, 347, "there is no file {1}; did you mean {2}?", \
                                 "{1}: 그런 파일이 없습니다; 가장 가까운 이름: {2}") \
    X(E_LAYER_CYCLE, 348, "these files extend each other in a circle: {1}", \
                          "파일들이 서로를 이어받아 끝이 없습니다: {1}") \
    X(E_LAYER_DEPTH, 349, "more than {1} files extend each other in a chain", \
                          "파일이 {1}단계를 넘어 이어받습니다") \
    X(E_LAYER_SET, 350, "write --set PATH=VALUE instead of '{1}'", \
                        "'{1}' 대신 --set 경로=값 형식으로 쓰십시오") \
    X(E_ACTIVE_FORM, 351, "active: takes a list of names of policies and shocks", \
                          "active:에는 정책과 충격의 이름 목록을 쓰십시오") \
    X(E_ACTIVE_NAME, 352, "there is no policy or shock '{1}'", \
                          "'{1}': 그런 정책이나 충격이 없습니다") \
    X(E_ACTIVE_NAME_NEAR, 353, "there is no policy or shock '{1}'; did you mean '{2}'?", \
                               "'{1}': 그런 정책이나 충격이 없습니다; 가장 가까운 이름: '{2}'") \
    X(E_ACTIVE_TWICE, 354, "'{1}' is the name of a policy and of a shock: rename one of them", \
                           "'{1}': 정책과 충격의 이름이 같습니다; 하나의 이름을 바꾸십시오") \
    X(E_SELECTOR_SYNTAX, 355, "the path '{1}' cannot be read: {3} is missing at character {2}", \
                              "경로 '{1}': {2}번째 글자 자리에 {3} 필요") \
    X(E_SELECTOR_NAME, 356, "nothing matches '{1}': there is no '{2}'", \
                            "'{1}': 맞는 항목이 없습니다('{2}' 없음)") \
    X(E_SELECTOR_NAME_NEAR, 357, "nothing matches '{1}': there is no '{2}'; did you mean '{3}'?", \
                                 "'{1}': 맞는 항목이 없습니다('{2}' 없음); 가장 가까운 이름: '{3}'") \
    X(E_SELECTOR_FILTER, 358, "nothing matches '{1}': no member of '{2}' has {3}", \
                              "'{1}': 맞는 항목이 없습니다('{2}' 아래에 {3} 항목 없음)") \
    X(E_SELECTOR_FILTER_NEAR, 359, "nothing matches '{1}': no member of '{2}' has {3}; did you mean {4}?", \
                                   "'{1}': 맞는 항목이 없습니다('{2}' 아래에 {3} 항목 없음); 가장 가까운 값: {4}")

/* 36x-38x keys, references and values against the key table */
#define FC_ERRORS_BINDING(X) \
    X(E_KEY_UNKNOWN,      360, "there is no key '{1}' here; did you mean '{2}'?", \
                               "여기에 '{1}' 키는 없습니다. 혹시 '{2}' 키입니까?") \
    X(E_KEY_UNKNOWN_LIST, 361, "there is no key '{1}' here; it may be: {2}", \
                               "여기에 '{1}' 키는 없습니다. 쓸 수 있는 것: {2}") \
    X(E_KEY_MISSING,      362, "'{1}' is missing ({2})", "'{1}': 빠졌습니다({2})") \
    X(E_KEY_KIND,         363, "'{1}' takes {2}, not {3}", "'{1}': {2} 형식이어야 하는데 {3} 값이 있습니다") \
    X(E_VALUE_RANGE,      364, "{1} is out of range: from {2} to {3}", \
                               "{1}: 허용 범위({2} ~ {3})를 벗어났습니다") \
    X(E_VALUE_FORM,       365, "{1} cannot stand here; this key takes {2}", \
                               "{1}: 여기에 쓸 수 없습니다. 쓸 수 있는 것: {2}") \
    X(E_VALUE_ARGUMENTS,  366, "what is unknown or varies is written as {1}; here stands {2}", \
                               "불확실한 값은 {1} 꼴로 씁니다. 여기에 있는 것: {2}") \
    X(E_PATH_TWICE,       367, "two values for one date: {1}", "같은 날짜에 값이 둘입니다: {1}") \
    X(E_CURRENCIES,       368, "{1} and {2} in one value: write both in one currency", \
                               "한 값에 {1}, {2} 두 통화가 섞였습니다: 한 통화로 쓰십시오") \
    X(E_REFERENCE,        369, "'{1}' is not among the {2}; did you mean '{3}'?", \
                               "'{1}': {2} 목록에 없습니다. 혹시 '{3}' 항목입니까?") \
    X(E_REFERENCE_LIST,   370, "'{1}' is not among the {2}; there are: {3}", \
                               "'{1}': {2} 목록에 없습니다. 있는 것: {3}") \
    X(E_TWICE,            371, "'{1}' is named twice", "'{1}': 두 번 적혔습니다") \
    X(E_SHARES_ABOVE,     386, "{1}: the shares sum to {2}; they may sum to 100 % at most", \
                               "{1}: 비율의 합이 {2}입니다. 합은 100 %를 넘을 수 없습니다") \
    X(E_MIX_SUM,          372, "the shares sum to {1}; they must sum to 100 %", \
                               "비율의 합이 {1}입니다. 합은 100 %여야 합니다") \
    X(E_CHOICE,           373, "'{1}' is none of: {2}", "'{1}': 다음 중 하나여야 합니다: {2}") \
    X(E_SAME_AS,          374, "same_as '{1}': {2}", "same_as '{1}': {2}") \
    X(E_NAME,             375, "'{1}' is no name: use letters, digits, '-' and '_', at most 100 of them", \
                               "'{1}': 이름에는 글자, 숫자, '-', '_'만 100자까지 쓸 수 있습니다") \
    X(E_HORIZON,          376, "the horizon ends on {1}, which is not after its start {2}, or is more than 100 years after it", \
                               "모의 기간의 끝({1})이 시작({2})보다 뒤가 아니거나 100년을 넘습니다") \
    X(E_CORRELATION,      377, "{1}", "{1}") \
    X(E_CHANGE,           378, "{1}: {2}", "{1}: {2}") \
    X(E_ORDER_TARGET,     385, "the target '{1}' does not count this programme; add the programme to its includes", \
                               "'{1}' 목표의 includes에 이 사업이 없습니다. includes에 추가하십시오") \
    X(E_HEADLINE,         379, "headline: there is no target '{1}'; there are: {2}", \
                               "headline: '{1}' 목표가 없습니다. 있는 것: {2}") \
    X(E_CURRENCY_RATE,    380, "an amount in {1} needs an exchange rate: write one under world: currencies: {1}: per_usd (there are: {2})", \
                               "{1} 금액에는 환율이 필요합니다: world: currencies: {1}: per_usd에 쓰십시오(있는 것: {2})") \
    X(E_PRICE_MISSING,    381, "nothing gives the price of {1}: write price here, or under world: accelerators: {1}", \
                               "{1} 가격이 없습니다: 여기 또는 world: accelerators: {1}에 price를 쓰십시오") \
    X(E_LIST_EMPTY,       382, "'{1}' is empty: write at least one", \
                               "'{1}': 비어 있습니다. 하나 이상 쓰십시오") \
    X(E_ALLOTMENT_SMALL,  384, "{1} a quarter is less than one server of {2} ({3} accelerators), and so never delivers one; write {3} at least, or 0", \
                               "분기당 {1}장으로는 {2} 서버 한 대({3}장)도 납품되지 않습니다. {3} 이상이나 0을 쓰십시오") \
    X(E_AGES,             387, "ages begin with 0 and differ from one another, as in 0 months: 3, 6 months: 1, 4 years: 2", \
                               "나이는 0부터 시작하고 서로 달라야 합니다. 예: 0 months: 3, 6 months: 1, 4 years: 2") \
    X(E_REFERENCE_NONE,   383, "'{1}' is not among the {2}: there are none{3}", \
                               "'{1}': {2} 목록에 아무것도 없습니다{3}")

/* 388-399 job traces */
#define FC_ERRORS_TRACE(X) \
    X(E_TRACE_FORMAT,   388, "a trace of {1} does not begin like this; docs/replay.md tells how each begins", \
                             "{1} 트레이스는 이렇게 시작하지 않습니다. 형식마다의 첫 줄: docs/replay.md") \
    X(E_TRACE_EMPTY,    389, "there is no job in {1}", "{1}: 작업이 없습니다") \
    X(E_TRACE_FIELDS,   390, "this line has {1} fields instead of {2}", "이 줄의 항목 수: {1}개(있어야 할 수: {2}개)") \
    X(E_TRACE_NUMBER,   391, "{1}: '{2}' is not a value it can have", "{1}: '{2}' 값은 쓸 수 없습니다") \
    X(E_TRACE_NEGATIVE, 392, "{1}: '{2}' is negative", "{1}: '{2}' 값은 음수입니다") \
    X(E_TRACE_ORDER,    393, "{1} is before {2}", "{1} 시각이 {2} 시각보다 이릅니다") \
    X(E_TRACE_UNSORTED, 394, "submitted at {1} s, which is before the job above it ({2} s); --sort puts a trace in order", \
                             "제출 시각 {1}초: 위의 작업({2}초)보다 이릅니다. --sort를 쓰면 제출 순서대로 정렬합니다") \
    X(E_TRACE_ID,       395, "the id '{1}' has more than {2} bytes", "작업 번호 '{1}': {2}바이트를 넘습니다") \
    X(E_TRACE_LONG,     396, "this line has more than {1} bytes", "이 줄은 {1}바이트를 넘습니다") \
    X(E_TRACE_BYTES,    397, "there is {1} in this line", "이 줄에 {1} 있습니다") \
    X(E_TRACE_GZIP,     398, "the compressed data are damaged or end before their end; every line above was read", \
                             "압축 자료가 손상되었거나 중간에 끊겼습니다. 위의 줄까지는 읽었습니다") \
    X(E_TRACE_LARGE,    399, "the job asks for {1} GPUs; no more than {2} can ever serve one job here", \
                             "작업이 요청한 GPU: {1}장(이 클러스터에서 한 작업이 쓸 수 있는 최대: {2}장)")

/* 4xx files and databases */
#define FC_ERRORS_FILE(X) \
    X(E_FILE_OPEN, 401, "cannot open {1}: {2}", "{1} 파일을 열 수 없습니다: {2}") \
    X(E_DB,          410, "{1}: the database says: {2}", "{1}: 데이터베이스 오류: {2}") \
    X(E_DB_FULL,     411, "{1}: the disk is full; what was finished is kept", \
                          "{1}: 디스크가 가득 찼습니다. 끝난 것은 남아 있습니다") \
    X(E_DB_BUSY,     412, "{1} has been in use by another process for a minute; try again later", \
                          "{1}: 다른 프로그램이 1분 넘게 쓰고 있습니다. 나중에 다시 하십시오") \
    X(E_DB_READONLY, 413, "{1} or its folder may not be written to", "{1}: 파일이나 폴더에 쓸 권한이 없습니다") \
    X(E_DB_NOT_OURS, 414, "{1} is not a fleetcast results database; it was left as it is (choose another file with -o)", \
                          "{1}: fleetcast 결과 파일이 아니므로 그대로 두었습니다(-o로 다른 파일을 고르십시오)") \
    X(E_DB_EMPTY,    419, "{1} is empty: no run has written to it yet", "{1}: 빈 파일입니다. 아직 아무 실행도 기록되지 않았습니다") \
    X(E_DB_NEWER,    415, "{1} was written by a newer fleetcast (schema {2}; this program knows {3}); it was left as it is", \
                          "{1}: 더 새로운 fleetcast가 만든 파일이므로 그대로 두었습니다(스키마 {2}, 이 프로그램은 {3}까지)") \
    X(E_DB_LIBM,     416, "{1}: this run was begun on a machine whose mathematical functions differ in the last bit ({2} there, {3} here): go on there, or use another file", \
                          "{1}: 수학 함수의 마지막 자리가 다른 컴퓨터에서 시작한 실행입니다(그곳 {2}, 이곳 {3}). 그 컴퓨터에서 이어 하거나 다른 파일을 쓰십시오") \
    X(E_DB_DAMAGED,  417, "{1} is damaged ({2}); restore it from a copy, or choose another file with -o", \
                          "{1}: 파일이 손상되었습니다({2}). 사본으로 되돌리거나 -o로 다른 파일을 고르십시오") \
    X(E_DB_OLDER,    418, "{1} was written by an earlier fleetcast (schema {2}; this program writes {3}); it was left as it is: choose another file with -o and run the scenarios again", \
                          "{1}: 예전 fleetcast가 만든 파일이므로 그대로 두었습니다(스키마 {2}, 이 프로그램은 {3}). -o로 다른 파일을 골라 시나리오를 다시 실행하십시오") \
    X(E_RUN_CHANGED,    425, "{1}: the unfinished run in {2} was another one ({3}); undo the change, choose another file with -o, or begin a run beside it with --force", \
                             "{1}: {2}에 있는 끝나지 않은 실행과 다릅니다({3}). 바꾼 것을 되돌리거나, -o로 다른 파일을 고르거나, --force로 새 실행을 시작하십시오") \
    X(E_MERGE,          427, "{1} does not belong to what {2} holds: {3} (--force merges it all the same)", \
                             "{1}: {2}에 있는 것과 맞지 않습니다: {3}(그래도 합치려면 --force)") \
    X(E_DESIGN_CHANGED, 426, "{1}: the experiment of this name in {2} was another one ({3}); undo the change, choose another file with -o, or begin one beside it with --force", \
                             "{1}: {2}에 있는 같은 이름의 실험과 다릅니다({3}). 바꾼 것을 되돌리거나, -o로 다른 파일을 고르거나, --force로 새 실험을 시작하십시오") \
    X(E_ONLY_OTHER,     428, "{1}: the run of this name in {2} is another one ({3}), so the same number is another future there; undo the change, or leave -o out", \
                             "{1}: {2}에 있는 같은 이름의 실행과 다르므로({3}) 번호가 같아도 다른 미래입니다. 바꾼 것을 되돌리거나 -o를 빼십시오") \
    X(E_NO_RUN, 403, "there is no run '{1}' in {2}; there are: {3}", \
                     "'{1}': {2}에 그런 실행이 없습니다. 있는 것: {3}") \
    X(E_NO_REPLAY, 405, "{1}: say which replay with --replay N; there are: {2}", \
                        "{1}: --replay N으로 재현을 고르십시오. 있는 것: {2}") \
    X(E_NO_FIGURE, 404, "nothing in the catalogue {2} mentions '{1}'", "'{1}': 자료 폴더 {2}에 그런 내용이 없습니다") \
    X(E_FILE_WRITE, 402, "cannot write {1}: {2}", "{1} 파일에 쓸 수 없습니다: {2}")

/* 5xx failed replications */
#define FC_ERRORS_RUN(X) \
    X(E_SOME_FAILED, 502, "some replications failed; {1} lists them in the table failure{2}", \
                          "일부 모의가 실패했습니다; {1}의 failure 표를 보십시오{2}") \
    X(E_UNBUILT,     505, "some points could not be built; {1} says why in the table point", \
                          "만들 수 없는 설계점이 있습니다; 까닭은 {1}의 point 표에 있습니다") \
    X(E_REPLICATION, 504, "replication {1} of {2} fails", "{2}의 모의 {1}번이 실패합니다") \
    X(E_LEDGER,   501, "the {1} ledger does not balance: {2}", "{1} 원장이 맞지 않습니다: {2}")

/* 7xx experiments and designs: invalid input, as 3xx, whose numbers are used up */
#define FC_ERRORS_EXPERIMENT(X) \
    X(E_EXPERIMENT_FILE,  701, "this is no experiment: one starts with 'fleetcast_experiment: 1' (a scenario is for `run`)", \
                               "실험 파일이 아닙니다: 실험은 'fleetcast_experiment: 1'로 시작합니다(시나리오는 run으로 실행)") \
    X(E_FACTOR,           702, "factor '{1}': {2}", "요인 '{1}': {2}") \
    X(E_DESIGN_SIZE,      703, "this design is too large: at most {1} points, and {2} values in all", \
                               "설계가 너무 큽니다: 설계점 {1}개, 값은 모두 {2}개까지 가능합니다") \
    X(E_DESIGN_DIMENSIONS, 704, "this design has {1} dimensions and a Sobol sequence has at most {2}: name fewer factors, or choose latin_hypercube", \
                                "설계의 차원이 {1}인데 Sobol 수열은 {2}차원까지입니다: 요인을 줄이거나 latin_hypercube를 쓰십시오") \
    X(E_DESIGN_SHIFTS,    705, "{1} points are not a multiple of {2} shifts: each shift has as many points as the next", \
                               "points {1}개가 shifts {2}회의 배수가 아닙니다: 이동마다 설계점 수가 같아야 합니다") \
    X(E_DESIGN_CSV,       706, "{1}", "{1}") \
    X(E_SCENARIO_NAMES,   709, "'{1}' and '{2}' have the same file name, and results tell scenarios apart by it: rename one of them", \
                               "'{1}', '{2}': 파일 이름이 같아 결과에서 시나리오를 구별할 수 없습니다. 하나의 이름을 바꾸십시오") \
    X(E_POLICY_EMPTY,     710, "'{1}': a policy's name is missing beside a +; write a, a+b, or none", \
                               "'{1}': + 옆에 정책 이름이 없습니다. a, a+b, none처럼 쓰십시오") \
    X(E_FLEET_CHOICE,     741, "this scenario has several fleets; say which with --fleet NAME: {1}", \
                               "이 시나리오에는 fleet이 여럿입니다. --fleet NAME으로 고르십시오: {1}") \
    X(E_FROM_DATE,        742, "--from: '{1}' is no date from {2} to {3}", \
                               "--from: '{1}' 값은 {2}~{3} 사이의 날짜가 아닙니다") \
    X(E_NO_GPUS,          740, "nothing of {1} runs on or after {2}, in this replication", \
                               "이 모의에서는 {2} 이후 {1}에 가동 중인 장비가 없습니다") \
    X(E_PRECISION_NAME,   707, "'{1}': {2} has no such metric, fleet or target, or no month ends on that date", \
                               "'{1}': {2}에 그런 지표·국가·목표가 없거나 그 날짜가 월말이 아닙니다") \
    X(E_PRECISION_SEVERAL, 715, "'{1}' could be any of {2}: write one of these names before the metric or target", \
                                "'{1}': 해당하는 것이 여럿입니다({2}). 이 가운데 하나를 지표나 목표 앞에 쓰십시오") \
    X(E_PRECISION_DATE,   716, "'{1}': a percentage of a date means nothing; ask for the chance of the target, as in P(TARGET): 2 points", \
                               "'{1}': 날짜에는 백분율 정밀도가 없습니다. P(목표): 2 points처럼 목표를 달성할 확률로 쓰십시오") \
    X(E_PRECISION,        708, "'{1}' is no precision: write METRIC@DATE: 1 % or P(TARGET): 2 points", \
                               "'{1}': 정밀도를 읽을 수 없습니다. 지표@날짜: 1 % 또는 P(목표): 2 points 형식으로 쓰십시오")

/* 8xx not whole yet: what is there is right, the rest can be added */
#define FC_ERRORS_UNFINISHED(X) \
    X(E_INTERRUPTED, 801, "stopped before the end; the same command goes on from here ({1} keeps what is finished)", \
                          "끝나기 전에 멈췄습니다; 같은 명령으로 이어서 할 수 있습니다(끝난 것은 {1}에 있음)") \
    X(E_INCOMPLETE,  802, "{1} is not whole yet: missing are {2} replications of runs that were begun and {3} points that were not; simulate these shards and merge again", \
                          "{1}: 아직 빠진 것이 있습니다(시작한 실행의 모의 {2}회, 시작하지 않은 설계점 {3}개). 해당 샤드를 모의한 뒤 다시 합치십시오")

/* 9xx warnings */
#define FC_WARNINGS(X) \
    X(W_TRACE_SKIPPED, 902, "skipped: {1}", "건너뜀: {1}") \
    X(W_RUN_CHANGED, 912, "{1} has changed since the finished run of this name in {2} ({3}): this is a new run beside it", \
                          "{1}: {2}에 있는 같은 이름의 끝난 실행 뒤에 바뀌어({3}) 그 옆에 새 실행으로 남깁니다") \
    X(W_ONLY_OTHER, 913, "{1}: the run of this name in {2} is another one ({3}), so the same number is another future there", \
                         "{1}: {2}에 있는 같은 이름의 실행과 다르므로({3}) 번호가 같아도 다른 미래입니다") \
    X(W_SOBOL_POINTS, 914, "{1} points in {2} shifts are {3} each, and a Sobol sequence is even only over a power of 2, from 2 on: {4} points would be", \
                           "points {1}개, shifts {2}회이면 이동마다 설계점이 {3}개입니다. Sobol 수열은 2의 거듭제곱(2 이상) 개일 때만 고르게 퍼집니다. 예: points: {4}") \
    X(W_CORRELATION, 901, "{1} is not unknown in this scenario, so its correlation is left out", \
                          "{1}: 이 시나리오에서는 미지수가 아니므로 상관관계를 뺐습니다")
/* clang-format on */

#endif
