//! What can go wrong with the store, as far as a caller can act on it.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

/// The store could not do it. Nothing is half done: a transaction holds wholly or not at all.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not reached, throttled, or in conflict for longer than the retry budget. Trying later helps.
    #[error("the table is not available: {0}")]
    Unavailable(String),
    /// The request itself was refused: a mistake in the code or in the table's set-up.
    #[error("the table refused the request: {0}")]
    Rejected(String),
    /// An item that can't be read: written by other code, or by hand.
    #[error("an item can't be read: {0}")]
    Corrupt(String),
}

impl<E: ProvideErrorMetadata> From<SdkError<E, HttpResponse>> for StoreError {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        if is_transient(&error) { Self::Unavailable(brief(&error)) } else { Self::Rejected(brief(&error)) }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Whether the same request may succeed a moment later.
pub(crate) fn is_transient<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    may_arrive(error)
        || matches!(error, SdkError::ServiceError(service) if matches!(
            service.err().code(),
            Some(
                "ThrottlingException"
                    | "Throttling"
                    | "ProvisionedThroughputExceededException"
                    | "RequestLimitExceeded"
                    | "InternalServerError"
                    | "InternalFailure"
                    | "ServiceUnavailable"
                    | "TransactionConflictException"
                    | "ReplicatedWriteConflictException"
            )
        ))
}

/// Whether the request may have been carried out, or may yet be: nobody said that it was not.
pub(crate) fn may_arrive<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        // A gateway in between may answer with a page and no code at all.
        SdkError::ServiceError(service) => {
            service.raw().status().is_server_error()
                || service.err().code() == Some("TransactionInProgressException")
        }
        _ => false,
    }
}

/// The error's kind and code. Its message may quote an item, and with it a guest's name.
pub(crate) fn brief<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown code").to_owned(),
        SdkError::TimeoutError(_) => "timed out".to_owned(),
        SdkError::DispatchFailure(_) => "not reached".to_owned(),
        SdkError::ResponseError(_) => "answer not understood".to_owned(),
        _ => "not sent".to_owned(),
    }
}

/// Whether a conditional write was made: false when its condition did not hold.
pub(crate) fn accepted<T, E: ProvideErrorMetadata>(
    answer: Result<T, SdkError<E, HttpResponse>>,
) -> Result<bool, StoreError> {
    match answer {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(error))
            if error.err().code() == Some("ConditionalCheckFailedException") =>
        {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
