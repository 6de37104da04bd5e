//! Renders the reference page: a table of all operations.

use askama::Template;

use super::{
    Files, Options, RenderBug, bug,
    doc::{code, code_in_cell, inline},
    view,
};
use crate::{
    model::{Api, Operation},
    output::RelativePath,
    rust::names::Names,
};

#[derive(Template)]
#[template(path = "reference.md.j2")]
struct ReferenceView<'a> {
    title: String,
    crate_name: String,
    groups: Vec<GroupView<'a>>,
}

struct GroupView<'a> {
    module: &'a str,
    rows: Vec<RowView>,
}

struct RowView {
    signature: String,
    request: String,
    permissions: String,
    deprecated: bool,
}

/// Renders the page.
pub(super) fn render(
    api: &Api,
    names: &Names,
    options: &Options,
    files: &mut Files,
) -> Result<(), Box<RenderBug>> {
    let groups = api.groups.iter().map(|group| GroupView {
        module: names.groups[&group.tag].module.bare(),
        rows: api
            .operations
            .iter()
            .filter(|operation| operation.tag == group.tag)
            .map(|operation| row(operation, names))
            .collect(),
    });
    let page = ReferenceView {
        title: inline(api, &api.title),
        crate_name: code(&options.crate_name),
        groups: groups.collect(),
    };
    let name = "docs/reference.md";
    let path = RelativePath::new(name).map_err(|message| bug(name, message))?;
    let text = view(&page, name)?;
    files.insert(path, format!("{}\n", text.trim_end()));
    Ok(())
}

fn row(operation: &Operation, names: &Names) -> RowView {
    let own = &names.operations[&operation.id];
    let mut arguments: Vec<&str> = operation
        .parameters
        .iter()
        .zip(&own.parameters)
        .filter(|(parameter, _)| parameter.required)
        .map(|(_, name)| name.bare())
        .collect();
    if operation.body.as_ref().is_some_and(|body| body.required) {
        arguments.push(own.body.bare());
    }
    let permissions = match &operation.permissions {
        None => String::new(),
        Some(permissions) => {
            let join = if permissions.all { " and " } else { " or " };
            let quoted = permissions.names.iter().map(|name| code_in_cell(name));
            let quoted: Vec<String> = quoted.collect();
            quoted.join(join)
        }
    };
    RowView {
        signature: format!("{}({})", own.method.bare(), arguments.join(", ")),
        request: code_in_cell(&format!("{} {}", operation.method, operation.path)),
        permissions,
        deprecated: operation.deprecated,
    }
}
