//! Prism as a validating proxy.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::sleep,
};

use crate::Failure;

/// How long Prism may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The running proxy. It ends with this value.
pub(crate) struct Prism {
    address: SocketAddr,
    _process: Child,
}

/// Starts Prism in front of a server.
pub(crate) async fn start(upstream: SocketAddr) -> Result<Prism, Failure> {
    let root = root();
    let program = root.join("target/tools/node/node_modules/.bin/prism");
    if !program.exists() {
        return Err("Prism is not installed: run `cargo xtask contract`, which installs it".into());
    }
    let address = free_address().await?;
    let log = root.join("target/tools/prism.log");
    let output = std::fs::File::create(&log)?;
    let mut process = Command::new(program)
        .args([
            "proxy",
            "spec/users-api.yaml",
            &format!("http://{upstream}"),
            "--errors",
        ])
        .args([
            "--host",
            &address.ip().to_string(),
            "--port",
            &address.port().to_string(),
        ])
        .current_dir(&root)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .kill_on_drop(true)
        .spawn()?;
    let mut waited = Duration::ZERO;
    while TcpStream::connect(address).await.is_err() {
        if let Some(status) = process.try_wait()? {
            return Err(format!("Prism ended with {status}; see {}", log.display()).into());
        }
        if waited > PATIENCE {
            return Err(format!("Prism does not listen; see {}", log.display()).into());
        }
        sleep(Duration::from_millis(100)).await;
        waited += Duration::from_millis(100);
    }
    Ok(Prism {
        address,
        _process: process,
    })
}

impl Prism {
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A port that was free a moment ago. Prism cannot be told to choose one and say which.
async fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?)
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
