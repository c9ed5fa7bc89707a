//! A second factor that a person is asked to set up on the way. Reference: oauth-and-federation 9.1; user-pools 6.2.

use http::StatusCode;
use kernel::ApiError;
use pages::hosted::{Line, Say, SetUpEmail, SetUpTotp};
use store::records::factor::Factor;
use userpool::hosted::Answer;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    ask::Ask,
    authorize::App,
    frame::{self, Around},
    outcome, page,
    step::Carried,
    tell::{self, Asked},
};
use crate::body::Response;

/// Which one.
pub async fn chosen(ask: &Ask<'_>, app: &App, username: &str, name: &str, carried: &Carried) -> Response {
    match page::second_factor(name) {
        Some(Factor::SoftwareToken) => offered(ask, app, username, (carried, None)).await,
        Some(Factor::Email) => {
            let page = SetUpEmail {
                email: String::new(),
                has_back: false,
            };
            frame::shown(ask, around(username, carried, None), &page)
        }
        // The number is the user's; there is nothing to set up but to be asked.
        Some(Factor::Sms) | None => {
            let answer = Answer::SetUp {
                session: carried.session.clone(),
                email: None,
            };
            let reply = ask.app.user_pools.answer_at(&ask.cx, &app.place, username, answer);
            outcome::replied(ask, app, (username, Asked::Else), reply.await, None).await
        }
    }
}

/// The app's secret; another each time that it is offered, so that a page that was left open is worth nothing.
async fn offered(ask: &Ask<'_>, app: &App, username: &str, (carried, error): (&Carried, Option<Line>)) -> Response {
    match ask.app.user_pools.new_app_at(&ask.cx, &carried.session).await {
        Ok((secret, session)) => {
            let carried = Carried {
                session,
                ..Carried::default()
            };
            shown(ask, app, username, &carried, (&secret, error))
        }
        Err(error) => refused(ask, app, username, &error),
    }
}

fn shown(
    ask: &Ask<'_>,
    app: &App,
    username: &str,
    carried: &Carried,
    (secret, error): (&str, Option<Line>),
) -> Response {
    let page = SetUpTotp {
        uri: uri(app.place.known_as(), username, secret),
        secret: secret.to_owned(),
        has_back: false,
    };
    frame::shown(ask, around(username, carried, error), &page)
}

/// Its first code.
pub async fn app(
    ask: &Ask<'_>,
    app: &App,
    username: &str,
    (digits, name): (&str, Option<&str>),
    carried: &Carried,
) -> Response {
    let pools = &ask.app.user_pools;
    let digits: String = digits.split_whitespace().collect();
    match pools.verify_app_at(&ask.cx, &carried.session, (&digits, name)).await {
        Ok(session) => {
            let answer = Answer::SetUp { session, email: None };
            let reply = pools.answer_at(&ask.cx, &app.place, username, answer).await;
            outcome::replied(ask, app, (username, Asked::Else), reply, None).await
        }
        Err(error) => {
            let line = tell::line(&error, Asked::Code);
            match ask.field("secret").filter(|_| line == Say::CodeMismatch.into()) {
                // Whoever mistypes has the secret in the app already.
                Some(secret) => shown(ask, app, username, carried, (secret, Some(line))),
                None => offered(ask, app, username, (carried, Some(line))).await,
            }
        }
    }
}

/// Whose time is up begins anew.
fn refused(ask: &Ask<'_>, app: &App, username: &str, error: &ApiError) -> Response {
    tracing::info!(request_id = %ask.cx.request_id, code = error.code().0, "a set-up was refused");
    let line = tell::line(error, Asked::Else);
    if line == Say::SessionExpired.into() {
        return page::sign_in(ask, &app.place, username, Some(line));
    }
    frame::refused(ask, StatusCode::BAD_REQUEST, Some(line))
}

fn around(username: &str, carried: &Carried, error: Option<Line>) -> Around {
    Around {
        action: "/login",
        session: carried.written(),
        username: username.to_owned(),
        error,
        ..Around::default()
    }
}

/// What authenticator apps read of a QR code: they list the account by its issuer and name.
pub fn uri(issuer: &str, username: &str, secret: &str) -> String {
    // A colon is what stands between the two.
    let issuer = issuer.replace(':', " ");
    let (issuer, name) = (part(&issuer), part(username));
    format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
}

fn part(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn an_app_learns_whose_account_it_is() {
        let of_a_pool = "otpauth://totp/Harbour%20Ltd:ana%40example%2Ecom?secret=ABCD&issuer=Harbour%20Ltd";
        assert_eq!(uri("Harbour Ltd", "ana@example.com", "ABCD"), of_a_pool);
        assert_eq!(
            uri("a:b", "c:d", "X"),
            "otpauth://totp/a%20b:c%3Ad?secret=X&issuer=a%20b"
        );
    }
}
