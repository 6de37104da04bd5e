//! `SDKGEN_CORPUS=folder cargo test --release -p sdkgen --lib corpus -- --ignored --nocapture` tells
//! how many descriptions of a folder are read, why others are refused, and how long it takes.

use std::{path::PathBuf, time::Instant};

use super::*;

#[test]
#[ignore = "reads a folder that an environment variable names"]
fn corpus_is_read() {
    let folder = std::env::var_os("SDKGEN_CORPUS").expect("SDKGEN_CORPUS names a folder");
    let shown = std::env::var("SDKGEN_CODE").unwrap_or_default();
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "json" || ending == "yaml")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut codes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut refused, mut slow) = (0, Vec::new());
    for path in &files {
        let began = Instant::now();
        let mut sink = Sink::default();
        let Some(document) = load::load(path, &mut sink) else {
            println!("{}: cannot be loaded", path.display());
            refused += 1;
            continue;
        };
        let loaded = began.elapsed();
        let options = Options {
            on_disk: true,
            ..Options::default()
        };
        let normalized = std::thread::scope(|scope| {
            let run = || normalize(document, options, |_, _| (), &mut sink);
            let thread = std::thread::Builder::new().stack_size(64 << 20);
            thread.spawn_scoped(scope, run).unwrap().join().unwrap()
        });
        let normalized = normalized.map(|(normalized, ())| normalized);
        let read = began.elapsed();
        if let Ok(normalized) = &normalized {
            check(&normalized.openapi);
        }
        refused += usize::from(sink.has_errors() || normalized.is_err());
        let said = finished_said(normalized, sink);
        if read.as_millis() > 300 {
            slow.push((read, loaded, began.elapsed(), path.display().to_string()));
        }
        let mut own: BTreeMap<&str, usize> = BTreeMap::new();
        for diagnostic in &said {
            *own.entry(diagnostic.code.as_str()).or_default() += 1;
            if diagnostic.severity == Severity::Error || diagnostic.code.as_str() == shown {
                println!("{diagnostic}\n");
            }
        }
        for (code, count) in own {
            let all = codes.entry(code).or_default();
            all.0 += 1;
            all.1 += count;
        }
    }
    println!("{} descriptions, {refused} refused", files.len());
    for (code, (files, all)) in codes {
        println!("{code}: {all} in {files} descriptions");
    }
    slow.sort();
    for (read, loaded, all, name) in slow.iter().rev().take(10) {
        println!("{read:?} (load {loaded:?}, with places {all:?}) {name}");
    }
}

fn finished_said(normalized: Result<Normalized, Sources>, sink: Sink) -> Vec<Diagnostic> {
    let sources = match normalized {
        Ok(normalized) => normalized.sources,
        Err(sources) => sources,
    };
    sink.into_sorted(|pointers| sources.places(pointers))
}

/// Every reference leads to a component that is there, and every schema is of the one kind.
fn check(openapi: &OpenAPI) {
    let components = openapi.components.as_ref().unwrap();
    let text = serde_json::to_value(openapi).unwrap();
    place::scan(&text, &mut |_, members| {
        if let Some(Value::String(reference)) = members.get("$ref") {
            let pointer = Pointer::parse(reference.strip_prefix('#').unwrap()).unwrap();
            assert!(
                place::lookup(&text, &pointer).is_some(),
                "{reference} leads nowhere"
            );
        }
    });
    for schema in components.schemas.values() {
        if let ReferenceOr::Item(Schema { schema_kind, .. }) = schema {
            assert!(matches!(schema_kind, SchemaKind::Any(AnySchema { .. })));
        }
    }
}
