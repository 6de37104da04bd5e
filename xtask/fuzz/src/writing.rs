//! Writes a find as files, and as text to paste.

use std::{fs, io, path::Path};

use sdkgen_fuzz::{case::Case, find::Find};

/// Writes a find into a folder, in place of an earlier one with the same signature, and returns the
/// text to print.
pub(crate) fn write(
    folder: &Path,
    find: &Find,
    small: &Case,
    original: &Case,
    run: &str,
) -> io::Result<String> {
    let _ = fs::remove_dir_all(folder);
    let written = write_files(folder, find, small, original, run);
    if written.is_err() {
        // An incomplete find would look like a smaller one.
        let _ = fs::remove_dir_all(folder);
    }
    written
}

fn write_files(
    folder: &Path,
    find: &Find,
    small: &Case,
    original: &Case,
    run: &str,
) -> io::Result<String> {
    fs::create_dir_all(folder.join("original"))?;
    original.write(&folder.join("original"))?;
    let name = find.name();
    let mut text = format!(
        "{}: {}\nrun {run}, {}\n",
        find.kind,
        find.message
            .escape_debug()
            .to_string()
            .replace("\\n", "\n  "),
        find.command
    );
    if let Some(include) = &small.include {
        text.push_str(&format!("with --include '{}'\n", include.escape_debug()));
    }
    fs::write(folder.join("about.txt"), &text)?;
    text.push_str(&format!("written to {}:\n", folder.display()));
    for (file, bytes) in small.files() {
        let file = file.to_string_lossy().into_owned();
        let ending = match file.as_str() {
            "sdkgen.toml" => "toml",
            "overlay.json" => "overlay",
            other => other.rsplit('.').next().unwrap_or("yaml"),
        };
        fs::write(folder.join(format!("{name}.{ending}")), &bytes)?;
        let content = String::from_utf8_lossy(&bytes).into_owned();
        let is_plain = content.chars().all(|one| one == '\n' || !one.is_control());
        match is_plain {
            true => text.push_str(&format!(
                "cat > tests/fuzz/{name}.{ending} <<'END'\n{}\nEND\n",
                content.trim_end()
            )),
            false => text.push_str(&format!(
                "(copy {name}.{ending}: it holds control characters)\n"
            )),
        }
    }
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use sdkgen_fuzz::{case::Syntax, find::FindKind};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_find_can_be_pasted() {
        let folder = tempfile::tempdir().unwrap();
        let case = Case {
            spec: json!({"a": "\u{1b}"}),
            syntax: Syntax::Ascii,
            text: None,
            config: Some(json!({"setters": "all"})),
            overlay: None,
            include: None,
        };
        let find = Find::new(
            FindKind::Crash,
            "it\nbroke \u{1b}",
            "sdkgen check --spec=spec.json",
        );
        let text = write(folder.path(), &find, &case, &case, "1:2").unwrap();
        assert!(
            text.contains("run 1:2") && text.contains("\\u001b"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
        let name = find.name();
        assert!(
            text.contains(&format!("cat > tests/fuzz/{name}.json <<'END'")),
            "{text}"
        );
        assert!(folder.path().join(format!("{name}.toml")).is_file());
        assert!(folder.path().join("original/spec.json").is_file());
    }
}
