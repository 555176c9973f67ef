//! Composing a mail: the facts of a notice or a letter, in the reader's words, through the templates. It knows no clock
//! and no network; what it can't say without (a guest) it reports.

use askama::Template;
use jari_domain::{EmailAddress, Guest, Language, MapLink, Place, Restaurant, Status, maps};
use jiff::Timestamp;

use crate::{
    Audience, Invitation, Letter, Message, Notice, NoticeKind, Sender, invite, json_ld,
    message::one_line,
    wording::{self, Labels, Words},
};

/// Why a mail can't be composed. Neither gets better by trying again.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The reservation has no guest yet: it is only held.
    #[error("a reservation without a guest has nobody to write to or about")]
    NoGuest,
    /// The guest, whom staff wrote in, gave no address.
    #[error("the guest has no address")]
    NoAddress,
    /// A template failed.
    #[error("a mail's template failed")]
    Template(#[from] askama::Error),
}

/// What every mail shows.
struct Mail {
    language: Language,
    labels: &'static Labels,
    subject: String,
    preheader: String,
    tone: Tone,
    /// In whose name it comes: the restaurant's, or the house's own.
    sender: String,
    heading: &'static str,
    lead: Vec<String>,
    reason: Option<String>,
    footer: String,
}

/// What a mail about a reservation shows of it.
struct Visit {
    changes: Vec<Change>,
    /// Struck through: there is nothing to come to.
    over: bool,
    day: String,
    time_and_party: String,
    /// All of the two, in one line.
    when: String,
    facts: Vec<Fact>,
}

/// The colours of a mail, as inline styles for the light and as a class for the dark.
#[derive(Clone, Copy)]
enum Tone {
    Good,
    Waiting,
    Over,
}

/// What was and what is.
struct Change {
    label: &'static str,
    before: String,
    after: String,
}

/// A labelled line or more.
struct Fact {
    label: &'static str,
    lines: Vec<String>,
    href: Option<String>,
    /// Set smaller: long, and to be read out or copied rather than read.
    is_code: bool,
}

/// Opens a page; the first of several is the likely one.
struct Button {
    href: String,
    label: &'static str,
}

/// What only the diner's mail has.
struct DinerPart {
    buttons: Vec<Button>,
    /// Beneath the buttons.
    hint: &'static str,
    address: String,
    maps: Vec<MapLink>,
    phone: String,
    phone_href: String,
    policy: Vec<String>,
    json_ld: String,
}

/// What only a letter has.
struct LetterPart {
    buttons: Vec<Button>,
    /// Beneath the buttons.
    hint: String,
    remarks: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "diner.html")]
struct DinerHtml<'a> {
    mail: &'a Mail,
    visit: &'a Visit,
    diner: &'a DinerPart,
}

#[derive(Template)]
#[template(path = "diner.txt")]
struct DinerText<'a> {
    mail: &'a Mail,
    visit: &'a Visit,
    diner: &'a DinerPart,
}

#[derive(Template)]
#[template(path = "restaurant.html")]
struct RestaurantHtml<'a> {
    mail: &'a Mail,
    visit: &'a Visit,
}

#[derive(Template)]
#[template(path = "restaurant.txt")]
struct RestaurantText<'a> {
    mail: &'a Mail,
    visit: &'a Visit,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct LetterHtml<'a> {
    mail: &'a Mail,
    letter: &'a LetterPart,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct LetterText<'a> {
    mail: &'a Mail,
    letter: &'a LetterPart,
}

/// The mail that tells of `notice`, sent at `sent_at` from the house's address `from`.
///
/// The sender's name is the restaurant's, in the reader's language; answers go past the house, from the diner to
/// the restaurant and the other way round.
///
/// # Errors
/// [`ComposeError::NoGuest`] for a reservation that is only held, [`ComposeError::NoAddress`] for a mail to a guest
/// without one.
pub fn compose(notice: &Notice, sent_at: Timestamp, from: &EmailAddress) -> Result<Message, ComposeError> {
    let guest = notice.reservation.guest.as_ref().ok_or(ComposeError::NoGuest)?;
    let profile = &notice.restaurant.profile;
    let words = Words { language: notice.language(), zone: notice.restaurant.zone() };
    let (mail, visit) = (&mail(notice, guest, words), &visit(notice, guest, words));
    let (to, reply_to, html, text) = match notice.kind.audience() {
        Audience::Diner => {
            let diner = &diner_part(notice, guest, words, sent_at);
            let html = DinerHtml { mail, visit, diner }.render()?;
            let text = DinerText { mail, visit, diner }.render()?;
            let to = guest.email.as_ref().ok_or(ComposeError::NoAddress)?;
            (to, Some(&profile.email), html, text)
        }
        Audience::Restaurant => {
            let html = RestaurantHtml { mail, visit }.render()?;
            let text = RestaurantText { mail, visit }.render()?;
            (&profile.email, guest.email.as_ref(), html, text)
        }
    };
    Ok(Message {
        kind: notice.kind.key().to_owned(),
        to: to.clone(),
        from: Sender { name: one_line(&mail.sender), address: from.clone() },
        reply_to: reply_to.cloned(),
        subject: mail.subject.clone(),
        text,
        html,
        attachments: invite(notice, sent_at, from).map(Invitation::attachment).into_iter().collect(),
        headers: Vec::new(),
    })
}

/// The mail that is `letter`, from the house's address `from` and in its own name. Nobody reads answers to it.
///
/// # Errors
/// [`ComposeError::Template`].
pub fn compose_letter(letter: &Letter, from: &EmailAddress) -> Result<Message, ComposeError> {
    let words = wording::LetterWords(letter.language);
    let heading = words.heading(&letter.kind);
    let lead = words.lead(&letter.kind);
    let mail = &Mail {
        language: letter.language,
        labels: words.labels(),
        subject: one_line(&words.subject(&letter.kind)),
        preheader: one_line(&lead),
        tone: if letter.kind.is_refusal() { Tone::Over } else { Tone::Good },
        sender: wording::HOUSE.to_owned(),
        heading,
        lead: vec![lead],
        reason: letter.kind.why().map(str::to_owned),
        footer: words.footer().to_owned(),
    };
    let button = letter
        .kind
        .path()
        .map(|path| Button { href: format!("{}{path}", letter.site_url), label: words.button(&letter.kind) });
    let letter_part = &LetterPart {
        buttons: button.into_iter().collect(),
        hint: words.button_hint(&letter.kind),
        remarks: words.remarks(&letter.kind),
    };
    Ok(Message {
        kind: letter.kind.key().to_owned(),
        to: letter.to.clone(),
        from: Sender { name: wording::HOUSE.to_owned(), address: from.clone() },
        reply_to: None,
        subject: mail.subject.clone(),
        text: LetterText { mail, letter: letter_part }.render()?,
        html: LetterHtml { mail, letter: letter_part }.render()?,
        attachments: Vec::new(),
        headers: Vec::new(),
    })
}

fn mail(notice: &Notice, guest: &Guest, words: Words<'_>) -> Mail {
    let (kind, reservation) = (&notice.kind, &notice.reservation);
    let to_diner = kind.audience() == Audience::Diner;
    let restaurant = notice.restaurant.profile.name.get(words.language).to_owned();
    let party = words.spoken().party(reservation.party);
    let heading = words.heading(kind, reservation.status);
    let lead = words.lead(kind, reservation.status, reservation.until);
    let when = words.spoken().day_and_time(reservation.span.start());
    let subject = if to_diner {
        format!("{heading} · {restaurant} · {when}")
    } else {
        format!("{heading} · {when} · {party} · {}", guest.name.as_str())
    };
    let address = notice.restaurant.profile.address.get(words.language);
    let preheader = match kind {
        NoticeKind::Confirmed | NoticeKind::ReminderDayBefore | NoticeKind::ReminderHoursBefore => {
            format!("{party} · {address}")
        }
        _ => lead.clone(),
    };
    let salutation = to_diner.then(|| words.salutation(guest.name.as_str()));
    Mail {
        language: words.language,
        labels: words.labels(),
        subject: one_line(&subject),
        preheader: one_line(&preheader),
        tone: tone(kind, reservation.status),
        footer: words.footer(kind.audience(), &restaurant),
        sender: restaurant,
        heading,
        lead: salutation.into_iter().chain([lead]).collect(),
        reason: kind.why().map(str::to_owned),
    }
}

fn visit(notice: &Notice, guest: &Guest, words: Words<'_>) -> Visit {
    let (starts_at, ends_at) = (notice.reservation.span.start(), notice.reservation.span.end());
    let time = match notice.kind.audience() {
        Audience::Diner => words.spoken().time(starts_at),
        Audience::Restaurant => words.times(starts_at, ends_at),
    };
    let party = words.spoken().party(notice.reservation.party);
    let (day, time_and_party) = (words.spoken().day(starts_at), format!("{time} · {party}"));
    Visit {
        changes: changes(notice, words),
        over: notice.kind.is_over(),
        when: words.spoken().on_day(&day, &time_and_party),
        day,
        time_and_party,
        facts: facts(notice, guest, words),
    }
}

fn tone(kind: &NoticeKind, status: Status) -> Tone {
    if kind.is_over() {
        Tone::Over
    } else if status == Status::Requested {
        Tone::Waiting
    } else {
        Tone::Good
    }
}

/// Time, party and, for the restaurant, tables that are not what they were. Whatever else was changed, such as the
/// note, is seen where it stands.
fn changes(notice: &Notice, words: Words<'_>) -> Vec<Change> {
    let Some(before) = notice.kind.before() else {
        return vec![];
    };
    let (labels, restaurant) = (words.labels(), &*notice.restaurant);
    let tell = |place: &Place| {
        let tables = table_names(restaurant, &place.tables);
        [
            (labels.when, Some(words.spoken().day_and_time(place.starts_at))),
            (labels.party, Some(words.spoken().party(place.party))),
            (labels.tables, tables.filter(|_| notice.kind.audience() == Audience::Restaurant)),
        ]
    };
    let pairs = tell(before).into_iter().zip(tell(&notice.reservation.place()));
    let told = pairs.filter_map(|((label, before), (_, after))| Some((label, before?, after?)));
    told.filter(|(_, before, after)| before != after)
        .map(|(label, before, after)| Change { label, before, after })
        .collect()
}

fn facts(notice: &Notice, guest: &Guest, words: Words<'_>) -> Vec<Fact> {
    let (reservation, restaurant, labels) = (&notice.reservation, &*notice.restaurant, words.labels());
    let areas = &restaurant.floor.areas;
    let area = areas.iter().find(|area| Some(&area.key) == reservation.area.as_ref());
    let mut facts = vec![];
    let mut tell = |label, text: Option<String>, href: Option<String>| {
        let Some(text) = text else { return };
        let lines = text.lines().map(str::to_owned).collect();
        let is_code = label == labels.reference;
        facts.push(Fact { label, lines, href, is_code });
    };
    let to_restaurant = notice.kind.audience() == Audience::Restaurant;
    if to_restaurant {
        tell(labels.tables, table_names(restaurant, &reservation.tables), None);
    }
    tell(labels.area, area.map(|area| area.name.get(words.language).to_owned()), None);
    tell(labels.guest, Some(guest.name.as_str().to_owned()), None);
    if to_restaurant {
        let phone = guest.phone.as_ref();
        tell(
            labels.phone,
            phone.map(|phone| phone.spoken(words.language)),
            phone.map(|phone| format!("tel:{}", phone.as_str())),
        );
        let email = guest.email.as_ref().map(jari_domain::EmailAddress::as_str);
        tell(labels.email, email.map(str::to_owned), email.map(|email| format!("mailto:{email}")));
    }
    let note = reservation.note.as_ref();
    tell(labels.note, note.map(|note| note.as_str().to_owned()), None);
    tell(labels.reference, Some(reservation.id.to_string()), None);
    facts
}

/// The tables as the staff call them; one that is no longer on the floor has no name.
fn table_names(restaurant: &Restaurant, tables: &[jari_domain::TableId]) -> Option<String> {
    let known = tables.iter().filter_map(|id| restaurant.floor.table(*id));
    let names: Vec<&str> = known.map(|table| table.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(" + "))
}

fn diner_part(notice: &Notice, guest: &Guest, words: Words<'_>, sent_at: Timestamp) -> DinerPart {
    let (reservation, restaurant) = (&notice.reservation, &*notice.restaurant);
    let (profile, policy) = (&restaurant.profile, &restaurant.policy);
    let over = notice.kind.is_over();
    let change_until = policy.change_until(reservation.span.start());
    let mut told = vec![];
    if !over {
        told.push(words.change_until(policy.change_until_minutes, change_until, sent_at));
    }
    if !over && reservation.status == Status::Confirmed {
        told.push(words.late_after(policy.late_after_minutes));
    }
    if !over && reservation.status == Status::Confirmed && !notice.kind.is_reminder() {
        told.push(words.calendar_attached().to_owned());
    }
    let link = notice.link.as_deref().filter(|_| !over);
    DinerPart {
        buttons: link.map_or_else(Vec::new, |link| buttons(notice, link, words, sent_at <= change_until)),
        hint: words.button_hint(),
        address: profile.address.get(words.language).to_owned(),
        maps: maps(profile, words.language),
        phone: profile.phone.spoken(words.language),
        phone_href: format!("tel:{}", profile.phone.as_str()),
        policy: told,
        json_ld: json_ld::reservation(notice, guest, words.language),
    }
}

/// All open the private page, where a form acts; `#` leads to the form.
fn buttons(notice: &Notice, link: &str, words: Words<'_>, changeable: bool) -> Vec<Button> {
    let view = || Button { href: link.to_owned(), label: words.button(changeable) };
    if !notice.kind.is_reminder() || notice.reservation.reconfirmed_at.is_some() {
        return vec![view()];
    }
    let coming = Button { href: format!("{link}#coming"), label: words.coming() };
    let cancel = Button { href: format!("{link}#cancel"), label: words.cancel() };
    vec![coming, if changeable { cancel } else { view() }]
}

impl Tone {
    /// On white, over 4.5 to 1.
    fn color(self) -> &'static str {
        match self {
            Self::Good => "#1f5c49",
            Self::Waiting => "#8a5300",
            Self::Over => "#9b2c25",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Waiting => "waiting",
            Self::Over => "over",
        }
    }
}
