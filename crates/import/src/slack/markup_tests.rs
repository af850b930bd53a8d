use super::*;

fn shown(text: &str) -> String {
    let pieces = pieces(text, &People::default(), &Places::default());
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Person(at) => format!("[USER={at}]"),
            Piece::Room(at, name) => format!("[CHAT={at}]{name}"),
        })
        .collect()
}

#[test]
fn escaped_characters_are_themselves_once() {
    assert_eq!(shown("a &lt;b&gt; &amp;amp; c"), "a <b> &amp; c");
}

#[test]
fn addresses_become_links_where_they_have_a_text() {
    for (text, expected) in [
        (
            "see <https://example.org/a?b=1&amp;c=2|the plan>!",
            "see [URL=https://example.org/a?b=1&c=2]the plan[/URL]!",
        ),
        ("<https://example.org/a>", "https://example.org/a"),
        ("<http://example.org|example.org>", "http://example.org"),
        (
            "<mailto:mia@example.org|mia@example.org>",
            "mia@example.org",
        ),
        (
            "<https://example.org/x[1]|one>",
            "[URL=https://example.org/x%5B1%5D]one[/URL]",
        ),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn whoever_is_not_in_the_archive_is_named_in_plain_text() {
    assert_eq!(
        shown("<@U9>, <@U9|mia> and <#C9|plans>"),
        "@U9, @mia and #plans"
    );
}

#[test]
fn everybody_can_be_mentioned() {
    assert_eq!(
        shown("<!here> <!channel|channel> <!subteam^S1|@keepers> <!date^1|yesterday>"),
        "[USER=all]@here[/USER] [USER=all]channel[/USER] @keepers yesterday"
    );
}

#[test]
fn marks_around_words_become_codes() {
    for (text, expected) in [
        (
            "*bold* and _slanted_, ~gone~.",
            "[B]bold[/B] and [I]slanted[/I], [S]gone[/S].",
        ),
        ("*_both_*", "[B][I]both[/I][/B]"),
        ("*two words*", "[B]two words[/B]"),
        (
            "*<https://example.org|link>*",
            "[B][URL=https://example.org]link[/URL][/B]",
        ),
        ("(*in brackets*)", "([B]in brackets[/B])"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn marks_that_set_nothing_off_stay() {
    for text in [
        "2*3*4",
        "a * b * c",
        "snake_case_name",
        "*open",
        "over\n*two\nlines*",
        "**",
        "*_crossed*",
        "x_1 + y_1",
        "~",
    ] {
        let kept = text.replace("*_crossed*", "[B]_crossed[/B]");
        assert_eq!(shown(text), kept, "{text}");
    }
}

#[test]
fn nothing_is_marked_up_in_code() {
    assert_eq!(
        shown("run ```*x* &lt;1\n<https://example.org>``` now"),
        "run [CODE]*x* <1\nhttps://example.org[/CODE] now"
    );
    assert_eq!(shown("`*x* &amp;` *y*"), "`*x* &` [B]y[/B]");
    assert_eq!(shown("``` open *x*"), "``` open [B]x[/B]");
}

#[test]
fn quotes_keep_their_mark() {
    assert_eq!(shown("&gt; said\nanswered"), ">>said\nanswered");
    assert_eq!(shown("1 &gt; 0"), "1 > 0");
}

#[test]
fn a_smaller_sign_is_just_a_character() {
    for text in [
        "a < b",
        "<|",
        "<<<",
        "</s>",
        "<b>",
        "x<",
        "<@>",
        "<@u1>",
        "<#>",
        "<!>",
        "<https://example.org",
        "<",
    ] {
        assert_eq!(shown(text), text);
        assert_eq!(plain(text), text);
    }
}

#[test]
fn any_text_keeps_its_letters() {
    for text in [
        "日本語*é*ñ_x_",
        "*",
        "a`",
        "``",
        "```",
        "``````",
        "&",
        "&amp",
        "🙂*🙂*🙂",
    ] {
        let letters = |text: &str| {
            text.chars()
                .filter(|letter| !letter.is_ascii())
                .collect::<String>()
        };
        assert_eq!(letters(&shown(text)), letters(text));
    }
}
