//! Marks by which a writer knows its own writes. From the operating system: environments that are started alike must not
//! draw alike.

use aws_lc_rs::rand;

use crate::StoreError;

/// 16 hexadecimal digits that nobody else draws.
///
/// # Errors
/// [`StoreError::Unavailable`] when the operating system has no randomness to give.
pub(crate) fn mark() -> Result<String, StoreError> {
    let mut bytes = [0; 8];
    rand::fill(&mut bytes).map_err(|_| StoreError::Unavailable("no randomness".into()))?;
    Ok(format!("{:016x}", u64::from_be_bytes(bytes)))
}
