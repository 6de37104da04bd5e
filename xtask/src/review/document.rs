//! Renders the parts of `docs/reviewing.md` that show a change, its report and the acknowledgements,
//! so that they stay up to date.

use std::{fs, path::Path};

use sdkgen::{
    Job,
    report::{Acknowledgements, Report, Side},
};

use super::texts;

/// The document as it is committed, and as it should be.
///
/// # Errors
/// When it cannot be rendered.
pub fn document(root: &Path) -> Result<(String, String), String> {
    let path = root.join(DOCUMENT);
    let found =
        fs::read_to_string(&path).map_err(|error| format!("cannot read {DOCUMENT}: {error}"))?;
    let mut wanted = found.clone();
    for (name, text) in parts(root)? {
        let (start, end) = (
            format!("<!-- {name}: written by cargo xtask goldens -->\n"),
            format!("<!-- end of {name} -->\n"),
        );
        let Some((before, rest)) = wanted.split_once(&start) else {
            return Err(format!("{DOCUMENT} has no line `{}`", start.trim_end()));
        };
        let Some((_, after)) = rest.split_once(&end) else {
            return Err(format!("{DOCUMENT} has no line `{}`", end.trim_end()));
        };
        wanted = format!("{before}{start}\n{text}\n{end}{after}");
    }
    Ok((found, wanted))
}

/// The path of the document from the root.
pub const DOCUMENT: &str = "docs/reviewing.md";
const OLD: &str = "tests/review/old.yaml";
const NEW: &str = "tests/review/new.yaml";
const ACKNOWLEDGED: &str = "tests/review/acknowledged.toml";

fn parts(root: &Path) -> Result<[(&'static str, String); 3], String> {
    let read = |path: &str| {
        let text = fs::read_to_string(root.join(path));
        text.map_err(|error| format!("cannot read {path}: {error}"))
    };
    let side = |path: &str| match Side::read(&Job::new(root.join(path))) {
        Ok(side) => Ok(side.below(root)),
        Err(refused) => Err(texts(refused.diagnostics, root)),
    };
    let accepted = Acknowledgements::load(&root.join(ACKNOWLEDGED))
        .map_err(|error| error.below(root).to_string())?;
    let report = Report::new(&side(OLD)?, &side(NEW)?, None, &accepted, Some("0.1.0"));
    let (old, new) = (read(OLD)?, read(NEW)?);
    let change = similar::TextDiff::from_lines(&old, &new)
        .unified_diff()
        .header(OLD, NEW)
        .to_string();
    Ok([
        ("change", format!("```diff\n{change}```\n")),
        (
            "acknowledgement",
            format!("```toml\n{}```\n", read(ACKNOWLEDGED)?),
        ),
        ("report", report.markdown()),
    ])
}
