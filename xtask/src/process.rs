//! Runs programs with limits of time and memory.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::root;

/// Resource limits of a program.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long it may run.
    pub timeout: Duration,
    /// How many seconds of processor time it may use, if the system can limit that. On a busy machine
    /// it is more reliable than `timeout`.
    pub cpu: Option<u64>,
    /// How many bytes of address space it may use, if the system can limit that.
    pub memory: u64,
    /// Whether the program `prlimit` is installed.
    pub has_prlimit: bool,
}

impl Limits {
    /// Limits of time and of bytes of address space.
    pub fn new(timeout: Duration, memory: u64) -> Self {
        Self {
            timeout,
            cpu: None,
            memory,
            has_prlimit: has_prlimit(),
        }
    }

    /// A command that runs the program within the memory limit.
    pub fn command(&self, program: &Path) -> Command {
        if !self.has_prlimit {
            return Command::new(program);
        }
        let mut command = Command::new("prlimit");
        command.arg(format!("--as={}", self.memory));
        if let Some(cpu) = self.cpu {
            // At the soft limit the signal names the reason (SIGXCPU); at the hard one it does not.
            command.arg(format!("--cpu={cpu}:{}", cpu + 5));
        }
        // Programs are expected to abort here; core dumps would fill the disk.
        command.arg("--core=0").arg("--").arg(program);
        command
    }

    /// Runs a command until it ends or reaches its time limit. Its output goes to files in `scratch`
    /// that start with `name`.
    ///
    /// # Errors
    /// When it cannot be started, or a file cannot be written.
    pub fn run(&self, scratch: &Path, name: &str, mut command: Command) -> std::io::Result<Ended> {
        let file = |what: &str| scratch.join(format!("{name}.{what}"));
        let (out, err) = (file("out"), file("err"));
        command
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&err)?);
        let start = Instant::now();
        let status = wait(command.spawn()?, start + self.timeout)?;
        let status = status.filter(|status| !is_out_of_time(*status));
        let elapsed = start.elapsed();
        let text = |path: &Path| {
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&fs::read(path)?).into_owned())
        };
        Ok(Ended {
            status,
            elapsed,
            out: text(&out)?,
            err: text(&err)?,
        })
    }
}

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// `None` if it reached a time limit.
    pub status: Option<ExitStatus>,
    /// How long it ran.
    pub elapsed: Duration,
    /// What it wrote to the standard output.
    pub out: String,
    /// What it wrote to the standard error.
    pub err: String,
}

/// Whether a program was killed because it reached its limit of processor time.
#[cfg(unix)]
fn is_out_of_time(status: ExitStatus) -> bool {
    const SIGXCPU: i32 = 24;
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGXCPU)
}

#[cfg(not(unix))]
fn is_out_of_time(_: ExitStatus) -> bool {
    false
}

/// Whether the program `prlimit` is installed.
fn has_prlimit() -> bool {
    let mut command = Command::new("prlimit");
    command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Waits for a program; `None` if it had to be killed.
fn wait(mut child: Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            // Fails if the program has ended meanwhile.
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Cargo, at the root of the workspace.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a program and reports a failure on the standard error.
pub fn run(command: &mut Command) -> bool {
    let trouble = match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => return true,
        Ok(status) => format!("ended with {status}"),
        Err(error) => format!("cannot be run: {error}"),
    };
    eprintln!("{}: {trouble}", command.get_program().to_string_lossy());
    false
}

/// The target folder of cargo.
pub fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR");
    root().join(named.map_or_else(|| "target".into(), PathBuf::from))
}

/// Builds sdkgen in a profile (`release`, `checked`) and returns the program's path.
///
/// # Errors
/// When it does not build.
pub fn build_sdkgen(profile: &str) -> Result<PathBuf, String> {
    let mut command = cargo();
    command.args([
        "build",
        "--quiet",
        "--package",
        "sdkgen",
        "--profile",
        profile,
    ]);
    if !run(&mut command) {
        return Err("sdkgen does not build".to_owned());
    }
    let name = format!("sdkgen{}", std::env::consts::EXE_SUFFIX);
    Ok(target().join(profile).join(name))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    fn processor_time_is_limited_where_it_can_be() {
        let mut limits = Limits::new(Duration::from_secs(120), 1 << 32);
        limits.cpu = Some(1);
        let mut command = limits.command(Path::new("sh"));
        command.args(["-c", "while :; do :; done"]);
        let scratch = tempfile::tempdir().unwrap();
        if limits.has_prlimit {
            let ended = limits.run(scratch.path(), "loop", command).unwrap();
            assert_eq!(ended.status, None);
            assert!(ended.elapsed < limits.timeout);
        }
    }

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    fn what_takes_too_long_is_ended() {
        let child = Command::new("sleep").arg("60").spawn().unwrap();
        let start = Instant::now();
        let status = wait(child, start + Duration::from_millis(50)).unwrap();
        assert_eq!(status, None);
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
