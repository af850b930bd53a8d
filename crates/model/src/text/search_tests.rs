use proptest::prelude::*;

use super::*;

/// How the stores match words and terms.
fn finds(query: &str, text: &str) -> bool {
    let words = search_words(text);
    let terms = search_terms(query);
    !terms.is_empty()
        && terms
            .iter()
            .all(|term| words.iter().any(|word| word.starts_with(term.as_str())))
}

#[test]
fn words_are_folded_and_listed_once() {
    assert_eq!(
        search_words("Ship it, SHIP it: v2.10 snake_case it's"),
        ["ship", "it", "v2", "10", "snake", "case", "s"]
    );
}

#[test]
fn every_term_must_begin_a_word() {
    let text = "The release of the gateway is planned";
    for query in ["rel", "GATE plan", "the", "planned release"] {
        assert!(finds(query, text), "{query}");
    }
    for query in ["lease", "gate failed", "gateways"] {
        assert!(!finds(query, text), "{query}");
    }
}

#[test]
fn spelling_variants_of_unicode_are_one_word() {
    for (query, text) in [
        ("STRASSE", "Straße"),
        ("straße", "STRAẞE"),
        ("ΟΔΟΣ", "οδός οδος"),
        ("istanbul", "İSTANBUL"),
        ("café", "cafe\u{301}"),
        ("abc12", "ＡＢＣ１２"),
        ("office", "oﬃce"),
        ("ёлка", "ЁЛКА"),
        ("cooperate", "co\u{ad}operate"),
        ("نور", "نُور نور"),
    ] {
        assert!(
            finds(query, text),
            "{query} in {text}: {:?}",
            search_words(text)
        );
    }
}

#[test]
fn ascii_folds_as_everything_does() {
    for byte in 0..=0x7f_u8 {
        let letter = char::from(byte);
        let text = letter.to_string();
        assert_eq!(folded(&text), fold(letter).collect::<String>(), "{byte}");
        assert_eq!(Kind::of(letter) == Kind::Letter, letter.is_alphanumeric());
        assert!(!is_mark(letter) && !is_spaceless(letter) && !is_ignorable(letter));
    }
}

#[test]
fn accents_count() {
    assert!(!finds("resume", "résumé"));
}

#[test]
fn signs_that_belong_to_a_letter_do_not_break_the_word() {
    assert_eq!(search_words("हिन्दी भाषा"), ["हिन्दी", "भाषा"]);
    assert!(finds("हिन्दी", "मुझे हिन्दी आती है"));
}

#[test]
fn text_without_spaces_is_found_from_any_of_its_letters() {
    let text = "明日は東京で会議があります。資料はiPhoneで";
    for query in [
        "明",
        "京",
        "会議",
        "東京で会",
        "東京で会議があり",
        "す",
        "iphone",
        "資料 会議",
    ] {
        assert!(finds(query, text), "{query}");
    }
    for query in ["大阪", "京東", "東京で会議がない"] {
        assert!(!finds(query, text), "{query}");
    }
    assert!(finds("ประชุม", "พรุ่งนี้มีประชุมที่สำนักงาน"));
    assert!(finds("ｶﾞ", "カガミ"));
}

#[test]
fn a_long_query_without_spaces_is_asked_for_in_pieces() {
    assert_eq!(search_terms("一二三四五六"), ["一二三四", "三四五六"]);
    assert_eq!(search_terms("一二三四"), ["一二三四"]);
    assert_eq!(search_terms("一"), ["一"]);
}

#[test]
fn codes_are_no_words_and_addresses_are_taken_apart() {
    assert_eq!(
        search_words(
            "[B]b[/B]ig [USER=7]Ann[/USER][BR][URL=https://example.org/a-b?c=%20]here[/URL]"
        ),
        [
            "big", "ann", "here", "https", "example", "org", "a", "b", "c", "20"
        ]
    );
    assert_eq!(search_terms("[b]big[/b]"), ["big"]);
}

#[test]
fn a_query_without_letters_asks_for_nothing() {
    assert_eq!(search_terms(" %_ \u{301} [] 🙂"), Vec::<String>::new());
}

#[test]
fn a_term_that_another_implies_is_left_out() {
    assert_eq!(search_terms("read reader re"), ["reader"]);
}

#[test]
fn a_long_word_is_found_by_its_beginning_and_as_a_whole() {
    let text = "x".repeat(500);
    assert_eq!(search_words(&text)[0].chars().count(), MAX_WORD_CHARS);
    assert!(finds("xxx", &text));
    assert!(finds(&text, &text));
}

#[test]
fn words_and_terms_are_bounded() {
    let text: String = (10_000..15_000)
        .map(|number| format!("w{number} "))
        .collect();
    assert_eq!(search_words(&text).len(), MAX_WORDS);
    assert_eq!(search_terms(&text).len(), MAX_TERMS);
}

proptest! {
    #[test]
    fn every_word_of_a_message_finds_it(text in "(\\[/?(b|url|code)(=[a-z/.]{1,5})?\\]|[ .%_-]|\\PC){0,60}") {
        for word in search_words(&text) {
            prop_assert!(finds(&word, &text), "{word}");
        }
    }

    #[test]
    fn words_hold_nothing_that_a_pattern_could_misread(text in "\\PC{0,60}") {
        for word in search_words(&text).iter().chain(&search_terms(&text)) {
            prop_assert!(!word.is_empty());
            prop_assert!(word.chars().count() <= MAX_WORD_CHARS);
            prop_assert!(word.chars().all(|c| c.is_alphanumeric() || is_mark(c)), "{word:?}");
        }
    }

    #[test]
    fn any_part_of_a_text_without_spaces_finds_it(text in "[ぁ-んァ-ヶ一-龠]{1,40}", from in 0_usize..40, len in 1_usize..20) {
        let letters: Vec<char> = text.chars().collect();
        let from = from % letters.len();
        let part: String = letters.iter().skip(from).take(len).collect();
        prop_assert!(finds(&part, &text), "{part}");
    }

    /// Stored words must stay valid, whatever the folding.
    #[test]
    fn short_cuts_fold_as_the_long_way_does(text in "([ -~]|[à-ɏα-ωа-яё]|\u{301}|\u{ad}|[ﬁＡ-Ｚ]|\\PC){0,40}") {
        let the_long_way: String = text
            .chars()
            .filter(|letter| !is_ignorable(*letter))
            .nfkc()
            .flat_map(fold)
            .nfkc()
            .collect();
        prop_assert_eq!(folded(&text), the_long_way);
    }

    #[test]
    fn letter_case_makes_no_difference(text in "[a-zà-öA-Zα-ωΑ-Ωа-яё ]{0,40}") {
        prop_assert_eq!(search_words(&text.to_uppercase()), search_words(&text.to_lowercase()));
    }
}
