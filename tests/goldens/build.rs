//! Registers the golden descriptions by their folders: writes a module of the library and a test for
//! each.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let goldens = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("golden");
    println!("cargo::rerun-if-changed=goldens/build.rs");
    // For folders that come or go.
    println!("cargo::rerun-if-changed={}", goldens.display());
    let mut names = Vec::new();
    for path in entries(&goldens)? {
        if path.join("spec.yaml").is_file() {
            names.push(name(&path)?);
        }
    }
    let (mut modules, mut tests) = (String::new(), String::new());
    let mut features = BTreeSet::new();
    for name in &names {
        let code = goldens.join(name).join("expected/src/generated");
        let is_crate = goldens.join(name).join("layout").is_file();
        if is_crate {
            modules.push_str(
                "#[allow(dead_code, reason = \"the root of the whole crate uses it\")]\n",
            );
        }
        writeln!(modules, "pub mod r#{name} {{")?;
        // A new golden has no code before the first `cargo xtask goldens`.
        if code.is_dir() {
            modules.push_str(&declarations(&code)?);
        }
        if is_crate {
            gated_on(&code, &mut features)?;
        }
        modules.push_str("}\n");
        writeln!(tests, "#[test]\nfn r#{name}() {{ check({name:?}); }}")?;
    }
    writeln!(tests, "const TESTED: &[&str] = &{names:?};")?;
    // A whole crate has a feature for each group, and this one is to have all its code.
    for feature in features {
        println!("cargo::rustc-check-cfg=cfg(feature, values({feature:?}))");
        println!("cargo::rustc-cfg=feature={feature:?}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("modules.rs"), modules)?;
    fs::write(out.join("tests.rs"), tests)?;
    Ok(())
}

/// The modules at the top of rendered code: folders with a `mod.rs`, and files.
fn declarations(code: &Path) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for path in entries(code)? {
        let (file, name) = match path.extension() {
            Some(extension) if extension == "rs" => (path.clone(), name(&path.with_extension(""))?),
            _ => (path.join("mod.rs"), name(&path)?),
        };
        if file.is_file() {
            writeln!(text, "    #[path = {file:?}]\n    pub mod r#{name};")?;
        }
    }
    Ok(text)
}

/// The features that code below a folder depends on.
fn gated_on(folder: &Path, features: &mut BTreeSet<String>) -> Result<(), Box<dyn Error>> {
    for path in entries(folder)? {
        if path.is_dir() {
            gated_on(&path, features)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)?;
            let gates = text.split("feature = \"").skip(1);
            features.extend(gates.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> Result<String, Box<dyn Error>> {
    let name = path.file_name().and_then(|name| name.to_str());
    Ok(name.ok_or("a name that is not UTF-8")?.to_owned())
}
