//! Telephone numbers as people type them into a form: their own country's as they dial it, others with the code.

use jari_api::{FieldCode, FieldError, Text, fields::phone};
use jari_domain::Phone;
use serde_json::Value;

/// A telephone number; one that begins with 0 is Korean, `010-1234-5678` for `+821012345678`.
pub(crate) fn dialled(value: &Value) -> Result<Phone, FieldError> {
    let typed = value.as_str().unwrap_or_default().trim_start();
    let with_code = typed.strip_prefix('0').map(|rest| Value::from(format!("+82{rest}")));
    phone(with_code.as_ref().unwrap_or(value)).map_err(|error| match error.code {
        FieldCode::InvalidFormat => FieldError::new(
            FieldCode::InvalidFormat,
            Text::fixed(
                "전화번호를 확인해 주세요. 예: 010-1234-5678",
                "Please check the number. From abroad, begin with the country’s code: +44 …",
            ),
        ),
        _ => error,
    })
}

#[cfg(test)]
mod tests {
    use jari_domain::Language;

    use super::*;

    #[test]
    fn a_number_is_taken_as_it_is_dialled_and_as_it_is_shown() {
        for typed in ["010-1234-5678", "01012345678", "+82 10-1234-5678", " 010 1234 5678"] {
            let phone = dialled(&Value::from(typed)).unwrap();
            assert_eq!(phone.as_str(), "+821012345678", "{typed}");
            for language in [Language::Ko, Language::En] {
                assert_eq!(dialled(&Value::from(phone.spoken(language))), Ok(phone.clone()));
            }
        }
        for typed in ["12345", "call me", "00 44 20", "+0123"] {
            assert!(dialled(&Value::from(typed)).is_err(), "{typed}");
        }
    }
}
