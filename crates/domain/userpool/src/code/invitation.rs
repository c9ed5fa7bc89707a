//! The message that greets a new user whom somebody else made: an administrator, or the function that vouches for them. Reference:
//! user-pools 4.5, 16.3.

use api::cognito_idp::DeliveryMediumType;
use delivery::{Letter, Message};
use kernel::ApiError;
use store::records::{address::Address, users::User};

use super::{Target, message, sending::Codes};
use crate::{
    errors,
    pool::Pool,
    trigger::{Functions, Scene, Source, Telling, Wording},
};

/// What a new user is told.
pub(crate) struct Invitation<'a> {
    /// By which they sign in.
    pub name: &'a str,
    pub password: Told<'a>,
    /// None named: see [`targets`].
    pub mediums: Vec<DeliveryMediumType>,
}

/// What stands where the template has the temporary password.
#[derive(Clone, Copy)]
pub(crate) enum Told<'a> {
    Temporary(&'a str),
    /// The password is the user's own, or forgotten: no message carries one.
    Stars,
}

const STARS: &str = "********";

/// Errors: InvalidParameter (a medium is named whose address is missing), those of the function and of [`Codes::letter`], with
/// TooManyRequests in place of LimitExceeded.
pub(crate) async fn letters(
    (functions, codes): (&Functions, &Codes),
    scene: Scene<'_>,
    invitation: Invitation<'_>,
) -> Result<Vec<Letter>, ApiError> {
    let Scene { cx, pool, user, .. } = scene;
    let targets = targets(pool, user, invitation.mediums)?;
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let source = Source::MessageOfInvitation;
    let tellings = functions.tellings(scene, source, &targets).await?;
    let password = match invitation.password {
        Told::Temporary(password) => password,
        Told::Stars => STARS,
    };
    let mut letters = Vec::with_capacity(targets.len());
    for (target, telling) in targets.iter().zip(&tellings) {
        if let Telling::Worded(wording) = telling
            && !message::has_place_for_password(pool, target, wording)
        {
            tracing::warn!(pool = %pool.id, "an invitation is not sent: its template has no place for a password");
            continue;
        }
        let worded = |wording: &Wording| {
            let message = message::invitation(pool, target, (invitation.name, password), wording);
            Message {
                code: message
                    .code
                    .filter(|_| matches!(invitation.password, Told::Temporary(_))),
                ..message
            }
        };
        let letter = codes.letter(cx, pool, (telling, password), worded).await;
        letters.push(letter.map_err(errors::without_limit_exceeded)?);
    }
    Ok(letters)
}

/// Where no medium is named the phone goes before the mail address if the pool sends text messages, else after it; where there is
/// neither, nothing goes out. A medium that is named needs its address.
///
/// Errors: InvalidParameter (no such address).
fn targets(pool: &Pool, user: &User, mut mediums: Vec<DeliveryMediumType>) -> Result<Vec<Target>, ApiError> {
    if mediums.is_empty() {
        let (phone, mail) = (Target::of(user, Address::Phone), Target::of(user, Address::Email));
        let target = if pool.sends_texts() {
            phone.or(mail)
        } else {
            mail.or(phone)
        };
        return Ok(target.into_iter().collect());
    }
    mediums.sort_unstable();
    mediums.dedup();
    let target = |medium: &DeliveryMediumType| {
        let address = match medium {
            DeliveryMediumType::Sms => Address::Phone,
            DeliveryMediumType::Email => Address::Email,
        };
        Target::of(user, address).ok_or_else(|| errors::user_has_no(address.attribute()))
    };
    mediums.iter().map(target).collect()
}
