//! What an item of the table's stream is, as far as anybody is to be told of it.

use jari_domain::{Reservation, RestaurantId};

use crate::{
    AuditLine, Item, PendingReset, PendingSignUp, StoreError, StoredAccount, account,
    item::text_of,
    keys::{self, PK, SK},
    password_reset_from_item, reservation_from_item, sign_up_from_item,
};

/// An item of the stream.
#[derive(Debug)]
pub enum Written {
    /// A reservation.
    Reservation(Box<Reservation>),
    /// A sign-up that waits for its address to be verified.
    SignUp(Box<PendingSignUp>),
    /// A password reset that was asked for.
    PasswordReset(PendingReset),
    /// An account.
    Account(Box<StoredAccount>),
    /// A line of a restaurant's audit log.
    AuditLine {
        /// Of which.
        restaurant: RestaurantId,
        /// Which line, unlike any other of it.
        which: String,
        /// What was done.
        line: Box<AuditLine>,
    },
    /// Something else.
    Other,
}

/// What `item` is.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is not as its key says.
pub fn written(item: Item) -> Result<Written, StoreError> {
    let (pk, sk) = (text_of(&item, PK)?, text_of(&item, SK)?);
    Ok(if sk == keys::RESERVATION_SK {
        Written::Reservation(Box::new(reservation_from_item(item)?))
    } else if pk.starts_with(keys::SIGN_UP) {
        Written::SignUp(Box::new(sign_up_from_item(item)?))
    } else if pk.starts_with(keys::PASSWORD_RESET) {
        Written::PasswordReset(password_reset_from_item(item)?)
    } else if sk == keys::ACCOUNT_SK {
        Written::Account(Box::new(account::from_item(item)?))
    } else if let Some((restaurant, which)) = keys::audit_line(&item) {
        Written::AuditLine { restaurant, which, line: Box::new(serde_dynamo::from_item(item)?) }
    } else {
        Written::Other
    })
}
