//! [`Word`]: on whose word a page of a reservation is opened: of whoever holds its private link, or of its diner, signed in.
//! The pages and their forms are the same; only their addresses differ.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use jari_domain::{Reservation, ReservationId};
use jari_identity::{Bearer, Operation, TokenError};
use jari_operations::{AdmittedToReservation, Asked, Refusal, Standing, Viewed, admit_to_reservation};

use crate::{
    Desk,
    page::Frame,
    trouble::{Trouble, TroublePage},
    visitor::Visitor,
};

/// Who asks for a page of a reservation, and of which.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) reservation: ReservationId,
    pub(crate) visitor: Visitor,
    /// The private link's token; none for who has signed in.
    link: Option<String>,
}

/// Who is not let in.
#[derive(Debug)]
pub(crate) enum NotLetIn {
    /// Has to sign in first.
    ToSignIn(Redirect),
    /// Has no link of ours, or one whose time is over.
    Trouble(TroublePage),
}

impl IntoResponse for NotLetIn {
    fn into_response(self) -> Response {
        match self {
            Self::ToSignIn(redirect) => redirect.into_response(),
            Self::Trouble(page) => page.into_response(),
        }
    }
}

impl FromRequestParts<Desk> for Word {
    type Rejection = NotLetIn;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, NotLetIn> {
        let Ok(visitor) = Visitor::from_request_parts(parts, desk).await;
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, desk).await;
        let mut path = path.map(|Path(path)| path).unwrap_or_default();
        if let Some(reservation) = path.remove("reservationId") {
            if visitor.access.is_none() {
                return Err(NotLetIn::ToSignIn(visitor.to_sign_in()));
            }
            return match reservation.parse() {
                Ok(reservation) => Ok(Self { reservation, visitor, link: None }),
                Err(_) => Err(NotLetIn::Trouble(visitor.trouble(Trouble::NoReservation))),
            };
        }
        let token = path.remove("token").ok_or(TokenError::Invalid);
        let verified = token.and_then(|token| {
            let reservation = desk.link_verifier.verify(&token, desk.clock.now())?;
            Ok((reservation, token))
        });
        match verified {
            Ok((reservation, token)) => Ok(Self { reservation, visitor, link: Some(token) }),
            Err(error) => Err(NotLetIn::Trouble(visitor.trouble(match error {
                TokenError::Expired => Trouble::LinkExpired,
                TokenError::Invalid => Trouble::BadLink,
            }))),
        }
    }
}

impl Word {
    /// The reservation's page.
    pub(crate) fn address(&self) -> String {
        match &self.link {
            Some(token) => format!("/r/{token}"),
            None => format!("/me/reservations/{}", self.reservation),
        }
    }

    /// The reservation's page after a step that may have moved it: a private link lasts as long as the visit needs.
    pub(crate) fn address_after(&self, desk: &Desk, reservation: &Reservation) -> String {
        match &self.link {
            Some(_) => format!("/r/{}", link_token(desk, reservation)),
            None => self.address(),
        }
    }

    /// Where its hold is confirmed.
    pub(crate) fn book_address(&self, desk: &Desk, reservation: &Reservation) -> String {
        match &self.link {
            Some(token) => format!("/book/{token}"),
            None => format!("/book/{}", link_token(desk, reservation)),
        }
    }

    /// Lets its diner in to an operation, and nobody else: the restaurant's people have pages of their own. Who has a link
    /// and has signed in as its diner acts as that.
    pub(crate) async fn admit(
        &self,
        desk: &Desk,
        operation: Operation,
    ) -> Result<AdmittedToReservation, Refusal> {
        let bearer = match &self.link {
            Some(_) => Bearer::Link(self.reservation),
            None => self.visitor.bearer(),
        };
        let mut admitted =
            admit_to_reservation(&desk.booking.store, &bearer, operation, self.reservation).await?;
        if !matches!(admitted.standing, Standing::Guest(_)) {
            return Err(Refusal::NoReservation);
        }
        if let Some(access) = &self.visitor.access
            && admitted.stored.reservation.diner.as_ref() == Some(&access.diner)
        {
            admitted.standing = Standing::Guest(Some(access.account));
        }
        Ok(admitted)
    }

    /// What a form asks, of the revision that it showed.
    pub(crate) async fn asks(
        &self,
        desk: &Desk,
        operation: Operation,
        seen: Option<u64>,
    ) -> Result<Asked, Refusal> {
        Ok(Asked::new(self.admit(desk, operation).await?, seen))
    }

    /// The reservation as it is.
    pub(crate) async fn view(&self, desk: &Desk) -> Result<Viewed, TroublePage> {
        let viewed = match self.asks(desk, Operation::GetReservation, None).await {
            Ok(asked) => asked.view(&desk.booking.restaurants).await,
            Err(refusal) => Err(refusal),
        };
        viewed.map_err(|refusal| self.turned_away(&refusal))
    }

    /// In place of the page, when there is no better answer.
    pub(crate) fn turned_away(&self, refusal: &Refusal) -> TroublePage {
        let trouble = match refusal {
            // The link is good, whatever is behind it; and to whom it does not belong, it is not there.
            Refusal::NoRestaurant | Refusal::Forbidden => Trouble::NoReservation,
            refusal => Trouble::of_refusal(refusal),
        };
        self.visitor.trouble(trouble)
    }

    /// The frame of a page about it, which can be opened at `address`: in its guest's language unless another is chosen.
    pub(crate) fn frame(&self, viewed: &Viewed, address: &str) -> Frame {
        let guest = viewed.reservation.guest.as_ref();
        self.visitor.frame_for(guest.map(|guest| guest.language)).at(address).private()
    }
}

/// A token for the private link of a reservation.
pub(crate) fn link_token(desk: &Desk, reservation: &Reservation) -> String {
    desk.links.sign(reservation.id, reservation.link_expires(), desk.clock.now())
}
