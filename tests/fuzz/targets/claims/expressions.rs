//! DynamoDB's condition and update expressions on plain items, as its developer guide has them, as far as claims use them. What
//! DynamoDB would refuse to look at is a panic: the house never sends it.

use std::{
    cell::RefCell,
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
};

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use jari_store::Item;

/// Bytes of an expression, and operators and functions in it, at most.
const LONGEST: usize = 4_096;
const MOST_OPERATORS: usize = 300;
const CLAUSES: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// Whether its condition holds on `item`, and what `item` becomes by it.
pub(crate) fn tried(update: &Update, item: &Item) -> (bool, Item) {
    let placeholders = Placeholders::of(update);
    let holds = update.condition_expression().is_none_or(|condition| {
        assert!(condition.len() <= LONGEST, "too long: {condition}");
        let mut parser =
            Parser { tokens: tokens(condition), operators: 0, placeholders: &placeholders, item };
        let (holds, _) = parser.either();
        assert!(parser.tokens.is_empty(), "is left over: {:?}", parser.tokens);
        assert!(parser.operators <= MOST_OPERATORS, "too many operators");
        holds
    });
    let after = applied(update.update_expression(), &placeholders, item.clone());
    placeholders.all_are_used();
    (holds, after)
}

/// DynamoDB takes an item once a transaction, and a hundred of them.
pub(crate) fn one_transaction<'a>(updates: impl Iterator<Item = &'a Update>) {
    let mut keys = BTreeSet::new();
    for update in updates {
        let key = ["PK", "SK"].map(|name| update.key()[name].as_s().expect("a string").clone());
        assert!(keys.insert(key), "two operations on one item: {update:?}");
    }
    assert!(keys.len() <= 100, "too many items");
}

/// What `#…` and `:…` stand for, and which of them were met.
struct Placeholders<'a> {
    names: &'a HashMap<String, String>,
    values: &'a HashMap<String, AttributeValue>,
    met: RefCell<BTreeSet<String>>,
}

impl<'a> Placeholders<'a> {
    fn of(update: &'a Update) -> Self {
        Self {
            names: update.expression_attribute_names().expect("names"),
            values: update.expression_attribute_values().expect("values"),
            met: RefCell::default(),
        }
    }

    fn name(&self, placeholder: &str) -> &'a str {
        self.met.borrow_mut().insert(placeholder.to_owned());
        self.names.get(placeholder).unwrap_or_else(|| panic!("not defined: {placeholder}"))
    }

    fn value(&self, placeholder: &str) -> &'a AttributeValue {
        self.met.borrow_mut().insert(placeholder.to_owned());
        self.values.get(placeholder).unwrap_or_else(|| panic!("not defined: {placeholder}"))
    }

    fn all_are_used(&self) {
        let defined = self.names.keys().chain(self.values.keys());
        let unused: Vec<_> =
            defined.filter(|placeholder| !self.met.borrow().contains(*placeholder)).collect();
        assert!(unused.is_empty(), "defined and not used: {unused:?}");
    }
}

/// Parentheses and commas, and what is between them and blanks.
fn tokens(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')', ',']) {
            all.extend([&rest[..at], &rest[at..=at]].into_iter().filter(|token| !token.is_empty()));
            rest = &rest[at + 1..];
        }
        all.extend((!rest.is_empty()).then_some(rest));
    }
    // The next one is the last.
    all.reverse();
    all
}

/// Down the order of precedence: OR, AND, NOT, then functions, comparisons and parentheses. Nothing is left unread because
/// the outcome is known already.
struct Parser<'a> {
    tokens: Vec<&'a str>,
    operators: usize,
    placeholders: &'a Placeholders<'a>,
    item: &'a Item,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> &'a str {
        self.tokens.pop().expect("the expression ends too early")
    }

    fn expect(&mut self, token: &str) {
        let next = self.next();
        assert_eq!(next, token);
    }

    fn is_next(&mut self, token: &str) -> bool {
        let is_next = self.tokens.last() == Some(&token);
        if is_next {
            self.tokens.pop();
        }
        is_next
    }

    /// Its value, and whether it is nothing but a parenthesis.
    fn either(&mut self) -> (bool, bool) {
        let (mut holds, mut is_parenthesis) = self.both();
        while self.is_next("OR") {
            self.operators += 1;
            holds |= self.both().0;
            is_parenthesis = false;
        }
        (holds, is_parenthesis)
    }

    fn both(&mut self) -> (bool, bool) {
        let (mut holds, mut is_parenthesis) = self.negated();
        while self.is_next("AND") {
            self.operators += 1;
            holds &= self.negated().0;
            is_parenthesis = false;
        }
        (holds, is_parenthesis)
    }

    fn negated(&mut self) -> (bool, bool) {
        if self.is_next("NOT") {
            self.operators += 1;
            return (!self.negated().0, false);
        }
        if self.is_next("(") {
            let (holds, is_parenthesis) = self.either();
            assert!(!is_parenthesis, "redundant parentheses");
            self.expect(")");
            return (holds, true);
        }
        (self.simple(), false)
    }

    fn simple(&mut self) -> bool {
        self.operators += 1;
        let first = self.next();
        if let "attribute_exists" | "attribute_not_exists" = first {
            self.expect("(");
            let path = self.next();
            assert!(path.starts_with('#'), "not a path: {path}");
            let exists = self.operand(path).is_some();
            self.expect(")");
            return exists == (first == "attribute_exists");
        }
        let (operator, second) = (self.next(), self.next());
        let operands = (self.operand(first), self.operand(second));
        // What is not there is equal to nothing, nor in any order.
        let (Some(one), Some(other)) = operands else { return operator == "<>" };
        compared(one, operator, other)
    }

    fn operand(&self, token: &str) -> Option<&'a AttributeValue> {
        if token.starts_with(':') {
            return Some(self.placeholders.value(token));
        }
        assert!(token.starts_with('#'), "neither a path nor a value: {token}");
        self.item.get(self.placeholders.name(token))
    }
}

/// What is of two types is not equal, nor in any order. Binary goes byte by byte, unsigned; and what is longer is greater.
fn compared(one: &AttributeValue, operator: &str, other: &AttributeValue) -> bool {
    let order = match (one, other) {
        (AttributeValue::B(one), AttributeValue::B(other)) => Some(one.as_ref().cmp(other.as_ref())),
        (AttributeValue::S(one), AttributeValue::S(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
        (AttributeValue::N(_), AttributeValue::N(_)) => {
            number(one).zip(number(other)).map(|(a, b)| a.cmp(&b))
        }
        _ => None,
    };
    match operator {
        "=" => order.is_some_and(Ordering::is_eq),
        "<>" => !order.is_some_and(Ordering::is_eq),
        "<" => order.is_some_and(Ordering::is_lt),
        "<=" => order.is_some_and(Ordering::is_le),
        ">" => order.is_some_and(Ordering::is_gt),
        ">=" => order.is_some_and(Ordering::is_ge),
        other => panic!("not an operator: {other}"),
    }
}

/// `SET …, … REMOVE …, … ADD … …`: each clause once, each attribute once in all of them, and none of the key.
fn applied(expression: &str, placeholders: &Placeholders<'_>, mut item: Item) -> Item {
    assert!(expression.len() <= LONGEST, "too long: {expression}");
    let mut tokens = tokens(expression);
    let (mut clauses, mut changed) = (BTreeSet::new(), BTreeSet::new());
    while let Some(clause) = tokens.pop() {
        assert!(CLAUSES.contains(&clause), "not a clause: {clause}");
        assert!(clauses.insert(clause), "{clause} comes twice");
        loop {
            let mut next = || tokens.pop().expect("the expression ends too early");
            let name = placeholders.name(next());
            assert!(changed.insert(name), "two changes of {name}");
            assert!(!["PK", "SK"].contains(&name), "the key can't be changed");
            match clause {
                "SET" => {
                    assert_eq!(next(), "=");
                    item.insert(name.to_owned(), placeholders.value(next()).clone());
                }
                "REMOVE" => {
                    item.remove(name);
                }
                "ADD" => {
                    let by = number(placeholders.value(next())).expect("ADD takes a number");
                    let before =
                        item.get(name).map_or(0, |value| number(value).expect("ADD adds to a number"));
                    item.insert(name.to_owned(), AttributeValue::N((before + by).to_string()));
                }
                other => panic!("claims have no sets: {other}"),
            }
            if tokens.last() != Some(&",") {
                break;
            }
            tokens.pop();
        }
    }
    item
}

pub(crate) fn number(value: &AttributeValue) -> Option<i64> {
    value.as_n().ok()?.parse().ok()
}
