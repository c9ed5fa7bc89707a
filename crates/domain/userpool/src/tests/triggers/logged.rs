//! What the log says of functions: never what they say themselves, which may name people.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing::subscriber::DefaultGuard;

use super::all_flows;

const ANA: &str = "ana@example.com";

/// What this test's thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn begun() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(lines))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where users are hidden the log alone tells that something failed.
#[tokio::test]
async fn what_a_function_says_is_not_logged() {
    let pool = json!({
        "AutoVerifiedAttributes": ["email"],
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
    });
    let hiding = json!({"PreventUserExistenceErrors": "ENABLED"});
    let people = all_flows(&["CustomMessage", "UserMigration"], pool, hiding).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    for source in [
        "CustomMessage_ResendCode",
        "CustomMessage_Authentication",
        "UserMigration_ForgotPassword",
    ] {
        people.app.functions.raise(source, "Ana Lopez is barred");
    }
    let (log, _guard) = Log::begun();
    let named = |name: &str| json!({"Username": name});
    people.public("ResendConfirmationCode", named("ana")).await.ok();
    people.public("ForgotPassword", named("bob")).await.ok();
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let asked = people.initiate("USER_AUTH", parameters).await.ok();
    assert_eq!(asked["ChallengeName"], "EMAIL_OTP");

    let log = log.text();
    for line in [
        "a code was not sent",
        "a code for a sign-in was not sent",
        "a user was not migrated",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
    assert!(log.contains("UserLambdaValidationException"), "{log}");
    assert!(!log.contains("barred"), "{log}");
}
