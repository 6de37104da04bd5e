//! The project's own commands. Thin: each calls a library or another program.

fn main() {}
