//! iCalendar text: whatever a guest, a restaurant or an address is called, its lines are as long as they may be, no character is
//! split, and every value is read back as it was meant.
#![no_main]

use jari_domain::Language;
use jari_mail::{NoticeKind, calendar_file, invite};
use libfuzzer_sys::fuzz_target;

#[allow(dead_code, reason = "part of the tests of mails")]
#[path = "../../../shared/mail/tests/mail/house.rs"]
mod house;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('|').map(str::to_owned).chain(std::iter::repeat(String::new()));
    let mut part = || parts.next().unwrap_or_default();
    let (name, address, guest_name, link) = (part(), part(), part(), part());
    let language = if data.len().is_multiple_of(2) { Language::Ko } else { Language::En };
    let mut notice = house::notice(NoticeKind::Confirmed, language);
    let mut restaurant = (*notice.restaurant).clone();
    for (text, of) in [(&name, &mut restaurant.profile.name), (&address, &mut restaurant.profile.address)] {
        of.ko.clone_from(text);
        of.en.clone_from(text);
    }
    notice.restaurant = restaurant.into();
    if let (Some(guest), Ok(name)) = (&mut notice.reservation.guest, guest_name.parse()) {
        guest.name = name;
    }
    notice.link = Some(link.clone());

    let invitation =
        invite(&notice, house::sent_at(), &house::from()).expect("a confirmed visit has one").text;
    let file = calendar_file(&notice, house::sent_at()).expect("and a file");
    for calendar in [&invitation, &file] {
        let lines = unfolded(calendar);
        let value = |key: &str| -> Vec<&str> {
            let of_key = lines.iter().filter_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            of_key.collect()
        };
        let location = format!("{}, {}", one_line(&name), one_line(&address));
        assert_eq!(value("LOCATION").iter().map(|text| unescaped(text)).collect::<Vec<_>>(), [location]);
        assert_eq!(value("SUMMARY").len(), 1);
        assert!(unescaped(value("SUMMARY")[0]).contains(&one_line(&name)));
        let description = unescaped(value("DESCRIPTION")[0]);
        assert_eq!(description.lines().count(), 4, "{description}");
        // Nothing that was put in has made a line of its own.
        assert_eq!(lines.iter().filter(|line| line.starts_with("BEGIN:")).count(), 2);
        assert_eq!(
            (lines.first().map(String::as_str), lines.last().map(String::as_str)),
            (Some("BEGIN:VCALENDAR"), Some("END:VCALENDAR"))
        );
        let parsed: icalendar::Calendar =
            calendar.parse().unwrap_or_else(|error| panic!("{error}\n{calendar}"));
        assert_eq!(parsed.components.len(), 1);
    }
    let names = unfolded(&invitation).iter().filter(|line| line.starts_with("ATTENDEE;")).count();
    assert_eq!(names, 1);
});

/// As the house shows a text that may have no line breaks.
fn one_line(text: &str) -> String {
    let plain = text.replace(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'), " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// RFC 5545, 3.1: lines of at most 75 octets, each ended by CRLF; a line that begins with a space goes on with the one before.
fn unfolded(calendar: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let rest = calendar.strip_suffix("\r\n").expect("its last line is ended");
    for line in rest.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a bare line break: {line:?}");
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// RFC 5545, 3.3.11.
fn unescaped(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => out.push(escaped),
                other => panic!("\\{other:?} means nothing: {text}"),
            },
            ';' | ',' => panic!("{c} is not escaped: {text}"),
            c => out.push(c),
        }
    }
    out
}
