//! What the house says in its own name.

use jari_domain::{Language, StaffRole};

use super::{ENGLISH, KOREAN, Labels};
use crate::LetterKind;

/// In whose name letters come.
pub(crate) const HOUSE: &str = "Jari 자리";

/// The words of letters in one language.
#[derive(Clone, Copy)]
pub(crate) struct LetterWords(pub(crate) Language);

impl LetterWords {
    pub(crate) fn labels(self) -> &'static Labels {
        match self.0 {
            Language::Ko => &KOREAN,
            Language::En => &ENGLISH,
        }
    }

    fn pick(self, ko: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::Ko => ko,
            Language::En => en,
        }
    }

    pub(crate) fn heading(self, kind: &LetterKind) -> &'static str {
        match kind {
            LetterKind::VerifyEmail { .. } => {
                self.pick("이메일 주소를 확인해 주세요", "Please confirm your address")
            }
            LetterKind::AlreadyRegistered => {
                self.pick("이미 가입된 주소입니다", "You already have an account")
            }
            LetterKind::PasswordReset { .. } => self.pick("비밀번호 재설정", "Set a new password"),
            LetterKind::PasswordChanged => {
                self.pick("비밀번호가 변경되었습니다", "Your password was changed")
            }
            LetterKind::RestaurantApproved { .. } => {
                self.pick("매장 등록이 승인되었습니다", "Your restaurant is approved")
            }
            LetterKind::RestaurantRejected { .. } => {
                self.pick("매장 등록이 반려되었습니다", "Your restaurant was not approved")
            }
            LetterKind::StaffAdded { .. } => {
                self.pick("매장 직원으로 등록되었습니다", "You are now on the staff")
            }
        }
    }

    /// The heading, and the restaurant's name where it is about one.
    pub(crate) fn subject(self, kind: &LetterKind) -> String {
        let heading = self.heading(kind);
        match kind {
            LetterKind::RestaurantApproved { restaurant }
            | LetterKind::RestaurantRejected { restaurant, .. }
            | LetterKind::StaffAdded { restaurant, .. } => {
                format!("{heading} · {}", restaurant.get(self.0))
            }
            _ => heading.to_owned(),
        }
    }

    /// What happened, and what to do now.
    pub(crate) fn lead(self, kind: &LetterKind) -> String {
        let lead = match kind {
            LetterKind::VerifyEmail { .. } => self.pick(
                "자리(Jari)에 가입해 주셔서 감사합니다. 아래 버튼으로 본인의 주소임을 확인해 주시면 가입이 완료됩니다.",
                "Thank you for signing up with Jari. Confirm that this address is yours, and your account is ready.",
            ),
            LetterKind::AlreadyRegistered => self.pick(
                "이 주소로 가입 신청이 들어왔지만, 이미 계정이 있습니다. 그대로 로그인하시면 되고, 비밀번호를 잊으셨다면 로그인 화면에서 재설정하실 수 있습니다.",
                "Someone, probably you, signed up with this address, which already has an account. Just sign in; if you have forgotten your password, you can reset it there.",
            ),
            LetterKind::PasswordReset { .. } => self.pick(
                "비밀번호 재설정 요청을 받았습니다. 아래 버튼을 눌러 새 비밀번호를 정해 주세요.",
                "We were asked to reset your password. Use the button below to choose a new one.",
            ),
            LetterKind::PasswordChanged => self.pick(
                "계정의 비밀번호가 방금 재설정되었고, 모든 기기에서 로그아웃되었습니다.",
                "The password of your account has just been reset, and you were signed out everywhere.",
            ),
            LetterKind::RestaurantApproved { restaurant } => {
                let name = restaurant.get(self.0);
                return match self.0 {
                    Language::Ko => format!(
                        "{name}의 등록이 승인되었습니다. 지금부터 손님들이 매장을 찾아 예약하실 수 있습니다."
                    ),
                    Language::En => format!("{name} is public now, and guests can book it."),
                };
            }
            LetterKind::RestaurantRejected { restaurant, .. } => {
                let name = restaurant.get(self.0);
                return match self.0 {
                    Language::Ko => format!(
                        "{name}의 등록을 승인하지 못했습니다. 아래 사유를 확인해 내용을 고치신 뒤 다시 신청해 주세요."
                    ),
                    Language::En => format!(
                        "We could not approve {name}. Please see the reason below, mend what it says, and submit it again."
                    ),
                };
            }
            LetterKind::StaffAdded { restaurant, role } => {
                let name = restaurant.get(self.0);
                return match (self.0, role) {
                    (Language::Ko, StaffRole::Host) => {
                        format!("{name}의 호스트로 등록되었습니다. 로그인하시면 당일 예약 현황을 관리하실 수 있습니다.")
                    }
                    (Language::Ko, StaffRole::Manager) => format!(
                        "{name}의 매니저로 등록되었습니다. 로그인하시면 예약 현황과 매장 설정을 관리하실 수 있습니다."
                    ),
                    (Language::Ko, StaffRole::Owner) => {
                        format!("{name}의 운영자로 등록되었습니다. 로그인하시면 매장과 직원을 관리하실 수 있습니다.")
                    }
                    (Language::En, StaffRole::Host) => {
                        format!("You are now a host at {name}. Sign in to run its day sheet.")
                    }
                    (Language::En, StaffRole::Manager) => format!(
                        "You are now a manager of {name}. Sign in to run its day sheet and its settings."
                    ),
                    (Language::En, StaffRole::Owner) => {
                        format!("You are now an owner of {name}. Sign in to run the restaurant and its staff.")
                    }
                };
            }
        };
        lead.to_owned()
    }

    /// On the button, where there is one.
    pub(crate) fn button(self, kind: &LetterKind) -> &'static str {
        match kind {
            LetterKind::PasswordReset { .. } => self.pick("새 비밀번호 정하기", "Choose a new password"),
            _ => self.pick("주소 확인하기", "Confirm my address"),
        }
    }

    /// Beneath the button: how long its page works.
    pub(crate) fn button_hint(self, kind: &LetterKind) -> String {
        let (LetterKind::VerifyEmail { minutes, .. } | LetterKind::PasswordReset { minutes, .. }) = kind
        else {
            return String::new();
        };
        let time = self.0.duration(*minutes);
        match self.0 {
            Language::Ko => {
                format!("{time} 동안 한 번만 쓸 수 있는 링크입니다. 다른 분께 전달하지 마세요.")
            }
            Language::En => format!("The link works once, for {time}. Please keep it to yourself."),
        }
    }

    /// What whoever did not expect the letter needs to know.
    pub(crate) fn remarks(self, kind: &LetterKind) -> Vec<&'static str> {
        let remark = match kind {
            LetterKind::VerifyEmail { .. } => self.pick(
                "가입하신 적이 없다면 이 메일은 무시하셔도 됩니다. 확인하지 않으면 계정은 만들어지지 않습니다.",
                "If you did not sign up, you can ignore this mail: without your confirmation there is no account.",
            ),
            LetterKind::AlreadyRegistered => self.pick(
                "직접 하신 일이 아니라면 이 메일은 무시하셔도 됩니다. 계정은 그대로입니다.",
                "If it was not you, you can ignore this mail: your account is as it was.",
            ),
            LetterKind::PasswordReset { .. } => self.pick(
                "요청하신 적이 없다면 이 메일은 무시하셔도 됩니다. 비밀번호는 그대로입니다.",
                "If you did not ask, you can ignore this mail: your password stays as it is.",
            ),
            LetterKind::PasswordChanged => self.pick(
                "직접 하신 일이 아니라면, 지금 로그인 화면에서 비밀번호를 다시 재설정하고 메일 계정의 비밀번호도 바꿔 주세요.",
                "If it was not you, please reset the password again now, and change that of your mailbox too.",
            ),
            LetterKind::StaffAdded { .. } => self.pick(
                "모르는 매장이라면 이 메일은 무시하셔도 됩니다.",
                "If you do not know this restaurant, you can ignore this mail.",
            ),
            LetterKind::RestaurantApproved { .. } | LetterKind::RestaurantRejected { .. } => return Vec::new(),
        };
        vec![remark]
    }

    pub(crate) fn footer(self) -> &'static str {
        self.pick(
            "자리(Jari)에서 보내 드린 안내 메일입니다. 이 주소로 보내신 답장은 읽지 못합니다.",
            "Sent by Jari. Replies to this address are not read.",
        )
    }
}
