//! The results, as text and as JSON.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use serde_json::{Value, json};
use xtask::find::Found;

use super::{
    compile::Compiled,
    run::{End, RunResult},
};

/// Maximum number of printed entries of a list.
const TOP: usize = 10;

/// All results.
pub(super) struct Report<'a> {
    pub(super) found: &'a [Found],
    /// One for each description, in their order.
    pub(super) results: &'a [RunResult],
    pub(super) compiled: &'a [Compiled],
    pub(super) elapsed: Duration,
}

impl Report<'_> {
    /// Whether nothing panicked, timed out or failed to compile.
    pub(super) fn is_clean(&self) -> bool {
        let counts = self.counts();
        counts.panics + counts.timeouts == 0 && self.failures().count() == 0
    }

    /// Everything as JSON.
    pub(super) fn to_json(&self) -> Value {
        let description = |(found, result): (&Found, &RunResult)| {
            let mut data = json!({
                "path": found.path,
                "dialect": found.dialect,
                "size": found.size,
                "milliseconds": milliseconds(result.elapsed),
            });
            let (key, value) = match &result.end {
                End::Generated { files, bytes } => {
                    ("generated", json!({"files": files, "bytes": bytes}))
                }
                End::Refused(errors) => ("refused", json!(errors)),
                End::Panicked(message) => ("panicked", json!(message)),
                End::TimedOut => ("timed_out", Value::Bool(true)),
            };
            data[key] = value;
            data
        };
        let compiled = |one: &Compiled| {
            json!({
                "path": one.spec,
                "crate": one.folder,
                "error": one.error,
                "batch_milliseconds": milliseconds(one.batch),
            })
        };
        let descriptions = self.found.iter().zip(self.results).map(description);
        json!({
            "summary": self.summary(),
            "milliseconds": milliseconds(self.elapsed),
            "descriptions": descriptions.collect::<Vec<_>>(),
            "compiled": self.compiled.iter().map(compiled).collect::<Vec<_>>(),
        })
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for result in self.results {
            match result.end {
                End::Generated { .. } => counts.generated += 1,
                End::Refused(_) => counts.refused += 1,
                End::Panicked(_) => counts.panics += 1,
                End::TimedOut => counts.timeouts += 1,
            }
        }
        counts
    }

    fn failures(&self) -> impl Iterator<Item = (&Compiled, &str)> {
        let errors = |one| Some((one, Compiled::error(one)?));
        self.compiled.iter().filter_map(errors)
    }

    fn summary(&self) -> String {
        let counts = self.counts();
        format!(
            "corpus: {} descriptions, {} generated, {} refused, {} panics, {} timeouts; compiled {}/{}",
            self.found.len(),
            counts.generated,
            counts.refused,
            counts.panics,
            counts.timeouts,
            self.compiled.len() - self.failures().count(),
            self.compiled.len(),
        )
    }

    /// For each reason, the number of descriptions that have it and the number of those that have no
    /// other; the most frequent first.
    fn reasons(&self, kind: impl Fn(&str, &str) -> String) -> Vec<(String, usize, usize)> {
        let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for result in self.results {
            let End::Refused(errors) = &result.end else {
                continue;
            };
            let kinds: BTreeSet<String> = errors
                .iter()
                .map(|(code, message)| kind(code, message))
                .collect();
            let alone = usize::from(kinds.len() == 1);
            for kind in kinds {
                let count = counts.entry(kind).or_default();
                count.0 += 1;
                count.1 += alone;
            }
        }
        let mut list: Vec<_> = counts
            .into_iter()
            .map(|(kind, (all, alone))| (kind, all, alone))
            .collect();
        list.sort_by_key(|(kind, all, _)| (Reverse(*all), kind.clone()));
        list
    }

    fn write_top<K: Ord>(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        key: impl Fn(&RunResult) -> Option<K>,
        show: impl Fn(&RunResult) -> String,
    ) -> fmt::Result {
        let all = self.found.iter().zip(self.results);
        let mut all: Vec<_> = all
            .filter_map(|(found, result)| Some((key(result)?, found, result)))
            .collect();
        if all.is_empty() {
            return Ok(());
        }
        all.sort_by(|a, b| b.0.cmp(&a.0));
        writeln!(f, "{title}")?;
        for (_, found, result) in all.into_iter().take(TOP) {
            writeln!(f, "  {:>12}  {}", show(result), found.path.display())?;
        }
        Ok(())
    }
}

impl Compiled {
    fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

#[derive(Default)]
struct Counts {
    generated: usize,
    refused: usize,
    panics: usize,
    timeouts: usize,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_code = self.reasons(|code, _| code.to_owned());
        if !by_code.is_empty() {
            writeln!(
                f,
                "refused, by code: descriptions, and those with no other code"
            )?;
            for (code, all, alone) in by_code {
                writeln!(f, "  {all:>6} {alone:>6}  {code}")?;
            }
            writeln!(
                f,
                "the most frequent reasons: descriptions, and those with no other reason"
            )?;
            let by_reason =
                self.reasons(|code, message| format!("{code} {}", without_names(message)));
            for (reason, all, alone) in by_reason.into_iter().take(2 * TOP) {
                writeln!(f, "  {all:>6} {alone:>6}  {reason}")?;
            }
        }
        for (found, result) in self.found.iter().zip(self.results) {
            match &result.end {
                End::Panicked(message) => {
                    writeln!(f, "panic: {}: {message}", found.path.display())?
                }
                End::TimedOut => writeln!(f, "timeout: {}", found.path.display())?,
                End::Generated { .. } | End::Refused(_) => {}
            }
        }
        let time = |result: &RunResult| format!("{:.2} s", result.elapsed.as_secs_f64());
        self.write_top(f, "the slowest", |result| Some(result.elapsed), time)?;
        let size = |result: &RunResult| match result.end {
            End::Generated { bytes, .. } => Some(bytes),
            _ => None,
        };
        let show = |result: &RunResult| format!("{} KiB", size(result).unwrap_or(0) >> 10);
        self.write_top(f, "the largest, by what was rendered", size, show)?;
        for (one, error) in self.failures() {
            writeln!(
                f,
                "does not compile: {} ({})",
                one.spec.display(),
                one.folder.display()
            )?;
            writeln!(f, "  {error}")?;
        }
        writeln!(f, "{:.1} s in all", self.elapsed.as_secs_f64())?;
        writeln!(f, "{}", self.summary())
    }
}

/// The message without the names in backticks, so that equal reasons have equal texts.
fn without_names(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 0 { part } else { "`..`" });
    let text: String = parts.collect();
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(120)
        .collect()
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Found {
        Found {
            path: path.into(),
            size: 10,
            dialect: "3.0".to_owned(),
        }
    }

    fn result(end: End) -> RunResult {
        RunResult {
            elapsed: Duration::from_millis(20),
            end,
        }
    }

    fn refused(list: &[(&str, &str)]) -> End {
        let owned = |(code, message): &(&str, &str)| ((*code).to_owned(), (*message).to_owned());
        End::Refused(list.iter().map(owned).collect())
    }

    #[test]
    fn the_last_line_counts_everything() {
        let compiled = |error: Option<&str>| Compiled {
            spec: "a.json".into(),
            folder: "c0-a".into(),
            error: error.map(str::to_owned),
            batch: Duration::ZERO,
        };
        let panicked = [result(End::Panicked("why".to_owned()))];
        let mut report = Report {
            found: &["a.json", "b.json", "c.json", "d.json", "e.json"].map(found),
            results: &[
                result(End::Generated {
                    files: 2,
                    bytes: 4096,
                }),
                result(refused(&[
                    ("E0401", "`x` is not supported"),
                    ("E0401", "`y` is not supported"),
                ])),
                result(refused(&[
                    ("E0401", "`z` is not supported"),
                    ("E0201", "no `q`"),
                ])),
                result(End::Panicked("why".to_owned())),
                result(End::TimedOut),
            ],
            compiled: &[compiled(None), compiled(Some("error: e"))],
            elapsed: Duration::from_secs(1),
        };
        let text = report.to_string();
        let last =
            "corpus: 5 descriptions, 1 generated, 2 refused, 1 panics, 1 timeouts; compiled 1/2";
        assert_eq!(text.lines().last(), Some(last));
        for part in [
            "       2      1  E0401\n",
            "       1      0  E0201\n",
            "       2      1  E0401 `..` is not supported\n",
            "panic: d.json: why\n",
            "timeout: e.json\n",
            "4 KiB  a.json\n",
            "  error: e\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!report.is_clean());
        assert_eq!(report.to_json()["descriptions"][0]["generated"]["files"], 2);
        report.found = &report.found[..3];
        report.results = &report.results[..3];
        assert!(
            !report.is_clean(),
            "a crate that does not compile is a failure"
        );
        report.compiled = &report.compiled[..1];
        assert!(report.is_clean(), "what is refused is no failure");
        report.found = &[];
        report.results = &panicked;
        assert!(!report.is_clean(), "a panic is one");
    }
}
