//! What is walked over: a restaurant with its people, a reservation there, and those to whom it is nothing.

use std::sync::atomic::{AtomicU32, Ordering};

use jari_domain::{PlatformRole, RestaurantStatus, StaffRole};
use jari_identity::{Operation, Password};
use jari_tests::{Bistro, DAY, House, Introduced, Person, Ticket, Wish, bistro, table_for};
use serde_json::json;

use super::samples::PASSWORD;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walker {
    /// Without a token.
    Nobody,
    /// A diner with a reservation elsewhere.
    AnotherDiner,
    /// The diner whose reservation it is, signed in.
    OwnDiner,
    /// The owner of another restaurant.
    AnothersOwner,
    /// A host of the restaurant.
    Host,
    /// A manager of it.
    Manager,
    /// An owner of it.
    Owner,
    /// A concierge of the platform.
    Concierge,
    /// An admin of the platform.
    Admin,
    /// Whoever holds the reservation's private link.
    OwnLink,
    /// Whoever holds another reservation's private link.
    AnothersLink,
}

impl Walker {
    /// Everybody, those who are refused most often first.
    pub(crate) const ALL: [Self; 11] = [
        Self::Nobody,
        Self::AnothersLink,
        Self::OwnLink,
        Self::AnotherDiner,
        Self::OwnDiner,
        Self::AnothersOwner,
        Self::Host,
        Self::Manager,
        Self::Owner,
        Self::Concierge,
        Self::Admin,
    ];
}

/// A scene, set anew whenever somebody may have changed it.
pub(crate) struct Scene {
    /// The restaurant.
    pub(crate) bistro: Bistro,
    /// The reservation there.
    pub(crate) own: Ticket,
    /// Somebody else's reservation.
    pub(crate) anothers: Ticket,
    /// A reservation at the same restaurant and time, where one is needed.
    pub(crate) neighbour: Option<Ticket>,
    /// Somebody with a password, where one is needed.
    member: Option<Person>,
    people: Vec<(Walker, Person)>,
}

const NEEDS_A_PASSWORD: [Operation; 3] =
    [Operation::SignIn, Operation::RefreshSession, Operation::ResetPassword];

/// Names must be new each time: accounts stay.
static SCENES: AtomicU32 = AtomicU32::new(0);

impl Scene {
    /// Sets it as `operation` needs it to succeed.
    pub(crate) async fn set(house: &mut House, operation: Operation) -> Self {
        let n = SCENES.fetch_add(1, Ordering::Relaxed);
        let (bistro, elsewhere) = (bistro_for(operation), bistro().with_tables(2, 2));
        house.open_restaurant(&bistro).await;
        house.open_restaurant(&elsewhere).await;
        let here = bistro.id();
        let mut people = Vec::new();
        for (walker, one) in [
            (Walker::AnotherDiner, Introduced::diner(&format!("another-diner-{n}"))),
            (Walker::OwnDiner, Introduced::diner(&format!("own-diner-{n}"))),
            (
                Walker::AnothersOwner,
                Introduced::staff(&format!("anothers-owner-{n}"), elsewhere.id(), StaffRole::Owner),
            ),
            (Walker::Host, Introduced::staff(&format!("host-{n}"), here, StaffRole::Host)),
            (Walker::Manager, Introduced::staff(&format!("manager-{n}"), here, StaffRole::Manager)),
            (Walker::Owner, Introduced::staff(&format!("owner-{n}"), here, StaffRole::Owner)),
            (Walker::Concierge, Introduced::platform(&format!("concierge-{n}"), PlatformRole::Concierge)),
            (Walker::Admin, Introduced::platform(&format!("admin-{n}"), PlatformRole::Admin)),
        ] {
            people.push((walker, house.introduce(one).await));
        }
        // Only an approved restaurant can be booked.
        let approved = bistro.restaurant.profile.status == RestaurantStatus::Approved;
        let own = wish(&people, Walker::OwnDiner).in_restaurant(if approved { here } else { elsewhere.id() });
        // A hold has no guest yet: it is theirs who asked for it.
        let own = if operation == Operation::ConfirmReservation { own.held() } else { own };
        let own = house.link_to(house.book(own).await.is(201).id());
        let anothers = wish(&people, Walker::AnotherDiner).in_restaurant(elsewhere.id()).at("21:00");
        let anothers = house.link_to(house.book(anothers).await.is(201).id());
        let mut scene = Self { bistro, own, anothers, neighbour: None, member: None, people };
        if NEEDS_A_PASSWORD.contains(&operation) {
            let hash = PASSWORD.parse::<Password>().unwrap().hash().await.unwrap();
            let member = Introduced::diner(&format!("member-{n}")).with_password(hash);
            scene.member = Some(house.introduce(member).await);
        }
        scene.go_on(house, operation).await;
        // Mails are on their way; what they write is nobody's doing who walks.
        house.comes_to_rest().await;
        scene
    }

    /// Who signs in with [`PASSWORD`].
    pub(crate) fn member(&self) -> &Person {
        self.member.as_ref().unwrap()
    }

    /// Up to where the operation follows.
    async fn go_on(&mut self, house: &House, operation: Operation) {
        let (here, host) = (self.bistro.id(), self.person(Walker::Host));
        match operation {
            Operation::CompleteReservation | Operation::UndoReservation => {
                house.post(&format!("/v1/reservations/{}/seat", self.own.id)).by(host).await.is(200);
            }
            Operation::NoShowReservation => {
                let late = format!("{DAY}T19:20:00+09:00").parse().unwrap();
                house.local().move_clock_to(late).await;
            }
            Operation::SwapTables => {
                let name = format!("neighbour-of-{}", host.name);
                let wish = table_for(2).by(&name).in_restaurant(here);
                self.neighbour = Some(house.link_to(house.book(wish).await.is(201).id()));
            }
            Operation::OpenDay => {
                let closure = format!("/v1/restaurants/{here}/days/{DAY}/closure");
                house.put(&closure).by(self.person(Walker::Owner)).header("if-match", "*").await.is(200);
            }
            Operation::LiftBar => {
                let bar = json!({ "since": house.now(), "reservation": self.own.id });
                let diner = &self.person(Walker::OwnDiner).diner().0;
                house
                    .put_item(
                        &json!({ "PK": format!("REST#{}", here.digits()), "SK": "NOSHOWS", diner: bar }),
                    )
                    .await;
            }
            _ => {}
        }
    }

    /// Who walks as that.
    pub(crate) fn person(&self, walker: Walker) -> &Person {
        person(&self.people, walker)
    }
}

fn person(people: &[(Walker, Person)], walker: Walker) -> &Person {
    &people.iter().find(|(one, _)| *one == walker).unwrap().1
}

fn wish(people: &[(Walker, Person)], walker: Walker) -> Wish {
    let person = person(people, walker);
    table_for(2).by(&person.name).asked_by(person)
}

fn bistro_for(operation: Operation) -> Bistro {
    let bistro = bistro().with_tables(3, 2);
    let of_status = |status| bistro.clone().with(|restaurant| restaurant.profile.status = status);
    match operation {
        Operation::AcceptReservation | Operation::DeclineReservation => bistro.on_request(),
        Operation::SubmitRestaurant => of_status(RestaurantStatus::Draft),
        Operation::ApproveRestaurant | Operation::RejectRestaurant => of_status(RestaurantStatus::Submitted),
        _ => bistro,
    }
}
