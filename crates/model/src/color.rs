//! The sixteen colours of chats, users and bots.

/// A colour of the fixed palette that chats, users and bots are painted in.
///
/// Names are those of `im.chat.add`, values those of `imbot.v2.Chat.add`. A chat stores the colour; what clients get
/// is [`Color::hex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// `RED`
    Red,
    /// `GREEN`
    Green,
    /// `MINT`
    Mint,
    /// `LIGHT_BLUE`
    LightBlue,
    /// `DARK_BLUE`
    DarkBlue,
    /// `PURPLE`
    Purple,
    /// `AQUA`
    Aqua,
    /// `PINK`
    Pink,
    /// `LIME`
    Lime,
    /// `BROWN`
    Brown,
    /// `AZURE`
    Azure,
    /// `KHAKI`
    Khaki,
    /// `SAND`
    Sand,
    /// `MARENGO`
    Marengo,
    /// `GRAY`
    Gray,
    /// `GRAPHITE`
    Graphite,
}

impl Color {
    /// The whole palette, in the documented order.
    pub const ALL: [Self; 16] = [
        Self::Red,
        Self::Green,
        Self::Mint,
        Self::LightBlue,
        Self::DarkBlue,
        Self::Purple,
        Self::Aqua,
        Self::Pink,
        Self::Lime,
        Self::Brown,
        Self::Azure,
        Self::Khaki,
        Self::Sand,
        Self::Marengo,
        Self::Gray,
        Self::Graphite,
    ];

    /// The name in upper case, as `im.*` methods take it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Red => "RED",
            Self::Green => "GREEN",
            Self::Mint => "MINT",
            Self::LightBlue => "LIGHT_BLUE",
            Self::DarkBlue => "DARK_BLUE",
            Self::Purple => "PURPLE",
            Self::Aqua => "AQUA",
            Self::Pink => "PINK",
            Self::Lime => "LIME",
            Self::Brown => "BROWN",
            Self::Azure => "AZURE",
            Self::Khaki => "KHAKI",
            Self::Sand => "SAND",
            Self::Marengo => "MARENGO",
            Self::Gray => "GRAY",
            Self::Graphite => "GRAPHITE",
        }
    }

    /// The value that clients paint with: `#rrggbb` in lower case.
    #[must_use]
    pub const fn hex(self) -> &'static str {
        match self {
            Self::Red => "#df532d",
            Self::Green => "#64a513",
            Self::Mint => "#4ba984",
            Self::LightBlue => "#4ba5c3",
            Self::DarkBlue => "#3e99ce",
            Self::Purple => "#8474c8",
            Self::Aqua => "#1eb4aa",
            Self::Pink => "#f76187",
            Self::Lime => "#58cc47",
            Self::Brown => "#ab7761",
            Self::Azure => "#29619b",
            Self::Khaki => "#728f7a",
            Self::Sand => "#ba9c7b",
            Self::Marengo => "#556574",
            Self::Gray => "#909090",
            Self::Graphite => "#5e5f5e",
        }
    }

    /// The colour of that name in any letter case, with or without its underscore: `LIGHT_BLUE` of `im.*` and
    /// `lightBlue` of `imbot.v2.*` are one colour. `None` for any other text.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|color| same_name(color.name(), name))
    }

    /// The default colour for an id. The same id always gets the same colour, and consecutive ids get different ones.
    #[must_use]
    pub const fn default_for(id: i64) -> Self {
        Self::ALL[id.rem_euclid(Self::ALL.len() as i64) as usize]
    }
}

fn same_name(known: &str, given: &str) -> bool {
    let letters = |name: &str| {
        name.bytes()
            .filter(|byte| *byte != b'_')
            .map(|byte| byte.to_ascii_uppercase())
            .collect::<Vec<_>>()
    };
    letters(known) == letters(given)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_color_is_found_by_its_own_name() {
        for color in Color::ALL {
            assert_eq!(Color::from_name(color.name()), Some(color));
            assert_eq!(Color::from_name(&color.name().to_lowercase()), Some(color));
        }
    }

    #[test]
    fn both_spellings_of_a_two_word_color_are_accepted() {
        assert_eq!(Color::from_name("LIGHT_BLUE"), Some(Color::LightBlue));
        assert_eq!(Color::from_name("lightBlue"), Some(Color::LightBlue));
        assert_eq!(Color::from_name(" dark_blue "), Some(Color::DarkBlue));
    }

    #[test]
    fn other_text_is_no_color() {
        for text in ["", "#df532d", "ultraviolet", "RED GREEN", "красный"] {
            assert_eq!(Color::from_name(text), None, "{text}");
        }
    }

    #[test]
    fn names_and_values_are_distinct() {
        let names: HashSet<_> = Color::ALL.map(Color::name).into();
        let values: HashSet<_> = Color::ALL.map(Color::hex).into();
        assert_eq!((names.len(), values.len()), (16, 16));
    }

    #[test]
    fn the_default_depends_on_the_id_alone_and_neighbours_differ() {
        assert_eq!(Color::default_for(21), Color::default_for(21));
        assert_ne!(Color::default_for(21), Color::default_for(22));
        assert_eq!(Color::default_for(i64::MIN), Color::Red);
        assert_eq!(Color::default_for(-1), Color::Graphite);
    }
}
