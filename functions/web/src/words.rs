//! What the pages say of a reservation, Korean and English side by side. Times are told in the restaurant's zone, as
//! the mails tell them; here the house speaks, there the restaurant.

use jari_domain::{Actor, Language, Reservation, Spoken, Status};
use jiff::{Timestamp, tz::TimeZone};

/// The words of one language, with times told in the restaurant's zone.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) language: Language,
    pub(crate) zone: &'a TimeZone,
}

/// Why what a form asked was not done, at the top of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// The deadline has passed.
    TooLate,
    /// It is cancelled, by an earlier press perhaps.
    AlreadyCancelled,
    /// It is no longer as it was shown.
    Changed,
    /// Nothing that can be cancelled.
    NotPossible,
    /// No longer what "I'm coming" was said to.
    LookAgain,
    /// The form did not come as the page has it.
    Unreadable,
}

impl<'a> Words<'a> {
    fn pick(self, ko: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Ko => ko,
            Language::En => en,
        }
    }

    /// The status as a heading.
    pub(crate) fn heading(self, status: Status) -> &'static str {
        match status {
            Status::Held => self.pick("자리를 잠시 맡아 두었습니다", "A table is held for you"),
            Status::Requested => {
                self.pick("식당의 답변을 기다리고 있습니다", "Waiting for the restaurant’s answer")
            }
            Status::Confirmed => self.pick("예약이 확정되었습니다", "Your reservation is confirmed"),
            Status::Seated => self.pick("자리에 앉으셨습니다", "You are at your table"),
            Status::Completed => self.pick("다녀가신 예약입니다", "You have been here"),
            Status::NoShow => self.pick("방문하지 않으신 예약입니다", "You did not come"),
            Status::Cancelled => self.pick("예약이 취소되었습니다", "This reservation is cancelled"),
            Status::Declined => {
                self.pick("예약 요청이 받아들여지지 않았습니다", "Your request was not accepted")
            }
            Status::Expired => self.pick("맡아 둔 시간이 끝났습니다", "The hold has ended"),
        }
    }

    /// What the status means for the guest, if there is anything to add.
    pub(crate) fn lead(self, status: Status, reservation: &Reservation) -> Option<String> {
        let until = reservation.until.map(|until| self.spoken().day_and_time(until));
        let lead = match status {
            Status::Held => {
                let until = until?;
                return Some(match self.language {
                    Language::Ko => {
                        format!("{until}까지 예약자 정보를 보내 확정하지 않으면 자리가 풀립니다.")
                    }
                    Language::En => format!("Unless it is confirmed by {until}, the table is free again."),
                });
            }
            Status::Requested => {
                let until = until?;
                return Some(match self.language {
                    Language::Ko => {
                        format!("아직 확정된 예약은 아닙니다. 늦어도 {until}까지 메일로 답변을 드립니다.")
                    }
                    Language::En => {
                        format!(
                            "It is not confirmed yet. You will have an answer by mail, at the latest by {until}."
                        )
                    }
                });
            }
            Status::Confirmed => return None,
            Status::Seated => self.pick("맛있게 드세요.", "Enjoy your meal."),
            Status::Completed => self.pick("찾아 주셔서 감사합니다.", "Thank you for coming."),
            Status::NoShow => self.pick(
                "착오가 있다면 식당으로 전화해 주세요.",
                "If that is a mistake, please call the restaurant.",
            ),
            Status::Cancelled => match reservation.history.last().map(|entry| entry.by) {
                Some(Actor::Staff(_)) => {
                    self.pick("식당 사정으로 취소되었습니다.", "The restaurant had to cancel it.")
                }
                Some(Actor::House) => {
                    self.pick("자동으로 취소되었습니다.", "It was cancelled automatically.")
                }
                _ => self.pick(
                    "요청하신 대로 취소했습니다. 더 하실 일은 없습니다.",
                    "It was cancelled as you asked. There is nothing more to do.",
                ),
            },
            Status::Declined => self.pick(
                "요청하신 시간에는 자리를 마련하지 못했습니다. 다른 날짜나 시간으로 다시 찾아 주세요.",
                "There was no table for you at that time. Please try another day or time.",
            ),
            Status::Expired => self.pick(
                "확정하지 않은 채 시간이 지나 자리가 풀렸습니다.",
                "It was not confirmed in time, and the table is free again.",
            ),
        };
        Some(lead.to_owned())
    }

    /// Until when it can be changed or cancelled: `minutes` before the visit, at `deadline`.
    pub(crate) fn deadline(
        self,
        status: Status,
        minutes: u16,
        deadline: Timestamp,
        now: Timestamp,
    ) -> String {
        let (before, at) = (self.language.duration(minutes), self.spoken().day_and_time(deadline));
        match (self.language, status) {
            (Language::Ko, Status::Held) => "필요 없어지셨다면 지금 취소하실 수 있습니다.".to_owned(),
            (Language::En, Status::Held) => "If you no longer need it, you can let it go now.".to_owned(),
            (Language::Ko, Status::Requested) => {
                "식당이 답변하기 전에는 언제든 취소하실 수 있습니다.".to_owned()
            }
            (Language::En, Status::Requested) => {
                "You can cancel at any time before the restaurant answers.".to_owned()
            }
            (Language::Ko, _) if now > deadline => {
                format!("변경·취소는 {at}까지 가능했습니다. 지금은 식당으로 전화해 주세요.")
            }
            (Language::En, _) if now > deadline => {
                format!("It was possible to change or cancel until {at}. Please call the restaurant now.")
            }
            (Language::Ko, _) if minutes == 0 => "변경·취소는 예약 시각까지 가능합니다.".to_owned(),
            (Language::En, _) if minutes == 0 => {
                "You can change or cancel until your reservation begins.".to_owned()
            }
            (Language::Ko, _) => format!("변경·취소는 방문 {before} 전인 {at}까지 가능합니다."),
            (Language::En, _) => format!("You can change or cancel until {at}, {before} before your visit."),
        }
    }

    pub(crate) fn notice(self, notice: Notice) -> &'static str {
        match notice {
            Notice::TooLate => self.pick(
                "취소할 수 있는 시간이 지나 취소하지 못했습니다. 예약은 그대로입니다.",
                "It is too late to cancel here. Your reservation still stands.",
            ),
            Notice::AlreadyCancelled => self.pick("이미 취소된 예약입니다.", "It was cancelled already."),
            Notice::Changed => self.pick(
                "그사이 예약 내용이 바뀌어 취소하지 않았습니다. 아래를 확인하시고, 그래도 취소하시려면 다시 눌러 주세요.",
                "The reservation has changed meanwhile, so it was not cancelled. Please look again, and cancel once more if you still wish to.",
            ),
            Notice::NotPossible => self.pick("더는 취소할 수 없는 예약입니다.", "It can no longer be cancelled."),
            Notice::LookAgain => self.pick(
                "그사이 예약 내용이 바뀌었습니다. 아래를 다시 확인해 주세요.",
                "The reservation has changed meanwhile. Please look again.",
            ),
            Notice::Unreadable => self.pick(
                "요청을 제대로 받지 못했습니다. 한 번 더 눌러 주세요.",
                "That did not reach us as it should. Please try once more.",
            ),
        }
    }

    /// How days, times and parties are said.
    pub(crate) fn spoken(self) -> Spoken<'a> {
        Spoken { language: self.language, zone: self.zone }
    }
}
