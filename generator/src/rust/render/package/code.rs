//! The Rust files of a whole crate that describe no operation: `lib.rs`, `generated.rs` and
//! `service.rs`.

use askama::Template;

use super::{CallView, GroupView, Package, embedded, example, library};
use crate::{
    model::{Api, Scheme, SchemeKind},
    rust::{
        names::Names,
        render::{
            Options, RenderBug, Texts,
            doc::{DocText, code, inline},
            fragments::StrLit,
            view,
        },
    },
};

/// What each feature of the runtime adds, for the table in the crate's documentation.
const BRINGS: &[(&str, &str)] = &[
    ("blocking", "`send_blocking`, and lists without async"),
    ("gzip", "compressed responses"),
    ("mock", "a transport for tests, with scripted responses"),
    ("native-tls", "TLS of the operating system"),
    ("oauth", "OAuth 2 logins"),
    ("rustls", "TLS by rustls"),
    (
        "tracing",
        "events for failed calls, spans for calls and attempts",
    ),
    (
        "uuid",
        "`uuid::Uuid` as an argument wherever a request takes a scalar",
    ),
];

#[derive(Template)]
#[template(path = "package/lib.rs.j2")]
struct LibView<'a> {
    intro: DocText,
    library: String,
    groups: Vec<GroupView<'a>>,
    has_group_features: bool,
    features: Vec<FeatureView>,
    calls: Vec<CallView<'a>>,
    logins: Vec<String>,
    has_base_url: bool,
    server_path: &'a str,
    schemes: Vec<SchemeView>,
    /// All servers, if callers can choose between several; empty otherwise.
    servers: Vec<String>,
    has_uuid_feature: bool,
}

struct FeatureView {
    name: &'static str,
    is_default: bool,
    brings: &'static str,
}

struct SchemeView {
    name: String,
    how: String,
}

#[derive(Template)]
#[template(path = "package/generated.rs.j2")]
struct GeneratedView<'a> {
    groups: Vec<GroupView<'a>>,
    has_group_features: bool,
}

#[derive(Template)]
#[template(path = "package/service.rs.j2")]
struct ServiceView {
    base_url: StrLit,
    token_url: StrLit,
    has_base_url: bool,
    has_server: bool,
    server: String,
}

/// Renders the Rust files that are laid out like the rendered operations and models.
pub(in crate::rust::render) fn render_code(
    package: &Package,
    api: &Api,
    names: &Names,
    options: &Options,
    texts: &mut Texts,
) -> Result<(), Box<RenderBug>> {
    let defaults = &package.defaults;
    let has_group_features = !package.features.is_empty();
    let mut intro = DocText::inner();
    intro.line(api, Some(&api.title));
    intro.text(api, api.description.as_deref());
    let logins = package.logins(api, names);
    let lib = LibView {
        intro,
        library: library(options),
        groups: package.groups(api, names),
        has_group_features,
        features: package.runtime_features().map(feature_view).collect(),
        calls: example(package, api, names),
        logins,
        has_base_url: defaults.base_url().is_some(),
        server_path: package.server_path(),
        schemes: api
            .schemes
            .iter()
            .map(|scheme| scheme_view(scheme, names))
            .collect(),
        servers: servers(api),
        has_uuid_feature: !package.needs_uuid,
    };
    texts.add("src/lib.rs", &[view(&lib, "src/lib.rs")?])?;
    let generated = GeneratedView {
        groups: package.groups(api, names),
        has_group_features,
    };
    let path = "src/generated.rs";
    texts.add(path, &[view(&generated, path)?])?;
    let service = ServiceView {
        base_url: StrLit::new(defaults.base_url().unwrap_or_default()),
        token_url: StrLit::new(defaults.token_url.as_str()),
        has_base_url: defaults.base_url().is_some(),
        has_server: !package.server_path().is_empty(),
        server: code(defaults.base_url().unwrap_or(package.server_path())),
    };
    let path = "src/service.rs";
    texts.add(path, &[view(&service, path)?])
}

fn feature_view((name, _): &(&'static str, &'static str)) -> FeatureView {
    let brings = BRINGS.iter().find(|(known, _)| known == name);
    FeatureView {
        name,
        is_default: embedded::DEFAULT_FEATURES.contains(name),
        brings: brings.map_or("", |(_, brings)| brings),
    }
}

/// One line of documentation for each server, if callers can choose: there are several, or one has
/// variables.
fn servers(api: &Api) -> Vec<String> {
    let has_choice = api.servers.len() > 1
        || api
            .servers
            .iter()
            .any(|server| !server.variables.is_empty());
    let all = api.servers.iter().filter(|_| has_choice);
    all.map(|server| {
        let mut line = code(&server.url);
        let description = inline(api, server.description.as_deref().unwrap_or_default());
        if !description.is_empty() {
            line.push_str(&format!(": {description}"));
        }
        for variable in &server.variables {
            let others = variable.values.iter();
            let others = others.filter(|value| **value != variable.default);
            let values = [&variable.default].into_iter().chain(others);
            let values: Vec<String> = values.map(|value| code(value)).collect();
            let (name, values) = (code(&variable.name), values.join(" or "));
            line.push_str(&format!(" ({name}: {values})"));
        }
        line
    })
    .collect()
}

fn scheme_view((name, scheme): (&String, &Scheme), names: &Names) -> SchemeView {
    let own = &names.schemes[name];
    let method = format!("[`ClientBuilder::{}`]", own.method);
    let source = format!("[`ClientBuilder::{}`]", own.source_method);
    let how = match &scheme.kind {
        SchemeKind::Bearer => format!("a token, set with {method} or, if it expires, {source}"),
        SchemeKind::OAuth2(_) => format!(
            "OAuth 2 with `ClientBuilder::login` (feature `oauth`), or a token, set with {method} or {source}"
        ),
        SchemeKind::Basic => format!("user name and password, set with {method}"),
        SchemeKind::ApiKey(..) => format!("an API key, set with {method}"),
        SchemeKind::Token(kind) => {
            let kind = code(kind);
            format!("the text after {kind} in the `Authorization` header, set with {method}")
        }
        SchemeKind::MutualTls => {
            "a client certificate, set with [`ClientBuilder::client_certificate`]".to_owned()
        }
    };
    SchemeView {
        name: code(name),
        how,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_the_runtime_is_described() {
        for (name, _) in embedded::FEATURES {
            assert!(!feature_view(&(name, "")).brings.is_empty(), "{name}");
        }
    }
}
