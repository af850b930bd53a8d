//! Scalars as PHP prints them, which clients expect in texts.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// The number of significant digits that PHP prints.
const DIGITS: usize = 14;

/// A scalar as text: `true` is "1", `false` and null are empty. `None` for lists and maps.
pub(super) fn text(value: &Value) -> Option<Cow<'_, str>> {
    Some(match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number_text(number)),
        Value::Bool(true) => Cow::Borrowed("1"),
        Value::Bool(false) | Value::Null => Cow::Borrowed(""),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float_text(float),
        _ => number.to_string(),
    }
}

/// At most 14 significant digits, without trailing zeros; very large and very small numbers as `1.5E+20`.
fn float_text(float: f64) -> String {
    if float == 0.0 {
        return if float.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let scientific = format!("{float:.*e}", DIGITS - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mantissa = trim_zeros(mantissa);
    if (-4..DIGITS as i32).contains(&exponent) {
        let decimals = usize::try_from(DIGITS as i32 - 1 - exponent).unwrap_or(0);
        return trim_zeros(&format!("{float:.decimals$}")).to_owned();
    }
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{point}E{sign}{}", exponent.abs())
}

fn trim_zeros(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scalars_are_printed_as_php_prints_them() {
        for (value, expected) in [
            (json!("as is"), "as is"),
            (json!(-7), "-7"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(true), "1"),
            (json!(false), ""),
            (json!(null), ""),
            (json!(5.0), "5"),
            (json!(-0.0), "-0"),
            (json!(0.1), "0.1"),
            (json!(2.50), "2.5"),
            (json!(0.1 + 0.2), "0.3"),
            (json!(1721913235.391), "1721913235.391"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1.0E-5"),
            (json!(-1.5e20), "-1.5E+20"),
            (json!(1e15), "1.0E+15"),
            (json!(1e13), "10000000000000"),
            (json!(1.0 / 3.0), "0.33333333333333"),
            (json!(1e20 / 3.0), "3.3333333333333E+19"),
            (json!(99_999_999_999_999.9), "1.0E+14"),
        ] {
            assert_eq!(text(&value).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn lists_and_maps_are_no_text() {
        assert_eq!(text(&json!([1])), None);
        assert_eq!(text(&json!({})), None);
    }
}
