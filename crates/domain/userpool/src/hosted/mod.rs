//! What hosted login and the OAuth endpoints ask of user pools, in the words of both: at which [`Place`] somebody is, how they sign in
//! there (`sign_in`, by the machine of [`crate::signin`]; `sign_up` and `recovery` are the API's own operations; `recovery_codes`: what stands in for a second factor) and the browser's session
//! that begins then (`browser`; `fresh`: for which request), which may be remembered as a device (`remembered`). Of it come codes for apps
//! (`code`, `meaning`) and devices that are allowed (`device`, `polling`); both are traded alike (`allowed`), and so are tokens without a
//! code (`implicit`); what comes of that is `tokens`, `refresh`, `user_info` and `introspect`. `proofs` are what clients sign, `hearer` who
//! is told of a session's end, `register` clients that register themselves, `account` what people do with their own account. It knows
//! neither HTTP nor how OAuth spells its parameters: that is the crate `oauth`. Reference: oauth-and-federation 3 to 6.

mod account;
mod allowed;
mod approved;
mod away;
mod browser;
mod checked;
mod code;
mod device;
mod forms;
mod fresh;
mod guesses;
mod hearer;
mod implicit;
mod introspect;
mod letter;
mod machine;
mod meaning;
mod passkeys;
mod place;
mod polling;
mod proofs;
mod providers;
mod pushed;
mod recovery;
mod recovery_codes;
mod refresh;
mod register;
mod registrable;
mod remembered;
mod service_provider;
mod set_up;
mod sign_in;
mod sign_up;
mod single_logout;
mod standing;
pub(crate) mod tags;
mod tokens;
mod user_code;
mod user_info;

pub use account::{Contact, Factors, Field, OwnDevice, OwnPasskey, OwnProvider, OwnSession, SecondFactor, Turn};
pub use approved::Approved;
pub use away::{Away, BroughtBack, Leaving, Left, NotLeft};
pub use browser::Browser;
pub use code::{CodeRefused, Presented};
pub use device::{AskedDevice, DeviceAnswer, DeviceCodes, Entered, NotEntered};
pub use forms::Names;
pub use letter::{By, Letter};
pub use machine::{ExchangeAsked, Exchanged, NoOwnToken, NotExchanged, OwnAsked, OwnToken, Token};
pub use place::Place;
pub use polling::DeviceRefused;
pub use proofs::{Once, Proof};
pub use providers::{Offered, SignInBy};
pub use pushed::{Coming, PUSHED_LIFE};
pub use refresh::NotRefreshed;
pub use register::{NotRegistered, Registered};
pub use registrable::{Flow, Metadata};
pub use remembered::{DeviceDue, Remembered};
pub use service_provider::ServiceAddresses;
pub use sign_up::{NewAccount, SignedUp};
pub use single_logout::NotLoggedOut;
pub use tokens::TokenSet;
pub use user_info::{NoUserInfo, UserInfo};

pub use federation::{Answer as ProviderAnswer, Refusal};

pub use crate::{
    client::{
        oauth::{COGNITO, OAuth},
        registered::{Logout as LogoutAs, Registered as RegisteredAs},
    },
    code::Target,
    device::browser::BrowserDevice,
    external::NotArrived,
    password::policy::PasswordRules,
    pool::{
        passkeys::Page,
        switches::{Proofs, Pushed, Switches},
    },
    signin::{
        LoggedIn, SentBy,
        protocol::{Answer, Challenge, FirstFactor, Given, Reply, Start},
    },
};
