//! Commands that run other programs, in the order CI runs them.

use std::{fs, path::Path, process::Command};

use xtask::{
    process::{cargo, run},
    root,
};

/// Calls every operation through the SDK against Prism.
pub(crate) fn contract() -> bool {
    install_node_tools()
        && run(cargo().args([
            "run",
            "--quiet",
            "--package",
            "workspace-tests",
            "--bin",
            "contract",
        ]))
}

/// Validates the description with two independent validators.
pub(crate) fn validate() -> bool {
    install_node_tools()
        && install_python_tools()
        && run(program("target/tools/python/bin/openapi-spec-validator").arg("spec/users-api.yaml"))
        && run(program("target/tools/node/node_modules/.bin/redocly")
            .args(["lint", "--max-problems=50", "spec/users-api.yaml"])
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true"))
}

/// Runs everything that CI runs after the tests.
pub(crate) fn ci() -> bool {
    let features = |subcommand: &'static str, features: &'static str| {
        let mut command = cargo();
        command.args([
            subcommand,
            "--package",
            "genesys-cloud-users",
            "--no-default-features",
        ]);
        command.args(["--features", features]);
        command
    };
    let mut doc = cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--all-features"])
        .env("RUSTDOCFLAGS", "-D warnings");
    let steps: [(&str, &mut dyn FnMut() -> bool); 10] = [
        ("format", &mut || {
            run(cargo().args(["fmt", "--all", "--check"]))
        }),
        ("clippy", &mut || {
            run(cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ]))
        }),
        ("documentation", &mut || run(&mut doc)),
        ("features", &mut || {
            // The tests without features, and each feature alone.
            run(&mut features("test", ""))
                && [
                    "blocking",
                    "gzip",
                    "mock",
                    "native-tls",
                    "oauth",
                    "tracing",
                    "uuid",
                ]
                .into_iter()
                .all(|feature| run(&mut features("check", feature)))
        }),
        ("regen --check", &mut || {
            run(cargo().args(["xtask", "regen", "--check"]))
        }),
        ("goldens --check", &mut || {
            run(cargo().args(["xtask", "goldens", "--check"]))
        }),
        ("a crate of its own", &mut crate::standalone::standalone),
        ("validators", &mut validate),
        ("contract", &mut contract),
        ("packages", &mut || {
            // Uncommitted changes are packaged too.
            run(cargo().args([
                "package",
                "--package",
                "sdkgen",
                "--package",
                "genesys-cloud-users",
                "--allow-dirty",
            ]))
        }),
    ];
    for (name, step) in steps {
        println!("==> {name}");
        if !step() {
            eprintln!("==> {name} failed");
            return false;
        }
    }
    true
}

/// Prism and Redocly, at the versions of the committed lock file.
fn install_node_tools() -> bool {
    install("node", "tests/tools/package-lock.json", |folder| {
        fs::copy(
            root().join("tests/tools/package.json"),
            folder.join("package.json"),
        )
        .is_ok()
            && fs::copy(
                root().join("tests/tools/package-lock.json"),
                folder.join("package-lock.json"),
            )
            .is_ok()
            && run(Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(folder))
    })
}

/// openapi-spec-validator, at the versions of the committed list.
fn install_python_tools() -> bool {
    install("python", "tests/tools/requirements.txt", |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))
            && run(Command::new(folder.join("bin/pip"))
                .args([
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--requirement",
                ])
                .arg(root().join("tests/tools/requirements.txt")))
    })
}

/// Installs into `target/tools/NAME` unless the same list is installed there already.
fn install(name: &str, list: &str, install: impl FnOnce(&Path) -> bool) -> bool {
    let folder = root().join("target/tools").join(name);
    let stamp = folder.join("installed-from");
    let Ok(wanted) = fs::read_to_string(root().join(list)) else {
        eprintln!("cannot read {list}");
        return false;
    };
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return true;
    }
    println!("installing the {name} tools of {list} into target/tools");
    if let Err(error) = fs::create_dir_all(&folder) {
        eprintln!("cannot create {}: {error}", folder.display());
        return false;
    }
    install(&folder) && fs::write(&stamp, wanted).is_ok()
}

fn program(path: &str) -> Command {
    let mut command = Command::new(root().join(path));
    command.current_dir(root());
    command
}
