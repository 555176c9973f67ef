//! Money: integer minor units with a currency, never a float.

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code, such as `KRW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount in the currency's minor unit: whole won, US cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How many minor units.
    pub amount: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Not three capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters (ISO 4217), such as KRW")]
pub struct InvalidCurrency;

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(InvalidCurrency),
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0.into_iter().map(char::from).collect()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from(*self))
    }
}

impl Currency {
    /// How many digits the major unit has after its point (ISO 4217): none for won, two for dollars.
    #[must_use]
    pub const fn minor_digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl Money {
    /// The amount as people write it, in major units and without the currency: `12000` won, `12.50` dollars.
    #[must_use]
    pub fn in_major_units(self) -> String {
        let digits = self.currency.minor_digits();
        let unit = 10_u64.pow(digits);
        let (sign, amount) = (if self.amount < 0 { "-" } else { "" }, self.amount.unsigned_abs());
        match usize::try_from(digits).unwrap_or_default() {
            0 => format!("{sign}{amount}"),
            width => format!("{sign}{}.{:0width$}", amount / unit, amount % unit),
        }
    }

    /// The amount that somebody wrote in major units, thousands separated or not: `12,000`, `12.5`. None for anything
    /// else, and for a fraction that the currency does not have.
    #[must_use]
    pub fn of_major_units(text: &str, currency: Currency) -> Option<Self> {
        let digits = usize::try_from(currency.minor_digits()).ok()?;
        let text = text.trim().replace(',', "");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > digits || !are_digits(whole) || !are_digits(fraction) {
            return None;
        }
        let amount = format!("{whole}{fraction:0<digits$}").parse().ok()?;
        Some(Self { amount, currency })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_and_read_in_the_units_people_count_in() {
        for (code, amount, written) in [
            ("KRW", 12_000, "12000"),
            ("USD", 1_250, "12.50"),
            ("USD", 5, "0.05"),
            ("USD", -5, "-0.05"),
            ("KWD", 1_005, "1.005"),
        ] {
            let currency = Currency::try_from(code.to_owned()).unwrap();
            let money = Money { amount, currency };
            assert_eq!(money.in_major_units(), written);
            let read = Money::of_major_units(written, currency);
            assert_eq!(read, (amount >= 0).then_some(money), "{written}");
        }
        let read = |text: &str, code: &str| {
            Money::of_major_units(text, Currency::try_from(code.to_owned()).unwrap())
                .map(|money| money.amount)
        };
        assert_eq!(read(" 12,000 ", "KRW"), Some(12_000));
        assert_eq!(read("12.5", "USD"), Some(1_250));
        for (text, code) in [
            ("12.5", "KRW"),
            ("12.505", "USD"),
            ("", "KRW"),
            (".5", "USD"),
            ("1e3", "KRW"),
            ("99999999999999999999", "KRW"),
        ] {
            assert_eq!(read(text, code), None, "{text} {code}");
        }
    }
}
