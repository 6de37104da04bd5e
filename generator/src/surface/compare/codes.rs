//! The codes of changes, with their verdict and explanation.

use serde::Serialize;

/// What a change means for callers, the most serious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Code of callers may no longer compile, or may change its meaning.
    Major,
    /// Code of callers compiles as before, and other bytes are sent or read.
    Behaviour,
    /// Something was added.
    Minor,
    /// Only documentation changed.
    Patch,
}

impl Verdict {
    /// The name, as printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Behaviour => "behaviour",
            Self::Minor => "minor",
            Self::Patch => "patch",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $code:literal $verdict:ident: $explanation:literal;)*) => {
        /// The kind of a change. A published code keeps its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ChangeCode {
            $(#[doc = $explanation] $variant,)*
        }

        impl ChangeCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means for callers.
            pub fn verdict(self) -> Verdict {
                match self { $(Self::$variant => Verdict::$verdict,)* }
            }

            /// Why it means that.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    ItemRemoved = "item-removed" Major: "Code that names the item no longer compiles.";
    ItemRenamed = "item-renamed" Major: "The same thing has another name, which callers must write.";
    KindChanged = "kind-changed" Major: "The name stands for something else, such as an enum in place of a struct.";
    ReExportChanged = "re-export-changed" Major: "A path leads to another item than before.";
    ParameterCountChanged = "method-parameter-count-changed" Major: "Calls give too many arguments or too few.";
    ParameterTypeChanged = "parameter-type-changed" Major: "What callers pass may not be taken any more.";
    ArgumentsReordered = "arguments-reordered" Major: "Calls compile as before, and each value goes where the other one did.";
    ReceiverChanged = "receiver-changed" Major: "The method takes its value in another way: by reference, or for good.";
    ReturnTypeChanged = "return-type-changed" Major: "Callers get a value of another type.";
    QualifiersChanged = "qualifiers-changed" Major: "A function is no longer `const`, or is `async` or `unsafe` where it was not, or the other way round.";
    BecameConst = "became-const" Minor: "A function can be called in constants.";
    GenericsChanged = "generics-changed" Major: "Type parameters or their bounds differ, so that types which fitted may fit no longer.";
    FieldRemoved = "field-removed" Major: "Code that reads or sets the field no longer compiles.";
    FieldTypeChanged = "field-type-changed" Major: "Code that reads or sets the field sees another type.";
    BoxingChanged = "boxing-changed" Major: "A value is behind a `Box` or no longer is: it is written and matched differently.";
    FieldAddedToOpen = "field-added-to-open-struct" Major: "Callers can write values of the type field by field, and those now lack one.";
    PrivateFieldAdded = "private-field-added" Major: "Callers could write values of the type field by field, and can no longer.";
    FieldAdded = "field-added" Minor: "Callers cannot write values of the type field by field, so a new field is in nobody's way.";
    FormChanged = "form-changed" Major: "Fields have names where they had numbers, or there are none.";
    VariantRemoved = "variant-removed" Major: "Code that names the variant no longer compiles.";
    VariantAddedToClosed = "variant-added-to-closed-enum" Major: "A `match` that names all variants lacks one.";
    VariantAdded = "variant-added" Minor: "The enum is `#[non_exhaustive]`: every `match` has an arm for what it does not know.";
    DiscriminantChanged = "discriminant-changed" Major: "Casts of the variant to a number give another one.";
    DeriveLost = "derive-lost" Major: "A trait is no longer derived; code that needs it of the type does not compile.";
    TraitImplRemoved = "trait-impl-removed" Major: "A trait is no longer implemented; code that needs it of the type does not compile.";
    TraitImplChanged = "trait-impl-changed" Major: "An impl gives other types than it did, such as another error.";
    TraitImplAdded = "trait-impl-added" Minor: "The type can be used in more places.";
    TraitItemRequired = "trait-item-required" Major: "Types of callers that implement the trait lack something it now asks for.";
    TraitBoundsChanged = "trait-bounds-changed" Major: "The trait asks something else of the types that implement it.";
    NonExhaustiveAdded = "non-exhaustive-added" Major: "Values can no longer be written field by field, or a `match` must have an arm for the unknown.";
    NonExhaustiveRemoved = "non-exhaustive-removed" Minor: "Callers may list fields or variants; the next one added will break them.";
    BecameDeprecated = "became-deprecated" Minor: "Callers get a warning.";
    DeprecationRemoved = "deprecation-removed" Patch: "Callers no longer get a warning.";
    MustUseAdded = "must-use-added" Minor: "Callers that drop the value get a warning.";
    MustUseRemoved = "must-use-removed" Patch: "Callers that drop the value no longer get a warning.";
    ConstTypeChanged = "const-type-changed" Major: "A constant is of another type.";
    ConstValueChanged = "const-value-changed" Behaviour: "Code that uses the constant compiles as before, with another value.";
    AliasTargetChanged = "alias-target-changed" Major: "The name stands for another type.";
    FeatureRemoved = "feature-removed" Major: "Manifests that name the feature no longer resolve.";
    FeatureAdded = "feature-added" Minor: "There is one feature more to choose.";
    FeatureEnablesLess = "feature-enables-less" Major: "What came with the feature is missing where nothing else brings it; this includes what is on by default.";
    FeatureEnablesMore = "feature-enables-more" Minor: "More comes with the feature.";
    FeatureGateChanged = "feature-gate-changed" Major: "Under some choice of features the item was there and is not any more.";
    FeatureGateWidened = "feature-gate-widened" Minor: "The item is there under more choices of features.";
    RustVersionChanged = "rust-version-changed" Minor: "The crate is built by other compilers than before.";
    CrateRenamed = "crate-renamed" Major: "Manifests and paths name a crate that is not there.";
    ItemAdded = "item-added" Minor: "There is more to use.";
    OperationIdChanged = "operation-id-changed" Behaviour: "Traces and scripts of mocks know the operation by another id.";
    MethodChanged = "method-changed" Behaviour: "The call is sent with another HTTP method.";
    PathChanged = "path-changed" Behaviour: "The call goes to another path.";
    IdempotencyChanged = "idempotency-changed" Behaviour: "Whether the call is sent again after a failure is decided differently.";
    ServerChanged = "server-changed" Behaviour: "The call goes to another server.";
    BaseUrlChanged = "base-url-changed" Behaviour: "Calls go to another server unless the client is given one.";
    LoginUrlChanged = "login-url-changed" Behaviour: "Logins go to another server unless the client is given one.";
    SecurityChanged = "security-changed" Behaviour: "Other credentials go with the call.";
    MediaTypeChanged = "media-type-changed" Behaviour: "The body is written in another way.";
    ResponseReadingChanged = "response-reading-changed" Behaviour: "What comes back is read in another way.";
    WireNameChanged = "wire-name-changed" Behaviour: "The same field, value or argument has another name on the wire.";
    ParameterStyleChanged = "parameter-style-changed" Behaviour: "The argument goes elsewhere in the request, or is written differently.";
    UnionTagChanged = "union-tag-changed" Behaviour: "Variants are told apart by another property or other values.";
    StatusChanged = "status-changed" Behaviour: "A variant stands for another status.";
    PagingChanged = "paging-changed" Behaviour: "Pages are asked for or found in another way.";
    RedactionChanged = "redaction-changed" Behaviour: "Other values are blotted out where bodies are logged.";
    BehaviourChanged = "behaviour-changed" Behaviour: "The code behind the item differs in what callers do not see.";
    ArgumentRenamed = "argument-renamed" Patch: "An argument is called something else where it is declared, which calls do not say.";
    DocsChanged = "docs-changed" Patch: "The documentation differs.";
}

impl ChangeCode {
    /// The code that is printed like this, in whatever case.
    pub fn find(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_differ_and_are_explained() {
        let codes: BTreeSet<&str> = ChangeCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ChangeCode::ALL.len());
        for code in ChangeCode::ALL {
            let text = code.as_str();
            assert!(
                text.chars()
                    .all(|one| one.is_ascii_lowercase() || one == '-'),
                "{text}"
            );
            assert!(code.explanation().ends_with('.'), "{text}");
            assert_eq!(ChangeCode::find(&text.to_uppercase()), Some(*code));
        }
    }
}
