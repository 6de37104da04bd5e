//! Shared by the commands and the tests: which descriptions are rendered to which folders, and a
//! function that writes a rendering or compares it with the committed files.

pub mod compile;
pub mod find;
pub mod process;
pub mod review;

use std::path::{Path, PathBuf};

use sdkgen::{Compiled, Diagnostic, Job, Layout, Rendered, output::RelativePath};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A description, and the folder in which its rendering is committed.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name in messages.
    pub name: String,
    /// What to render.
    pub job: Job,
    /// The folder of the committed files.
    pub folder: PathBuf,
    kind: TargetKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TargetKind {
    Sdk,
    Golden,
    Contract,
}

/// The SDK of the Users API.
pub fn sdk() -> Target {
    sdk_in(&root())
}

/// The same target in another checkout.
pub fn sdk_in(root: &Path) -> Target {
    Target {
        name: "sdk".to_owned(),
        job: users_api(root),
        folder: root.join("sdk"),
        kind: TargetKind::Sdk,
    }
}

/// The calls of the contract test: each operation with all parameters, and with the required ones.
pub fn contract() -> Target {
    contract_in(&root())
}

/// The same target in another checkout.
pub fn contract_in(root: &Path) -> Target {
    Target {
        name: "contract".to_owned(),
        job: users_api(root),
        folder: root.join("tests/contract"),
        kind: TargetKind::Contract,
    }
}

/// The golden descriptions: each folder of `tests/golden`, by name. A golden is rendered without a
/// manifest, or to a whole crate if a file `layout` beside the description contains `crate`.
///
/// # Errors
/// When a folder cannot be read, or names an unknown layout.
pub fn goldens() -> std::io::Result<Vec<Target>> {
    let mut targets = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/golden"))? {
        let folder = entry?.path();
        if !folder.join("spec.yaml").is_file() {
            continue;
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        targets.push(Target {
            name: name.into_owned(),
            job: Job::new(folder.join("spec.yaml"))
                .with_config(folder.join("sdkgen.toml"))
                .with_crate_name("golden")
                .with_layout(golden_layout(&folder)?),
            folder: folder.join("expected"),
            kind: TargetKind::Golden,
        });
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

fn golden_layout(folder: &Path) -> std::io::Result<Layout> {
    let path = folder.join("layout");
    if !path.exists() {
        return Ok(Layout::Embedded);
    }
    match std::fs::read_to_string(&path)?.trim() {
        "crate" => Ok(Layout::Crate),
        other => Err(std::io::Error::other(format!(
            "{}: unknown layout `{other}`; expected `crate`",
            path.display()
        ))),
    }
}

fn users_api(root: &Path) -> Job {
    Job::new(root.join("spec/users-api.yaml"))
        .with_config(root.join("spec/sdkgen.toml"))
        .with_crate_name("genesys-cloud-users")
        .with_layout(Layout::Embedded)
}

/// The result of writing or checking a target.
#[derive(Debug, Default)]
pub struct RenderReport {
    /// The diagnostics of the description.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the written files, or every difference.
    pub report: String,
    /// The committed files that differ from the rendered ones, and how: `edited by hand`, `out of date`, ..
    pub differences: Vec<(PathBuf, &'static str)>,
    /// Whether the folder holds the rendered files.
    pub up_to_date: bool,
}

/// Renders a target, and writes the files that changed or, with `check`, reports the differences.
pub fn write_or_check(target: &Target, check: bool) -> RenderReport {
    write_or_check_all(std::slice::from_ref(target), check)
}

/// Like [`write_or_check`] for several targets of one description, which is read once.
pub fn write_or_check_all(targets: &[Target], check: bool) -> RenderReport {
    let mut outcome = RenderReport::default();
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
            if let Err(diagnostic) = write_or_check_one(target, &compiled, check, &mut outcome) {
                outcome.diagnostics.push(diagnostic);
                outcome.up_to_date = false;
            }
        }
    }
    outcome
}

fn write_or_check_one(
    target: &Target,
    compiled: &Compiled,
    check: bool,
    outcome: &mut RenderReport,
) -> Result<(), Diagnostic> {
    let mut rendered = match target.kind {
        TargetKind::Sdk | TargetKind::Golden => sdkgen::render(compiled)?,
        TargetKind::Contract => sdkgen::render_contract(compiled)?,
    };
    if target.kind == TargetKind::Golden {
        // The runtime is the same for every description, and committed once, in the SDK.
        let is_runtime = |path: &RelativePath| path.to_string().starts_with("src/runtime");
        rendered.files.retain(|path, _| !is_runtime(path));
        add_warnings(&mut rendered, &outcome.diagnostics);
    }
    // Git can restore committed files, and experiments with rendered code are to be overwritten.
    let output = rendered.output(&target.folder)?.replace_edited(true);
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

/// Adds the warnings of a golden description to its expected files. Lines and columns are left out,
/// because they change with every comment.
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
