//! What can change: every kind of finding, in one table.

use super::impact::Impact;

macro_rules! codes {
    ($($variant:ident = $code:literal $impact:ident: $explanation:literal;)*) => {
        /// The kinds of findings. A code, once published, keeps its meaning.
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

            /// What such a change means, unless the finding says otherwise.
            pub fn impact(self) -> Impact {
                match self { $(Self::$variant => Impact::$impact,)* }
            }

            /// What has changed, in a line.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    BaseUrlChanged = "base-url-changed" Risky: "Requests go to another URL.";
    ServerAdded = "server-added" Compatible: "There is one more server.";
    ServerRemoved = "server-removed" Risky: "A server that was not the first is gone.";
    ServerVariableAdded = "server-variable-added" Compatible: "The URL of a server has one more variable, which has a default.";
    ServerVariableRemoved = "server-variable-removed" Breaking: "The URL of a server no longer has a variable.";
    ServerVariableChanged = "server-variable-changed" Risky: "A variable of a server's URL has another default.";
    ServerVariableValueAdded = "server-variable-value-added" Compatible: "A variable of a server's URL may have one more value.";
    ServerVariableValueRemoved = "server-variable-value-removed" Breaking: "A variable of a server's URL may no longer have a value.";
    ServerVariableClosed = "server-variable-closed" Breaking: "A variable of a server's URL may only have values that are listed.";
    ServerVariableOpened = "server-variable-opened" Compatible: "A variable of a server's URL may have values that are not listed.";
    WebhookAdded = "webhook-added" Compatible: "The service sends one more thing unasked; the SDK has nothing of webhooks.";
    WebhookRemoved = "webhook-removed" Compatible: "The service no longer sends something unasked; the SDK has nothing of webhooks.";
    WebhookChanged = "webhook-changed" Compatible: "What the service sends unasked is another; the SDK has nothing of webhooks.";
    SecuritySchemeAdded = "security-scheme-added" Compatible: "There is one more way to log in.";
    SecuritySchemeRemoved = "security-scheme-removed" Breaking: "A way to log in is gone.";
    SecuritySchemeChanged = "security-scheme-changed" Breaking: "A way to log in works differently.";
    SecuritySchemeFlowAdded = "security-scheme-flow-added" Compatible: "A way to log in has one more flow.";
    SecuritySchemeScopeAdded = "security-scheme-scope-added" Compatible: "A way to log in knows one more scope.";
    SecuritySchemeScopeRemoved = "security-scheme-scope-removed" Risky: "A way to log in no longer knows a scope.";
    SecurityBecameRequired = "security-became-required" Breaking: "What needed no login needs one.";
    SecurityBecameOptional = "security-became-optional" Compatible: "What needed a login works without.";
    SecurityAlternativeAdded = "security-alternative-added" Compatible: "One more way to log in is accepted.";
    SecurityAlternativeRemoved = "security-alternative-removed" Breaking: "A way to log in is no longer accepted.";
    SecurityScopeAdded = "security-scope-added" Breaking: "One more scope is needed.";
    SecurityScopeRemoved = "security-scope-removed" Compatible: "A scope is no longer needed.";

    OperationAdded = "operation-added" Compatible: "There is one more operation.";
    OperationRemoved = "operation-removed" Breaking: "An operation is gone.";
    OperationRenamed = "operation-renamed" Breaking: "An operation has another id, and so its method another name.";
    OperationMoved = "operation-moved" Breaking: "An operation has another path or HTTP method.";
    OperationDeprecated = "operation-deprecated" Risky: "The description advises against an operation.";
    OperationUndeprecated = "operation-undeprecated" Compatible: "The description no longer advises against an operation.";
    OperationTagChanged = "operation-tag-changed" Breaking: "An operation belongs to another group, and so to another module.";
    OperationBecamePreview = "operation-became-preview" Risky: "An operation may change without warning.";
    OperationLeftPreview = "operation-left-preview" Compatible: "An operation is no longer a preview.";
    OperationServerChanged = "operation-server-changed" Risky: "An operation is reached elsewhere.";
    CallbackAdded = "callback-added" Compatible: "An operation has one more callback; the SDK has nothing of callbacks.";
    CallbackRemoved = "callback-removed" Compatible: "An operation no longer has a callback; the SDK has nothing of callbacks.";
    CallbackChanged = "callback-changed" Compatible: "A callback of an operation is another; the SDK has nothing of callbacks.";
    PermissionsNarrowed = "permissions-narrowed" Breaking: "Callers need permissions that they did not need.";
    PermissionsWidened = "permissions-widened" Compatible: "Callers need fewer permissions, or more permissions will do.";
    PermissionsChanged = "permissions-changed" Breaking: "Callers need other permissions.";
    PaginationAppeared = "pagination-appeared" Compatible: "An operation hands out its list page by page.";
    PaginationDisappeared = "pagination-disappeared" Breaking: "An operation no longer hands out its list page by page.";
    PaginationStyleChanged = "pagination-style-changed" Breaking: "Pages are turned in another way.";
    PaginationParametersChanged = "pagination-parameters-changed" Breaking: "Other parameters select a page.";
    PaginationEnvelopeChanged = "pagination-envelope-changed" Breaking: "A page holds its entries, or the way to the next page, elsewhere.";

    RequestParameterAdded = "request-parameter-added" Compatible: "There is one more optional parameter.";
    RequestParameterAddedRequired = "request-parameter-added-required" Breaking: "There is one more parameter, and it must be given.";
    RequestParameterRemoved = "request-parameter-removed" Breaking: "A parameter is gone.";
    RequestParameterMoved = "request-parameter-moved" Breaking: "A parameter goes to another place.";
    RequestParameterBecameRequired = "request-parameter-became-required" Breaking: "A parameter must be given.";
    RequestParameterBecameOptional = "request-parameter-became-optional" Compatible: "A parameter need not be given.";
    RequestParameterStyleChanged = "request-parameter-style-changed" Breaking: "A parameter is written in another way.";
    RequestParameterExplodeChanged = "request-parameter-explode-changed" Breaking: "The values of a parameter are joined in another way.";
    RequestParameterReservedChanged = "request-parameter-reserved-changed" Risky: "Reserved characters in a parameter are escaped, or no longer are.";
    RequestParameterDeprecated = "request-parameter-deprecated" Risky: "The description advises against a parameter.";
    RequestParameterUndeprecated = "request-parameter-undeprecated" Compatible: "The description no longer advises against a parameter.";
    RequestBodyAdded = "request-body-added" Compatible: "A request may have a body.";
    RequestBodyAddedRequired = "request-body-added-required" Breaking: "A request must have a body.";
    RequestBodyRemoved = "request-body-removed" Breaking: "A request has no body any more.";
    RequestBodyBecameRequired = "request-body-became-required" Breaking: "The body of a request must be given.";
    RequestBodyBecameOptional = "request-body-became-optional" Compatible: "The body of a request need not be given.";
    RequestMediaTypeAdded = "request-media-type-added" Compatible: "A body may be of one more media type.";
    RequestMediaTypeRemoved = "request-media-type-removed" Breaking: "A body may no longer be of a media type.";
    RequestFieldMediaTypeChanged = "request-field-media-type-changed" Risky: "A field of a form is of another media type.";
    RequestFieldStyleChanged = "request-field-style-changed" Risky: "A field of a form is written in another way.";
    RequestFieldExplodeChanged = "request-field-explode-changed" Risky: "The values of a field of a form are joined in another way.";
    RequestFieldReservedChanged = "request-field-reserved-changed" Risky: "Reserved characters in a field of a form are escaped, or no longer are.";
    RequestFieldHeaderChanged = "request-field-header-changed" Risky: "A header of a field of a form is new, gone or another; the SDK sends none of them.";
    SuccessStatusAdded = "success-status-added" Risky: "A success may have one more status.";
    SuccessStatusRemoved = "success-status-removed" Breaking: "A success no longer has a status.";
    ErrorStatusAdded = "error-status-added" Compatible: "A failure may have one more status.";
    ErrorStatusRemoved = "error-status-removed" Risky: "A failure no longer has a status.";
    ResponseBodyAdded = "response-body-added" Risky: "A response that was empty carries something.";
    ResponseBodyRemoved = "response-body-removed" Breaking: "A response that carried something is empty.";
    ResponseMediaTypeAdded = "response-media-type-added" Compatible: "A response may be of one more media type.";
    ResponseMediaTypeRemoved = "response-media-type-removed" Breaking: "A response is no longer of a media type.";
    ResponseHeaderAdded = "response-header-added" Compatible: "A response has one more header.";
    ResponseHeaderRemoved = "response-header-removed" Breaking: "A response no longer has a header.";
    ResponseHeaderDeprecated = "response-header-deprecated" Compatible: "A header of a response is advised against.";
    ResponseHeaderUndeprecated = "response-header-undeprecated" Compatible: "A header of a response is no longer advised against.";
    ResponseHeaderBecameOptional = "response-header-became-optional" Risky: "A response may lack a header.";
    ResponseHeaderBecameRequired = "response-header-became-required" Compatible: "A response always has a header.";
    ResponseLinkAdded = "response-link-added" Compatible: "A response leads to one more call; the SDK has nothing of links.";
    ResponseLinkRemoved = "response-link-removed" Compatible: "A response no longer leads to a call; the SDK has nothing of links.";
    ResponseLinkChanged = "response-link-changed" Compatible: "A response leads to another call; the SDK has nothing of links.";
    ErrorCodeAdded = "error-code-added" Risky: "A failure may have one more error code.";
    ErrorCodeRemoved = "error-code-removed" Risky: "A failure no longer has an error code.";

    SchemaRenamed = "schema-renamed" Breaking: "A schema has another name, and so has its type.";
    SchemaReplaced = "schema-replaced" Breaking: "A value is of another schema.";
    RequestTypeChanged = "request-type-changed" Breaking: "A value in requests is of another type.";
    ResponseTypeChanged = "response-type-changed" Breaking: "A value in responses is of another type.";
    RequestTypeNarrowed = "request-type-narrowed" Breaking: "A value in requests may be of fewer types.";
    RequestTypeWidened = "request-type-widened" Compatible: "A value in requests may be of more types.";
    ResponseTypeNarrowed = "response-type-narrowed" Compatible: "A value in responses may be of fewer types.";
    ResponseTypeWidened = "response-type-widened" Breaking: "A value in responses may be of more types.";
    RequestFormatChanged = "request-format-changed" Breaking: "A value in requests has another format.";
    ResponseFormatChanged = "response-format-changed" Breaking: "A value in responses has another format.";
    RequestBecameNullable = "request-became-nullable" Compatible: "Null is accepted.";
    RequestNoLongerNullable = "request-no-longer-nullable" Breaking: "Null is no longer accepted.";
    ResponseBecameNullable = "response-became-nullable" Breaking: "A value in responses may be null.";
    ResponseNoLongerNullable = "response-no-longer-nullable" Compatible: "A value in responses is no longer null.";
    RequestDefaultChanged = "request-default-changed" Risky: "What is left out of a request stands for something else.";
    ResponseDefaultChanged = "response-default-changed" Compatible: "What is left out of a response stands for something else.";
    RequestPropertyAdded = "request-property-added" Compatible: "There is one more optional property in requests.";
    RequestPropertyAddedRequired = "request-property-added-required" Breaking: "There is one more property in requests, and it must be given.";
    RequestPropertyRemoved = "request-property-removed" Breaking: "A property of requests is gone.";
    RequestPropertyBecameRequired = "request-property-became-required" Breaking: "A property of requests must be given.";
    RequestPropertyBecameOptional = "request-property-became-optional" Compatible: "A property of requests need not be given.";
    RequestPropertyBecameReadOnly = "request-property-became-read-only" Breaking: "A property of requests is set by the service alone.";
    RequestPropertyNoLongerReadOnly = "request-property-no-longer-read-only" Compatible: "A property that the service alone set can be given.";
    ResponsePropertyAdded = "response-property-added" Compatible: "There is one more property in responses.";
    ResponsePropertyRemoved = "response-property-removed" Breaking: "A property of responses is gone.";
    ResponsePropertyBecameRequired = "response-property-became-required" Compatible: "A property of responses is always there.";
    ResponsePropertyBecameOptional = "response-property-became-optional" Breaking: "A property of responses may be missing.";
    ResponsePropertyBecameWriteOnly = "response-property-became-write-only" Breaking: "A property of responses is never returned.";
    ResponsePropertyNoLongerWriteOnly = "response-property-no-longer-write-only" Compatible: "A property that was never returned is.";
    PropertyDeprecated = "property-deprecated" Risky: "The description advises against a schema or a property.";
    PropertyUndeprecated = "property-undeprecated" Compatible: "The description no longer advises against a schema or a property.";
    RequestEnumValueAdded = "request-enum-value-added" Compatible: "Requests may use one more value.";
    RequestEnumValueRemoved = "request-enum-value-removed" Breaking: "Requests may no longer use a value.";
    ResponseEnumValueAdded = "response-enum-value-added" Risky: "Responses may hold one more value.";
    ResponseEnumValueRemoved = "response-enum-value-removed" Risky: "Responses no longer hold a value, and its name is gone.";
    RequestEnumOpened = "request-enum-opened" Compatible: "Requests may use values that are not listed.";
    RequestEnumClosed = "request-enum-closed" Breaking: "Requests may only use values that are listed.";
    ResponseEnumOpened = "response-enum-opened" Risky: "Responses may hold values that are not listed.";
    ResponseEnumClosed = "response-enum-closed" Compatible: "Responses only hold values that are listed.";
    RequestConstantChanged = "request-constant-changed" Breaking: "The one value that requests may use is another.";
    ResponseConstantChanged = "response-constant-changed" Breaking: "The one value that responses hold is another.";
    RequestBoundNarrowed = "request-bound-narrowed" Breaking: "Requests may use fewer values.";
    RequestBoundWidened = "request-bound-widened" Compatible: "Requests may use more values.";
    ResponseBoundNarrowed = "response-bound-narrowed" Compatible: "Responses hold fewer values.";
    ResponseBoundWidened = "response-bound-widened" Risky: "Responses may hold more values, which this SDK does not check.";
    RequestAdditionalPropertiesClosed = "request-additional-properties-closed" Breaking: "Properties that are not listed are refused.";
    RequestAdditionalPropertiesOpened = "request-additional-properties-opened" Compatible: "Properties that are not listed are accepted.";
    ResponseAdditionalPropertiesClosed = "response-additional-properties-closed" Compatible: "Responses only hold properties that are listed.";
    ResponseAdditionalPropertiesOpened = "response-additional-properties-opened" Risky: "Responses may hold properties that are not listed.";
    RequestAlternativeAdded = "request-alternative-added" Compatible: "A value in requests may be one more thing.";
    RequestAlternativeRemoved = "request-alternative-removed" Breaking: "A value in requests may no longer be one of several things.";
    ResponseAlternativeAdded = "response-alternative-added" Risky: "A value in responses may be one more thing.";
    ResponseAlternativeRemoved = "response-alternative-removed" Risky: "A value in responses is no longer one of several things, and its name is gone.";
    DiscriminatorChanged = "discriminator-changed" Breaking: "Another property tells alternatives apart, or none does, or one does that did not.";
    DiscriminatorValueAdded = "discriminator-value-added" Compatible: "One more value stands for an alternative.";
    DiscriminatorValueRemoved = "discriminator-value-removed" Breaking: "A value no longer stands for an alternative.";
    DiscriminatorValueChanged = "discriminator-value-changed" Breaking: "A value stands for another alternative.";

    DescriptionChanged = "description-changed" Docs: "A text reads differently.";
}

impl FindingCode {
    /// Whether it is about something that code is rendered for, so that it can be the cause of what
    /// changed there.
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
