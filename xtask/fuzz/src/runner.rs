//! Runs cases in parallel, each with its own seed, and collects their finds.

use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use sdkgen_fuzz::{
    case::{Base, Case, Recipe},
    exercise::{Sandbox, Step},
    find::{Find, FindKind},
    shrink::Shrinker,
};

use crate::{compiling::Compiler, writing};

/// Settings of all runs.
pub(crate) struct Settings {
    pub(crate) seed: u64,
    /// The only run, if one is to be repeated.
    pub(crate) only: Option<u64>,
    pub(crate) time: Duration,
    pub(crate) runs: u64,
    pub(crate) jobs: usize,
    pub(crate) compile_every: u64,
    pub(crate) shrink: Duration,
    /// The folder for all files.
    pub(crate) folder: PathBuf,
}

/// The results of all runs.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    runs: u64,
    rendered: u64,
    compiled: u64,
    /// Number of runs with a find of each kind.
    counts: BTreeMap<FindKind, u64>,
    /// How often each signature was found, and the first run with it.
    signatures: BTreeMap<String, (u64, u64)>,
}

impl Summary {
    pub(crate) fn is_clean(&self) -> bool {
        self.signatures.is_empty()
    }

    fn count(&self, kind: FindKind) -> u64 {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    /// Counts finds of one run, and returns those whose signature is new.
    fn add(&mut self, run: u64, finds: &[Find]) -> Vec<Find> {
        let mut new = Vec::new();
        let mut kinds: Vec<FindKind> = Vec::new();
        for find in finds {
            let (count, _) = self.signatures.entry(find.signature()).or_insert((0, run));
            *count += 1;
            if *count == 1 {
                new.push(find.clone());
            }
            if !kinds.contains(&find.kind) {
                kinds.push(find.kind);
            }
        }
        for kind in kinds {
            *self.counts.entry(kind).or_insert(0) += 1;
        }
        new
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (signature, (count, run)) in &self.signatures {
            writeln!(
                f,
                "{count:>6} times, first in run {run}: {}",
                signature.escape_debug()
            )?;
        }
        write!(
            f,
            "fuzz: {} runs, {} crashes, {} hangs, {} defects, {} uncompilable of {}",
            self.runs,
            self.count(FindKind::Crash),
            self.count(FindKind::Hang),
            self.count(FindKind::Defect),
            self.count(FindKind::Uncompilable),
            self.compiled,
        )
    }
}

/// A case to be compiled.
pub(crate) struct Waiting {
    pub(crate) run: u64,
    pub(crate) case: Case,
}

struct Shared<'a> {
    settings: &'a Settings,
    bases: &'a [Base],
    next: AtomicU64,
    deadline: Instant,
    summary: Mutex<Summary>,
    waiting: Mutex<Vec<Waiting>>,
    compiler: Mutex<Compiler>,
    failure: Mutex<Option<String>>,
}

/// Number of crates that are compiled together.
const BATCH: usize = 8;

/// Maximum number of waiting crates; others are not compiled.
const BACKLOG: usize = 4 * BATCH;

/// Runs cases until the time is over.
pub(crate) fn run(
    settings: &Settings,
    sandbox: &Sandbox,
    bases: &[Base],
) -> Result<Summary, String> {
    let compiler = Compiler::new(sandbox, &settings.folder)?;
    let start = Instant::now();
    let shared = Shared {
        settings,
        bases,
        next: AtomicU64::new(settings.only.unwrap_or(0)),
        deadline: start + settings.time,
        summary: Mutex::default(),
        waiting: Mutex::default(),
        compiler: Mutex::new(compiler),
        failure: Mutex::default(),
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..settings.jobs)
            .map(|worker| {
                let sandbox = Sandbox {
                    folder: sandbox.folder.join(worker.to_string()),
                    ..sandbox.clone()
                };
                let shared = &shared;
                scope.spawn(move || shared.work(&sandbox))
            })
            .collect();
        let mut reported = Instant::now();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(200));
            if reported.elapsed() >= Duration::from_secs(10) {
                reported = Instant::now();
                shared.progress(start.elapsed());
            }
        }
    });
    if let Some(failure) = locked(&shared.failure).take() {
        return Err(failure);
    }
    // The rest does not fill a batch.
    shared.compile(1);
    let summary = std::mem::take(&mut *locked(&shared.summary));
    match locked(&shared.failure).take() {
        Some(failure) => Err(failure),
        None => Ok(summary),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared<'_> {
    fn work(&self, sandbox: &Sandbox) {
        while Instant::now() < self.deadline && locked(&self.failure).is_none() {
            let run = self.next.fetch_add(1, Ordering::Relaxed);
            let is_last = match self.settings.only {
                Some(only) => run > only,
                None => run >= self.settings.runs,
            };
            if is_last {
                return;
            }
            if let Err(error) = self.once(sandbox, run) {
                *locked(&self.failure) = Some(format!("run {run}: {error}"));
                return;
            }
            if locked(&self.waiting).len() >= BATCH {
                self.compile(BATCH);
            }
        }
    }

    fn once(&self, sandbox: &Sandbox, run: u64) -> Result<(), String> {
        let recipe = Recipe::new(self.settings.seed, run, self.bases.len());
        let base = &self.bases[recipe.base];
        let case = recipe.make(base);
        let mut steps = Step::ALL.to_vec();
        // The most expensive steps are skipped now and then.
        if (recipe.draws >> 3).is_multiple_of(2) {
            steps.retain(|step| *step != Step::Diff);
        }
        if (recipe.draws >> 4).is_multiple_of(2) {
            steps.retain(|step| *step != Step::Update);
        }
        let fail = |error: std::io::Error| error.to_string();
        let shown = sandbox
            .run(&case, base, &steps, recipe.draws)
            .map_err(fail)?;
        let is_hang = |find: &Find| find.kind == FindKind::Hang;
        let mut finds = shown.finds;
        if finds.iter().any(is_hang) {
            // A busy machine slows everything down.
            let mut patient = sandbox.clone();
            patient.limits.timeout *= 2;
            patient.limits.cpu = patient.limits.cpu.map(|cpu| cpu * 2);
            finds = patient
                .run(&case, base, &steps, recipe.draws)
                .map_err(fail)?
                .finds;
        }
        let new = {
            let mut summary = locked(&self.summary);
            summary.runs += 1;
            summary.rendered += u64::from(shown.succeeded);
            summary.add(run, &finds)
        };
        if self.settings.only.is_some() {
            eprintln!(
                "run {run}: {} with {} mutations, {} finds",
                base.name,
                recipe.mutations.len(),
                finds.len()
            );
        }
        for find in new {
            announce(run, &find);
            let small = self.shrink(sandbox, &case, base, &recipe, &find);
            self.report(run, &find, &small, &case)?;
        }
        let every = self.settings.compile_every;
        let is_wanted = every > 0
            && ((recipe.draws >> 16).is_multiple_of(every) || self.settings.only.is_some());
        if shown.succeeded && is_wanted {
            let mut waiting = locked(&self.waiting);
            if waiting.len() < BACKLOG {
                waiting.push(Waiting { run, case });
            }
        }
        Ok(())
    }

    /// The smallest case with a find of the same signature.
    fn shrink(
        &self,
        sandbox: &Sandbox,
        case: &Case,
        base: &Base,
        recipe: &Recipe,
        find: &Find,
    ) -> Case {
        let wanted = find.signature();
        let steps = steps_of(find);
        let mut keeps = |candidates: &[Case]| {
            candidates.iter().position(|candidate| {
                // A failure of the fuzzer itself is no find.
                let shown = sandbox.run(candidate, base, &steps, recipe.draws);
                shown.is_ok_and(|shown| shown.finds.iter().any(|find| find.signature() == wanted))
            })
        };
        // Mutations first: removing one simplifies the case most.
        let mut recipe = recipe.clone();
        let mut smallest = case.clone();
        let mut at = 0;
        let start = Instant::now();
        while at < recipe.mutations.len() && start.elapsed() < self.settings.shrink / 3 {
            let mut fewer = recipe.clone();
            fewer.mutations.remove(at);
            let candidate = fewer.make(base);
            match keeps(std::slice::from_ref(&candidate)) {
                Some(_) => (recipe, smallest) = (fewer, candidate),
                None => at += 1,
            }
        }
        let mut shrinker = Shrinker {
            keeps: &mut keeps,
            batch: 1,
            deadline: start + self.settings.shrink,
        };
        shrinker.shrink(smallest)
    }

    fn report(&self, run: u64, find: &Find, small: &Case, case: &Case) -> Result<(), String> {
        let id = format!("{}:{run}", self.settings.seed);
        let folder = self.settings.folder.join("finds").join(find.name());
        let text = writing::write(&folder, find, small, case, &id)
            .map_err(|error| format!("cannot write {}: {error}", folder.display()))?;
        println!("{text}");
        Ok(())
    }

    /// Compiles the waiting cases if there are at least so many and no other thread compiles.
    fn compile(&self, least: usize) {
        let Ok(mut compiler) = self.compiler.try_lock() else {
            return;
        };
        loop {
            let batch: Vec<Waiting> = {
                let mut waiting = locked(&self.waiting);
                if waiting.len() < least {
                    return;
                }
                let count = waiting.len().min(BATCH);
                waiting.drain(..count).collect()
            };
            let cases: Vec<&Case> = batch.iter().map(|one| &one.case).collect();
            let errors = match compiler.compile(&cases) {
                Ok(errors) => errors,
                Err(error) => {
                    *locked(&self.failure) = Some(error);
                    return;
                }
            };
            locked(&self.summary).compiled += batch.len() as u64;
            for (one, error) in batch.iter().zip(errors) {
                let Some(error) = error else { continue };
                let find = Find::new(FindKind::Uncompilable, error, "cargo check");
                let new = locked(&self.summary).add(one.run, std::slice::from_ref(&find));
                if new.is_empty() {
                    continue;
                }
                announce(one.run, &find);
                let wanted = find.signature();
                let mut keeps = |candidates: &[Case]| {
                    let cases: Vec<&Case> = candidates.iter().collect();
                    let errors = compiler.compile(&cases).ok()?;
                    errors.iter().position(|error| {
                        let error = error.as_ref();
                        error.is_some_and(|error| {
                            Find::new(FindKind::Uncompilable, error, "").signature() == wanted
                        })
                    })
                };
                let mut shrinker = Shrinker {
                    keeps: &mut keeps,
                    batch: BATCH,
                    // Each attempt takes seconds.
                    deadline: Instant::now() + self.settings.shrink * 5,
                };
                let small = shrinker.shrink(one.case.clone());
                if let Err(error) = self.report(one.run, &find, &small, &one.case) {
                    *locked(&self.failure) = Some(error);
                    return;
                }
            }
        }
    }

    fn progress(&self, elapsed: Duration) {
        let summary = locked(&self.summary);
        eprintln!(
            "{} s: {} runs, {} rendered, {} compiled; {} crashes, {} hangs, {} defects, {} uncompilable; {} distinct",
            elapsed.as_secs(),
            summary.runs,
            summary.rendered,
            summary.compiled,
            summary.count(FindKind::Crash),
            summary.count(FindKind::Hang),
            summary.count(FindKind::Defect),
            summary.count(FindKind::Uncompilable),
            summary.signatures.len(),
        );
    }
}

/// Prints a find before it is minimized, which takes a while.
fn announce(run: u64, find: &Find) {
    eprintln!("run {run}: {}", find.signature().escape_debug());
}

/// The steps that reproduce a find: that of its command, and those it depends on.
fn steps_of(find: &Find) -> Vec<Step> {
    let command = &find.command;
    let has = |text: &str| command.contains(text);
    match command.split_whitespace().nth(1).unwrap_or_default() {
        "check" if !has("slice.yaml") => vec![Step::Check],
        "check" | "slice" => vec![Step::Slice],
        "inspect" => vec![Step::Inspect],
        "diff" if has("base.json") => vec![Step::Diff],
        "diff" => vec![Step::Same],
        _ if has("--embedded") => vec![Step::Embedded],
        _ if has("--out=updated") => vec![Step::Whole, Step::Update],
        _ => vec![Step::Whole],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_new_once_and_a_run_counts_once_for_each_kind() {
        let mut summary = Summary::default();
        let find = |message: &str| Find::new(FindKind::Defect, message, "sdkgen check");
        assert_eq!(
            summary
                .add(1, &[find("`a` is bad"), find("`b` is bad")])
                .len(),
            1
        );
        assert_eq!(
            summary.add(2, &[find("`c` is bad"), find("other")]).len(),
            1
        );
        assert_eq!(summary.count(FindKind::Defect), 2);
        assert!(!summary.is_clean());
        let text = summary.to_string();
        assert!(text.contains("3 times, first in run 1"), "{text}");
        assert!(
            text.ends_with("fuzz: 0 runs, 0 crashes, 0 hangs, 2 defects, 0 uncompilable of 0"),
            "{text}"
        );
        assert!(Summary::default().is_clean());
    }

    #[test]
    fn a_find_names_the_steps_that_show_it() {
        let steps = |command: &str| steps_of(&Find::new(FindKind::Crash, "", command));
        assert_eq!(steps("sdkgen check --spec=spec.yaml"), [Step::Check]);
        assert_eq!(steps("sdkgen check --spec=slice.yaml"), [Step::Slice]);
        assert_eq!(steps("sdkgen diff spec.yaml spec.yaml"), [Step::Same]);
        assert_eq!(steps("sdkgen diff base.json spec.yaml"), [Step::Diff]);
        assert_eq!(
            steps("sdkgen generate --spec=spec.yaml --out=updated"),
            [Step::Whole, Step::Update]
        );
        assert_eq!(
            steps("sdkgen generate --spec=spec.yaml --out=whole"),
            [Step::Whole]
        );
    }
}
