//! The vocabulary of OpenAPI: pointers, references, kinds of components, methods, statuses, parameter
//! locations and styles, path templates, and the keywords of every object. It imports nothing.

mod component;
pub(crate) mod keywords;
mod method;
mod parameter;
pub(crate) mod path_template;
mod pointer;
pub(crate) mod reference;
pub(crate) mod spelling;
mod status;

pub(crate) use component::ComponentKind;
pub(crate) use method::Method;
pub(crate) use parameter::{ParameterIn, Style, is_reserved_header};
pub use pointer::Pointer;
pub(crate) use status::Status;
