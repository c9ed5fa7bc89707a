//! What every other crate shares: time and chance as arguments, typed identifiers, the one error type, the request
//! context. It knows shapes only: no storage, no protocol, no Cognito behaviour. Start at [`Cx`].

mod arn;
pub mod authority;
mod chance;
mod cpu;
mod cx;
mod error;
mod ids;
pub mod markup;
mod memo;
mod network;
mod principal;
mod time;

pub use arn::Arn;
pub use chance::{Rng, SystemRng, base32_upper, base36, base62, decimal, hex, uuid, uuid_in_order};
pub use cpu::{CpuPool, Turn, yield_to_everything};
pub use cx::{Authenticated, Cx, Env};
pub use error::{ApiError, Code, Result};
pub use ids::{
    AccessKeyId, AccountId, ClientId, DeviceKey, IdentityId, IdentityPoolId, PoolId, Region, RequestId, Sub,
};
pub use memo::Memo;
pub use network::network;
pub use principal::{Principal, PrincipalKind, Session};
pub use time::{Clock, SystemClock, Timestamp};
