//! What is particular to Genesys Cloud: its regions, its logins, its error body, its
//! configuration file.

mod client;
mod config;
mod error;
mod login;
mod region;

pub use config::{
    Config, GatewayConfig, Host, LogFormat, LogLevel, LoggingConfig, MtlsConfig, Pem, Protocol,
    ProxyConfig, ReauthenticationConfig, RetryConfig,
};
pub use region::{Region, UnknownRegion};
