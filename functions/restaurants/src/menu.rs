//! A menu as it is sent and shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{NewLocalizedText, get_restaurant::MenuSectionView};

/// What can be ordered.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes `Menu` in the document")]
pub(crate) struct MenuPart {
    sections: Vec<MenuSectionView>,
    /// Rises with every change; also the `ETag`.
    revision: u64,
}

/// A menu that is to be: at most 300 dishes and drinks in all.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
pub(crate) struct NewMenu {
    #[schema(max_items = 30)]
    sections: Vec<NewMenuSection>,
    /// As it was shown. `If-Match` is what counts.
    revision: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewMenuSection {
    name: NewLocalizedText,
    #[schema(max_items = 300)]
    items: Vec<NewMenuItem>,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewMenuItem {
    name: NewLocalizedText,
    description: Option<NewLocalizedText>,
    price: NewPrice,
    /// The `https` address of a picture.
    #[schema(max_length = 500)]
    picture: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what the handler reads")]
struct NewPrice {
    /// In minor units: whole won, US cents.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 30000)]
    amount: i64,
    /// The restaurant's own.
    #[schema(example = "KRW")]
    currency: String,
}
