//! Errors that any method may answer.

use readmark_store::StoreError;

use crate::contract::error::ErrorSpec;

/// An error as clients see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiError(pub &'static ErrorSpec);

macro_rules! system_errors {
    ($($(#[doc = $doc:literal])+ $name:ident = $status:literal $code:literal $text:literal,)+) => {
        $(
            $(#[doc = $doc])+
            pub const $name: ApiError =
                ApiError(&ErrorSpec { code: $code, status: $status, text: $text, doc: concat!($($doc),+) });
        )+

        /// All of them, in order.
        pub const ALL: &[ApiError] = &[$($name),+];
    };
}

system_errors! {
    /// No credentials are given.
    NO_AUTH_FOUND = 401 "NO_AUTH_FOUND" "Wrong authorization data",
    /// The webhook is unknown, revoked or expired, belongs to another user, or its user is dismissed.
    INVALID_CREDENTIALS = 401 "INVALID_CREDENTIALS" "Invalid request credentials",
    /// The access token has expired.
    EXPIRED_TOKEN = 401 "expired_token" "The access token provided has expired.",
    /// The access token is unknown or revoked.
    INVALID_TOKEN = 401 "invalid_token" "Unable to get application by token",
    /// The user of the access token is dismissed.
    AUTHORIZATION_ERROR = 401 "authorization_error" "Unable to authorize user",
    /// The application of the access token was removed.
    APPLICATION_NOT_FOUND = 401 "APPLICATION_NOT_FOUND" "Application not found",
    /// The installation of the application is not finished, and the user of the access token does not administer the portal.
    ERROR_OAUTH = 401 "ERROR_OAUTH" "Application not installed",
    /// The same, under another name of the authorisation server.
    NOT_INSTALLED = 401 "NOT_INSTALLED" "Application not installed",
    /// The application of the access token is not for its user.
    USER_ACCESS_ERROR = 403 "user_access_error" "The user does not have access to the application.",
    /// The webhook or token lacks the scope of the method.
    INSUFFICIENT_SCOPE = 401 "insufficient_scope" "The request requires higher privileges than provided by the webhook token",
    /// There is no such method.
    METHOD_NOT_FOUND = 404 "ERROR_METHOD_NOT_FOUND" "Method not found!",
    /// The method needs an application, and the caller is a webhook.
    WRONG_AUTH_TYPE = 403 "WRONG_AUTH_TYPE" "Current authorization type is denied for this method",
    /// Plain HTTP is not allowed.
    HTTPS_REQUIRED = 400 "INVALID_REQUEST" "Https required",
    /// The body cannot be read: malformed, too deeply nested, or too many parameters.
    MALFORMED_REQUEST = 400 "INVALID_REQUEST" "The request body cannot be read",
    /// The body is larger than the portal allows.
    TOO_LARGE = 413 "INVALID_REQUEST" "The request body is too large",
    /// The body did not arrive in time.
    TOO_SLOW = 408 "INVALID_REQUEST" "The request body took too long to arrive",
    /// An HTTP method other than GET and POST.
    VERB_NOT_ALLOWED = 405 "INVALID_REQUEST" "Methods are called by GET or POST",
    /// The address names no portal, file or method.
    NOT_FOUND = 404 "NOT_FOUND" "Not found",
    /// A method that cannot be called inside a batch.
    BATCH_METHOD_NOT_ALLOWED = 405 "ERROR_BATCH_METHOD_NOT_ALLOWED" "Method is not allowed for batch usage",
    /// The command comes after the fiftieth of its batch.
    BATCH_LENGTH_EXCEEDED = 400 "ERROR_BATCH_LENGTH_EXCEEDED" "Max batch length exceeded",
    /// A value is not of the type of its parameter, and the method has no error of its own for that. The text goes on with the name of
    /// the parameter.
    INVALID_ARG_VALUE = 400 "INVALID_ARG_VALUE" "Invalid value of parameter",
    /// More requests than the portal allows.
    QUERY_LIMIT_EXCEEDED = 503 "QUERY_LIMIT_EXCEEDED" "Too many requests",
    /// The method has used up its time for this webhook or application.
    OPERATION_TIME_LIMIT = 429 "OPERATION_TIME_LIMIT" "Method is blocked due to operation time limit.",
    /// The server failed; its log says how.
    INTERNAL = 500 "INTERNAL_SERVER_ERROR" "Internal server error",
    /// The server is shutting down, has too many connections, has no memory or time left for the request, or does not own the portal now.
    OVERLOAD = 503 "OVERLOAD_LIMIT" "REST API is blocked due to overload.",
}

/// What a client is told when the store failed, which is logged elsewhere.
#[must_use]
pub const fn of_fault(fault: &StoreError) -> ApiError {
    match fault {
        StoreError::NotOwner(_) | StoreError::Held(_) => OVERLOAD,
        _ => INTERNAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_that_is_not_owned_is_answered_as_overloaded() {
        assert_eq!(of_fault(&StoreError::NotOwner("lost")).0.status, 503);
        assert_eq!(of_fault(&StoreError::Unavailable("gone".into())), INTERNAL);
    }
}
