//! The parent of all rendered code: everything in the folder beside this file comes from
//! `cargo xtask regen`, nothing else in `src/` does.

#[rustfmt::skip]
pub mod models;
#[rustfmt::skip]
pub mod users;
