//! The files of a whole crate that are written without layout: `Cargo.toml`, README, `.gitignore`
//! and the runtime.

use askama::Template;

use super::{
    ALL, CallView, GroupView, Package, UUID, embedded, example, library, version::crate_version,
};
use crate::{
    diagnostics::printable,
    model::Api,
    output::RelativePath,
    rust::{
        names::Names,
        render::{
            Files, Options, RenderBug, bug,
            doc::{code, inline},
            view,
        },
    },
};

#[derive(Template)]
#[template(path = "package/manifest.toml.j2")]
struct ManifestView<'a> {
    description: String,
    name: String,
    version: String,
    about: String,
    defaults: Vec<String>,
    groups: Vec<GroupView<'a>>,
    features: Vec<&'static (&'static str, &'static str)>,
    dependencies: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "package/readme.md.j2")]
struct ReadmeView<'a> {
    name: &'a str,
    version: String,
    about: String,
    description: String,
    library: String,
    has_base_url: bool,
    server_path: &'a str,
    logins: Vec<String>,
    calls: Vec<CallView<'a>>,
    has_group_features: bool,
    first_group: Vec<GroupView<'a>>,
}

/// Renders the files that are not Rust, and copies the runtime.
pub(in crate::rust::render) fn render_files(
    package: &Package,
    api: &Api,
    names: &Names,
    options: &Options,
    files: &mut Files,
) -> Result<(), Box<RenderBug>> {
    let mut add = |name: &str, text: String| -> Result<(), Box<RenderBug>> {
        let path = RelativePath::new(name).map_err(|message| bug(name, message))?;
        files.insert(path, format!("{}\n", text.trim_end()));
        Ok(())
    };
    let title = one_line(&api.title);
    let about = match title.as_str() {
        "" => "Rust SDK".to_owned(),
        title => format!("Rust SDK of {title}"),
    };
    let version = crate_version(&api.version);
    let mut defaults: Vec<&str> = embedded::DEFAULT_FEATURES.to_vec();
    if !package.features.is_empty() {
        defaults.insert(0, ALL);
    }
    let mut groups = package.groups(api, names);
    groups.retain(|group| !group.feature.is_empty());
    let manifest = ManifestView {
        description: one_line(&options.description),
        name: toml_text(&options.crate_name),
        version: toml_text(version),
        about: toml_text(&about),
        defaults: defaults.into_iter().map(toml_text).collect(),
        groups,
        features: package.runtime_features().collect(),
        dependencies: dependencies(package),
    };
    add("Cargo.toml", view(&manifest, "Cargo.toml")?)?;
    let logins = package.logins(api, names);
    let mut groups = package.groups(api, names);
    groups.truncate(1);
    let readme = ReadmeView {
        name: &options.crate_name,
        version: version.to_owned(),
        about: inline(api, &about),
        description: code(&options.description),
        library: library(options),
        has_base_url: package.defaults.base_url().is_some(),
        server_path: package.server_path(),
        logins,
        calls: example(package, api, names),
        has_group_features: !package.features.is_empty(),
        first_group: groups,
    };
    add("README.md", view(&readme, "README.md")?)?;
    add(".gitignore", "/target".to_owned())?;
    for (name, text) in embedded::RUNTIME {
        let text = match package.needs_uuid {
            true => without_feature(text, UUID),
            false => (*text).to_owned(),
        };
        add(&format!("src/runtime/{name}"), text)?;
    }
    Ok(())
}

fn dependencies(package: &Package) -> Vec<(&'static str, String)> {
    let dependency = |(name, value): &(&'static str, &'static str)| {
        let value = match *name == UUID && package.needs_uuid {
            true => value
                .replace("optional = true, ", "")
                .replace(", optional = true", ""),
            false => (*value).to_owned(),
        };
        (*name, value)
    };
    embedded::DEPENDENCIES.iter().map(dependency).collect()
}

/// A file of the runtime without the `cfg` gates of a feature, so that its code is always compiled.
fn without_feature(text: &str, feature: &str) -> String {
    let gate = format!("#[cfg(feature = \"{feature}\")]");
    let lines = text.lines().filter(|line| line.trim() != gate);
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable::escaped(&words.join(" ")).into_owned()
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_is_there_without_its_tests() {
        let all: Vec<&str> = embedded::RUNTIME.iter().map(|(name, _)| *name).collect();
        assert!(
            all.contains(&"mod.rs") && all.contains(&"auth/mod.rs"),
            "{all:?}"
        );
        for (name, text) in embedded::RUNTIME {
            assert!(!text.contains("#[test]"), "{name}");
            assert!(!without_feature(text, UUID).contains("\"uuid\""), "{name}");
        }
    }

    #[test]
    fn dependencies_have_versions_and_the_features_of_both_manifests() {
        let find = |wanted: &str| {
            let mut all = embedded::DEPENDENCIES.iter();
            all.find(|(name, _)| *name == wanted)
                .map(|(_, value)| *value)
        };
        let reqwest = find("reqwest").unwrap();
        assert!(
            reqwest.contains("version") && reqwest.contains("\"http2\""),
            "{reqwest}"
        );
        assert!(reqwest.contains("default-features = false"), "{reqwest}");
        assert!(find("oauth2").unwrap().contains("optional = true"));
        assert!(find("bytes").unwrap().starts_with('"'));
    }
}
