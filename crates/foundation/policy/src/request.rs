//! What is asked of policies.

use crate::context::Context;
use crate::principal::Principal;

/// One action on one resource. Actions on several resources are several requests; all must be allowed.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub principal: Principal<'a>,
    /// `s3:GetObject`; ignores case.
    pub action: &'a str,
    /// An ARN, or `*` for actions without one.
    pub resource: &'a str,
    /// Who owns the resource; for actions without one the account they act in.
    pub resource_account: &'a str,
    pub context: &'a Context<'a>,
    pub needs: Needs,
}

/// What an action needs beside a caller. Reference: identity-pools-iam 5.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Needs {
    /// That something allows it.
    #[default]
    Allow,
    /// That nothing denies it: GetSessionToken and its like.
    NoDeny,
    /// Nothing at all: GetCallerIdentity.
    Nothing,
}
