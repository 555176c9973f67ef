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
    let amount = |item: &mut Fields<'_>| {
        item.required_object("price", |price| {
            let amount = price.required("amount", fields::integer(0..=MOST_AMOUNT));
            let currency = price.required("currency", own(currency));
            let (amount, currency) = price.all((amount, currency))?;
            Some(Money { amount, currency })
        })
    };
    let sections = body.required_list_of("sections", Menu::MAX_SECTIONS, |one| section(one, &amount));
    let (sections,) = body.finish((sections,))?;
    let menu = Menu { sections };
    check_size(&menu)?;
    Ok(menu)
}

/// One section of a menu, its prices as people write them: in major units of the restaurant's `currency`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_section(mut body: Fields<'_>, currency: Currency) -> Result<MenuSection, Problem> {
    let price = |item: &mut Fields<'_>| item.required("price", major_units(currency));
    let name = body.required_object("name", named(NAME));
    let items = body.list_of("items", Menu::MAX_ITEMS, |one| item(one, &price));
    let (name,) = body.finish((name,))?;
    Ok(MenuSection { name, items: items.unwrap_or_default() })
}

fn section(
    section: &mut Fields<'_>,
    price: &impl Fn(&mut Fields<'_>) -> Option<Money>,
) -> Option<MenuSection> {
    let name = section.required_object("name", named(NAME));
    let items = section.required_list_of("items", Menu::MAX_ITEMS, |one| item(one, price));
    let (name, items) = section.all((name, items))?;
    Some(MenuSection { name, items })
}

fn item(item: &mut Fields<'_>, price: &impl Fn(&mut Fields<'_>) -> Option<Money>) -> Option<MenuItem> {
    let name = item.required_object("name", named(NAME));
    let description = item.optional_object("description", described(DESCRIPTION)).unwrap_or_default();
    let price = price(item);
    let picture = item.optional("picture", picture);
    let (name, price) = item.all((name, price))?;
    Some(MenuItem { name, description, price, picture })
}

fn major_units(currency: Currency) -> impl Fn(&Value) -> Result<Money, FieldError> {
    move |value| {
        let money = Money::of_major_units(&fields::text(30)(value)?, currency);
        let money = money.filter(|money| money.amount <= MOST_AMOUNT);
        money.ok_or_else(|| {
            let example = Money { amount: 12_000, currency };
            let example = example.in_major_units();
            let detail = Text::new(
                format!("{currency} 금액을 숫자로 입력해 주세요. 예: {example}"),
                format!("Must be an amount in {currency}, such as {example}."),
            );
            FieldError::new(FieldCode::InvalidFormat, detail)
        })
    }
}

/// Refuses more dishes and drinks than a menu has.
///
/// # Errors
/// A problem about all sections.
pub fn check_size(menu: &Menu) -> Result<(), Problem> {
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
    Ok(())
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
