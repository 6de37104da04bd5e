//! Registers the golden descriptions by their folders: writes a module of the library and a test for
//! each.

use std::{
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
    for name in &names {
        writeln!(modules, "pub mod r#{name} {{")?;
        let code = goldens.join(name).join("expected/src/generated");
        // A new golden has no code before the first `cargo xtask goldens`.
        if code.is_dir() {
            modules.push_str(&declarations(&code)?);
        }
        modules.push_str("}\n");
        writeln!(tests, "#[test]\nfn r#{name}() {{ check({name:?}); }}")?;
    }
    writeln!(tests, "const TESTED: &[&str] = &{names:?};")?;
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
