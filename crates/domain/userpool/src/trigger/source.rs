//! The events there are, as `triggerSource` names them, and the trigger of each. A message's event is told to the function that
//! words messages or, by another name, to the one that sends them. Reference: user-pools 16.2.

use std::borrow::Cow;

/// A member of LambdaConfig. Reference: 16.1 has the names, which errors begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trigger {
    PreSignUp,
    PostConfirmation,
    CustomMessage,
    PreAuthentication,
    PostAuthentication,
    PreTokenGeneration,
    DefineAuthChallenge,
    CreateAuthChallenge,
    VerifyAuthChallengeResponse,
    UserMigration,
    CustomEmailSender,
    CustomSmsSender,
    InboundFederation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    SignUp,
    AdminCreateUser,
    /// By an identity provider.
    ExternalSignUp,
    ConfirmSignUp,
    ConfirmForgotPassword,
    MessageAtSignUp,
    MessageOfInvitation,
    MessageSentAgain,
    MessageOfForgottenPassword,
    MessageOfChangedAttribute,
    MessageOfAttribute,
    MessageOfSignIn,
    BeforeSignIn,
    AfterSignIn,
    TokensOfSignIn,
    TokensOfNewPassword,
    TokensOfDevice,
    TokensOfRefresh,
    TokensOfClient,
    /// By hosted login.
    TokensOfCode,
    DefineChallenge,
    CreateChallenge,
    VerifyChallenge,
    MigrationAtSignIn,
    MigrationAtRecovery,
    Arrival,
}

impl Trigger {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::CustomMessage => "CustomMessage",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::VerifyAuthChallengeResponse => "VerifyAuthChallengeResponse",
            Self::UserMigration => "UserMigration",
            Self::CustomEmailSender => "CustomEmailSender",
            Self::CustomSmsSender => "CustomSMSSender",
            Self::InboundFederation => "InboundFederation",
        }
    }
}

impl Source {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "PreSignUp_SignUp",
            Self::AdminCreateUser => "PreSignUp_AdminCreateUser",
            Self::ExternalSignUp => "PreSignUp_ExternalProvider",
            Self::ConfirmSignUp => "PostConfirmation_ConfirmSignUp",
            Self::ConfirmForgotPassword => "PostConfirmation_ConfirmForgotPassword",
            Self::MessageAtSignUp => "CustomMessage_SignUp",
            Self::MessageOfInvitation => "CustomMessage_AdminCreateUser",
            Self::MessageSentAgain => "CustomMessage_ResendCode",
            Self::MessageOfForgottenPassword => "CustomMessage_ForgotPassword",
            Self::MessageOfChangedAttribute => "CustomMessage_UpdateUserAttribute",
            Self::MessageOfAttribute => "CustomMessage_VerifyUserAttribute",
            Self::MessageOfSignIn => "CustomMessage_Authentication",
            Self::BeforeSignIn => "PreAuthentication_Authentication",
            Self::AfterSignIn => "PostAuthentication_Authentication",
            Self::TokensOfSignIn => "TokenGeneration_Authentication",
            Self::TokensOfNewPassword => "TokenGeneration_NewPasswordChallenge",
            Self::TokensOfDevice => "TokenGeneration_AuthenticateDevice",
            Self::TokensOfRefresh => "TokenGeneration_RefreshTokens",
            Self::TokensOfClient => "TokenGeneration_ClientCredentials",
            Self::TokensOfCode => "TokenGeneration_HostedAuth",
            Self::DefineChallenge => "DefineAuthChallenge_Authentication",
            Self::CreateChallenge => "CreateAuthChallenge_Authentication",
            Self::VerifyChallenge => "VerifyAuthChallengeResponse_Authentication",
            Self::MigrationAtSignIn => "UserMigration_Authentication",
            Self::MigrationAtRecovery => "UserMigration_ForgotPassword",
            Self::Arrival => "InboundFederation_ExternalProvider",
        }
    }

    pub const fn trigger(self) -> Trigger {
        match self {
            Self::SignUp | Self::AdminCreateUser | Self::ExternalSignUp => Trigger::PreSignUp,
            Self::ConfirmSignUp | Self::ConfirmForgotPassword => Trigger::PostConfirmation,
            Self::MessageAtSignUp
            | Self::MessageOfInvitation
            | Self::MessageSentAgain
            | Self::MessageOfForgottenPassword
            | Self::MessageOfChangedAttribute
            | Self::MessageOfAttribute
            | Self::MessageOfSignIn => Trigger::CustomMessage,
            Self::BeforeSignIn => Trigger::PreAuthentication,
            Self::AfterSignIn => Trigger::PostAuthentication,
            Self::TokensOfSignIn
            | Self::TokensOfNewPassword
            | Self::TokensOfDevice
            | Self::TokensOfRefresh
            | Self::TokensOfClient
            | Self::TokensOfCode => Trigger::PreTokenGeneration,
            Self::DefineChallenge => Trigger::DefineAuthChallenge,
            Self::CreateChallenge => Trigger::CreateAuthChallenge,
            Self::VerifyChallenge => Trigger::VerifyAuthChallengeResponse,
            Self::MigrationAtSignIn | Self::MigrationAtRecovery => Trigger::UserMigration,
            Self::Arrival => Trigger::InboundFederation,
        }
    }

    /// What the event is called where this trigger hears of it: `CustomEmailSender_SignUp` is told of the same message as
    /// `CustomMessage_SignUp`.
    pub fn heard_by(self, trigger: Trigger) -> Cow<'static, str> {
        let name = self.name();
        match name.split_once('_') {
            Some((own, what)) if own == Trigger::CustomMessage.name() => format!("{}_{what}", trigger.name()).into(),
            _ => name.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_told_to_senders_by_their_names() {
        for (source, trigger, expected) in [
            (
                Source::MessageAtSignUp,
                Trigger::CustomEmailSender,
                "CustomEmailSender_SignUp",
            ),
            (
                Source::MessageSentAgain,
                Trigger::CustomSmsSender,
                "CustomSMSSender_ResendCode",
            ),
            (
                Source::MessageOfSignIn,
                Trigger::CustomMessage,
                "CustomMessage_Authentication",
            ),
            (
                Source::TokensOfRefresh,
                Trigger::PreTokenGeneration,
                "TokenGeneration_RefreshTokens",
            ),
        ] {
            assert_eq!(source.heard_by(trigger), expected);
        }
    }
}
