//! Chooses every identifier of the output. No other module does.
//!
//! Identifiers depend on wire names only, never on their order in the description. Components choose
//! before the types that are declared inside them, so that adding a schema renames nothing unless it
//! takes a name that is in use, which is reported.

mod features;
mod reserved;
mod scope;
mod words;

use std::collections::{BTreeMap, HashSet};

pub(crate) use features::features;
use reserved::{
    ADDITIONAL, RESERVED_ARGUMENTS, RESERVED_BUILDER_METHODS, RESERVED_FIELDS, RESERVED_GROUPS,
    RESERVED_MODULES, RESERVED_PAGED_SETTERS, RESERVED_SETTERS, RESERVED_TYPES, UNRECOGNIZED,
};
pub use scope::Ident;
pub(crate) use scope::is_free;
use scope::{Scope, composed};

use crate::{
    config::{self, Config},
    diagnostics::{Code, Diagnostic, Sink},
    model::{Api, Operation, Owner, Scalar, ScalarValue, Struct, TypeDef, TypeId, TypeKind},
    openapi::Pointer,
};

/// The names of an API.
#[derive(Debug, Default)]
pub struct Names {
    /// Names of types.
    pub types: BTreeMap<TypeId, Ident>,
    /// Names of the fields of structs, in the order of the fields.
    pub fields: BTreeMap<TypeId, Vec<FieldNames>>,
    /// Names of the variants of enums, in the order of the values.
    pub variants: BTreeMap<TypeId, Vec<Ident>>,
    /// Names of the modules of components and operations.
    pub modules: BTreeMap<Owner, Ident>,
    /// Names of groups, by tag.
    pub groups: BTreeMap<String, GroupNames>,
    /// Names of operations, by ID.
    pub operations: BTreeMap<String, OperationNames>,
    /// Names of security schemes, by their name in the description.
    pub schemes: BTreeMap<String, SchemeNames>,
}

/// The names of a property.
#[derive(Clone, Debug)]
pub struct FieldNames {
    /// The field.
    pub field: Ident,
    /// The method that sets it.
    pub setter: Ident,
    /// The method that sets it to an explicit null.
    pub null_setter: Ident,
}

/// The names of a group.
#[derive(Clone, Debug)]
pub struct GroupNames {
    /// The module, and the client's method.
    pub module: Ident,
    /// The type.
    pub ty: Ident,
}

/// The names of a security scheme.
#[derive(Clone, Debug)]
pub struct SchemeNames {
    /// The constant.
    pub constant: Ident,
    /// The method of the client's builder that sets a credential.
    pub method: Ident,
    /// The method of the client's builder that sets a source of tokens.
    pub source_method: Ident,
}

/// The names of an operation.
#[derive(Clone, Debug)]
pub struct OperationNames {
    /// The method, and its module.
    pub method: Ident,
    /// The request type.
    pub request: Ident,
    /// The arguments and setters, in the order of the parameters.
    pub parameters: Vec<Ident>,
    /// The argument or setter of the body.
    pub body: Ident,
}

/// Chooses all names. Reports those that had to be changed.
pub fn decide(api: &Api, config: &Config, sink: &mut Sink) -> Names {
    let mut naming = Naming {
        names: Names::default(),
        config,
        sink,
    };
    naming.groups(api);
    naming.operations(api);
    naming.types(api);
    naming.schemes(api);
    naming.names
}

struct Naming<'a> {
    names: Names,
    config: &'a Config,
    sink: &'a mut Sink,
}

impl Naming<'_> {
    fn groups(&mut self, api: &Api) {
        let mut modules = Scope::reserving(RESERVED_GROUPS);
        for module in RESERVED_MODULES {
            modules.take(module);
        }
        let mut types = Scope::reserving(RESERVED_TYPES);
        for group in &api.groups {
            let (module, clash) = modules.take(&words::file(&group.tag));
            if clash {
                report_renamed(
                    self.sink,
                    &Pointer::root().join("tags"),
                    "tag",
                    &group.tag,
                    &module,
                );
            }
            let ty = types.take(&words::camel(&group.tag)).0;
            self.names
                .groups
                .insert(group.tag.clone(), GroupNames { module, ty });
        }
    }

    fn operations(&mut self, api: &Api) {
        let mut scopes: BTreeMap<&str, (Scope, Scope)> = BTreeMap::new();
        for (operation, _) in exact_first(&api.operations, |op| op.id.as_str(), words::snake) {
            let (methods, types) = scopes.entry(operation.tag.as_str()).or_insert_with(|| {
                let group = self.names.groups[&operation.tag].ty.bare().to_owned();
                let mut types = Scope::reserving(RESERVED_TYPES);
                types.take(&group);
                let mut methods = Scope::reserving(RESERVED_MODULES);
                methods.take("clone");
                (methods, types)
            });
            let chosen = self.config.operation_name(&operation.id);
            let wanted = chosen.unwrap_or(&operation.id);
            let (method, clash) = methods.take(&words::file(wanted));
            let request = types.take(&words::camel(wanted)).0;
            if let Some(chosen) = chosen {
                require_chosen(
                    chosen,
                    &method,
                    ("rename.operations", &operation.id),
                    self.config,
                    self.sink,
                );
            }
            if clash && chosen.is_none() {
                report_renamed(
                    self.sink,
                    &operation.pointer,
                    "operation",
                    &operation.id,
                    &method,
                );
            }
            let (parameters, body) = self.parameters(operation);
            let names = OperationNames {
                method: method.clone(),
                request,
                parameters,
                body,
            };
            self.names.operations.insert(operation.id.clone(), names);
            self.names
                .modules
                .insert(Owner::Operation(operation.id.clone()), method);
        }
    }

    fn parameters(&mut self, operation: &Operation) -> (Vec<Ident>, Ident) {
        let mut scope = Scope::reserving(RESERVED_SETTERS);
        for argument in RESERVED_ARGUMENTS {
            scope.take(argument);
        }
        if operation.pagination.is_some() {
            for setter in RESERVED_PAGED_SETTERS {
                scope.take(setter);
            }
        }
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let (ident, clash) = scope.take(&words::snake(&parameter.name));
            if clash {
                report_renamed(
                    self.sink,
                    &parameter.pointer,
                    "parameter",
                    &parameter.name,
                    &ident,
                );
            }
            parameters.push(ident);
        }
        let (body, clash) = scope.take("body");
        if clash && operation.body.is_some() {
            report_renamed(
                self.sink,
                &operation.pointer.join("requestBody"),
                "request",
                "body",
                &body,
            );
        }
        (parameters, body)
    }

    fn types(&mut self, api: &Api) {
        // Types of an operation share a scope with its group, all others share one scope.
        let mut models = Scope::reserving(RESERVED_TYPES);
        let mut modules = Scope::reserving(RESERVED_MODULES);
        let mut by_group: BTreeMap<String, Scope> = BTreeMap::new();
        for (tag, group) in &self.names.groups {
            let scope = by_group
                .entry(tag.clone())
                .or_insert_with(|| Scope::reserving(RESERVED_TYPES));
            scope.take(group.ty.bare());
        }
        let tags: BTreeMap<&str, &str> = api
            .operations
            .iter()
            .map(|op| (op.id.as_str(), op.tag.as_str()))
            .collect();
        for operation in &api.operations {
            if let Some(scope) = by_group.get_mut(&operation.tag) {
                scope.take(self.names.operations[&operation.id].request.bare());
            }
        }
        let with_wanted = |(id, definition)| (id, definition, wanted_type(definition));
        let mut sorted: Vec<(&TypeId, &TypeDef, String)> =
            api.types.iter().map(with_wanted).collect();
        let is_schema = |id: &TypeId| id.0.tokens().nth(1) == Some("schemas");
        sorted.sort_by_cached_key(|(id, definition, wanted)| {
            let exact = definition.words.concat() == *wanted;
            (definition.words.len(), !is_schema(id), !exact, *id)
        });
        for (id, definition, wanted) in sorted {
            let path = config::key(&definition.words);
            let scope = match &definition.owner {
                Owner::Component(_) => &mut models,
                Owner::Operation(operation) => {
                    let tag = tags.get(operation.as_str()).copied().unwrap_or_default();
                    by_group.entry(tag.to_owned()).or_default()
                }
            };
            let chosen = self.config.type_name(&path);
            let (ident, clash) = scope.take(chosen.unwrap_or(&wanted));
            if let Some(chosen) = chosen {
                require_chosen(
                    chosen,
                    &ident,
                    ("rename.types", &path),
                    self.config,
                    self.sink,
                );
            } else if clash {
                report_renamed(self.sink, &id.0, "type", &path, &ident);
            }
            if let Owner::Component(name) = &definition.owner
                && !self.names.modules.contains_key(&definition.owner)
            {
                let module = modules.take(&words::file(name)).0;
                self.names.modules.insert(definition.owner.clone(), module);
            }
            match &definition.kind {
                TypeKind::Struct(structure) => self.fields(id, definition, structure),
                TypeKind::Enum(values) => self.variants(id, values),
                TypeKind::ScalarEnum(values) => {
                    let names: Vec<String> = values.iter().map(scalar_name).collect();
                    self.variants(id, &names);
                }
                TypeKind::Union(union) => {
                    let names = union.variants.iter().map(|variant| variant.name.clone());
                    self.variants(id, &names.collect::<Vec<_>>());
                }
                TypeKind::Responses(responses) => {
                    let responses = responses.responses.iter();
                    let names = responses.map(|response| status_name(&response.status));
                    self.variants(id, &names.collect::<Vec<_>>());
                }
                TypeKind::Alias(_) | TypeKind::Newtype(_) => {}
            }
            self.names.types.insert(id.clone(), ident);
        }
    }

    fn schemes(&mut self, api: &Api) {
        let mut constants = Scope::reserving(&["REQUIRED"]);
        let mut methods = Scope::reserving(RESERVED_BUILDER_METHODS);
        for name in api.schemes.keys() {
            let snake = words::snake(name);
            let method = match RESERVED_BUILDER_METHODS.contains(&snake.as_str()) {
                true => format!("{snake}_credential"),
                false => snake.clone(),
            };
            let names = SchemeNames {
                constant: constants.take(&snake.to_uppercase()).0,
                source_method: methods.take(&format!("{method}_source")).0,
                method: methods.take(&method).0,
            };
            self.names.schemes.insert(name.clone(), names);
        }
    }

    fn fields(&mut self, id: &TypeId, definition: &TypeDef, structure: &Struct) {
        let mut fields = Scope::reserving(RESERVED_FIELDS);
        if structure.additional.is_some() {
            fields.take(ADDITIONAL);
        }
        let mut methods = Scope::reserving(&["new"]);
        let mut named: BTreeMap<&str, FieldNames> = BTreeMap::new();
        let fields_in_order =
            exact_first(&structure.fields, |field| field.wire.as_str(), words::snake);
        for (field, derived) in fields_in_order {
            let path = format!("{}.{}", config::key(&definition.words), field.wire);
            let chosen = self.config.property_name(&path);
            let (ident, clash) = fields.take(chosen.unwrap_or(&derived));
            if let Some(chosen) = chosen {
                require_chosen(
                    chosen,
                    &ident,
                    ("rename.properties", &path),
                    self.config,
                    self.sink,
                );
            } else if clash {
                let at = id.0.join_all(["properties", field.wire.as_str()]);
                report_renamed(self.sink, &at, "property", &field.wire, &ident);
            }
            let names = FieldNames {
                setter: methods.take(&format!("with_{}", ident.bare())).0,
                null_setter: methods.take(&format!("with_null_{}", ident.bare())).0,
                field: ident,
            };
            named.insert(&field.wire, names);
        }
        let in_order = structure
            .fields
            .iter()
            .map(|field| named[field.wire.as_str()].clone());
        self.names.fields.insert(id.clone(), in_order.collect());
    }

    fn variants(&mut self, id: &TypeId, values: &[String]) {
        let mut scope = Scope::reserving(&[UNRECOGNIZED]);
        let numbered: Vec<(usize, &String)> = values.iter().enumerate().collect();
        let mut named: BTreeMap<usize, Ident> = BTreeMap::new();
        // A variant that is spelt like a value is that value, even if casing would make it another's name.
        let cased: HashSet<String> = values.iter().map(|value| words::camel(value)).collect();
        let case = |value: &str| match cased.contains(value) {
            true => value.to_owned(),
            false => words::camel(value),
        };
        for ((index, value), wanted) in exact_first(&numbered, |(_, value)| value, case) {
            let (ident, clash) = scope.take(&wanted);
            if clash {
                report_renamed(self.sink, &id.0, "value", value, &ident);
            }
            named.insert(*index, ident);
        }
        let in_order = named.into_values();
        self.names.variants.insert(id.clone(), in_order.collect());
    }
}

/// The name of a value of an enum that is not (only) of strings.
fn scalar_name(value: &ScalarValue) -> String {
    match (&value.name, &value.value) {
        (Some(name), _) => name.clone(),
        (None, Scalar::Text(text)) => text.clone(),
        (None, Scalar::Integer(number)) => number.to_string(),
        (None, Scalar::Number(number)) => number.to_string(),
        (None, Scalar::Bool(value)) => value.to_string(),
    }
}

/// The name of a status or a range of statuses.
fn status_name(status: &str) -> String {
    let code = status.parse().ok();
    let code = code.and_then(|code: u16| http::StatusCode::from_u16(code).ok());
    if let Some(reason) = code.and_then(|code| code.canonical_reason()) {
        return reason.to_lowercase();
    }
    match status {
        "default" => "other".to_owned(),
        "2XX" => "success".to_owned(),
        "3XX" => "redirect".to_owned(),
        "4XX" => "client error".to_owned(),
        "5XX" => "server error".to_owned(),
        status => format!("status {status}"),
    }
}

/// Sorts items into the order in which they choose their names: first those whose wire name already
/// has Rust's casing, then by wire name, so that the order of the description does not matter. Each
/// comes with its name in Rust's casing.
fn exact_first<'a, T>(
    items: impl IntoIterator<Item = &'a T>,
    name: impl Fn(&T) -> &str,
    case: impl Fn(&str) -> String,
) -> Vec<(&'a T, String)> {
    let cased = |item: &'a T| (item, case(name(item)));
    let mut sorted: Vec<_> = items.into_iter().map(cased).collect();
    sorted.sort_by(|(one, wanted), (other, other_wanted)| {
        let rank = |item, wanted: &str| (name(item) != wanted, name(item));
        rank(one, wanted).cmp(&rank(other, other_wanted))
    });
    sorted
}

fn wanted_type(definition: &TypeDef) -> String {
    let words = &definition.words;
    let mut wanted: Vec<String> = Vec::new();
    for word in words {
        if word == crate::model::ITEM {
            if let Some(last) = wanted.pop() {
                wanted.push(words::singular(&last));
            }
        } else {
            wanted.push(word.clone());
        }
    }
    words::camel(&wanted.join(" "))
}

/// Reports a name of the configuration that could not be used unchanged.
fn require_chosen(
    chosen: &str,
    ident: &Ident,
    entry: (&str, &str),
    config: &Config,
    sink: &mut Sink,
) {
    if ident.bare() != composed(chosen) {
        let message = format!("`{chosen}` is in use or is not a valid Rust name");
        config.misfit(entry.0, entry.1, message, sink);
    }
}

fn report_renamed(sink: &mut Sink, at: &Pointer, what: &str, wire: &str, ident: &Ident) {
    let message = format!("the {what} `{wire}` is renamed to `{ident}`: its own name is in use");
    let diagnostic = Diagnostic::new(Code::Renamed, message);
    let section = match what {
        "type" => "types",
        "property" => "properties",
        "operation" => "operations",
        // The configuration cannot rename parameters and values.
        _ => return sink.at(at, diagnostic),
    };
    let help = format!("choose another name under `[rename.{section}]` in the configuration");
    sink.at(at, diagnostic.help(help));
}
