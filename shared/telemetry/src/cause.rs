//! What something is done for: the request, from the edge through the table's stream to the mail, under the same ids.

use std::{fmt, str::FromStr};

use tracing::{Instrument, Span};

tokio::task_local! {
    static CAUSE: Cause;
}

/// The request, or the event, that something is done for: a correlation id. Log lines, what is written to the table and the mails
/// that follow from it carry it. As text it is the request's id and, behind a blank, the trace's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    request_id: String,
    /// X-Ray's, such as `1-5759e988-bd862e3fe1be46a994272793`.
    trace_id: Option<String>,
}

/// No cause's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the ids of a request and its trace")]
pub struct NoCause;

impl Cause {
    /// One of its own, with a new id.
    #[must_use]
    pub fn new() -> Self {
        Self { request_id: format!("{:032x}", fastrand::u128(..)), trace_id: None }
    }

    /// The cause of that id; none where it [is none](Self::is_id).
    #[must_use]
    pub fn of_request(id: &str) -> Option<Self> {
        Self::is_id(id).then(|| Self { request_id: id.to_owned(), trace_id: None })
    }

    /// Whether it is taken for the id of a request: 1 to 64 letters, digits, `-`, `_`, `.` and `=`.
    #[must_use]
    pub fn is_id(id: &str) -> bool {
        (1..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.=".contains(&byte))
    }

    /// It, traced: `header` is the value of `X-Amzn-Trace-Id`, of which the root is kept. Anything else traces nothing.
    #[must_use]
    pub fn traced(mut self, header: Option<&str>) -> Self {
        let root =
            header.and_then(|header| header.split(';').find_map(|part| part.trim().strip_prefix("Root=")));
        self.trace_id = root.filter(|root| is_trace_id(root)).map(str::to_owned);
        self
    }

    /// The request's id.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// What the caller is at work for; none outside of [`Cause::during`]. What it spawns is not asked for.
    #[must_use]
    pub fn current() -> Option<Self> {
        CAUSE.try_with(Clone::clone).ok()
    }

    /// Does `work` for this cause: it is the [current](Self::current) one, and each line logged carries its ids.
    pub async fn during<W: Future>(self, work: W) -> W::Output {
        let span = self.span();
        CAUSE.scope(self, work.instrument(span)).await
    }

    fn span(&self) -> Span {
        tracing::info_span!("request", requestId = self.request_id, traceId = self.trace_id)
    }
}

fn is_trace_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    matches!(parts[..], ["1", time, random] if time.len() == 8 && random.len() == 24 && is_hex(time) && is_hex(random))
}

impl Default for Cause {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.request_id)?;
        self.trace_id.as_ref().map_or(Ok(()), |trace_id| write!(f, " {trace_id}"))
    }
}

impl FromStr for Cause {
    type Err = NoCause;

    fn from_str(text: &str) -> Result<Self, NoCause> {
        let (request_id, trace_id) = match text.split_once(' ') {
            Some((request_id, trace_id)) => (request_id, Some(trace_id)),
            None => (text, None),
        };
        if !trace_id.is_none_or(is_trace_id) {
            return Err(NoCause);
        }
        let cause = Self::of_request(request_id).ok_or(NoCause)?;
        Ok(Self { trace_id: trace_id.map(str::to_owned), ..cause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "1-5759e988-bd862e3fe1be46a994272793";

    #[test]
    fn what_is_no_id_is_not_taken() {
        for id in ["JKJaXmPLvHcESHA=", "a", &"x".repeat(64)] {
            assert_eq!(Cause::of_request(id).unwrap().request_id(), id);
        }
        for id in ["", "a b", "<script>", "a\nb", &"x".repeat(65)] {
            assert_eq!(Cause::of_request(id), None, "{id:?}");
        }
    }

    #[test]
    fn of_a_trace_the_root_is_kept_and_nothing_that_is_none() {
        let trace_of = |header: &str| Cause::of_request("r").unwrap().traced(Some(header)).trace_id;
        let whole =
            format!("Self=1-67891234-12456789abcdef012345678;Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1");
        for header in [whole.as_str(), &format!("Root={ROOT}")] {
            assert_eq!(trace_of(header).as_deref(), Some(ROOT), "{header}");
        }
        for header in [
            "",
            ROOT,
            "Root=",
            "Root=1-2-3",
            "Root=1-5759E988-BD862E3FE1BE46A994272793",
            "Root=minji@jari.test",
        ] {
            assert_eq!(trace_of(header), None, "{header}");
        }
    }

    #[test]
    fn as_text_it_is_read_again_as_it_was() {
        let bare = Cause::of_request("r-1").unwrap();
        let traced = bare.clone().traced(Some(&format!("Root={ROOT}")));
        for cause in [bare, traced] {
            assert_eq!(cause.to_string().parse(), Ok(cause));
        }
        for text in ["", " ", "r-1 ", "r-1 x", "r 1", &format!(" {ROOT}")] {
            assert_eq!(text.parse::<Cause>(), Err(NoCause), "{text:?}");
        }
    }

    #[tokio::test]
    async fn what_is_done_for_one_request_is_not_done_for_another() {
        assert_eq!(Cause::current(), None);
        let one = |id: &'static str| {
            let cause = Cause::of_request(id).unwrap();
            cause.during(async {
                tokio::task::yield_now().await;
                Cause::current().unwrap().request_id
            })
        };
        assert_eq!(tokio::join!(one("a"), one("b")), ("a".to_owned(), "b".to_owned()));
        assert_eq!(Cause::current(), None);
    }
}
