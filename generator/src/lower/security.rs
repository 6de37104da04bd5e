//! Servers and security schemes.

use indexmap::IndexMap;

use crate::{
    diagnostics::{Code, Diagnostic, Sink},
    model::{ParameterPlace, Scheme, SchemeKind, Security, Server, ServerVariable},
    openapi::{ParameterIn, Pointer},
    spec::{self, Requirement, SecuritySchemeKind, Spec},
};

/// The servers, as declared.
pub(super) fn servers(declared: &[spec::Server]) -> Vec<Server> {
    declared.iter().map(server).collect()
}

/// The absolute URL of the first server; a relative one is resolved against `base`.
pub(super) fn first_url(declared: &[spec::Server], base: Option<&str>) -> Option<String> {
    let url = server(declared.first()?).default_url();
    let url = url.trim_end_matches('/');
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url.to_owned());
    }
    let base = base?;
    let authority = base.find("://")? + "://".len();
    let end = base[authority..]
        .find('/')
        .map_or(base.len(), |at| authority + at);
    let is_path = url.starts_with('/') && !url.starts_with("//") || url.is_empty();
    is_path.then(|| format!("{}{url}", &base[..end]))
}

/// The security schemes by name.
pub(super) fn schemes(spec: &Spec) -> IndexMap<String, Scheme> {
    let declared = spec.security_schemes.iter();
    let mut schemes: IndexMap<String, Scheme> = declared
        .map(|(name, scheme)| (name.clone(), lowered(scheme)))
        .collect();
    schemes.sort_unstable_keys();
    schemes
}

/// Reports requirements that name unknown schemes.
pub(super) fn report_unknown(
    declared: &[Requirement],
    known: &IndexMap<String, Scheme>,
    at: &Pointer,
    sink: &mut Sink,
) {
    for (index, requirement) in declared.iter().enumerate() {
        for name in requirement.keys().filter(|name| !known.contains_key(*name)) {
            let message =
                format!("`{name}` is not a declared security scheme; the requirement is ignored");
            let at = at.join("security").join(index.to_string()).join(name);
            let diagnostic = Diagnostic::new(Code::LeftOut, message)
                .help("declare it under `components/securitySchemes`");
            sink.at(&at, diagnostic);
        }
    }
}

/// Requirements as alternatives of schemes, without those of unknown schemes, which were reported.
pub(super) fn security(declared: &[Requirement], known: &IndexMap<String, Scheme>) -> Security {
    let alternatives = declared.iter().map(|requirement| {
        let mut names: Vec<String> = requirement.keys().cloned().collect();
        names.sort_unstable();
        names
    });
    alternatives
        .filter(|names| names.iter().all(|name| known.contains_key(name)))
        .collect()
}

fn server(declared: &spec::Server) -> Server {
    let variables = declared.variables.iter().map(|variable| ServerVariable {
        name: variable.name.clone(),
        default: variable.default.clone(),
        values: variable.values.clone(),
        description: variable.description.clone(),
    });
    let mut variables: Vec<ServerVariable> = variables.collect();
    // In the order of the URL; those that it does not contain follow by name.
    variables.sort_by_cached_key(|variable| {
        let place = declared.url.find(&format!("{{{}}}", variable.name));
        (place.unwrap_or(usize::MAX), variable.name.clone())
    });
    Server {
        url: declared.url.clone(),
        description: declared.description.clone(),
        variables,
    }
}

fn lowered(scheme: &spec::SecurityScheme) -> Scheme {
    let kind = match &scheme.kind {
        SecuritySchemeKind::ApiKey { place, name } => {
            let place = match place {
                ParameterIn::Query => ParameterPlace::Query,
                ParameterIn::Cookie => ParameterPlace::Cookie,
                ParameterIn::Header | ParameterIn::Path => ParameterPlace::Header,
            };
            SchemeKind::ApiKey(place, name.clone())
        }
        SecuritySchemeKind::Http(scheme) => match scheme.to_ascii_lowercase().as_str() {
            "basic" => SchemeKind::Basic,
            "bearer" => SchemeKind::Bearer,
            "mutual-tls" => SchemeKind::MutualTls,
            _ => SchemeKind::Token(scheme.clone()),
        },
        SecuritySchemeKind::OAuth2(flows) => {
            let with_token = [
                &flows.client_credentials,
                &flows.authorization_code,
                &flows.password,
            ];
            let url = with_token
                .into_iter()
                .flatten()
                .map(|flow| &flow.token_url)
                .next();
            SchemeKind::OAuth2(url.filter(|url| !url.is_empty()).cloned())
        }
        SecuritySchemeKind::OpenIdConnect(_) => SchemeKind::OAuth2(None),
    };
    Scheme {
        kind,
        description: scheme.description.clone(),
    }
}
