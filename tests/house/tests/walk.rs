//! Every operation of the API's document, asked by everybody: who is let in is what the one table of permissions says,
//! and who is refused changes nothing.
//!
//! Nothing is forgotten by construction: the operations come from the document, each must be in the table and have a
//! sample that succeeds for somebody.

mod samples;
mod scene;

use std::collections::{BTreeMap, BTreeSet};

use jari_identity::{Operation, Who};
use jari_tests::{Answer, Ask, House};
use reqwest::Method;
use samples::{path_parameters, sample};
use scene::{Scene, Walker};

/// Let in, and still without success: nobody has set up a provider here, and tests of their own open a house with one.
const EXPLAINED_FAILURES: &[Operation] = &[Operation::StartSocialSignIn, Operation::FinishSocialSignIn];

/// A document's operation that another operation's function answers too.
const ANSWERED_TOGETHER: [(&str, Operation); 1] = [("get-docs", Operation::GetOpenapi)];

/// How a walker is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// Whatever else is wrong with what they ask.
    LetIn,
    /// 401.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404.
    NothingThere,
}

impl Met {
    fn with(answer: &Answer) -> Self {
        match answer.status {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NothingThere,
            200..=399 | 409 | 412 | 422 | 428 => Self::LetIn,
            status => panic!("{status}: {}", answer.text),
        }
    }
}

/// An operation as the document has it.
#[derive(Debug, Clone)]
struct Described {
    method: Method,
    path: String,
}

/// By `operationId`.
fn described() -> BTreeMap<String, Described> {
    let document = serde_json::to_value(jari_local::document()).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters")
        {
            let id =
                operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            let method = method.to_uppercase().parse().unwrap();
            let before = operations.insert(id.to_owned(), Described { method, path: path.clone() });
            assert!(before.is_none(), "two operations are named {id}");
        }
    }
    operations
}

fn operation(id: &str) -> Option<Operation> {
    let together = ANSWERED_TOGETHER.iter().find(|(name, _)| *name == id).map(|(_, operation)| *operation);
    together.or_else(|| Operation::ALL.iter().copied().find(|operation| operation.name() == id))
}

/// What the table says, said again without asking the functions that handlers ask.
fn expected(operation: Operation, path: &str, walker: Walker) -> Met {
    let admitted = operation.admits();
    let lets_in = |who: Who| admitted.contains(&who);
    if lets_in(Who::Anyone) {
        return Met::LetIn;
    }
    let about_a_reservation = path.contains("{reservationId}");
    let about_a_restaurant = path.contains("{restaurantId}");
    let standing = match walker {
        Walker::Nobody => return Met::Unauthenticated,
        Walker::OwnLink | Walker::AnothersLink if !about_a_reservation => return Met::Unauthenticated,
        _ if lets_in(Who::SignedIn) => return Met::LetIn,
        Walker::OwnLink => Some(lets_in(Who::Guest)),
        Walker::OwnDiner if about_a_reservation => Some(lets_in(Who::Guest)),
        Walker::AnothersLink | Walker::OwnDiner | Walker::AnotherDiner | Walker::AnothersOwner => None,
        Walker::Host => Some(lets_in(Who::Host)),
        Walker::Manager => Some(lets_in(Who::Host) || lets_in(Who::Manager)),
        Walker::Owner => Some(lets_in(Who::Host) || lets_in(Who::Manager) || lets_in(Who::Owner)),
        Walker::Concierge => Some(lets_in(Who::Concierge)),
        Walker::Admin => Some(lets_in(Who::Admin)),
    };
    match standing {
        Some(true) => Met::LetIn,
        // What is not theirs is not there for them; what belongs to no one in particular needs no hiding.
        None if about_a_reservation || about_a_restaurant => Met::NothingThere,
        Some(false) | None => Met::Forbidden,
    }
}

#[test]
fn the_document_and_the_table_of_permissions_name_the_same_operations() {
    let described = described();
    let unknown: Vec<_> = described.keys().filter(|id| operation(id).is_none()).collect();
    assert!(unknown.is_empty(), "in the document, but not in the table: {unknown:?}");
    let built: BTreeSet<&str> = described.keys().map(String::as_str).collect();
    let missing: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.name())
        .filter(|name| !built.contains(name))
        .collect();
    assert!(missing.is_empty(), "in the table, but not in the document: {missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_met_as_the_table_of_permissions_says() {
    let mut house = House::open().with_faults().await;
    let mut wrong = Vec::new();
    let mut operations: Vec<_> = described().into_iter().collect();
    // To be late for it, the clock has to be moved past the day that all others book.
    operations.sort_by_key(|(id, _)| operation(id) == Some(Operation::NoShowReservation));
    for (id, described) in operations {
        let operation = operation(&id).unwrap();
        let mut succeeded = EXPLAINED_FAILURES.contains(&operation);
        let mut scene = None;
        for walker in Walker::ALL {
            let stage = match scene.take() {
                Some(stage) => stage,
                None => Scene::set(&mut house, operation).await,
            };
            let ask = sampled(&house, &stage, operation, &described, walker).await;
            house.proxy().record_from_here();
            let answer = ask.await;
            let (mut met, expected) = (Met::with(&answer), expected(operation, &described.path, walker));
            // What is not set up is hidden from everybody alike.
            if EXPLAINED_FAILURES.contains(&operation) && met == Met::NothingThere {
                met = Met::LetIn;
            }
            if met != expected {
                let (status, text) = (answer.status, &answer.text);
                wrong.push(format!("{id} by {walker:?}: {met:?} ({status}), not {expected:?}\n    {text}"));
            }
            let mut writes = house.proxy().writes();
            // Mails go on their own way meanwhile, and nobody who asks anything writes their guards.
            writes.retain(|write| {
                !write.asked()["Key"]["SK"]["S"].as_str().is_some_and(|sk| sk.starts_with("MAIL#"))
            });
            if met != Met::LetIn && !writes.is_empty() {
                wrong.push(format!("{id} by {walker:?}: refused, but wrote {writes:?}"));
            }
            succeeded |= answer.status < 400;
            // Who was let in may have changed what the next one is to find.
            if met != Met::LetIn
                || described.method == Method::GET
                || operation == Operation::NoShowReservation
            {
                scene = Some(stage);
            }
        }
        if !succeeded {
            wrong.push(format!("{id}: its sample succeeds for nobody, so it proves nothing"));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

async fn sampled<'house>(
    house: &'house House,
    scene: &Scene,
    operation: Operation,
    described: &Described,
    walker: Walker,
) -> Ask<'house> {
    let sample = sample(house, scene, operation).await;
    let mut path = described.path.clone();
    for (name, value) in path_parameters(scene) {
        path = path.replace(&format!("{{{name}}}"), &value);
    }
    assert!(!path.contains('{'), "{}: the samples have no {path}", operation.name());
    let ask = house.ask(described.method.clone(), &(path + &sample.query));
    let ask = match walker {
        Walker::Nobody => ask,
        Walker::OwnLink => ask.bearing(&scene.own.token),
        Walker::AnothersLink => ask.bearing(&scene.anothers.token),
        person => ask.by(scene.person(person)),
    };
    let ask = if sample.body.is_null() { ask } else { ask.json(&sample.body) };
    // What staff share is changed only by who says of which revision; it does no harm elsewhere.
    ask.header("if-match", "*")
}
