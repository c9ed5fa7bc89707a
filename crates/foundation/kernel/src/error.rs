//! The one error that operations answer with: a code, AWS's sentence for the client, and a detail for the log only.

use std::{fmt, panic::Location};

pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// The name of an error on the wire, such as `NotAuthorizedException`. Its HTTP status comes from the service model.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Code(pub &'static str);

#[expect(non_upper_case_globals, reason = "the names read like AWS's")]
impl Code {
    // User pools and identity pools (reference user-pools 1.5, identity-pools-iam 1.16).
    pub const AliasExists: Self = Self("AliasExistsException");
    pub const CodeDeliveryFailure: Self = Self("CodeDeliveryFailureException");
    pub const CodeMismatch: Self = Self("CodeMismatchException");
    pub const ConcurrentModification: Self = Self("ConcurrentModificationException");
    pub const DeviceKeyExists: Self = Self("DeviceKeyExistsException");
    pub const DuplicateProvider: Self = Self("DuplicateProviderException");
    pub const EnableSoftwareTokenMFA: Self = Self("EnableSoftwareTokenMFAException");
    pub const ExpiredCode: Self = Self("ExpiredCodeException");
    pub const FeatureUnavailableInTier: Self = Self("FeatureUnavailableInTierException");
    pub const GroupExists: Self = Self("GroupExistsException");
    pub const InternalError: Self = Self("InternalErrorException");
    pub const InvalidIdentityPoolConfiguration: Self = Self("InvalidIdentityPoolConfigurationException");
    pub const InvalidLambdaResponse: Self = Self("InvalidLambdaResponseException");
    pub const InvalidOAuthFlow: Self = Self("InvalidOAuthFlowException");
    pub const InvalidParameter: Self = Self("InvalidParameterException");
    pub const InvalidPassword: Self = Self("InvalidPasswordException");
    pub const InvalidSmsRoleAccessPolicy: Self = Self("InvalidSmsRoleAccessPolicyException");
    pub const InvalidSmsRoleTrustRelationship: Self = Self("InvalidSmsRoleTrustRelationshipException");
    pub const LimitExceeded: Self = Self("LimitExceededException");
    pub const ManagedLoginBrandingExists: Self = Self("ManagedLoginBrandingExistsException");
    pub const MFAMethodNotFound: Self = Self("MFAMethodNotFoundException");
    pub const NotAuthorized: Self = Self("NotAuthorizedException");
    pub const PasswordHistoryPolicyViolation: Self = Self("PasswordHistoryPolicyViolationException");
    pub const PasswordResetRequired: Self = Self("PasswordResetRequiredException");
    pub const RefreshTokenReuse: Self = Self("RefreshTokenReuseException");
    pub const ResourceConflict: Self = Self("ResourceConflictException");
    pub const ResourceNotFound: Self = Self("ResourceNotFoundException");
    pub const ScopeDoesNotExist: Self = Self("ScopeDoesNotExistException");
    pub const SoftwareTokenMFANotFound: Self = Self("SoftwareTokenMFANotFoundException");
    pub const TermsExists: Self = Self("TermsExistsException");
    pub const TooManyRequests: Self = Self("TooManyRequestsException");
    pub const Unauthorized: Self = Self("UnauthorizedException");
    pub const UnexpectedLambda: Self = Self("UnexpectedLambdaException");
    pub const UnsupportedOperation: Self = Self("UnsupportedOperationException");
    pub const UnsupportedTokenType: Self = Self("UnsupportedTokenTypeException");
    pub const UnsupportedUserState: Self = Self("UnsupportedUserStateException");
    pub const UserLambdaValidation: Self = Self("UserLambdaValidationException");
    pub const UsernameExists: Self = Self("UsernameExistsException");
    pub const UserNotConfirmed: Self = Self("UserNotConfirmedException");
    pub const UserNotFound: Self = Self("UserNotFoundException");
    pub const UserPoolTagging: Self = Self("UserPoolTaggingException");
    pub const WebAuthnChallengeNotFound: Self = Self("WebAuthnChallengeNotFoundException");
    pub const WebAuthnClientMismatch: Self = Self("WebAuthnClientMismatchException");
    pub const WebAuthnConfigurationMissing: Self = Self("WebAuthnConfigurationMissingException");
    pub const WebAuthnCredentialNotSupported: Self = Self("WebAuthnCredentialNotSupportedException");
    pub const WebAuthnNotEnabled: Self = Self("WebAuthnNotEnabledException");
    pub const WebAuthnOriginNotAllowed: Self = Self("WebAuthnOriginNotAllowedException");
    pub const WebAuthnRelyingPartyMismatch: Self = Self("WebAuthnRelyingPartyMismatchException");

    // What the front end of the JSON services answers (reference user-pools 1.3).
    pub const AccessDeniedException: Self = Self("AccessDeniedException");
    pub const ExpiredTokenException: Self = Self("ExpiredTokenException");
    pub const IncompleteSignatureException: Self = Self("IncompleteSignatureException");
    pub const InvalidSignatureException: Self = Self("InvalidSignatureException");
    pub const MissingAuthenticationTokenException: Self = Self("MissingAuthenticationTokenException");
    pub const RequestEntityTooLarge: Self = Self("RequestEntityTooLargeException");
    pub const Serialization: Self = Self("SerializationException");
    pub const UnknownOperation: Self = Self("UnknownOperationException");
    pub const UnrecognizedClient: Self = Self("UnrecognizedClientException");
    pub const ValidationException: Self = Self("ValidationException");

    // IAM and STS (reference identity-pools-iam 2.4, 3.3, 10.5).
    pub const AccessDenied: Self = Self("AccessDenied");
    pub const DeleteConflict: Self = Self("DeleteConflict");
    pub const EntityAlreadyExists: Self = Self("EntityAlreadyExists");
    pub const ExpiredToken: Self = Self("ExpiredToken");
    pub const IncompleteSignature: Self = Self("IncompleteSignature");
    pub const InvalidAction: Self = Self("InvalidAction");
    pub const InvalidClientTokenId: Self = Self("InvalidClientTokenId");
    pub const InvalidIdentityToken: Self = Self("InvalidIdentityToken");
    pub const InvalidInput: Self = Self("InvalidInput");
    pub const MissingAuthenticationToken: Self = Self("MissingAuthenticationToken");
    pub const NoSuchEntity: Self = Self("NoSuchEntity");
    pub const PackedPolicyTooLarge: Self = Self("PackedPolicyTooLarge");
    pub const QueryLimitExceeded: Self = Self("LimitExceeded");
    pub const ServiceFailure: Self = Self("ServiceFailure");
    pub const SignatureDoesNotMatch: Self = Self("SignatureDoesNotMatch");
    pub const ValidationError: Self = Self("ValidationError");
}

/// One function a sentence: `name => Code, "text";`. Each gives the error at the place that calls it.
#[macro_export]
macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident => $code:ident, $text:literal;)*) => {
        $(
            $(#[$doc])*
            #[track_caller]
            pub(crate) fn $name() -> $crate::ApiError {
                $crate::ApiError::new($crate::Code::$code, $text)
            }
        )*
    };
}

/// Small to move (one pointer), because it is the error side of every operation.
pub struct ApiError(Box<Inner>);

struct Inner {
    code: Code,
    message: String,
    detail: Option<String>,
    members: Vec<(&'static str, String)>,
    thrown_at: &'static Location<'static>,
}

impl ApiError {
    #[track_caller]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.into(),
            detail: None,
            members: Vec::new(),
            thrown_at: Location::caller(),
        }))
    }

    /// Something of ours failed: 500, a sentence that says nothing, the cause in the log. The front end turns the code
    /// into the service's own spelling of an internal error.
    #[track_caller]
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::new(Code::InternalError, "An internal error occurred.").because(detail)
    }

    /// What the log should know and the client must not.
    #[must_use]
    pub fn because(mut self, detail: impl fmt::Display) -> Self {
        self.0.detail = Some(detail.to_string());
        self
    }

    /// A further modelled member of the error's body, such as `reasonCode`.
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.members.push((name, value.into()));
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    pub fn members(&self) -> &[(&'static str, String)] {
        &self.0.members
    }

    pub fn thrown_at(&self) -> &'static Location<'static> {
        self.0.thrown_at
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.0, self.0.message)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Some(detail) = self.detail() {
            write!(f, " ({detail})")?;
        }
        write!(f, " at {}", self.0.thrown_at)
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_for_the_log_only() {
        let error = ApiError::internal("disk full");
        assert_eq!(error.to_string(), "InternalErrorException: An internal error occurred.");
        assert!(format!("{error:?}").contains("disk full"));
        assert!(error.thrown_at().file().ends_with("error.rs"));
        assert_eq!(size_of::<ApiError>(), size_of::<usize>());
    }
}
