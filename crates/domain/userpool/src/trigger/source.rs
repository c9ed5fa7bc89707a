//! The events there are, as `triggerSource` names them, and the trigger of each. Reference: user-pools 16.2.

/// A member of LambdaConfig. Reference: 16.1 has the names, which errors begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trigger {
    PreSignUp,
    PostConfirmation,
    CustomMessage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    SignUp,
    AdminCreateUser,
    ConfirmSignUp,
    ConfirmForgotPassword,
    MessageAtSignUp,
    MessageOfInvitation,
    MessageSentAgain,
    MessageOfForgottenPassword,
    MessageOfChangedAttribute,
    MessageOfAttribute,
}

impl Trigger {
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::CustomMessage => "CustomMessage",
        }
    }
}

impl Source {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "PreSignUp_SignUp",
            Self::AdminCreateUser => "PreSignUp_AdminCreateUser",
            Self::ConfirmSignUp => "PostConfirmation_ConfirmSignUp",
            Self::ConfirmForgotPassword => "PostConfirmation_ConfirmForgotPassword",
            Self::MessageAtSignUp => "CustomMessage_SignUp",
            Self::MessageOfInvitation => "CustomMessage_AdminCreateUser",
            Self::MessageSentAgain => "CustomMessage_ResendCode",
            Self::MessageOfForgottenPassword => "CustomMessage_ForgotPassword",
            Self::MessageOfChangedAttribute => "CustomMessage_UpdateUserAttribute",
            Self::MessageOfAttribute => "CustomMessage_VerifyUserAttribute",
        }
    }

    pub const fn trigger(self) -> Trigger {
        match self {
            Self::SignUp | Self::AdminCreateUser => Trigger::PreSignUp,
            Self::ConfirmSignUp | Self::ConfirmForgotPassword => Trigger::PostConfirmation,
            Self::MessageAtSignUp
            | Self::MessageOfInvitation
            | Self::MessageSentAgain
            | Self::MessageOfForgottenPassword
            | Self::MessageOfChangedAttribute
            | Self::MessageOfAttribute => Trigger::CustomMessage,
        }
    }
}
