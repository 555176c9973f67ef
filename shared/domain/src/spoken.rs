//! Days, times, parties, prices and telephone numbers as Korean and English readers write them: for mails and pages alike.

use std::fmt::Write;

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::{Language, Money, Party, Phone};

/// How things are said in one language, with times told in one zone.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// The reader's.
    pub language: Language,
    /// The restaurant's.
    pub zone: &'a TimeZone,
}

impl Spoken<'_> {
    /// `2명`, `2 people`.
    #[must_use]
    pub fn party(self, party: Party) -> String {
        match (self.language, party.size()) {
            (Language::Ko, size) => format!("{size}명"),
            (Language::En, 1) => "1 person".to_owned(),
            (Language::En, size) => format!("{size} people"),
        }
    }

    /// `2026년 12월 24일 (목)`, `Thursday 24 December 2026`.
    #[must_use]
    pub fn day(self, at: Timestamp) -> String {
        let day = self.zoned(at);
        match self.language {
            Language::Ko => format!("{}년 {}", day.year(), self.date(day.date())),
            Language::En => format!("{} {}", self.date(day.date()), day.year()),
        }
    }

    /// `오후 7:00`, `19:00`.
    #[must_use]
    pub fn time(self, at: Timestamp) -> String {
        let at = self.zoned(at);
        match self.language {
            Language::Ko => {
                let half = if at.hour() < 12 { "오전" } else { "오후" };
                format!("{half} {}:{:02}", (at.hour() + 11) % 12 + 1, at.minute())
            }
            Language::En => at.strftime("%H:%M").to_string(),
        }
    }

    /// Without the year: `12월 24일 (목) 오후 7:00`, `Thursday 24 December, 19:00`.
    #[must_use]
    pub fn day_and_time(self, at: Timestamp) -> String {
        self.on_day(&self.date(self.zoned(at).date()), &self.time(at))
    }

    /// A day and what is on it, joined as each language does.
    #[must_use]
    pub fn on_day(self, day: &str, what: &str) -> String {
        match self.language {
            Language::Ko => format!("{day} {what}"),
            Language::En => format!("{day}, {what}"),
        }
    }

    /// Without the year: `12월 24일 (목)`, `Thursday 24 December`.
    #[must_use]
    pub fn date(self, day: Date) -> String {
        match self.language {
            Language::Ko => {
                let weekday = match day.weekday() {
                    Weekday::Monday => '월',
                    Weekday::Tuesday => '화',
                    Weekday::Wednesday => '수',
                    Weekday::Thursday => '목',
                    Weekday::Friday => '금',
                    Weekday::Saturday => '토',
                    Weekday::Sunday => '일',
                };
                format!("{}월 {}일 ({weekday})", day.month(), day.day())
            }
            Language::En => day.strftime("%A %-d %B").to_string(),
        }
    }

    fn zoned(self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }
}

impl Language {
    /// How long: `2시간`, `1 hour 30 minutes`; nothing for 0.
    #[must_use]
    pub fn duration(self, minutes: u16) -> String {
        let units = match self {
            Self::Ko => [("일", "일"), ("시간", "시간"), ("분", "분")],
            Self::En => [(" day", " days"), (" hour", " hours"), (" minute", " minutes")],
        };
        let parts = [minutes / 1440, minutes % 1440 / 60, minutes % 60];
        let said = parts.into_iter().zip(units).filter(|(count, _)| *count > 0);
        let said = said.map(|(count, (one, many))| format!("{count}{}", if count == 1 { one } else { many }));
        said.collect::<Vec<_>>().join(" ")
    }
}

impl Money {
    /// As it is read: `16,000원`, `₩16,000`; in another currency `$12.50`, `CHF 12.50`.
    #[must_use]
    pub fn spoken(self, language: Language) -> String {
        let code = self.currency.to_string();
        let digits = self.currency.minor_digits();
        let unit = 10_u64.pow(digits);
        let (whole, rest) = (self.amount.unsigned_abs() / unit, self.amount.unsigned_abs() % unit);
        let sign = if self.amount < 0 { "−" } else { "" };
        let mut figure = grouped(whole);
        if digits > 0 {
            let width = usize::try_from(digits).unwrap_or_default();
            // Writing to a string can't fail.
            let _ = write!(figure, ".{rest:0width$}");
        }
        match (code.as_str(), language) {
            ("KRW", Language::Ko) => format!("{sign}{figure}원"),
            ("KRW", Language::En) => format!("{sign}₩{figure}"),
            ("JPY", _) => format!("{sign}¥{figure}"),
            ("USD", _) => format!("{sign}${figure}"),
            ("EUR", _) => format!("{sign}€{figure}"),
            ("GBP", _) => format!("{sign}£{figure}"),
            (code, _) => format!("{code} {sign}{figure}"),
        }
    }
}

/// With a comma at every thousand.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl Phone {
    /// As it is read: a Korean number grouped, and for a Korean reader as dialled at home.
    #[must_use]
    pub fn spoken(&self, language: Language) -> String {
        let number = self.as_str();
        let Some(national) = number.strip_prefix("+82") else {
            return number.to_owned();
        };
        // 2 is Seoul, 50x are numbers that forward, all others have two digits: 31, 51, 10, 70.
        let area_digits = match national.as_bytes() {
            [b'2', ..] => 1,
            [b'5', b'0', ..] => 3,
            _ => 2,
        };
        let (area, line) = national.split_at(area_digits.min(national.len()));
        let (exchange, last) = line.split_at(line.len().saturating_sub(4));
        if exchange.is_empty() {
            return number.to_owned();
        }
        match language {
            Language::Ko => format!("0{area}-{exchange}-{last}"),
            Language::En => format!("+82 {area}-{exchange}-{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_tell_them_in_the_restaurants_zone() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let [ko, en] = [Language::Ko, Language::En].map(|language| Spoken { language, zone: &seoul });
        let evening = "2026-12-24T10:00:00Z".parse().unwrap();
        assert_eq!(ko.day(evening), "2026년 12월 24일 (목)");
        assert_eq!(en.day(evening), "Thursday 24 December 2026");
        assert_eq!(ko.day_and_time(evening), "12월 24일 (목) 오후 7:00");
        assert_eq!(en.day_and_time(evening), "Thursday 24 December, 19:00");
        let said = |at: &str| ko.time(at.parse().unwrap());
        assert_eq!(said("2026-12-24T00:00:00+09:00"), "오전 12:00");
        assert_eq!(said("2026-12-24T11:45:00+09:00"), "오전 11:45");
        assert_eq!(said("2026-12-24T12:05:00+09:00"), "오후 12:05");
    }

    #[test]
    fn prices_are_written_in_the_units_of_their_currency() {
        let said = |amount, currency: &str| {
            let price = Money { amount, currency: currency.to_owned().try_into().unwrap() };
            [Language::Ko, Language::En].map(|language| price.spoken(language))
        };
        assert_eq!(said(16_000, "KRW"), ["16,000원", "₩16,000"]);
        assert_eq!(said(900, "KRW"), ["900원", "₩900"]);
        assert_eq!(said(1_234_567, "KRW"), ["1,234,567원", "₩1,234,567"]);
        assert_eq!(said(1_205, "USD"), ["$12.05", "$12.05"]);
        assert_eq!(said(-1_200, "JPY"), ["−¥1,200", "−¥1,200"]);
        assert_eq!(said(12_500, "KWD"), ["KWD 12.500", "KWD 12.500"]);
    }

    #[test]
    fn durations_are_said_in_their_largest_units() {
        let said = |minutes| [Language::Ko, Language::En].map(|language| language.duration(minutes));
        assert_eq!(said(60), ["1시간", "1 hour"]);
        assert_eq!(said(1530), ["1일 1시간 30분", "1 day 1 hour 30 minutes"]);
    }

    #[test]
    fn korean_numbers_are_grouped_as_koreans_write_them() {
        let said = |number: &str| {
            let phone: Phone = number.parse().unwrap();
            [Language::Ko, Language::En].map(|language| phone.spoken(language))
        };
        assert_eq!(said("+8225551234"), ["02-555-1234", "+82 2-555-1234"]);
        assert_eq!(said("+821012345678"), ["010-1234-5678", "+82 10-1234-5678"]);
        assert_eq!(said("+8250712345678"), ["0507-1234-5678", "+82 507-1234-5678"]);
        assert_eq!(said("+441632960001"), ["+441632960001", "+441632960001"]);
    }
}
