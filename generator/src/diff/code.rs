//! The codes of findings, with their impact and explanation.

use super::impact::Impact;

macro_rules! codes {
    ($($variant:ident = $code:literal $impact:ident: $explanation:literal;)*) => {
        /// The kind of a finding. A published code keeps its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingCode {
            $(#[doc = $explanation] $variant,)*
        }

        impl FindingCode {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The impact of such a change, unless the finding overrides it.
            pub fn impact(self) -> Impact {
                match self { $(Self::$variant => Impact::$impact,)* }
            }

            /// What changed, in one sentence.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    BaseUrlChanged = "base-url-changed" Risky: "The default base URL changed.";
    ServerAdded = "server-added" Compatible: "A server was added.";
    ServerRemoved = "server-removed" Risky: "A server other than the first was removed.";
    ServerVariableAdded = "server-variable-added" Compatible: "A variable with a default was added to the URL of a server.";
    ServerVariableRemoved = "server-variable-removed" Breaking: "A variable was removed from the URL of a server.";
    ServerVariableChanged = "server-variable-changed" Risky: "The default of a server variable changed.";
    ServerVariableValueAdded = "server-variable-value-added" Compatible: "A server variable accepts another value.";
    ServerVariableValueRemoved = "server-variable-value-removed" Breaking: "A server variable no longer accepts a value.";
    ServerVariableClosed = "server-variable-closed" Breaking: "A server variable was restricted to listed values.";
    ServerVariableOpened = "server-variable-opened" Compatible: "A server variable is no longer restricted to listed values.";
    WebhookAdded = "webhook-added" Compatible: "A webhook was added; webhooks are not generated.";
    WebhookRemoved = "webhook-removed" Compatible: "A webhook was removed; webhooks are not generated.";
    WebhookChanged = "webhook-changed" Compatible: "A webhook changed; webhooks are not generated.";
    SecuritySchemeAdded = "security-scheme-added" Compatible: "A security scheme was added.";
    SecuritySchemeRemoved = "security-scheme-removed" Breaking: "A security scheme was removed.";
    SecuritySchemeChanged = "security-scheme-changed" Breaking: "A security scheme changed.";
    SecuritySchemeFlowAdded = "security-scheme-flow-added" Compatible: "A flow was added to a security scheme.";
    SecuritySchemeScopeAdded = "security-scheme-scope-added" Compatible: "A scope was added to a security scheme.";
    SecuritySchemeScopeRemoved = "security-scheme-scope-removed" Risky: "A scope was removed from a security scheme.";
    SecurityBecameRequired = "security-became-required" Breaking: "Authentication is now required.";
    SecurityBecameOptional = "security-became-optional" Compatible: "Authentication is no longer required.";
    SecurityAlternativeAdded = "security-alternative-added" Compatible: "Another combination of security schemes is accepted.";
    SecurityAlternativeRemoved = "security-alternative-removed" Breaking: "A combination of security schemes is no longer accepted.";
    SecurityScopeAdded = "security-scope-added" Breaking: "Another scope is required.";
    SecurityScopeRemoved = "security-scope-removed" Compatible: "A scope is no longer required.";

    OperationAdded = "operation-added" Compatible: "An operation was added.";
    OperationRemoved = "operation-removed" Breaking: "An operation was removed.";
    OperationRenamed = "operation-renamed" Breaking: "The id of an operation changed, which renames its method.";
    OperationMoved = "operation-moved" Breaking: "The path or HTTP method of an operation changed.";
    OperationDeprecated = "operation-deprecated" Risky: "An operation was deprecated.";
    OperationUndeprecated = "operation-undeprecated" Compatible: "An operation is no longer deprecated.";
    OperationTagChanged = "operation-tag-changed" Breaking: "The tag of an operation changed, which moves it to another module.";
    OperationBecamePreview = "operation-became-preview" Risky: "An operation became a preview, which may change without notice.";
    OperationLeftPreview = "operation-left-preview" Compatible: "An operation is no longer a preview.";
    OperationServerChanged = "operation-server-changed" Risky: "The server of an operation changed.";
    CallbackAdded = "callback-added" Compatible: "A callback was added to an operation; callbacks are not generated.";
    CallbackRemoved = "callback-removed" Compatible: "A callback of an operation was removed; callbacks are not generated.";
    CallbackChanged = "callback-changed" Compatible: "A callback of an operation changed; callbacks are not generated.";
    PermissionsNarrowed = "permissions-narrowed" Breaking: "An operation requires additional permissions.";
    PermissionsWidened = "permissions-widened" Compatible: "An operation requires fewer permissions, or accepts others as well.";
    PermissionsChanged = "permissions-changed" Breaking: "An operation requires other permissions.";
    PaginationAppeared = "pagination-appeared" Compatible: "An operation became paginated.";
    PaginationDisappeared = "pagination-disappeared" Breaking: "An operation is no longer paginated.";
    PaginationStyleChanged = "pagination-style-changed" Breaking: "The pagination style of an operation changed.";
    PaginationParametersChanged = "pagination-parameters-changed" Breaking: "The parameters that select a page changed.";
    PaginationEnvelopeChanged = "pagination-envelope-changed" Breaking: "The properties that hold the items of a page or lead to the next one changed.";

    RequestParameterAdded = "request-parameter-added" Compatible: "An optional parameter was added.";
    RequestParameterAddedRequired = "request-parameter-added-required" Breaking: "A required parameter was added.";
    RequestParameterRemoved = "request-parameter-removed" Breaking: "A parameter was removed.";
    RequestParameterMoved = "request-parameter-moved" Breaking: "A parameter moved, such as from the query to a header.";
    RequestParameterBecameRequired = "request-parameter-became-required" Breaking: "A parameter became required.";
    RequestParameterBecameOptional = "request-parameter-became-optional" Compatible: "A parameter became optional.";
    RequestParameterStyleChanged = "request-parameter-style-changed" Breaking: "The style of a parameter changed.";
    RequestParameterExplodeChanged = "request-parameter-explode-changed" Breaking: "`explode` of a parameter changed.";
    RequestParameterReservedChanged = "request-parameter-reserved-changed" Risky: "`allowReserved` of a parameter changed.";
    RequestParameterDeprecated = "request-parameter-deprecated" Risky: "A parameter was deprecated.";
    RequestParameterUndeprecated = "request-parameter-undeprecated" Compatible: "A parameter is no longer deprecated.";
    RequestBodyAdded = "request-body-added" Compatible: "An optional request body was added.";
    RequestBodyAddedRequired = "request-body-added-required" Breaking: "A required request body was added.";
    RequestBodyRemoved = "request-body-removed" Breaking: "A request body was removed.";
    RequestBodyBecameRequired = "request-body-became-required" Breaking: "A request body became required.";
    RequestBodyBecameOptional = "request-body-became-optional" Compatible: "A request body became optional.";
    RequestMediaTypeAdded = "request-media-type-added" Compatible: "A request body accepts another media type.";
    RequestMediaTypeRemoved = "request-media-type-removed" Breaking: "A request body no longer accepts a media type.";
    RequestFieldMediaTypeChanged = "request-field-media-type-changed" Risky: "The media type of a form field changed.";
    RequestFieldStyleChanged = "request-field-style-changed" Risky: "The style of a form field changed.";
    RequestFieldExplodeChanged = "request-field-explode-changed" Risky: "`explode` of a form field changed.";
    RequestFieldReservedChanged = "request-field-reserved-changed" Risky: "`allowReserved` of a form field changed.";
    RequestFieldHeaderChanged = "request-field-header-changed" Risky: "A header of a form field was added, removed or changed; headers of form fields are not sent.";
    SuccessStatusAdded = "success-status-added" Risky: "A success status was added.";
    SuccessStatusRemoved = "success-status-removed" Breaking: "A success status was removed.";
    ErrorStatusAdded = "error-status-added" Compatible: "An error status was added.";
    ErrorStatusRemoved = "error-status-removed" Risky: "An error status was removed.";
    ResponseBodyAdded = "response-body-added" Risky: "A body was added to a response without one.";
    ResponseBodyRemoved = "response-body-removed" Breaking: "The body of a response was removed.";
    ResponseMediaTypeAdded = "response-media-type-added" Compatible: "A media type was added to a response.";
    ResponseMediaTypeRemoved = "response-media-type-removed" Breaking: "A media type was removed from a response.";
    ResponseHeaderAdded = "response-header-added" Compatible: "A response header was added.";
    ResponseHeaderRemoved = "response-header-removed" Breaking: "A response header was removed.";
    ResponseHeaderDeprecated = "response-header-deprecated" Compatible: "A response header was deprecated.";
    ResponseHeaderUndeprecated = "response-header-undeprecated" Compatible: "A response header is no longer deprecated.";
    ResponseHeaderBecameOptional = "response-header-became-optional" Risky: "A response header became optional.";
    ResponseHeaderBecameRequired = "response-header-became-required" Compatible: "A response header became required.";
    ResponseLinkAdded = "response-link-added" Compatible: "A link was added to a response; links are not generated.";
    ResponseLinkRemoved = "response-link-removed" Compatible: "A link was removed from a response; links are not generated.";
    ResponseLinkChanged = "response-link-changed" Compatible: "A link of a response changed; links are not generated.";
    ErrorCodeAdded = "error-code-added" Risky: "An error code was added.";
    ErrorCodeRemoved = "error-code-removed" Risky: "An error code was removed.";

    SchemaRenamed = "schema-renamed" Breaking: "A schema was renamed, and its type with it.";
    SchemaReplaced = "schema-replaced" Breaking: "A value has another schema.";
    RequestTypeChanged = "request-type-changed" Breaking: "The type of a value in requests changed.";
    ResponseTypeChanged = "response-type-changed" Breaking: "The type of a value in responses changed.";
    RequestTypeNarrowed = "request-type-narrowed" Breaking: "A value in requests accepts fewer types.";
    RequestTypeWidened = "request-type-widened" Compatible: "A value in requests accepts more types.";
    ResponseTypeNarrowed = "response-type-narrowed" Compatible: "A value in responses has fewer possible types.";
    ResponseTypeWidened = "response-type-widened" Breaking: "A value in responses has more possible types.";
    RequestFormatChanged = "request-format-changed" Breaking: "The format of a value in requests changed.";
    ResponseFormatChanged = "response-format-changed" Breaking: "The format of a value in responses changed.";
    RequestBecameNullable = "request-became-nullable" Compatible: "A value in requests became nullable.";
    RequestNoLongerNullable = "request-no-longer-nullable" Breaking: "A value in requests is no longer nullable.";
    ResponseBecameNullable = "response-became-nullable" Breaking: "A value in responses became nullable.";
    ResponseNoLongerNullable = "response-no-longer-nullable" Compatible: "A value in responses is no longer nullable.";
    RequestDefaultChanged = "request-default-changed" Risky: "A default in requests changed.";
    ResponseDefaultChanged = "response-default-changed" Compatible: "A default in responses changed.";
    RequestPropertyAdded = "request-property-added" Compatible: "An optional property was added to requests.";
    RequestPropertyAddedRequired = "request-property-added-required" Breaking: "A required property was added to requests.";
    RequestPropertyRemoved = "request-property-removed" Breaking: "A property was removed from requests.";
    RequestPropertyBecameRequired = "request-property-became-required" Breaking: "A property of requests became required.";
    RequestPropertyBecameOptional = "request-property-became-optional" Compatible: "A property of requests became optional.";
    RequestPropertyBecameReadOnly = "request-property-became-read-only" Breaking: "A property of requests became read-only.";
    RequestPropertyNoLongerReadOnly = "request-property-no-longer-read-only" Compatible: "A property is no longer read-only.";
    ResponsePropertyAdded = "response-property-added" Compatible: "A property was added to responses.";
    ResponsePropertyRemoved = "response-property-removed" Breaking: "A property was removed from responses.";
    ResponsePropertyBecameRequired = "response-property-became-required" Compatible: "A property of responses became required.";
    ResponsePropertyBecameOptional = "response-property-became-optional" Breaking: "A property of responses became optional.";
    ResponsePropertyBecameWriteOnly = "response-property-became-write-only" Breaking: "A property of responses became write-only.";
    ResponsePropertyNoLongerWriteOnly = "response-property-no-longer-write-only" Compatible: "A property is no longer write-only.";
    PropertyDeprecated = "property-deprecated" Risky: "A schema or a property was deprecated.";
    PropertyUndeprecated = "property-undeprecated" Compatible: "A schema or a property is no longer deprecated.";
    RequestEnumValueAdded = "request-enum-value-added" Compatible: "A value was added to an enum in requests.";
    RequestEnumValueRemoved = "request-enum-value-removed" Breaking: "A value was removed from an enum in requests.";
    ResponseEnumValueAdded = "response-enum-value-added" Risky: "A value was added to an enum in responses.";
    ResponseEnumValueRemoved = "response-enum-value-removed" Risky: "A value was removed from an enum in responses, and its constant with it.";
    RequestEnumOpened = "request-enum-opened" Compatible: "An enum in requests accepts unlisted values.";
    RequestEnumClosed = "request-enum-closed" Breaking: "A value in requests was restricted to an enum.";
    ResponseEnumOpened = "response-enum-opened" Risky: "An enum in responses may have unlisted values.";
    ResponseEnumClosed = "response-enum-closed" Compatible: "A value in responses was restricted to an enum.";
    RequestConstantChanged = "request-constant-changed" Breaking: "A constant in requests changed.";
    ResponseConstantChanged = "response-constant-changed" Breaking: "A constant in responses changed.";
    RequestBoundNarrowed = "request-bound-narrowed" Breaking: "A bound in requests permits fewer values.";
    RequestBoundWidened = "request-bound-widened" Compatible: "A bound in requests permits more values.";
    ResponseBoundNarrowed = "response-bound-narrowed" Compatible: "A bound in responses permits fewer values.";
    ResponseBoundWidened = "response-bound-widened" Risky: "A bound in responses permits more values; the SDK does not check them.";
    RequestAdditionalPropertiesClosed = "request-additional-properties-closed" Breaking: "Unlisted properties in requests are no longer accepted.";
    RequestAdditionalPropertiesOpened = "request-additional-properties-opened" Compatible: "Unlisted properties in requests are accepted.";
    ResponseAdditionalPropertiesClosed = "response-additional-properties-closed" Compatible: "Responses have no unlisted properties.";
    ResponseAdditionalPropertiesOpened = "response-additional-properties-opened" Risky: "Responses may have unlisted properties.";
    RequestAlternativeAdded = "request-alternative-added" Compatible: "An alternative was added to a union in requests.";
    RequestAlternativeRemoved = "request-alternative-removed" Breaking: "An alternative was removed from a union in requests.";
    ResponseAlternativeAdded = "response-alternative-added" Risky: "An alternative was added to a union in responses.";
    ResponseAlternativeRemoved = "response-alternative-removed" Risky: "An alternative was removed from a union in responses, and its variant with it.";
    DiscriminatorChanged = "discriminator-changed" Breaking: "The property of a discriminator changed, or a discriminator was added or removed.";
    DiscriminatorValueAdded = "discriminator-value-added" Compatible: "A discriminator value was added.";
    DiscriminatorValueRemoved = "discriminator-value-removed" Breaking: "A discriminator value was removed.";
    DiscriminatorValueChanged = "discriminator-value-changed" Breaking: "A discriminator value maps to another alternative.";

    DescriptionChanged = "description-changed" Docs: "A description changed.";
}

impl FindingCode {
    /// Whether code is rendered for its subject, so that it can cause changes in Rust.
    pub fn is_rendered(self) -> bool {
        !matches!(
            self,
            Self::WebhookAdded
                | Self::WebhookRemoved
                | Self::WebhookChanged
                | Self::CallbackAdded
                | Self::CallbackRemoved
                | Self::CallbackChanged
                | Self::RequestFieldHeaderChanged
                | Self::ResponseLinkAdded
                | Self::ResponseLinkRemoved
                | Self::ResponseLinkChanged
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let texts: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), FindingCode::ALL.len());
        for code in FindingCode::ALL {
            let text = code.as_str();
            let is_plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(text.chars().all(is_plain), "{text}");
            assert!(code.explanation().ends_with('.'), "{text}");
        }
    }
}
