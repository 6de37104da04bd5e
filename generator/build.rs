//! Embeds what every whole crate carries: the runtime, and the features and dependencies that the
//! runtime was written with, taken from the manifests it is compiled with here, so that neither can
//! differ.
//!
//! `runtime`, `runtime-manifest.toml` and `workspace-manifest.toml` are links, which `cargo package`
//! replaces by what they lead to. A checkout without links has files that hold the path instead.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    collect(&linked(&here, "runtime")?, "", &mut files)?;
    files.sort();
    let manifest = read(&linked(&here, "runtime-manifest.toml")?)?;
    let workspace = read(&linked(&here, "workspace-manifest.toml")?)?;
    let code = format!(
        "pub(super) const RUNTIME: &[(&str, &str)] = &{files:?};\n\
         pub(super) const FEATURES: &[(&str, &str)] = &{:?};\n\
         pub(super) const DEFAULT_FEATURES: &[&str] = &{:?};\n\
         pub(super) const DEPENDENCIES: &[(&str, &str)] = &{:?};\n",
        features(&manifest)?,
        default_features(&manifest)?,
        dependencies(&manifest, &workspace)?,
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("embedded.rs"), code)?;
    Ok(())
}

/// What a link leads to, also where the checkout has a file with the path in its place.
fn linked(here: &Path, name: &str) -> Result<PathBuf> {
    let path = here.join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    if path.is_file() {
        let text = fs::read_to_string(&path)?;
        let target = here.join(text.trim());
        if text.lines().count() == 1 && target.exists() {
            println!("cargo::rerun-if-changed={}", target.display());
            return Ok(target);
        }
    }
    Ok(path)
}

fn read(path: &Path) -> Result<Table> {
    Ok(fs::read_to_string(path)?.parse()?)
}

/// Reads the runtime's files, without its unit tests: they need what no user of an SDK wants to build.
/// They are in files of their own, `tests.rs` or below `tests/`.
fn collect(folder: &Path, name: &str, files: &mut Vec<(String, String)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{name}{own}");
        if own == "tests.rs" || own == "tests" {
            continue;
        } else if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if name.ends_with(".rs") {
            let text = without_declarations_of_tests(&fs::read_to_string(&path)?);
            if text.contains("cfg(test)") {
                let path = path.display();
                return Err(format!("{path}: unit tests belong into a file `tests.rs`").into());
            }
            files.push((name, text));
        }
    }
    Ok(())
}

/// Drops `#[cfg(test)]` with the `mod tests;` that follows it, also where it has a visibility.
fn without_declarations_of_tests(text: &str) -> String {
    let mut kept = Vec::new();
    for line in text.lines() {
        if line.ends_with("mod tests;") && kept.last() == Some(&"#[cfg(test)]") {
            kept.pop();
        } else {
            kept.push(line);
        }
    }
    format!("{}\n", kept.join("\n").trim_end())
}

fn table<'a>(manifest: &'a Table, key: &str) -> Result<&'a Table> {
    let table = manifest.get(key).and_then(Value::as_table);
    table.ok_or_else(|| format!("the manifest has no table `{key}`").into())
}

/// The features by name, as TOML, without `default`.
fn features(manifest: &Table) -> Result<Vec<(String, String)>> {
    let features = table(manifest, "features")?.iter();
    Ok(features
        .filter(|(name, _)| *name != "default")
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect())
}

fn default_features(manifest: &Table) -> Result<Vec<&str>> {
    let default = table(manifest, "features")?.get("default");
    let default = default.and_then(Value::as_array).into_iter().flatten();
    Ok(default.filter_map(Value::as_str).collect())
}

/// The dependencies by name, as TOML: what the package says over what the workspace says.
fn dependencies(manifest: &Table, workspace: &Table) -> Result<Vec<(String, String)>> {
    let shared = table(table(workspace, "workspace")?, "dependencies")?;
    let mut list = Vec::new();
    for (name, own) in table(manifest, "dependencies")? {
        let own = detailed(own);
        let inherits = own.get("workspace").is_some();
        let inherited = shared.get(name).filter(|_| inherits);
        let mut merged = inherited.map(detailed).unwrap_or_default();
        for (key, value) in own {
            match (key.as_str(), merged.get_mut(&key), value) {
                ("workspace", _, _) => {}
                ("features", Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                (_, _, value) => {
                    merged.insert(key, value);
                }
            }
        }
        let text = match merged.get("version") {
            Some(version) if merged.len() == 1 => version.to_string(),
            Some(_) => Value::Table(merged).to_string(),
            None => return Err(format!("the dependency `{name}` has no version").into()),
        };
        list.push((name.clone(), text));
    }
    Ok(list)
}

fn detailed(dependency: &Value) -> Table {
    match dependency {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    }
}
