//! The parameters that a deployed house has in SSM, generated at the first start of a local one. They
//! are kept with the data: tokens and cursors handed out yesterday still hold today.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use jari_identity::{KeyError, generate_secret, generate_signing_key};
use jari_settings::names;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Under this path the functions find their secrets.
pub const SECRETS_PATH: &str = "/jari/local/secret";

/// What a local house is opened with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameters {
    /// Secret names (such as `diner-key`) and their values.
    secrets: BTreeMap<String, String>,
    /// The public halves of the signing keys, as JWKS: what a deployment puts into `JARI_TOKEN_KEYS`.
    token_keys: String,
}

/// The parameters could not be read, made or kept.
#[derive(Debug, Error)]
pub enum ParametersError {
    /// The file could not be read or written.
    #[error("the parameters file could not be used: {0}")]
    File(#[from] io::Error),
    /// The file is not what an earlier start wrote.
    #[error("the parameters file is damaged ({0}); delete it to have new keys made")]
    Damaged(#[from] serde_json::Error),
    /// The machine gave no random bytes.
    #[error("no keys could be generated: {0}")]
    Generate(#[from] KeyError),
}

impl Parameters {
    /// New keys.
    pub fn generate() -> Result<Self, ParametersError> {
        let (signing_key, token_keys) = generate_signing_key()?;
        let secrets = BTreeMap::from([(names::TOKEN_SIGNING_KEY.to_owned(), signing_key)]);
        let mut parameters = Self { secrets, token_keys };
        parameters.generate_missing()?;
        Ok(parameters)
    }

    /// Makes the secrets that are not there; says whether there were any.
    fn generate_missing(&mut self) -> Result<bool, ParametersError> {
        let mut made = false;
        for name in [names::DINER_KEY, names::CURSOR_KEY, names::MAIL_TOKEN_KEY] {
            if !self.secrets.contains_key(name) {
                self.secrets.insert(name.to_owned(), generate_secret()?);
                made = true;
            }
        }
        Ok(made)
    }

    /// The parameters in the file at `path`; new ones, kept there and readable by its owner only, if
    /// there is none. A secret that an older house did not have yet is made and kept, too.
    pub fn in_file(path: &Path) -> Result<Self, ParametersError> {
        match fs::read(path) {
            Ok(text) => {
                let mut parameters: Self = serde_json::from_slice(&text)?;
                if parameters.generate_missing()? {
                    parameters.keep(path)?;
                }
                Ok(parameters)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parameters = Self::generate()?;
                parameters.keep(path)?;
                Ok(parameters)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Has the providers in the file at `path`, for as long as this house is open.
    pub fn offer_to_sign_in_with(&mut self, path: &Path) -> Result<(), ParametersError> {
        self.secrets.insert(names::SOCIAL_PROVIDERS.to_owned(), fs::read_to_string(path)?);
        Ok(())
    }

    fn keep(&self, path: &Path) -> Result<(), ParametersError> {
        // Written beside and renamed: a process killed here leaves no half file.
        let unfinished = path.with_extension("json.new");
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?
            .write_all(&serde_json::to_vec_pretty(self)?)?;
        Ok(fs::rename(unfinished, path)?)
    }

    /// The public halves of the signing keys, as JWKS.
    #[must_use]
    pub fn token_keys(&self) -> &str {
        &self.token_keys
    }

    /// Every secret by its whole name, as SSM knows it: `/jari/local/secret/diner-key`.
    pub fn secrets(&self) -> impl Iterator<Item = (String, &str)> {
        self.secrets.iter().map(|(name, value)| (format!("{SECRETS_PATH}/{name}"), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keys_are_made_once_and_only_their_owner_may_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parameters.json");
        let first = Parameters::in_file(&path).unwrap();
        let again = Parameters::in_file(&path).unwrap();
        assert_eq!(first.secrets, again.secrets);
        assert_ne!(first.secrets, Parameters::generate().unwrap().secrets);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_secret_that_an_older_house_lacked_is_added_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parameters.json");
        let mut older = Parameters::generate().unwrap();
        older.secrets.remove(names::MAIL_TOKEN_KEY);
        older.keep(&path).unwrap();
        let opened = Parameters::in_file(&path).unwrap();
        assert!(older.secrets.iter().all(|(name, value)| opened.secrets.get(name) == Some(value)));
        assert!(opened.secrets.contains_key(names::MAIL_TOKEN_KEY));
        assert_eq!(Parameters::in_file(&path).unwrap().secrets, opened.secrets);
    }

    #[test]
    fn a_damaged_file_is_not_silently_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parameters.json");
        fs::write(&path, "{").unwrap();
        assert!(matches!(Parameters::in_file(&path), Err(ParametersError::Damaged(_))));
        assert_eq!(fs::read(&path).unwrap(), b"{");
    }
}
