//! Code specific to Genesys Cloud: regions, logins, the error body, the configuration file.

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
