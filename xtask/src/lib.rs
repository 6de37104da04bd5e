//! What the commands and the tests share: which descriptions are rendered where, and one function
//! that writes a rendering or checks it.

pub mod economy;
pub mod review;

use std::path::{Path, PathBuf};

use sdkgen::{Compiled, Diagnostic, Job, Layout, Rendered, output::RelativePath};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A description and the folder that what it renders to is committed in.
#[derive(Clone, Debug)]
pub struct Target {
    /// How it is called in messages.
    pub name: String,
    /// What to render.
    pub job: Job,
    /// Where it belongs.
    pub folder: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Sdk,
    Golden,
    Contract,
}

/// The SDK of the Users API.
pub fn sdk() -> Target {
    sdk_in(&root())
}

/// The same of another checkout.
pub fn sdk_in(root: &Path) -> Target {
    Target {
        name: "sdk".to_owned(),
        job: users_api(root),
        folder: root.join("sdk"),
        kind: Kind::Sdk,
    }
}

/// The calls of the contract test: each operation with all parameters, and with the required ones.
pub fn contract() -> Target {
    contract_in(&root())
}

/// The same of another checkout.
pub fn contract_in(root: &Path) -> Target {
    Target {
        name: "contract".to_owned(),
        job: users_api(root),
        folder: root.join("tests/contract"),
        kind: Kind::Contract,
    }
}

/// The golden descriptions that are rendered to whole crates: what they show has no place in code
/// alone.
const WHOLE: &[&str] = &["security", "texts"];

/// The golden descriptions, by feature.
///
/// # Errors
/// When their folder cannot be read.
pub fn goldens() -> std::io::Result<Vec<Target>> {
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/golden"))? {
        let folder = entry?.path();
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let layout = match WHOLE.contains(&name.as_str()) {
            true => Layout::Crate,
            false => Layout::Embedded,
        };
        targets.push(Target {
            job: Job::new(folder.join("spec.yaml"))
                .with_config(folder.join("sdkgen.toml"))
                .with_crate_name("golden")
                .with_layout(layout),
            folder: folder.join("expected"),
            name,
            kind: Kind::Golden,
        });
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

fn users_api(root: &Path) -> Job {
    Job::new(root.join("spec/users-api.yaml"))
        .with_config(root.join("spec/sdkgen.toml"))
        .with_crate_name("genesys-cloud-users")
        .with_layout(Layout::Embedded)
}

/// What came of writing or checking a target.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What the description made sdkgen say.
    pub diagnostics: Vec<Diagnostic>,
    /// What was done, or every difference found.
    pub report: String,
    /// The files that are not what is rendered, and what is the matter with each.
    pub differences: Vec<(PathBuf, &'static str)>,
    /// Whether the folder holds what it should.
    pub up_to_date: bool,
}

/// Renders a target and makes its folder hold the result, or says how it differs.
pub fn write_or_check(target: &Target, check: bool) -> Outcome {
    write_or_check_all(std::slice::from_ref(target), check)
}

/// As [`write_or_check`] for targets of one description, which is read once.
pub fn write_or_check_all(targets: &[Target], check: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(first) = targets.first() else {
        return outcome;
    };
    let sdkgen::Compilation {
        diagnostics,
        compiled,
    } = sdkgen::compile(&first.job);
    outcome.diagnostics = diagnostics;
    if let Some(compiled) = compiled {
        outcome.up_to_date = true;
        for target in targets {
            if let Err(diagnostic) = settle(target, &compiled, check, &mut outcome) {
                outcome.diagnostics.push(diagnostic);
                outcome.up_to_date = false;
            }
        }
    }
    outcome
}

fn settle(
    target: &Target,
    compiled: &Compiled,
    check: bool,
    outcome: &mut Outcome,
) -> Result<(), Diagnostic> {
    let mut rendered = match target.kind {
        Kind::Sdk | Kind::Golden => sdkgen::render(&target.job, compiled)?,
        Kind::Contract => sdkgen::render_contract(&target.job, compiled)?,
    };
    if target.kind == Kind::Golden {
        // The runtime is the same for every description, and stands in the SDK.
        let is_runtime = |path: &RelativePath| path.to_string().starts_with("src/runtime");
        rendered.files.retain(|path, _| !is_runtime(path));
        add_warnings(&mut rendered, &outcome.diagnostics);
    }
    let output = rendered.output(&target.folder)?;
    if check {
        for difference in output.check()? {
            let sdkgen::output::Difference { path, what, diff } = difference;
            let full = target.folder.join(path.to_string());
            outcome.differences.push((full, what));
            outcome
                .report
                .push_str(&format!("{}/{path}: {what}\n{diff}\n", target.name));
            outcome.up_to_date = false;
        }
    } else {
        outcome
            .report
            .push_str(&format!("{}: {}\n", target.name, output.write()?));
    }
    Ok(())
}

/// The warnings of a golden description are part of what is expected of it. Lines and columns are
/// left out: they change with every comment.
fn add_warnings(rendered: &mut Rendered, diagnostics: &[Diagnostic]) {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let place = diagnostic.place.as_ref();
        let pointer = place
            .and_then(|place| place.pointer.as_deref())
            .unwrap_or_default();
        let code = diagnostic.code.as_str();
        text.push_str(&format!("{code} {pointer}: {}\n", diagnostic.message));
    }
    if let Ok(path) = RelativePath::new("src/generated/warnings.txt") {
        rendered.files.insert(path, text);
    }
}
