use std::time::Duration;

use super::*;
use crate::Region;

mod refused;

const INI: &str = r#"
# Everything there is.
[general]
host = https://api.euw2.pure.cloud
live_reload_config = False

[logging]
log_level = Trace
log_format=json
log_to_console = TRUE
log_file_path = '/var/log/a b.log'
log_request_body = false
log_response_body = true

[retry]
retry_wait_min = 1
retry_wait_max = 20
retry_max = 4

[reauthentication]
refresh_access_token = true
refresh_token_wait_max = 10

[gateway]
host = gateway.example.com
protocol = https
port = 8443
path_params_login = cloud/login/
path_params_api = /cloud/api
username = g-user
password = " g-s3cret "

[proxy]
host = [2001:db8::1]
protocol = http
port = 3128
auth-username = p-user
auth-password = p@s3cret

[mtls]
cert_path = client.pem
key_content = -----BEGIN PRIVATE KEY-----\nMIs3cret\n-----END PRIVATE KEY-----\n
ca_path = /etc/ca.pem
"#;

const JSON: &str = r#"
{
    "general": { "host": "https://api.euw2.pure.cloud", "live_reload_config": false },
    "logging": {
        "log_level": "trace",
        "log_format": "json",
        "log_to_console": true,
        "log_file_path": "/var/log/a b.log",
        "log_request_body": false,
        "log_response_body": "true"
    },
    "retry": { "retry_wait_min": 1, "retry_wait_max": "20", "retry_max": 4 },
    "reauthentication": { "refresh_access_token": true, "refresh_token_wait_max": 10 },
    "gateway": {
        "host": "gateway.example.com",
        "protocol": "https",
        "port": 8443,
        "path_params_login": "cloud/login/",
        "path_params_api": "/cloud/api",
        "username": "g-user",
        "password": " g-s3cret "
    },
    "proxy": {
        "host": "[2001:db8::1]",
        "protocol": "http",
        "port": "3128",
        "auth": { "username": "p-user", "password": "p@s3cret" }
    },
    "mtls": {
        "cert_path": "client.pem",
        "key_content": "-----BEGIN PRIVATE KEY-----\nMIs3cret\n-----END PRIVATE KEY-----\n",
        "ca_path": "/etc/ca.pem"
    }
}
"#;

fn read(text: &str) -> Config {
    parse(text, Path::new("/c")).unwrap()
}

#[test]
fn reads_every_setting() {
    let config = read(INI);
    let expected = Config {
        host: Some(Host::Region(Region::EuWest2)),
        access_token: None,
        client_id: None,
        client_secret: None,
        retry: RetryConfig {
            wait_min: Some(Duration::from_secs(1)),
            wait_max: Some(Duration::from_secs(20)),
            max: Some(4),
        },
        reauthentication: ReauthenticationConfig {
            refresh_access_token: Some(true),
            refresh_token_wait_max: Some(Duration::from_secs(10)),
        },
        gateway: GatewayConfig {
            host: Some("gateway.example.com".to_owned()),
            protocol: Some(Protocol::Https),
            port: Some(8443),
            path_params_login: Some("cloud/login/".to_owned()),
            path_params_api: Some("/cloud/api".to_owned()),
            username: Some("g-user".to_owned()),
            password: Some(" g-s3cret ".into()),
        },
        proxy: ProxyConfig {
            host: Some("[2001:db8::1]".to_owned()),
            protocol: Some(Protocol::Http),
            port: Some(3128),
            username: Some("p-user".to_owned()),
            password: Some("p@s3cret".into()),
        },
        mtls: MtlsConfig {
            certificate: Some(Pem::File("client.pem".into())),
            key: Some(Pem::Text(
                "-----BEGIN PRIVATE KEY-----\nMIs3cret\n-----END PRIVATE KEY-----\n".into(),
            )),
            authorities: Some(Pem::File("/etc/ca.pem".into())),
        },
        logging: LoggingConfig {
            level: Some(LogLevel::Trace),
            format: Some(LogFormat::Json),
            to_console: Some(true),
            file_path: Some("/var/log/a b.log".into()),
            request_body: Some(false),
            response_body: Some(true),
        },
        live_reload_config: Some(false),
    };
    assert_eq!(config, expected);
}

#[test]
fn ini_and_json_give_the_same() {
    assert_eq!(read(INI), read(JSON));
    assert_eq!(read(&INI.replace('\n', "\r\n")), read(JSON));
    assert_eq!(read(&format!("\u{feff}{INI}")), read(JSON));
    assert_eq!(read(&format!("\u{feff}{JSON}")), read(JSON));
}

#[test]
fn empty_files_sections_and_values_set_nothing() {
    for text in [
        "",
        "\n# nothing\n",
        "[retry]\n[gateway]\nport =\npassword = \"\"\n",
        "{}",
        r#"{"retry": {}, "gateway": {"port": "", "password": ""}}"#,
    ] {
        assert_eq!(read(text), Config::default(), "{text}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let shown = format!("{:?}", read(INI));
    assert!(
        shown.contains("p-user") && !shown.contains("s3cret"),
        "{shown}"
    );
}

#[test]
fn urls_are_put_together() {
    let Config { gateway, proxy, .. } = read(INI);
    assert_eq!(
        gateway.api_url().unwrap(),
        "https://gateway.example.com:8443/cloud/api"
    );
    assert_eq!(
        gateway.login_url().unwrap(),
        "https://gateway.example.com:8443/cloud/login"
    );
    let url = proxy.url().unwrap();
    assert_eq!(
        url.expose(),
        "http://p%2Duser:p%40s3cret@[2001:db8::1]:3128"
    );
    let bare = read("[gateway]\nhost = g\n[proxy]\nhost = p\nauth-password = x");
    assert_eq!(bare.gateway.api_url().unwrap(), "https://g");
    assert_eq!(bare.proxy.url().unwrap().expose(), "http://p");
    assert_eq!(Config::default().gateway.login_url(), None);
    assert_eq!(Config::default().proxy.url(), None);
}

#[test]
fn what_is_laid_over_wins_where_it_is_set() {
    let below = read(INI);
    assert_eq!(below.clone().overlaid_by(Config::default()), below);
    assert_eq!(Config::default().overlaid_by(below.clone()), below);
    let above = Config {
        host: Some(Host::Region(Region::ApSouth1)),
        access_token: Some("t".into()),
        client_id: Some("c".to_owned()),
        client_secret: Some("s".into()),
        live_reload_config: Some(true),
        ..read(
            "[retry]\nretry_max = 9\n[gateway]\nport = 1\n[proxy]\nport = 2\n\
             [mtls]\nkey_path = k\n[logging]\nlog_level = none\n\
             [reauthentication]\nrefresh_access_token = false",
        )
    };
    let both = below.clone().overlaid_by(above.clone());
    let mut expected = below;
    expected.host = above.host;
    expected.access_token = above.access_token;
    expected.client_id = above.client_id;
    expected.client_secret = above.client_secret;
    expected.live_reload_config = Some(true);
    expected.retry.max = Some(9);
    expected.gateway.port = Some(1);
    expected.proxy.port = Some(2);
    expected.mtls.key = Some(Pem::File("k".into()));
    expected.logging.level = Some(LogLevel::None);
    expected.reauthentication.refresh_access_token = Some(false);
    assert_eq!(both, expected);
}

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("config-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.0.join("config");
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn reads_files() {
    let folder = Folder::new("files");
    let path = folder.file(INI.as_bytes());
    assert_eq!(Config::from_file(&path).unwrap(), read(INI));
    let path = folder.file(b"[retry]\n\nretry_max = \xff");
    let error = Config::from_file(&path).unwrap_err().to_string();
    assert_eq!(error, format!("{}:3: not UTF-8 text", path.display()));
}

#[test]
fn the_environment_wins_over_the_default_file() {
    let folder = Folder::new("load");
    let path = folder.file(INI.as_bytes());
    let variable = |name: &str| (name == "GENESYSCLOUD_REGION").then(|| "us_west_2".into());
    let expected = Config {
        host: Some(Host::Region(Region::UsWest2)),
        ..read(INI)
    };
    assert_eq!(Config::load_from(Some(path), variable).unwrap(), expected);
}

#[test]
fn only_the_default_file_may_be_missing() {
    let load = |path| Config::load_from(path, |_| None);
    let folder = Folder::new("missing");
    let missing = folder.0.join("a").join("config");
    let error = Config::from_file(&missing).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot read {}: ", missing.display())),
        "{error}"
    );
    assert_eq!(load(Some(missing)).unwrap(), Config::default());
    assert_eq!(load(None).unwrap(), Config::default());
    // There, but no file.
    assert!(load(Some(folder.0.clone())).is_err());
}

#[test]
fn the_default_file_is_below_the_home_folder() {
    if let Some(path) = Config::default_path() {
        assert!(
            path.ends_with(".genesyscloudrust/config"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn pem_comes_from_where_it_is() {
    let folder = Folder::new("pem");
    let file = Pem::File(folder.file(b"in the file"));
    assert_eq!(file.read().unwrap().expose(), "in the file");
    assert_eq!(Pem::Text("here".into()).read().unwrap().expose(), "here");
    let error = Pem::File(folder.0.join("none")).read().unwrap_err();
    assert!(error.to_string().contains("none: "), "{error}");
}
