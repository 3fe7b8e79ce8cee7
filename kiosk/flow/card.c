#include "kiosk/flow/card.h"

#include <stddef.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/i18n.h"

static const char *const kind_names[CARD_KIND_COUNT] = {
    [CARD_RESIDENT] = "resident",
    [CARD_HMT] = "hmt",
    [CARD_FOREIGNER_2017] = "foreigner-2017",
    [CARD_FOREIGNER_2023] = "foreigner-2023",
};

const char *card_kind_name(enum card_kind kind)
{
    return kind_names[kind];
}

enum err card_kind_find(const char *name, enum card_kind *ret)
{
    for (int i = 0; i < CARD_KIND_COUNT; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *ret = (enum card_kind)i;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* The text fields, in the struct's order; X(field). */
#define FIELDS(X)                                                              \
    X(name)                                                                    \
    X(sex)                                                                     \
    X(ethnic)                                                                  \
    X(birth)                                                                   \
    X(address)                                                                 \
    X(number)                                                                  \
    X(authority)                                                               \
    X(valid_from)                                                              \
    X(valid_to)                                                                \
    X(permit_number)                                                           \
    X(issue_count)                                                             \
    X(english_name)                                                            \
    X(nationality)                                                             \
    X(version)                                                                 \
    X(renewals)

const char *const card_field_names[] = { "kind",
#define X(field) #field,
                                         FIELDS(X)
#undef X
                                             NULL };

static const size_t field_offsets[] = {
#define X(field) offsetof(struct card, field),
    FIELDS(X)
#undef X
};

const char *card_field(const struct card *card, const char *name)
{
    if (strcmp(name, "kind") == 0)
        return card_kind_name(card->kind);
    for (size_t i = 0; i < sizeof field_offsets / sizeof *field_offsets; i++)
        if (strcmp(card_field_names[i + 1], name) == 0)
            return (const char *)card + field_offsets[i];
    return NULL;
}

bool card_is_expired(const struct card *card, int64_t wall_ms)
{
    struct clock_fields today = clock_split(wall_ms);
    int day = 0;

    /* "long-term", and whatever is no date: a person is not sent away because
     * we could not read a field that the office will see again. */
    if (!clock_is_date(card->valid_to))
        return false;
    for (int i = 0; i < 8; i++)
        day = day * 10 + (card->valid_to[i] - '0');
    return day < today.year * 10000 + today.month * 100 + today.day;
}

int card_age(const struct card *card, int64_t wall_ms)
{
    return clock_age(card->birth, wall_ms);
}

/* GB/T 3304, with the English names of facts/data/ethnic.tsv. */
static const struct {
    const char *code, *chinese, *english;
} ethnic_groups[] = {
    { "01", "汉族", "Han" },
    { "02", "蒙古族", "Mongol" },
    { "03", "回族", "Hui" },
    { "04", "藏族", "Tibetan (Zang)" },
    { "05", "维吾尔族", "Uygur" },
    { "06", "苗族", "Miao" },
    { "07", "彝族", "Yi" },
    { "08", "壮族", "Zhuang" },
    { "09", "布依族", "Bouyei" },
    { "10", "朝鲜族", "Korean (Chosen)" },
    { "11", "满族", "Manchu (Man)" },
    { "12", "侗族", "Dong" },
    { "13", "瑶族", "Yao" },
    { "14", "白族", "Bai" },
    { "15", "土家族", "Tujia" },
    { "16", "哈尼族", "Hani" },
    { "17", "哈萨克族", "Kazak" },
    { "18", "傣族", "Dai" },
    { "19", "黎族", "Li" },
    { "20", "傈僳族", "Lisu" },
    { "21", "佤族", "Va" },
    { "22", "畲族", "She" },
    { "23", "高山族", "Gaoshan" },
    { "24", "拉祜族", "Lahu" },
    { "25", "水族", "Sui" },
    { "26", "东乡族", "Dongxiang" },
    { "27", "纳西族", "Naxi" },
    { "28", "景颇族", "Jingpo" },
    { "29", "柯尔克孜族", "Kirgiz" },
    { "30", "土族", "Tu" },
    { "31", "达斡尔族", "Daur" },
    { "32", "仫佬族", "Mulao" },
    { "33", "羌族", "Qiang" },
    { "34", "布朗族", "Blang" },
    { "35", "撒拉族", "Salar" },
    { "36", "毛南族", "Maonan" },
    { "37", "仡佬族", "Gelao" },
    { "38", "锡伯族", "Xibe" },
    { "39", "阿昌族", "Achang" },
    { "40", "普米族", "Pumi" },
    { "41", "塔吉克族", "Tajik" },
    { "42", "怒族", "Nu" },
    { "43", "乌孜别克族", "Uzbek" },
    { "44", "俄罗斯族", "Russian" },
    { "45", "鄂温克族", "Ewenki" },
    { "46", "德昂族", "Deang" },
    { "47", "保安族", "Bonan" },
    { "48", "裕固族", "Yugur" },
    { "49", "京族", "Gin" },
    { "50", "塔塔尔族", "Tatar" },
    { "51", "独龙族", "Derung" },
    { "52", "鄂伦春族", "Oroqen" },
    { "53", "赫哲族", "Hezhen" },
    { "54", "门巴族", "Monba" },
    { "55", "珞巴族", "Lhoba" },
    { "56", "基诺族", "Jino" },
    { "97", "其他", "Other (ethnic group not yet identified)" },
    { "98", "外国血统中国籍人士",
      "Person of foreign descent with Chinese nationality" },
};

const char *card_ethnic_text(const char *code, int language)
{
    for (size_t i = 0; i < sizeof ethnic_groups / sizeof *ethnic_groups; i++)
        if (strcmp(ethnic_groups[i].code, code) == 0)
            return language == LANGUAGE_EN ? ethnic_groups[i].english
                                           : ethnic_groups[i].chinese;
    return code;
}
