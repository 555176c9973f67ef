//! What was measured, as a table for people and as JSON for whoever compares runs.

use serde::Serialize;

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    /// Which measure it belongs to, as on the command line.
    pub(crate) measure: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// The house's own figure, for people.
    pub(crate) ours: String,
    /// What it is held against in the same run, for people.
    pub(crate) against: String,
    /// Ours by the other's; none where there is nothing to divide by.
    pub(crate) ratio: Option<f64>,
    /// What the ratio, or the figure, is to be.
    pub(crate) goal: Option<String>,
    /// Whether it is; none without a goal.
    pub(crate) met: Option<bool>,
    /// What is a promise and no matter of speed: a run in which it is broken has failed.
    pub(crate) broken: bool,
}

/// The bound that a figure is held to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Line {
    pub(crate) fn new(measure: &'static str, what: impl Into<String>, ours: impl Into<String>) -> Self {
        let (what, ours) = (what.into(), ours.into());
        Self {
            measure,
            what,
            ours,
            against: String::new(),
            ratio: None,
            goal: None,
            met: None,
            broken: false,
        }
    }

    pub(crate) fn against(self, other: impl Into<String>) -> Self {
        Self { against: other.into(), ..self }
    }

    pub(crate) fn ratio(self, ratio: f64) -> Self {
        Self { ratio: Some(ratio), ..self }
    }

    /// Holds the ratio to a goal.
    pub(crate) fn goal(self, goal: Goal) -> Self {
        let figure = self.ratio.unwrap_or(f64::NAN);
        self.holds(figure, goal)
    }

    /// Holds another figure to a goal.
    pub(crate) fn holds(self, figure: f64, goal: Goal) -> Self {
        let (spoken, met) = match goal {
            Goal::AtLeast(bound) => (format!("≥ {bound}"), figure >= bound),
            Goal::AtMost(bound) => (format!("≤ {bound}"), figure <= bound),
        };
        Self { goal: Some(spoken), met: Some(met), ..self }
    }

    /// Holds it to what is either so or not, and has to be.
    pub(crate) fn must(self, goal: impl Into<String>, met: bool) -> Self {
        Self { goal: Some(goal.into()), met: Some(met), broken: !met, ..self }
    }

    fn cells(&self) -> [String; 6] {
        let ratio = self.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let goal = self.goal.clone().unwrap_or_default();
        [self.what.clone(), self.ours.clone(), self.against.clone(), ratio, goal, met.to_owned()]
    }
}

const HEAD: [&str; 6] = ["measured", "the house", "beside", "ratio", "goal", "met"];

/// The lines as a table in Markdown, its columns as wide as they need to be.
pub(crate) fn table(lines: &[Line]) -> String {
    let rows: Vec<[String; 6]> =
        std::iter::once(HEAD.map(str::to_owned)).chain(lines.iter().map(Line::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 6] = std::array::from_fn(width);
    let spoken = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!(" {cell:<width$} "));
        format!("|{}|", cells.collect::<Vec<_>>().join("|"))
    };
    let rule = format!("|{}|", widths.map(|width| "-".repeat(width + 2)).join("|"));
    let mut text = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        text.push(spoken(row));
        if n == 0 {
            text.push(rule.clone());
        }
    }
    text.join("\n")
}
