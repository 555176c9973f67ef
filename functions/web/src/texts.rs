//! [`Texts`]: what the pages say, from the Fluent files in `locales/`, one folder a language and one file a part of the
//! house. A text that is missing in one language, or that nothing asks for, fails the tests below.

use std::{borrow::Cow, fmt, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jari_domain::Language;
use unic_langid::langid;

type Bundle = FluentBundle<FluentResource>;

/// The files of one language, in the binary.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/frame.ftl")),
            include_str!(concat!("../locales/", $language, "/trouble.ftl")),
            include_str!(concat!("../locales/", $language, "/search.ftl")),
            include_str!(concat!("../locales/", $language, "/restaurant.ftl")),
            include_str!(concat!("../locales/", $language, "/booking.ftl")),
            include_str!(concat!("../locales/", $language, "/account.ftl")),
            include_str!(concat!("../locales/", $language, "/office.ftl")),
            include_str!(concat!("../locales/", $language, "/tonight.ftl")),
            include_str!(concat!("../locales/", $language, "/admin.ftl")),
        ]
    };
}

static KO: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Ko, &files!("ko")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En, &files!("en")));

fn bundle(language: Language, files: &[&str]) -> Bundle {
    let locale = match language {
        Language::Ko => langid!("ko"),
        Language::En => langid!("en"),
    };
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Marks around what is put in would be read out by some screen readers, and both languages run left to right.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(read, errors)| {
            tracing::error!(?errors, "a file of texts has entries that can't be read");
            read
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "a text stands twice");
        }
    }
    bundle
}

/// The texts of one language. In templates: `{{ t.say("key") }}`, `{{ t.with("key").set("count", 3) }}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Texts(pub(crate) Language);

/// A text with something to be put in; prints itself.
pub(crate) struct Phrase<'a> {
    texts: Texts,
    key: &'a str,
    arguments: FluentArgs<'a>,
}

impl Texts {
    /// The text of that key.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn say(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The text of that key, which has something to be put in.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn with<'a>(&self, key: &'a str) -> Phrase<'a> {
        Phrase { texts: *self, key, arguments: FluentArgs::new() }
    }

    /// The language's code.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn code(&self) -> &'static str {
        self.0.code()
    }

    fn format(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let bundle: &'static Bundle = match self.0 {
            Language::Ko => &KO,
            Language::En => &EN,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a text is missing");
            return key.to_owned().into();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, ?errors, "a text lacks what is to be put in");
        }
        text.into()
    }
}

impl<'a> Phrase<'a> {
    /// Puts `value` where the text says `{ $name }`.
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<FluentValue<'a>>) -> Self {
        self.arguments.set(name, value);
        self
    }
}

impl fmt::Display for Phrase<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.texts.format(self.key, Some(&self.arguments)))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use super::*;

    /// The keys of a language's files and the names of what each has put in.
    fn keys(language: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        for entry in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(entry.unwrap().path()).unwrap();
            let mut current = None;
            for line in text.lines() {
                let starts_a_text = line.starts_with(|first: char| first.is_ascii_lowercase());
                if let Some((key, _)) = line.split_once('=').filter(|_| starts_a_text) {
                    let key = key.trim().to_owned();
                    assert!(
                        keys.insert(key.clone(), BTreeSet::new()).is_none(),
                        "{language}: {key} stands twice"
                    );
                    current = Some(key);
                }
                let Some(names) = current.as_ref().and_then(|key| keys.get_mut(key)) else { continue };
                names.extend(
                    line.split('$')
                        .skip(1)
                        .map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()),
                );
            }
        }
        keys
    }

    /// Everything that can ask for a text: sources and templates.
    fn askers() -> String {
        fn read(folder: &Path, into: &mut String) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, into);
                } else {
                    into.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut text = String::new();
        for folder in ["src", "templates"] {
            read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut text);
        }
        text
    }

    #[test]
    fn neither_language_lacks_a_text_or_what_is_put_into_it() {
        let (ko, en) = (keys("ko"), keys("en"));
        assert!(!ko.is_empty());
        let only_in = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| -> Vec<String> {
            one.keys().filter(|key| !other.contains_key(*key)).cloned().collect()
        };
        assert_eq!(only_in(&ko, &en), Vec::<String>::new(), "only in Korean");
        assert_eq!(only_in(&en, &ko), Vec::<String>::new(), "only in English");
        for (key, names) in &ko {
            assert_eq!(names, &en[key], "{key}");
        }
    }

    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for() {
        let (ko, askers) = (keys("ko"), askers());
        // Spelled apart, so that this line asks for nothing itself.
        for ask in [[".sa", "y(\""].concat(), [".wit", "h(\""].concat()] {
            for rest in askers.split(&ask).skip(1) {
                let key = rest.split('"').next().unwrap();
                let is_a_key =
                    key.contains('-') && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
                assert!(!is_a_key || ko.contains_key(key), "{key} is asked for and missing");
            }
        }
        let dead: Vec<&String> = ko.keys().filter(|key| !askers.contains(&format!("\"{key}\""))).collect();
        assert_eq!(dead, Vec::<&String>::new(), "asked for by nobody");
    }

    #[test]
    fn every_file_can_be_read() {
        for file in files!("ko").iter().chain(files!("en").iter()) {
            let read = FluentResource::try_new((*file).to_owned());
            assert!(read.is_ok(), "{:?}", read.err().map(|(_, errors)| errors));
        }
    }

    #[test]
    fn what_is_put_in_stands_there_and_nothing_around_it() {
        let told =
            |language, count: u32| Texts(language).with("frame-check-form").set("count", count).to_string();
        assert_eq!(told(Language::En, 1), "Please check one thing below");
        assert_eq!(told(Language::En, 3), "Please check 3 things below");
        assert_eq!(told(Language::Ko, 3), "아래 3곳을 확인해 주세요");
    }
}
