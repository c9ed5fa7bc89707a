//! `/oauth2/userInfo`: the token that is shown, and the proof beside it where it is bound to a key. Reference: oauth-and-federation 6.4;
//! RFC 6750; RFC 9449 section 7.

use kernel::{ApiError, Cx, PoolId};
use userpool::{
    UserPools,
    hosted::{NoUserInfo, Proofs, Switches, UserInfo},
};

use crate::dpop::{self, BadProof, Bounds};

/// A call as it came.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The domain's.
    pub pool: &'a PoolId,
    /// What the pool does of proofs.
    pub switches: Switches,
    /// The header.
    pub authorization: Option<&'a str>,
    /// Of a form.
    pub posted: Option<&'a str>,
    /// The header `DPoP`. Empty: there were several, or it is no text.
    pub proof: Option<&'a str>,
    pub method: &'a str,
    /// As whoever calls reaches it.
    pub address: &'a str,
}

/// How a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Bearer,
    DPoP,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refused {
    /// No token came, or more than one.
    Malformed,
    /// `invalid_token`, under the scheme that is to be shown.
    Token(Scheme),
    WithoutOpenId(Scheme),
    /// `invalid_dpop_proof`.
    Proof(&'static str),
    /// `use_dpop_nonce`.
    Nonce,
    Failed(ApiError),
}

/// By the header, or posted in a form (RFC 6750 section 2.2); never in the address.
pub async fn user_info(pools: &UserPools, cx: &Cx, asked: Asked<'_>) -> Result<UserInfo, Refused> {
    let (scheme, token) = shown(asked).ok_or(Refused::Malformed)?;
    let proof = match scheme {
        Scheme::Bearer => None,
        Scheme::DPoP => {
            let text = asked.proof.ok_or(Refused::Proof("There is no proof."))?;
            let bounds = Bounds {
                method: asked.method,
                address: asked.address,
                token: Some(token),
                now: cx.wall().secs(),
            };
            let proof = dpop::current(pools, cx, (asked.pool, asked.switches.proof_nonces), (text, bounds));
            Some(proof.map_err(|bad| match bad {
                BadProof::Wrong(why) => Refused::Proof(why),
                BadProof::Nonce => Refused::Nonce,
            })?)
        }
    };
    let told = pools.user_info(cx, asked.pool, (token, proof.as_ref())).await;
    told.map_err(|none| match none {
        NoUserInfo::InvalidToken => Refused::Token(scheme),
        NoUserInfo::WithoutOpenId => Refused::WithoutOpenId(scheme),
        // Whatever it was shown as: a bound token as a bearer's, a bearer's as bound.
        NoUserInfo::OtherKey => Refused::Token(Scheme::DPoP),
        NoUserInfo::ShownBefore => Refused::Proof(dpop::SHOWN_BEFORE),
        NoUserInfo::Api(error) => Refused::Failed(error),
    })
}

fn shown(asked: Asked<'_>) -> Option<(Scheme, &str)> {
    let Some(header) = asked.authorization else {
        return Some((Scheme::Bearer, asked.posted?));
    };
    let (name, token) = header.split_once(' ')?;
    let scheme = if name.eq_ignore_ascii_case("bearer") {
        Scheme::Bearer
    } else if name.eq_ignore_ascii_case("dpop") && asked.switches.proofs != Proofs::Off {
        Scheme::DPoP
    } else {
        return None;
    };
    Some((scheme, token.trim())).filter(|(_, token)| !token.is_empty())
}
