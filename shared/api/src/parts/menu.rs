//! Reads a menu.

use jari_domain::{Currency, Menu, MenuItem, MenuSection, Money};
use serde_json::Value;

use super::texts::{NAME, described, named, shown_revision};
use crate::{BadField, FieldCode, FieldError, Fields, Problem, Text, fields};

const DESCRIPTION: usize = 500;
const PICTURE: usize = 500;
/// A thousand million: more than any dish, in any currency.
const MOST_AMOUNT: i64 = 1_000_000_000;

/// The menu that is sent, all in the restaurant's `currency`.
pub fn read(mut body: Fields<'_>, currency: Currency) -> Result<Menu, Problem> {
    shown_revision(&mut body);
    let item = |item: &mut Fields<'_>| {
        let name = item.required_object("name", named(NAME));
        let description = item.optional_object("description", described(DESCRIPTION)).unwrap_or_default();
        let price = item.required_object("price", |price| {
            let amount = price.required("amount", fields::integer(0..=MOST_AMOUNT));
            let currency = price.required("currency", own(currency));
            let (amount, currency) = price.all((amount, currency))?;
            Some(Money { amount, currency })
        });
        let picture = item.optional("picture", picture);
        let (name, price) = item.all((name, price))?;
        Some(MenuItem { name, description, price, picture })
    };
    let sections = body.required_list_of("sections", Menu::MAX_SECTIONS, |section| {
        let name = section.required_object("name", named(NAME));
        let items = section.required_list_of("items", Menu::MAX_ITEMS, item);
        let (name, items) = section.all((name, items))?;
        Some(MenuSection { name, items })
    });
    let (sections,) = body.finish((sections,))?;
    let menu = Menu { sections };
    if menu.items().count() > Menu::MAX_ITEMS {
        let most = Menu::MAX_ITEMS;
        return Err(Problem::invalid_fields(vec![BadField {
            pointer: "/sections".into(),
            code: FieldCode::TooLong,
            detail: Text::new(
                format!("메뉴는 모두 {most}개까지 등록할 수 있습니다."),
                format!("A menu has at most {most} dishes and drinks in all."),
            ),
        }]));
    }
    Ok(menu)
}

fn own(currency: Currency) -> impl Fn(&Value) -> Result<Currency, FieldError> {
    move |value| {
        if fields::text(3)(value)? == currency.to_string() {
            return Ok(currency);
        }
        let detail = Text::new(
            format!("식당의 통화인 {currency}이어야 합니다."),
            format!("Must be the restaurant's own currency, {currency}."),
        );
        Err(FieldError::new(FieldCode::OutOfRange, detail))
    }
}

fn picture(value: &Value) -> Result<String, FieldError> {
    let address = fields::text(PICTURE)(value)?;
    let rest = address.strip_prefix("https://").unwrap_or_default();
    // It is put into pages as it is.
    let fits =
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\`".contains(&byte));
    if fits {
        return Ok(address);
    }
    Err(FieldError::invalid_format(
        "https://로 시작하는 주소여야 합니다.",
        "Must be an address that begins with https://.",
    ))
}
