/* The one table of what an item's file may say: the loader reads by it, and
 * item_schema.c writes a schema and the tables in screens/items/README.md from
 * it. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#define ITEM(field)   offsetof(struct item, field)
#define STEP(field)   offsetof(struct step, field)
#define OPTION(field) offsetof(struct option, field)
#define STOP(field)   offsetof(struct stop, field)
#define LINE(field)   offsetof(struct line, field)
#define TIME(field)   offsetof(struct item_time, field)
#define FACT(field)   offsetof(struct item_fact, field)
#define PART(field)   offsetof(struct slip_part, field)
#define ROW(field)    offsetof(struct slip_row, field)

#define ON_ASKING   (ON_CHOICE | ON_CHOICES | ON_FIELD)
#define ON_CHOOSING (ON_CHOICE | ON_CHOICES)
/* Compound steps of several questions, and those that name them by a label. */
#define ON_PARTS    (ON_COMPOUND & ~ON_GROUP)
#define ON_LABELLED (ON_COMPOUND & ~ON_PERSON)
/* Questions with one answer. */
#define ON_PLAIN       (ON_CHOICE | ON_FIELD)
#define ALLOWED(field) offsetof(struct allowed, field)
/* Pages of which a person may ask why. */
#define ON_WHY                                                                 \
    (ON_ASKING | ON_CARD | ON_CHECK | ON_SHARED | ON_DECLARE | ON_SLOT |       \
     ON_READ_BACK | ON_OTHER)
/* What the office is asked for in the session. */
#define ON_OFFICE (ON_CHECK | ON_SHARED | ON_CERTIFICATE | ON_CASES | ON_RECORD)
/* Beside questions: pages with an answer that is read back. */
#define ON_READ_BACK (ON_RECORD | ON_PAYMENT)

/* place, name, kind, allowed on, required on, offset, limit, inner, means,
 * example, words */
const struct key_row item_keys[] = {
    { PLACE_ITEM, "id", TAKES_ITEM_ID, ON_ALL, ON_ALL, ITEM(id), 0, 0,
      "the item's name, the same as the file's", "residence-permit", NULL },
    { PLACE_ITEM, "version", TAKES_NUMBER, ON_ALL, ON_ALL, ITEM(version),
      1000000, 0, "from 1; raise it whenever the item changes", "1", NULL },
    { PLACE_ITEM, "order", TAKES_NUMBER, ON_ALL, ON_ALL, ITEM(order), 1000, 0,
      "its place on the home page, the smallest first", "2", NULL },
    { PLACE_ITEM, "codes", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_CODES,
      "its codes in the catalogue of government matters, once they are "
      "verified; sent with the case",
      "{catalogue: \"370117002011\"}", NULL },
    { PLACE_ITEM, "type", TAKES_WORD, ON_ALL, 0, ITEM(type), 0, 0,
      "what kind of matter the catalogue says it is; sent with the case",
      "public service",
      "|licence|benefit|confirmation|reward|ruling|other power|public "
      "service" },
    { PLACE_ITEM, "case_type", TAKES_WORD, ON_ALL, 0, ITEM(case_type), 0, 0,
      "immediate (done at once) or promised (by a time); sent with the case",
      "promised", "|immediate|promised" },
    { PLACE_ITEM, "audience", TAKES_WORD, ON_ALL, 0, ITEM(audience), 0, 0,
      "who may do it: natural person (个人), legal person (单位) or both; "
      "stands on its guide and is sent with the case",
      "natural person", "|natural person|legal person|both" },
    { PLACE_ITEM, "area", TAKES_WORD, ON_ALL, 0, ITEM(area), 0, 0,
      "the task area of the city's plan that it serves; sent with the case, "
      "and summed up by kiosk check",
      "T3", "|T1|T2|T3|T4|T5|T6" },
    { PLACE_ITEM, "theme", TAKES_WORD, ON_ALL, 0, ITEM(theme), 0, 0,
      "where it stands on a home page of more than eight items, and then "
      "required",
      "police",
      "|work|medical|police|housing|family|support|business|hotline|"
      "progress" },
    { PLACE_ITEM, "elder", TAKES_BOOL, ON_ALL, 0, ITEM(is_for_elders), 0, 0,
      "true: where there are themes, it stands on the home page itself for "
      "who reads large print (适老)",
      "true", NULL },
    { PLACE_ITEM, "keywords", TAKES_WORDS, ON_ALL, 0, ITEM(keywords), 0, 0,
      "other words that it is found by, parted by spaces",
      "{zh_CN: 暂住证 登记, en: residence registration}", NULL },
    { PLACE_ITEM, "divisions", TAKES_DIVISIONS, ON_ALL, 0, ITEM(divisions), 64,
      0,
      "where it is offered, codes of six digits; a terminal elsewhere says so "
      "on its tile; without: everywhere",
      "[\"411300\"]", NULL },
    { PLACE_ITEM, "legal_time", TAKES_MAP, ON_ALL, 0, ITEM(legal_time), 0,
      PLACE_TIME,
      "the time that the law sets, from acceptance; {legal_time} fills it in",
      "{days: 15}", NULL },
    { PLACE_ITEM, "promised_time", TAKES_MAP, ON_ALL, 0, ITEM(promised_time), 0,
      PLACE_TIME,
      "the time that the office promises, from acceptance; {promised_time} "
      "fills it in",
      "{days: 3, working: true}", NULL },
    { PLACE_ITEM, "fee", TAKES_MAP, ON_ALL, 0, ITEM(fee), 0, PLACE_FACT,
      "what it costs; {fee} fills it in", "{text: {zh_CN: 不收费, en: Free}}",
      NULL },
    { PLACE_ITEM, "basis", TAKES_MAP, ON_ALL, 0, ITEM(basis), 0, PLACE_FACT,
      "the legal basis; {basis} fills it in",
      "{text: {zh_CN: 《社会保险法》第七十四条, en: \"Social Insurance Law, "
      "article 74\"}}",
      NULL },
    { PLACE_ITEM, "minutes", TAKES_NUMBER, ON_ALL, 0, ITEM(minutes), 120, 0,
      "how many it takes at this machine; {minutes} fills it in", "4", NULL },
    { PLACE_ITEM, "title", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(title), 0, 0,
      "the item's name for people", "{zh_CN: 居住证申领, en: Residence permit}",
      NULL },
    { PLACE_ITEM, "summary", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(summary), 0, 0,
      "the tile's first line: what it does",
      "{zh_CN: 登记丢了的东西, en: Report what you lost}", NULL },
    { PLACE_ITEM, "bring", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(bring), 0, 0,
      "the tile's second line: what to bring, how long, what it costs",
      "{zh_CN: 不用身份证, en: No ID card}", NULL },
    { PLACE_ITEM, "authority", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(authority), 0,
      0, "on whose behalf the card is read",
      "{zh_CN: 南阳市公安局, en: Nanyang Public Security Bureau}", NULL },
    { PLACE_ITEM, "unit", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(unit), 0, 0,
      "the office that gets the case",
      "{zh_CN: 失物招领处, en: the lost property office}", NULL },
    { PLACE_ITEM, "contact", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(contact), 0, 0,
      "whom to ask, and who corrects or withdraws what was sent",
      "{zh_CN: 12345 热线, en: the 12345 hotline}", NULL },
    { PLACE_ITEM, "hours", TAKES_HOURS, ON_ALL, 0, ITEM(hours), 0, 0,
      "when it can be begun, HH:MM-HH:MM; without it, while the terminal is "
      "open",
      "\"08:30-17:00\"", NULL },
    { PLACE_ITEM, "needs", TAKES_MAP, ON_ALL, ON_ALL, 0, 0, PLACE_NEEDS,
      "what must work for the item to be offered",
      "{network: wished, reader: must, printer: wished}", NULL },
    { PLACE_ITEM, "assurance", TAKES_WORD, ON_ALL, ON_ALL, ITEM(assurance), 0,
      0,
      "how sure the office must be of the person: none, typed, code, card, "
      "card and check",
      "typed", "none|typed|code|card|card and check" },
    { PLACE_ITEM, "card_fields", TAKES_CARD_FIELDS, ON_ALL, 0,
      ITEM(card_fields), 16, 0,
      "what is kept of the card; all else is dropped at once", "[name, number]",
      NULL },
    { PLACE_ITEM, "notice", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_NOTICE,
      "the privacy notice; required with a card step",
      "{version: 1, text: {zh_CN: 告知。, en: Notice.}}", NULL },
    { PLACE_ITEM, "anonymous", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_ANONYMOUS,
      "the answer that makes a case anonymous",
      "{when: contact_by, is: anonymous}", NULL },
    { PLACE_ITEM, "conditions", TAKES_CONDITIONS, ON_ALL, 0, 0, 0, 0,
      "rules with a name, which any rule may use by it", "{adult: age >= 18}",
      NULL },
    { PLACE_ITEM, "steps", TAKES_MAPS, ON_ALL, ON_ALL, ITEM(steps),
      ITEM_STEPS_MAX, PLACE_STEP, "the pages, in their order",
      "[{id: review, screen: review}]", NULL },
    { PLACE_ITEM, "slip", TAKES_MAPS, ON_ALL, 0, ITEM(slip),
      ITEM_SLIP_PARTS_MAX, PLACE_SLIP_PART,
      "what stands on the slip, in its order, between what every slip begins "
      "and ends with; without: the lines of the result page",
      "[{line: next}, {fact: ground}]", NULL },
    { PLACE_ITEM, "tests", TAKES_TESTS, ON_ALL, 0, ITEM(tests), 200, PLACE_TEST,
      "what is answered and what comes of it; run by kiosk check",
      "[{name: a lease, answers: {phone: later}, pages: [phone, review, send, "
      "result]}]",
      NULL },

    { PLACE_NEEDS, "network", TAKES_WORD, ON_ALL, ON_ALL, ITEM(network), 0, 0,
      "no, wished or must", "wished", "no|wished|must" },
    { PLACE_NEEDS, "reader", TAKES_WORD, ON_ALL, ON_ALL, ITEM(reader), 0, 0,
      "no, wished or must", "must", "no|wished|must" },
    { PLACE_NEEDS, "printer", TAKES_WORD, ON_ALL, ON_ALL, ITEM(printer), 0, 0,
      "no, wished or must", "wished", "no|wished|must" },
    { PLACE_NEEDS, "a4", TAKES_BOOL, ON_ALL, 0, ITEM(needs_a4), 0, 0,
      "true: the printer is one for A4", "true", NULL },

    { PLACE_NOTICE, "version", TAKES_NUMBER, ON_ALL, ON_ALL,
      ITEM(notice_version), 1000000, 0,
      "from 1; raise it whenever the notice changes", "1", NULL },
    { PLACE_NOTICE, "text", TAKES_WORDS, ON_ALL, ON_ALL, ITEM(notice), 0, 0,
      "the full text: who, purpose, which data, ground, how long, rights",
      "{zh_CN: 告知。, en: Notice.}", NULL },

    { PLACE_ANONYMOUS, "when", TAKES_NAME, ON_ALL, ON_ALL,
      ITEM(anonymous_when_answer), 0, 0, "the answer's name", "contact_by",
      NULL },
    { PLACE_ANONYMOUS, "is", TAKES_VALUE, ON_ALL, ON_ALL,
      ITEM(anonymous_when_value), 0, 0, "the value that means anonymous",
      "anonymous", NULL },

    { PLACE_STEP, "id", TAKES_NAME, ON_ALL, ON_ALL, STEP(id), 0, 0,
      "the step's name, unique in the item", "phone", NULL },
    { PLACE_STEP, "screen", TAKES_SCREEN, ON_ALL, ON_ALL, STEP(screen), 0, 0,
      "the kind of page", "field", NULL },
    { PLACE_STEP, "when", TAKES_RULE, ON_ALL, 0, STEP(when), 0, 0,
      "the rule that must hold for the page to be shown", "ground == \"work\"",
      NULL },
    { PLACE_STEP, "answer", TAKES_NAME, ON_ASKING | ON_COMPUTED | ON_OTHER, 0,
      STEP(answer), 0, 0, "the answer's name, when it is not the step's",
      "mobile", NULL },
    { PLACE_STEP, "ask", TAKES_WORDS, ON_PAGES & ~ON_PARTS,
      ON_ASKING | ON_CLOSING | ON_SLOT | ON_READ_BACK, STEP(ask), 0, 0,
      "the question, the page's heading",
      "{zh_CN: 您的手机号码是多少？, en: \"What is your mobile number?\"}",
      NULL },
    { PLACE_STEP, "hint", TAKES_WORDS, ON_PAGES, 0, STEP(hint), 0, 0,
      "one sentence of help under the question",
      "{zh_CN: 办好了用它找您。, en: It is used to reach you.}", NULL },
    { PLACE_STEP, "why", TAKES_WORDS, ON_WHY | ON_COMPOUND, 0, STEP(why), 0, 0,
      "what it is needed for, for who asks why (help, then #); required where "
      "the answer is sensitive",
      "{zh_CN: 办好了用它找您。, en: It is used to reach you.}", NULL },
    { PLACE_STEP, "basis", TAKES_MAP, ON_WHY | ON_COMPOUND, 0, STEP(basis), 0,
      PLACE_FACT,
      "the law that has it asked; stands on the page and where one asks why, "
      "but unverified for no citizen",
      "{text: {zh_CN: 《居住证暂行条例》第二条, en: \"Interim Regulations, "
      "article 2\"}}",
      NULL },
    { PLACE_STEP, "sensitive", TAKES_BOOL, ON_ASKING | ON_PARTS, 0,
      STEP(is_sensitive), 0, 0,
      "true: the answer is sensitive personal data; mobile, id_number and "
      "bank_card are without it",
      "true", NULL },
    { PLACE_STEP, "label", TAKES_WORDS,
      ON_ASKING | ON_OTHER | ON_LABELLED | ON_ANOTHER | ON_COMPUTED | ON_SLOT |
          ON_READ_BACK,
      ON_ASKING | ON_LABELLED | ON_ANOTHER | ON_COMPUTED | ON_SLOT |
          ON_READ_BACK,
      STEP(label), 0, 0, "the answer's name on review, slip and errors",
      "{zh_CN: 手机号码, en: Mobile number}", NULL },
    { PLACE_STEP, "section", TAKES_MAP,
      ON_ASKING | ON_MATERIALS | ON_SLOT | ON_OTHER, 0, 0, 0, PLACE_SECTION,
      "on the first step of each part of a long matter, after a step with "
      "screen: tasks: the part's name",
      "{title: {zh_CN: 您的住处, en: Your home}, minutes: 2}", NULL },
    { PLACE_STEP, "options", TAKES_MAPS, ON_CHOOSING | ON_COMPUTED, 0,
      STEP(options), ITEM_OPTIONS_MAX, PLACE_OPTION,
      "what can be chosen; of what is computed how its values read",

      "[{value: work, text: {zh_CN: 有稳定工作, en: Stable work}}]", NULL },
    { PLACE_STEP, "list", TAKES_LIST, ON_CHOOSING, 0, STEP(list), 0, 0,
      "instead of options: the name of a file in lists/", "counties", NULL },
    { PLACE_STEP, "under", TAKES_NAME, ON_CHOOSING, 0, STEP(under), 0, 0,
      "the earlier answer that is the rows' parent", "county", NULL },
    { PLACE_STEP, "least", TAKES_COUNT, ON_CHOICES | ON_GROUP, ON_GROUP,
      STEP(least), ITEM_OPTIONS_MAX, 0,
      "how many must be chosen; without: 1; 0: none is an answer, too; of a "
      "group how many entries there must be, 0: it is asked first whether "
      "there are any (ask)",
      "1", NULL },
    { PLACE_STEP, "most", TAKES_NUMBER, ON_CHOICES | ON_GROUP, ON_GROUP,
      STEP(most), ITEM_OPTIONS_MAX, 0,
      "how many may be chosen; without: all of them; of a group how many "
      "entries there may be, up to 40",
      "3", NULL },
    { PLACE_STEP, "material", TAKES_WORD, ON_CHOICE, 0, STEP(material), 0, 0,
      "instead of options: whether a paper was brought; required, or may "
      "follow (容缺受理)",
      "may follow", "|required|may follow" },
    { PLACE_STEP, "within", TAKES_MAP, ON_MATERIALS, ON_MATERIALS, STEP(within),
      0, PLACE_TIME, "how long papers that follow may take, from today",
      "{days: 5, working: true}", NULL },
    { PLACE_STEP, "type", TAKES_WORD, ON_PLAIN | ON_COMPUTED, ON_FIELD,
      STEP(type), 0, 0,
      "what is written: see Fields; of a choice yes_no only: its two options; "
      "of what is computed how it reads, without: as text",
      "mobile",
      "mobile|text|receipt|code|id_number|date|month|number|money|postcode|"
      "bank_card|credit_code|email|plate|yes_no" },
    { PLACE_STEP, "min", TAKES_LIMIT, ON_FIELD | ON_RANGES, 0, STEP(check.min),
      0, 0, "the least date, month, number or money, as it is sent", "1",
      NULL },
    { PLACE_STEP, "max", TAKES_LIMIT, ON_FIELD | ON_RANGES | ON_ADDRESS, 0,
      STEP(check.max), 0, 0,
      "the greatest; of a text the most characters, up to 1000", "60", NULL },
    { PLACE_STEP, "fen", TAKES_BOOL, ON_FIELD | ON_COMPUTED, 0,
      STEP(check.with_fen), 0, 0, "true: of money fen are typed, too", "true",
      NULL },
    { PLACE_STEP, "way", TAKES_WORDS, ON_ASKING | ON_ADDRESS, 0, STEP(way), 0,
      0, "the way round for who cannot answer; the answer is then \"later\"",
      "{zh_CN: 没有手机, en: I have no mobile}", NULL },
    { PLACE_STEP, "not_before", TAKES_NAME, ON_FIELD, 0, STEP(not_before), 0, 0,
      "of a date or month: the earlier answer before which it must not lie",
      "started", NULL },
    { PLACE_STEP, "another_person", TAKES_BOOL, ON_FIELD, 0,
      STEP(is_another_person), 0, 0,
      "true, of an id_number: not that of the card, nor of another field with "
      "this key",
      "true", NULL },
    { PLACE_STEP, "open_end", TAKES_BOOL, ON_RANGES, 0, 0, 0, 0,
      "true: the end may be until now (至今); the answer is then \"later\"",
      "true", NULL },
    { PLACE_STEP, "depth", TAKES_WORD, ON_DIVISION | ON_ADDRESS, 0, 0, 0, 0,
      "how far the division goes; without: township", "county",
      "county|township" },
    { PLACE_STEP, "parts", TAKES_NAMES, ON_PERSON, ON_PERSON, 0, 8, 0,
      "what is asked of the person: name, relation, number, born, phone, in "
      "this order",
      "[name, phone]", NULL },
    { PLACE_STEP, "pages", TAKES_PAGES, ON_PARTS, 0, 0, 0, 0,
      "by part, keys of a step that its page says otherwise",
      "{from: {hint: {zh_CN: 按合同填, en: As the contract says}}}", NULL },
    { PLACE_STEP, "entry", TAKES_WORDS, ON_GROUP, ON_GROUP, 0, 0, 0,
      "what one entry is called; {n} is its number",
      "{zh_CN: '第{n}个孩子', en: 'Child {n}'}", NULL },
    { PLACE_STEP, "steps", TAKES_MAPS, ON_GROUP, ON_GROUP, 0, 32, PLACE_STEP,
      "the pages of one entry",
      "[{id: name, screen: field, type: text, max: 50, ask: …, label: …}]",
      NULL },
    { PLACE_STEP, "person", TAKES_NAME, ON_CARD, 0, STEP(person), 0, 0,
      "whose card it is, when it is not the main person's: what is read is "
      "called by it (spouse_name, spouse_age)",
      "spouse", NULL },
    { PLACE_STEP, "role", TAKES_WORDS, ON_CARD | ON_PERSON, ON_PERSON,
      STEP(role), 0, 0, "who that person is, within a sentence",
      "{zh_CN: 配偶, en: your spouse}", NULL },
    { PLACE_STEP, "fields", TAKES_CARD_FIELDS, ON_CARD, 0, STEP(fields), 16, 0,
      "with person: what is kept of their card, number among it; all else is "
      "dropped at once",
      "[name, number]", NULL },
    { PLACE_STEP, "required", TAKES_RULE, ON_PLAIN, 0, STEP(required), 0, 0,
      "true, false or a rule over earlier answers: where it does not hold the "
      "question may be left empty; without: it must be answered",
      "ground == \"work\"", NULL },
    { PLACE_STEP, "allowed", TAKES_MAPS, ON_PLAIN, 0, STEP(allowed), 8,
      PLACE_ALLOWED, "what the answer must be beside its type",
      "[{id: adult, must: age(born) >= 18, message: …, severity: warning}]",
      NULL },
    { PLACE_STEP, "default", TAKES_LIMIT, ON_PLAIN, 0, STEP(default_value), 0,
      0,
      "the value that stands there at first, as it is sent; it counts once the "
      "person goes on",
      "work", NULL },
    { PLACE_STEP, "prefill", TAKES_SOURCES, ON_PLAIN, 0, STEP(prefill), 8, 0,
      "earlier answers, shared_… of records, and card_… of the card_fields: "
      "the first that fits stands there, with where it comes from",
      "[shared_household_address, card_address]", NULL },
    { PLACE_STEP, "fixed", TAKES_BOOL, ON_PLAIN, 0, STEP(is_fixed), 0, 0,
      "true: what was prefilled the person can confirm, not change", "true",
      NULL },
    { PLACE_STEP, "mask", TAKES_BOOL, ON_FIELD | ON_COMPUTED, 0,
      STEP(is_masked), 0, 0,
      "true: masked on slips and in sentences; id_number, bank_card and email "
      "are without it",
      "true", NULL },
    { PLACE_STEP, "value", TAKES_VALUE_RULE, ON_COMPUTED, ON_COMPUTED,
      STEP(value), 0, 0,
      "the rule over earlier answers that it is computed by: see Computed",
      "int(adults) + int(children)", NULL },
    { PLACE_STEP, "hidden", TAKES_BOOL, ON_COMPUTED, 0, STEP(is_hidden), 0, 0,
      "true: sent only; it stands neither on the review nor on slips", "true",
      NULL },
    { PLACE_STEP, "minors", TAKES_BOOL, ON_CARD, 0, STEP(takes_minors), 0, 0,
      "true: who is under 16 may do it here", "true", NULL },
    { PLACE_STEP, "may_type", TAKES_BOOL, ON_CARD, 0, STEP(may_type), 0, 0,
      "true: without a card the number may be typed", "true", NULL },
    { PLACE_STEP, "records", TAKES_RECORDS, ON_SHARED, ON_SHARED, STEP(records),
      5, 0,
      "what other offices are asked for: person, household, insurance, "
      "vehicle, "
      "enterprise; see Shared data",
      "[household, insurance]", NULL },
    { PLACE_STEP, "place", TAKES_FILLED, ON_SLOT, ON_SLOT, STEP(place), 0, 0,
      "where an appointment is, as the hub's calendar has it: a name, or "
      "{answer} of an earlier choice",
      "'{county}'", NULL },
    { PLACE_STEP, "kind", TAKES_VALUE, ON_CERTIFICATE | ON_RECORD,
      ON_CERTIFICATE | ON_RECORD, STEP(kind), 0, 0,
      "what the authority calls the certificate, or the records of which one "
      "is chosen",
      "si-insured-proof", NULL },
    { PLACE_STEP, "columns", TAKES_TESTS, ON_RECORD, 0, 0, RECORD_COLUMNS_MAX,
      PLACE_COLUMN,
      "needed: what is told of each record, in this order; see Records",
      "[{id: fen, type: money, label: {zh_CN: 罚款, en: Fine}}]", NULL },
    { PLACE_STEP, "amount", TAKES_NAME, ON_PAYMENT, ON_PAYMENT, STEP(amount), 0,
      0, "the earlier answer of type money that is to be paid", "decision_fen",
      NULL },
    { PLACE_STEP, "about", TAKES_NAME, ON_PAYMENT, 0, STEP(about), 0, 0,
      "the record that is paid for: no two payments for one are kept",
      "decision", NULL },
    { PLACE_STEP, "what", TAKES_WORDS, ON_PAYMENT, ON_PAYMENT, STEP(what), 0, 0,
      "what is paid for", "{zh_CN: 交通罚款, en: Traffic fine}", NULL },
    { PLACE_STEP, "lines", TAKES_MAPS,
      ON_GUIDE | ON_RESULT | ON_CERTIFICATE | ON_CLOSING | ON_OTHER,
      ON_GUIDE | ON_RESULT | ON_CLOSING, STEP(lines), 32, PLACE_LINE,
      "what stands on the page",
      "[{id: fee, label: {zh_CN: 费用, en: Fee}, text: {zh_CN: 不收费, en: "
      "Free}}]",
      NULL },
    { PLACE_STEP, "text", TAKES_WORDS, ON_DECLARE | ON_REVIEW | ON_OTHER,
      ON_DECLARE, STEP(text), 0, 0, "the declaration",
      "{zh_CN: 我承诺：以上内容都是真实的。, en: I declare that all this is "
      "true.}",
      NULL },
    { PLACE_STEP, "stops", TAKES_MAPS,
      ON_ASKING | ON_CARD | ON_OFFICE | ON_SLOT | ON_OTHER, 0, STEP(stops), 8,
      PLACE_STOP, "where the item cannot go on here",
      "[{id: child, when: age < 14, reason: …, done: …, ways: […]}]", NULL },

    { PLACE_OPTION, "value", TAKES_VALUE, ON_ALL, ON_ALL, OPTION(value), 0, 0,
      "what is sent, unique in the step", "work", NULL },
    { PLACE_OPTION, "text", TAKES_WORDS, ON_ALL, ON_ALL, OPTION(text), 0, 0,
      "what is read", "{zh_CN: 有稳定工作, en: Stable work}", NULL },
    { PLACE_OPTION, "note", TAKES_WORDS, ON_ALL, 0, OPTION(note), 0, 0,
      "a second, smaller line",
      "{zh_CN: 要带劳动合同, en: Bring your contract}", NULL },
    { PLACE_OPTION, "when", TAKES_RULE, ON_ALL, 0, OPTION(when), 0, 0,
      "the rule that must hold for it to be offered", "age >= 16", NULL },
    { PLACE_OPTION, "alone", TAKES_BOOL, ON_ALL, 0, OPTION(is_alone), 0, 0,
      "of a choice of many, true: who chooses it chooses nothing else", "true",
      NULL },

    { PLACE_SECTION, "title", TAKES_WORDS, ON_ALL, ON_ALL, STEP(section), 0, 0,
      "the part's name on the page that lists them",
      "{zh_CN: 您的住处, en: Your home}", NULL },
    { PLACE_SECTION, "minutes", TAKES_NUMBER, ON_ALL, 0, STEP(section_minutes),
      120, 0, "how many it takes, honestly", "2", NULL },

    { PLACE_STOP, "id", TAKES_NAME, ON_ALL, ON_ALL, STOP(id), 0, 0,
      "the stop's name, unique in the step", "child", NULL },
    { PLACE_STOP, "when", TAKES_RULE, ON_ALL, ON_ALL, STOP(when), 0, 0,
      "the rule that stops; it may use this step's answer", "age < 14", NULL },
    { PLACE_STOP, "reason", TAKES_WORDS, ON_ALL, ON_ALL, STOP(reason), 0, 0,
      "what is the matter, and why",
      "{zh_CN: 不满 14 岁，要由监护人代办。, en: Under 14 a guardian must "
      "apply.}",
      NULL },
    { PLACE_STOP, "done", TAKES_WORDS, ON_ALL, ON_ALL, STOP(done), 0, 0,
      "what was and what was not done",
      "{zh_CN: 没有提交任何内容。, en: Nothing was sent.}", NULL },
    { PLACE_STOP, "ways", TAKES_WAYS, ON_ALL, ON_ALL, STOP(ways), 3, 0,
      "one to three ways on, each a text",
      "[{zh_CN: 请拨打 12345 咨询。, en: Call 12345.}]", NULL },

    { PLACE_COLUMN, "id", TAKES_NAME, ON_ALL, ON_ALL, 0, 0, 0,
      "what the office calls it; the answer is STEP_id", "fen", NULL },
    { PLACE_COLUMN, "label", TAKES_WORDS, ON_ALL, ON_ALL, 0, 0, 0,
      "its name on review and slip", "{zh_CN: 罚款, en: Fine}", NULL },
    { PLACE_COLUMN, "type", TAKES_WORD, ON_ALL, 0, 0, 0, 0,
      "text (without it), date, or money that comes in fen", "money",
      "text|date|money" },
    { PLACE_COLUMN, "options", TAKES_MAPS, ON_ALL, 0, 0, ITEM_OPTIONS_MAX,
      PLACE_OPTION, "of a text that is a word of the office's: how each reads",
      "[{value: open, text: {zh_CN: 未缴, en: To be paid}}]", NULL },
    { PLACE_COLUMN, "mask", TAKES_BOOL, ON_ALL, 0, 0, 0, 0,
      "true: masked on slips and in sentences", "true", NULL },
    { PLACE_COLUMN, "hidden", TAKES_BOOL, ON_ALL, 0, 0, 0, 0,
      "true: for rules and the case only; it stands on no page", "true", NULL },
    { PLACE_ALLOWED, "id", TAKES_NAME, ON_ALL, ON_ALL, ALLOWED(id), 0, 0,
      "its name, unique in the step", "adult", NULL },
    { PLACE_ALLOWED, "must", TAKES_RULE, ON_ALL, ON_ALL, ALLOWED(must), 0, 0,
      "the rule that must hold; it may use this step's answer",
      "age(born) >= 18", NULL },
    { PLACE_ALLOWED, "message", TAKES_WORDS, ON_ALL, ON_ALL, ALLOWED(message),
      0, 0, "what is said where it does not hold, a sentence",
      "{zh_CN: 要满 18 岁。, en: This is for people of 18 or older.}", NULL },
    { PLACE_ALLOWED, "severity", TAKES_WORD, ON_ALL, 0, ALLOWED(severity), 0, 0,
      "error (nobody goes on), warning (asks whether one is sure) or "
      "information; without: error",
      "warning", "error|warning|information" },

    { PLACE_LINE, "id", TAKES_NAME, ON_ALL, ON_ALL, LINE(id), 0, 0,
      "the line's name, unique in the step", "fee", NULL },
    { PLACE_LINE, "label", TAKES_WORDS, ON_ALL, ON_ALL, LINE(label), 0, 0,
      "what the line is about", "{zh_CN: 费用, en: Fee}", NULL },
    { PLACE_LINE, "text", TAKES_WORDS, ON_ALL, ON_ALL, LINE(text), 0, 0,
      "what it says", "{zh_CN: '{fee}', en: '{fee}'}", NULL },
    { PLACE_LINE, "when", TAKES_RULE, ON_ALL, 0, LINE(when), 0, 0,
      "the rule that must hold for it to stand there", "phone == \"later\"",
      NULL },
    { PLACE_LINE, "unverified", TAKES_BOOL, ON_ALL, 0, LINE(is_unverified), 0,
      0, "true: nobody has verified what it says; it is shown to no citizen",
      "true", NULL },

    { PLACE_CODES, "catalogue", TAKES_CODE, ON_ALL, 0, ITEM(catalogue_code), 12,
      0, "基本编码, 12 characters", "370117002011", NULL },
    { PLACE_CODES, "implementation", TAKES_CODE, ON_ALL, 0, ITEM(code), 31, 0,
      "实施编码, 31 characters: credit code, level of exercise, catalogue "
      "code; with it the citizen is asked to rate",
      "11370800MB285591843370117002011", NULL },
    { PLACE_CODES, "handling", TAKES_CODE, ON_ALL, 0, ITEM(handling_code), 33,
      0,
      "业务办理项编码, 33 characters: the implementation code and two digits",
      "11370800MB28559184337011700201101", NULL },

    { PLACE_TIME, "days", TAKES_NUMBER, ON_ALL, ON_ALL, TIME(days), 1000, 0,
      "how many", "15", NULL },
    { PLACE_TIME, "working", TAKES_BOOL, ON_ALL, 0, TIME(working), 0, 0,
      "true: working days; else days of the calendar", "true", NULL },
    { PLACE_TIME, "unverified", TAKES_BOOL, ON_ALL, 0, TIME(unverified), 0, 0,
      "true: nobody has verified it; a line that fills it in is shown to no "
      "citizen",
      "true", NULL },

    { PLACE_FACT, "text", TAKES_WORDS, ON_ALL, ON_ALL, FACT(text), 0, 0,
      "the fact in words", "{zh_CN: 不收费, en: Free}", NULL },
    { PLACE_FACT, "unverified", TAKES_BOOL, ON_ALL, 0, FACT(unverified), 0, 0,
      "true: nobody has verified it; a line that fills it in is shown to no "
      "citizen",
      "true", NULL },

    { PLACE_TEST, "name", TAKES_TEXT, ON_ALL, ON_ALL, 0, 0, 0,
      "what is tried, for the message", "a lease", NULL },
    { PLACE_TEST, "today", TAKES_DATE, ON_ALL, 0, 0, 0, 0,
      "the day on which it is done, for the card and the age; without: "
      "2026-01-01",
      "2026-11-23", NULL },
    { PLACE_TEST, "card", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_TEST_CARD,
      "the card that is laid down at the card page", "{birth: 1956-02-29}",
      NULL },
    { PLACE_TEST, "cards", TAKES_CARDS, ON_ALL, 0, 0, 0, PLACE_TEST_CARD,
      "by person, the card that is laid down at their card page",
      "{spouse: {birth: 1990-01-01}}", NULL },
    { PLACE_TEST, "records", TAKES_TEST_RECORDS, ON_ALL, 0, 0, 0, 0,
      "by record, what of it comes; as_of is its day, without: today",
      "{household: {address: 某县某路3号, as_of: 2025-11-20}}", NULL },
    { PLACE_TEST, "answers", TAKES_ANSWERS, ON_ALL, 0, 0, 0, 0,
      "answer by name, as it is typed or the value that is chosen; later for "
      "the way round",
      "{ground: work, phone: later}", NULL },
    { PLACE_TEST, "offers", TAKES_OFFERS, ON_ALL, 0, 0, 0, 0,
      "by answer, every value that its page offers, in their order; without: "
      "not looked at",
      "{ground: [work, housing, study]}", NULL },
    { PLACE_TEST, "refused", TAKES_REFUSED, ON_ALL, 0, 0, 0, 0,
      "by answer, values that its page refuses when this way comes to it, each "
      "with what refuses it: the id of one of its allowed, form (what the page "
      "itself does not take), required (left empty) or fixed",
      "{born: {2020-01-01: adult, 2020-02-30: form}}", NULL },
    { PLACE_TEST, "warned", TAKES_WARNED, ON_ALL, 0, 0, 0, 0,
      "by answer, values that its page takes, each with what is said of it: "
      "the "
      "ids of all warnings, then of all information, of its allowed; []: "
      "nothing is said",
      "{rent: {'9000': high, '900': []}}", NULL },
    { PLACE_TEST, "pages", TAKES_NAMES, ON_ALL, ON_ALL, 0, 0, 0,
      "every page that is shown, in its order, by its step",
      "[guide, phone, review, send, result]", NULL },
    { PLACE_TEST, "stop", TAKES_NAME, ON_ALL, 0, 0, 0, 0,
      "the stop at which the last page ends", "child", NULL },
    { PLACE_TEST, "ways", TAKES_NUMBER, ON_ALL, 0, 0, 3, 0,
      "how many ways on that stop has; without: not looked at", "2", NULL },
    { PLACE_TEST, "lines_of", TAKES_OFFERS, ON_ALL, 0, 0, 0, 0,
      "by page, the lines that stand on it for a citizen, in their order; "
      "without: not looked at",
      "{guide: [outcome, fee]}", NULL },
    { PLACE_TEST, "sensitive", TAKES_NAMES, ON_ALL, 0, 0, 0, 0,
      "the pages on this way that ask for sensitive data, marked so or by "
      "their type, in their order; without: not looked at",
      "[marriage, number]", NULL },
    { PLACE_TEST, "lines", TAKES_NAMES, ON_ALL, 0, 0, 0, 0,
      "the lines that stand on the last page, in their order; without: not "
      "looked at",
      "[next, place, paper_card]", NULL },
    { PLACE_TEST, "says", TAKES_OFFERS, ON_ALL, 0, 0, 0, 0,
      "by page, what can be read on it, in either language, as the item has it "
      "or a part of it: in question, help, why, law, options, lines, the stop; "
      "without: not looked at",
      "{guide: [自受理之日起 15 日], phone: [派出所会打这个号码]}", NULL },
    { PLACE_TEST, "slip", TAKES_NAMES, ON_ALL, 0, 0, 0, 0,
      "what stands on the slip, in its order: line, fact.ANSWER, text.N, "
      "table.N.ROW, qr.N, N being the part's id or place; without: not looked "
      "at",
      "[next, fact.ground, table.papers.1]", NULL },
    { PLACE_TEST, "sent", TAKES_ANSWERS, ON_ALL, 0, 0, 0, 0,
      "every answer that is sent with its value, in any order; without: not "
      "looked at",
      "{ground: work, phone: later}", NULL },

    { PLACE_TEST_CARD, "kind", TAKES_WORD, ON_ALL, 0, 0, 0, 0,
      "what card it is; without: resident", "hmt",
      "resident|hmt|foreigner-2017|foreigner-2023" },
    { PLACE_TEST_CARD, "birth", TAKES_DATE, ON_ALL, ON_ALL, 0, 0, 0,
      "the person's day of birth", "1956-02-29", NULL },
    { PLACE_TEST_CARD, "typed", TAKES_BOOL, ON_ALL, 0, 0, 0, 0,
      "true: the number is typed instead of a card", "true", NULL },

    { PLACE_SLIP_PART, "id", TAKES_NAME, ON_ALL, 0, PART(id), 0, 0,
      "its name, unique on the slip: by it an overlay lays over the part, and "
      "tests name it",
      "papers", NULL },
    { PLACE_SLIP_PART, "fact", TAKES_NAME, ON_ALL, 0, PART(fact), 0, 0,
      "an answer: its label and text, masked where it is personal", "ground",
      NULL },
    { PLACE_SLIP_PART, "line", TAKES_NAME, ON_ALL, 0, PART(line), 0, 0,
      "a line of the result page", "next", NULL },
    { PLACE_SLIP_PART, "text", TAKES_WORDS, ON_ALL, 0, PART(text), 0, 0,
      "a text across the slip",
      "{zh_CN: '请到{unit}来。', en: 'Come to {unit}.'}", NULL },
    { PLACE_SLIP_PART, "table", TAKES_MAP, ON_ALL, 0, 0, 0, PLACE_SLIP_TABLE,
      "a table; where its columns have no room beside each other each row is "
      "printed as labels and values",
      "{columns: […], rows: [{cells: […]}]}", NULL },
    { PLACE_SLIP_PART, "qr", TAKES_FILLED, ON_ALL, 0, PART(qr), 0, 0,
      "progress: here stands the code of the progress page, which is last "
      "otherwise; or what a code of the item's own holds, answers filled in "
      "as they are sent",
      "'NYWS1;{kind};{plate}'", NULL },
    { PLACE_SLIP_PART, "label", TAKES_WORDS, ON_ALL, 0, PART(label), 0, 0,
      "with a code of the item's own: what it is for",
      "{zh_CN: 窗口扫这个码, en: The counter scans this code}", NULL },
    { PLACE_SLIP_PART, "rule", TAKES_WORD, ON_ALL, 0, PART(rule), 0, 0,
      "line: a line across, on paper", "line", "|line" },
    { PLACE_SLIP_PART, "when", TAKES_RULE, ON_ALL, 0, PART(when), 0, 0,
      "the rule that must hold for it to stand there", "ground == \"work\"",
      NULL },
    { PLACE_SLIP_PART, "on", TAKES_PAPERS, ON_ALL, 0, PART(papers), 0, 0,
      "the papers on which it stands, of 58mm, 80mm and a4; without: on all; "
      "screen and phone show what a4 has",
      "[80mm, a4]", NULL },

    { PLACE_SLIP_TABLE, "columns", TAKES_CELLS, ON_ALL, ON_ALL, PART(columns),
      0, 0, "the heads of two to six columns",
      "[{zh_CN: 材料, en: Paper}, {zh_CN: 份数, en: Copies}]", NULL },
    { PLACE_SLIP_TABLE, "rows", TAKES_MAPS, ON_ALL, 0, PART(rows),
      ITEM_SLIP_ROWS_MAX, PLACE_SLIP_ROW, "its rows",
      "[{cells: [{zh_CN: 租赁合同, en: Lease}, '1']}]", NULL },
    { PLACE_SLIP_TABLE, "each", TAKES_NAME, ON_ALL, 0, PART(each), 0, 0,
      "instead of rows: a group of answers, NAME_1_…, NAME_2_…; a row for each "
      "entry that has an answer",
      "children", NULL },
    { PLACE_SLIP_TABLE, "cells", TAKES_CELLS, ON_ALL, 0, PART(cells), 0, 0,
      "with each: the cells of an entry's row; {born} is children_1_born in "
      "the first",
      "['{name}', '{born}']", NULL },

    { PLACE_SLIP_ROW, "id", TAKES_NAME, ON_ALL, 0, ROW(id), 0, 0,
      "its name, unique in the table: by it an overlay lays over the row",
      "lease", NULL },
    { PLACE_SLIP_ROW, "cells", TAKES_CELLS, ON_ALL, ON_ALL, ROW(cells), 0, 0,
      "a text for each column, {answers} filled in; in both languages, but "
      "for {answers} and digits",
      "[{zh_CN: 租赁合同, en: Lease}, '1']", NULL },
    { PLACE_SLIP_ROW, "when", TAKES_RULE, ON_ALL, 0, ROW(when), 0, 0,
      "the rule that must hold for it to stand there", "proof == \"lease\"",
      NULL },

    { PLACE_OVERLAY, "after", TAKES_NAME, ON_ALL, 0, 0, 0, 0,
      "in a step, option, stop, line or part or row of the slip that the item "
      "has not: behind which it goes",
      "county", NULL },
    { PLACE_OVERLAY, "before", TAKES_NAME, ON_ALL, 0, 0, 0, 0,
      "the same: before which it goes", "phone", NULL },
    { PLACE_OVERLAY, "over", TAKES_ITEM_ID, ON_ALL, ON_ALL, 0, 0, 0,
      "the item over which the file is laid", "residence-permit", NULL },
};
const size_t item_key_count = sizeof item_keys / sizeof *item_keys;

const char *item_place_name(enum place place)
{
    static const char *const names[PLACE_COUNT] = {
        [PLACE_ITEM] = "the item",
        [PLACE_NEEDS] = "needs",
        [PLACE_NOTICE] = "the notice",
        [PLACE_ANONYMOUS] = "anonymous",
        [PLACE_STEP] = "a step",
        [PLACE_OPTION] = "an option",
        [PLACE_SECTION] = "a section",
        [PLACE_STOP] = "a stop",
        [PLACE_LINE] = "a line",
        [PLACE_CODES] = "codes",
        [PLACE_TIME] = "a time",
        [PLACE_FACT] = "a fact",
        [PLACE_TEST] = "a test",
        [PLACE_TEST_CARD] = "a test's card",
        [PLACE_SLIP_PART] = "a part of a slip",
        [PLACE_SLIP_TABLE] = "a slip's table",
        [PLACE_SLIP_ROW] = "a row of a slip's table",
        [PLACE_ALLOWED] = "what is allowed",
        [PLACE_COLUMN] = "a column of a record",
        [PLACE_OVERLAY] = "an overlay",
    };

    return names[place];
}

const struct key_row *item_key_find(enum place place, const char *name)
{
    for (size_t i = 0; i < item_key_count; i++)
        if (item_keys[i].place == place && strcmp(item_keys[i].name, name) == 0)
            return &item_keys[i];
    return NULL;
}

static const struct {
    const char *screen;
    unsigned bit;
} bits[] = {
    { "guide", ON_GUIDE },
    { "card", ON_CARD },
    { "choice", ON_CHOICE },
    { "field", ON_FIELD },
    { "review", ON_REVIEW },
    { "declare", ON_DECLARE },
    { "send", ON_SEND },
    { "result", ON_RESULT },
    { "check", ON_CHECK },
    { "certificate", ON_CERTIFICATE },
    { "cases", ON_CASES },
    { "materials", ON_MATERIALS },
    { "choices", ON_CHOICES },
    { "closing", ON_CLOSING },
    { "tasks", ON_TASKS },
    { "computed", ON_COMPUTED },
    { "month_range", ON_MONTH_RANGE },
    { "date_range", ON_DATE_RANGE },
    { "division", ON_DIVISION },
    { "address", ON_ADDRESS },
    { "person", ON_PERSON },
    { "group", ON_GROUP },
    { "another", ON_ANOTHER },
    { "shared", ON_SHARED },
    { "slot", ON_SLOT },
    { "record", ON_RECORD },
    { "payment", ON_PAYMENT },
    { "other pages", ON_OTHER },
};

unsigned item_screen_bit(const char *screen)
{
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (strcmp(bits[i].screen, screen) == 0)
            return bits[i].bit;
    return ON_OTHER;
}

void item_screen_bits_text(unsigned wanted, struct buf *out)
{
    const char *between = "";

    /* No file names the page that a group makes by itself. */
    if (wanted != ON_ANOTHER)
        wanted &= ~(unsigned)ON_ANOTHER;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        if (!(wanted & bits[i].bit))
            continue;
        buf_add_text(out, between);
        buf_add_text(out, bits[i].screen);
        between = ", ";
    }
}
