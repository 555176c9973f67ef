//! How a house is opened: from the command line (`cargo local -- --help`) or by a test.

use std::path::PathBuf;

use clap::Parser;
use jiff::Timestamp;

use crate::clock::instant;

/// Opens the whole house on this machine: the API, the pages, an embedded DynamoDB, a mailbox that
/// catches every mail, and demo restaurants to book at. Needs no account, no Docker, no configuration.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo local --", bin_name = "cargo local --", version)]
pub struct Options {
    /// Where to open, on this machine only; 0 picks a free port
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    pub port: u16,

    /// The folder that keeps reservations, mails and keys between runs
    #[arg(long, value_name = "FOLDER", default_value = ".jari")]
    pub data: PathBuf,

    /// Keep nothing: everything is gone when the house closes
    #[arg(long)]
    pub memory: bool,

    /// Load no demo restaurants (they only ever go into an empty table)
    #[arg(long)]
    pub empty: bool,

    /// Start the house's clock at this instant, such as 2026-12-01T10:00:00+09:00; it runs on from there
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub now: Option<Timestamp>,

    /// Offer to sign in with the providers of this file: the JSON of the parameter `social-providers`
    #[arg(long, value_name = "FILE")]
    pub social_providers: Option<PathBuf>,

    /// The table's name
    #[arg(long, value_name = "NAME", env = "JARI_TABLE", default_value = "jari-local")]
    pub table: String,

    /// How long, in milliseconds, whoever looks for a table is shown a day as it was read; 0 reads it each time
    #[arg(long, value_name = "MS", env = "JARI_DAYS_KEPT_MS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(..=10_000))]
    pub days_kept_ms: u64,

    /// Use this DynamoDB instead of the embedded one: DynamoDB Local, Alternator, a real region
    #[arg(long, value_name = "URL", env = "JARI_DYNAMODB_ENDPOINT")]
    pub dynamodb_endpoint: Option<String>,

    /// Send mail through this SES instead of catching it
    #[arg(long, value_name = "URL", env = "JARI_SES_ENDPOINT")]
    pub ses_endpoint: Option<String>,

    /// Read the keys from this SSM, under `JARI_SECRETS_PATH`, instead of having some made
    #[arg(long, value_name = "URL", env = "JARI_SSM_ENDPOINT")]
    pub ssm_endpoint: Option<String>,

    /// Where the secrets are in the SSM of `JARI_SSM_ENDPOINT`
    #[arg(long, value_name = "PATH", env = "JARI_SECRETS_PATH", default_value = crate::SECRETS_PATH)]
    pub secrets_path: String,
}

impl Default for Options {
    /// What `cargo local` opens without a word; the environment is not read.
    fn default() -> Self {
        Self {
            port: 3000,
            data: ".jari".into(),
            memory: false,
            empty: false,
            now: None,
            social_providers: None,
            table: "jari-local".into(),
            days_kept_ms: 1000,
            dynamodb_endpoint: None,
            ses_endpoint: None,
            ssm_endpoint: None,
            secrets_path: crate::SECRETS_PATH.into(),
        }
    }
}

impl Options {
    /// For tests: on a free port, with the demo data, gone when it closes.
    #[must_use]
    pub fn throwaway() -> Self {
        Self { port: 0, memory: true, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_option_is_explained() {
        let command = Options::command();
        command.clone().debug_assert();
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} is not explained", argument.get_id());
        }
    }

    #[test]
    fn without_a_word_the_defaults_are_those_of_the_library() {
        let parsed = Options::parse_from(["jari-local"]);
        let default = Options::default();
        assert_eq!((parsed.port, parsed.data, parsed.table), (default.port, default.data, default.table));
    }

    #[test]
    fn an_instant_without_an_offset_is_refused() {
        assert!(Options::try_parse_from(["jari-local", "--now", "2026-12-01T10:00:00"]).is_err());
        assert!(Options::try_parse_from(["jari-local", "--now", "2026-12-01T10:00:00+09:00"]).is_ok());
    }
}
