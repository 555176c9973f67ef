//! Every sentence of the mails, Korean and English side by side: this is the one place to read or change what the
//! house says. Here the restaurant speaks ("we"), in `letters` the house; Korean is written as they would, not translated.

mod letters;

use jari_domain::{Actor, Language, Party, Spoken, Status};
use jiff::{Timestamp, tz::TimeZone};

use crate::{Audience, NoticeKind};

pub(crate) use letters::{HOUSE, LetterWords};

/// The words of one language, with times told in the restaurant's zone.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) language: Language,
    pub(crate) zone: &'a TimeZone,
}

/// The names of what a mail lists.
pub(crate) struct Labels {
    pub(crate) when: &'static str,
    pub(crate) party: &'static str,
    pub(crate) area: &'static str,
    pub(crate) tables: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) email: &'static str,
    pub(crate) note: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) changes: &'static str,
    /// For those who hear the arrow between before and after.
    pub(crate) to: &'static str,
    pub(crate) find_us: &'static str,
    /// In place of the way there, when there is nothing to come to.
    pub(crate) contact: &'static str,
    pub(crate) good_to_know: &'static str,
}

const KOREAN: Labels = Labels {
    when: "일시",
    party: "인원",
    area: "좌석",
    tables: "테이블",
    guest: "예약자",
    phone: "전화",
    email: "이메일",
    note: "요청 사항",
    reference: "예약 번호",
    reason: "사유",
    changes: "변경 내용",
    to: "변경 후",
    find_us: "오시는 길",
    contact: "문의",
    good_to_know: "안내",
};

const ENGLISH: Labels = Labels {
    when: "When",
    party: "Party",
    area: "Seating",
    tables: "Table",
    guest: "Name",
    phone: "Phone",
    email: "E-mail",
    note: "Note",
    reference: "Reference",
    reason: "Reason",
    changes: "What changed",
    to: "now",
    find_us: "Finding us",
    contact: "Questions?",
    good_to_know: "Good to know",
};

impl<'a> Words<'a> {
    pub(crate) fn labels(self) -> &'static Labels {
        match self.language {
            Language::Ko => &KOREAN,
            Language::En => &ENGLISH,
        }
    }

    fn pick(self, ko: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Ko => ko,
            Language::En => en,
        }
    }

    /// What the mail is about: its headline, and the beginning of its subject.
    pub(crate) fn heading(self, kind: &NoticeKind, status: Status) -> &'static str {
        match kind {
            NoticeKind::Requested => self.pick("예약 요청이 접수되었습니다", "We have received your request"),
            NoticeKind::Confirmed => self.pick("예약이 확정되었습니다", "Your reservation is confirmed"),
            NoticeKind::Changed { .. } if status == Status::Requested => {
                self.pick("예약 요청이 변경되었습니다", "Your request has been changed")
            }
            NoticeKind::Changed { .. } => {
                self.pick("예약이 변경되었습니다", "Your reservation has been changed")
            }
            NoticeKind::Cancelled { .. } => {
                self.pick("예약이 취소되었습니다", "Your reservation has been cancelled")
            }
            NoticeKind::Declined { .. } => {
                self.pick("예약을 받지 못하게 되었습니다", "We cannot take your reservation")
            }
            NoticeKind::ReminderDayBefore => {
                self.pick("예약이 하루 앞으로 다가왔습니다", "Your visit is a day away")
            }
            NoticeKind::ReminderHoursBefore => self.pick("곧 예약 시간입니다", "See you in a few hours"),
            NoticeKind::RestaurantNew => self.pick("새 예약", "New reservation"),
            NoticeKind::RestaurantChanged { .. } if status == Status::Requested => {
                self.pick("예약 요청 변경", "Request changed")
            }
            NoticeKind::RestaurantChanged { .. } => self.pick("예약 변경", "Reservation changed"),
            NoticeKind::RestaurantCancelled { .. } => self.pick("예약 취소", "Reservation cancelled"),
            NoticeKind::RestaurantRequestWaiting => {
                self.pick("답변을 기다리는 예약 요청", "A request awaits your answer")
            }
        }
    }

    pub(crate) fn salutation(self, guest: &str) -> String {
        match self.language {
            Language::Ko => format!("{guest} 님, 안녕하세요."),
            Language::En => format!("Dear {guest},"),
        }
    }

    /// What happened, in a sentence or two. `until` is when an unanswered request ends.
    pub(crate) fn lead(self, kind: &NoticeKind, status: Status, until: Option<Timestamp>) -> String {
        let lead = match kind {
            NoticeKind::Requested => return self.awaiting_answer(until),
            NoticeKind::Changed { .. } if status == Status::Requested => return self.awaiting_answer(until),
            NoticeKind::RestaurantRequestWaiting => return self.answer_please(until),
            NoticeKind::RestaurantChanged { .. } if status == Status::Requested => {
                return self.answer_please(until);
            }
            NoticeKind::Confirmed => self.pick(
                "예약해 주셔서 감사합니다. 정성껏 준비해 맞이하겠습니다.",
                "Thank you for booking. We look forward to welcoming you.",
            ),
            NoticeKind::Changed { .. } => self.pick(
                "예약이 아래와 같이 변경되었습니다. 그때 뵙겠습니다.",
                "Your reservation is now as follows. See you then.",
            ),
            NoticeKind::Cancelled { by, .. } => match by {
                Actor::Guest | Actor::Diner(_) => self.pick(
                    "요청하신 대로 예약을 취소해 드렸습니다. 다음 기회에 뵙겠습니다.",
                    "We have cancelled your reservation as you asked. We hope to see you another time.",
                ),
                Actor::Staff(_) => self.pick(
                    "죄송합니다. 매장 사정으로 예약을 취소하게 되었습니다. 너른 양해 부탁드립니다.",
                    "We are sorry: we have had to cancel your reservation.",
                ),
                Actor::House => self.pick(
                    "예약이 자동으로 취소되었습니다. 궁금하신 점은 매장으로 연락해 주세요.",
                    "Your reservation was cancelled automatically. Please call us with any questions.",
                ),
            },
            NoticeKind::Declined { .. } => self.pick(
                "죄송합니다. 요청하신 시간에는 자리를 마련해 드리기 어렵습니다. 다른 날짜나 시간으로 다시 찾아 주세요.",
                "We are sorry: we cannot offer you a table at that time. Please try another day or time.",
            ),
            NoticeKind::ReminderDayBefore => self.pick(
                "예정대로 오시는지 알려 주시면 준비에 큰 도움이 됩니다. 오시기 어려워졌다면 미리 취소해 주세요.",
                "Please let us know that you are still coming. If your plans have changed, please cancel in time.",
            ),
            NoticeKind::ReminderHoursBefore => self.pick(
                "자리를 준비해 두고 기다리겠습니다. 오시기 어려워졌다면 지금 알려 주세요.",
                "Your table will be ready. If you cannot come after all, please tell us now.",
            ),
            NoticeKind::RestaurantNew => {
                self.pick("바로 확정된 예약입니다. 따로 답변하실 필요는 없습니다.", "It is confirmed; there is nothing to answer.")
            }
            NoticeKind::RestaurantChanged { .. } => {
                self.pick("바뀐 내용을 확인해 주세요.", "Please note what is different now.")
            }
            NoticeKind::RestaurantCancelled { by, .. } => match by {
                Actor::Guest | Actor::Diner(_) => self.pick(
                    "고객이 예약을 취소했습니다. 자리는 다시 예약을 받습니다.",
                    "The guest has cancelled. The table can be booked again.",
                ),
                Actor::Staff(_) => self.pick(
                    "매장에서 예약을 취소했습니다. 자리는 다시 예약을 받습니다.",
                    "Your staff has cancelled. The table can be booked again.",
                ),
                Actor::House => self.pick(
                    "예약이 자동으로 취소되었습니다. 자리는 다시 예약을 받습니다.",
                    "The reservation was cancelled automatically. The table can be booked again.",
                ),
            },
        };
        lead.to_owned()
    }

    fn awaiting_answer(self, until: Option<Timestamp>) -> String {
        match (self.language, until.map(|until| self.spoken().day_and_time(until))) {
            (Language::Ko, Some(until)) => {
                format!(
                    "아직 확정된 예약은 아닙니다. 24시간 이내, 늦어도 {until}까지 확정 여부를 알려 드리겠습니다."
                )
            }
            (Language::Ko, None) => {
                "아직 확정된 예약은 아닙니다. 24시간 이내에 확정 여부를 알려 드리겠습니다.".to_owned()
            }
            (Language::En, Some(until)) => {
                format!(
                    "This is not yet a confirmed reservation. We will answer within 24 hours, at the latest by {until}."
                )
            }
            (Language::En, None) => {
                "This is not yet a confirmed reservation. We will answer within 24 hours.".to_owned()
            }
        }
    }

    fn answer_please(self, until: Option<Timestamp>) -> String {
        match (self.language, until.map(|until| self.spoken().day_and_time(until))) {
            (Language::Ko, Some(until)) => {
                format!("{until}까지 답변해 주세요. 그때까지 답변이 없으면 자동으로 거절됩니다.")
            }
            (Language::Ko, None) => {
                "24시간 이내에 답변해 주세요. 답변이 없으면 자동으로 거절됩니다.".to_owned()
            }
            (Language::En, Some(until)) => {
                format!("Please answer by {until}. Without an answer it is declined automatically.")
            }
            (Language::En, None) => {
                "Please answer within 24 hours. Without an answer it is declined automatically.".to_owned()
            }
        }
    }

    /// Until when the diner may change or cancel online: `minutes` before, at `deadline`. Where that has passed it says so as a
    /// rule: whoever has only now booked missed nothing.
    pub(crate) fn change_until(self, minutes: u16, deadline: Timestamp, now: Timestamp) -> String {
        let (before, at) = (self.language.duration(minutes), self.spoken().day_and_time(deadline));
        match (self.language, now > deadline, minutes) {
            (Language::Ko, _, 0) => "변경·취소는 예약 시각까지 가능합니다.".to_owned(),
            (Language::En, _, 0) => "You can change or cancel until your reservation begins.".to_owned(),
            (Language::Ko, true, _) => format!(
                "온라인 변경·취소는 방문 {before} 전까지 가능합니다. 이 예약을 바꾸거나 취소하시려면 매장으로 전화해 주세요."
            ),
            (Language::En, true, _) => format!(
                "Online, you can change or cancel up to {before} before your visit. To change or cancel this reservation, \
                 please call us."
            ),
            (Language::Ko, ..) => format!("변경·취소는 방문 {before} 전인 {at}까지 가능합니다."),
            (Language::En, ..) => format!("You can change or cancel until {at}, {before} before your visit."),
        }
    }

    /// How long the table waits for late guests.
    pub(crate) fn late_after(self, minutes: u16) -> String {
        let wait = self.language.duration(minutes);
        match (self.language, minutes) {
            (Language::Ko, 0) => "늦으실 것 같으면 미리 전화해 주세요.".to_owned(),
            (Language::En, 0) => "If you are running late, please call us.".to_owned(),
            (Language::Ko, _) => {
                format!("자리는 예약 시각부터 {wait}간 비워 둡니다. 늦으실 것 같으면 미리 전화해 주세요.")
            }
            (Language::En, _) => {
                format!("We hold your table for {wait}. If you are running late, please call us.")
            }
        }
    }

    pub(crate) fn calendar_attached(self) -> &'static str {
        self.pick(
            "첨부된 초대장으로 캘린더에 추가하실 수 있습니다.",
            "The attached invitation adds it to your calendar.",
        )
    }

    /// On the button to the private page.
    pub(crate) fn button(self, changeable: bool) -> &'static str {
        if changeable {
            self.pick("예약 확인 · 변경 · 취소", "View, change or cancel")
        } else {
            self.pick("예약 확인", "View reservation")
        }
    }

    /// On a reminder's first button.
    pub(crate) fn coming(self) -> &'static str {
        self.pick("방문하겠습니다", "I’m coming")
    }

    /// On a reminder's second button.
    pub(crate) fn cancel(self) -> &'static str {
        self.pick("예약 취소하기", "Cancel")
    }

    /// Beneath the button: it acts on nothing by itself.
    pub(crate) fn button_hint(self) -> &'static str {
        self.pick(
            "누르시면 예약 페이지가 열리며, 여는 것만으로는 아무것도 바뀌지 않습니다. 예약자 전용 링크이니 다른 분께 전달하지 마세요.",
            "This opens your reservation’s page; opening it changes nothing. The link is yours alone, please keep it private.",
        )
    }

    pub(crate) fn footer(self, audience: Audience, restaurant: &str) -> String {
        match (self.language, audience) {
            (Language::Ko, Audience::Diner) => {
                format!(
                    "{restaurant}의 예약 안내 메일이며, 자리(Jari)에서 보내 드렸습니다. 답장은 매장으로 전달됩니다."
                )
            }
            (Language::En, Audience::Diner) => {
                format!("Sent by Jari for {restaurant}. Replies go to the restaurant.")
            }
            (Language::Ko, Audience::Restaurant) => {
                "자리(Jari)에서 보내 드렸습니다. 답장은 고객에게 전달됩니다.".to_owned()
            }
            (Language::En, Audience::Restaurant) => "Sent by Jari. Replies go to the guest.".to_owned(),
        }
    }

    /// The event's title in the diner's calendar.
    pub(crate) fn event_title(self, restaurant: &str, party: Party) -> String {
        let party = self.spoken().party(party);
        match self.language {
            Language::Ko => format!("{restaurant} 예약 ({party})"),
            Language::En => format!("Table at {restaurant} ({party})"),
        }
    }

    /// How days, times and parties are said.
    pub(crate) fn spoken(self) -> Spoken<'a> {
        Spoken { language: self.language, zone: self.zone }
    }

    /// From one time to another: `오후 7:00–8:30`, `19:00–20:30`.
    pub(crate) fn times(self, from: Timestamp, to: Timestamp) -> String {
        let (from, to) = (self.spoken().time(from), self.spoken().time(to));
        // A Korean half of the day is said once.
        let half = from.split_once(' ').map(|(half, _)| half);
        let to =
            to.split_once(' ').map_or(to.as_str(), |(of, time)| if Some(of) == half { time } else { &to });
        format!("{from}–{to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_of_the_day_is_said_once() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let korean = Words { language: Language::Ko, zone: &seoul };
        let evening: Timestamp = "2026-12-24T10:00:00Z".parse().unwrap();
        let until = |later| korean.times(evening, evening + later);
        assert_eq!(until(jiff::SignedDuration::from_mins(90)), "오후 7:00–8:30");
        assert_eq!(until(jiff::SignedDuration::from_hours(6)), "오후 7:00–오전 1:00");
    }

    #[test]
    fn after_the_deadline_the_mail_says_to_call() {
        let utc = TimeZone::UTC;
        let words = Words { language: Language::En, zone: &utc };
        let deadline: Timestamp = "2026-12-24T17:00:00Z".parse().unwrap();
        let after = deadline + jiff::SignedDuration::from_secs(1);
        assert!(words.change_until(120, deadline, deadline).contains("2 hours before your visit"));
        assert!(words.change_until(120, deadline, after).contains("please call us"));
    }
}
