//! Updates `spec/users-api.yaml` from the description that the platform publishes.

use std::path::PathBuf;

use clap::Args;
use sdkgen::{Job, output, slice};

/// Options of `cargo xtask import`.
#[derive(Args)]
pub(crate) struct Import {
    /// The description: OpenAPI 3 or Swagger 2.0, YAML or JSON.
    file: PathBuf,
    /// The tag whose operations the file describes.
    #[arg(long, default_value = "Users")]
    tag: String,
    /// Write nothing; print what would change.
    #[arg(long)]
    dry_run: bool,
}

/// Imports the changed facts and prints them, with what remains to be done by hand.
pub(crate) fn import(options: &Import) -> bool {
    let file = xtask::root().join("spec/users-api.yaml");
    let incoming = Job::new(&options.file).with_include(format!("tag:{}", options.tag));
    let done = match slice::import(&file, &incoming) {
        Ok(done) => done,
        Err(refused) => {
            eprintln!("{refused}");
            return false;
        }
    };
    for warning in &done.warnings {
        eprintln!("{warning}\n");
    }
    if !options.dry_run
        && let Err(diagnostic) = output::write_text(&file, &done.text)
    {
        eprintln!("{diagnostic}");
        return false;
    }
    print!("{done}");
    true
}
