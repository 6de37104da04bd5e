//! Structure-aware mutation of OpenAPI documents, and checks of what sdkgen does with the mutants.

pub mod case;
pub mod checks;
pub mod exercise;
pub mod find;
pub mod lines;
pub mod mutate;
pub mod settings;
pub mod shrink;
pub mod texts;
pub mod tree;
