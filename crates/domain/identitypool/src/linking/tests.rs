use kernel::{IdentityId, IdentityPoolId, Timestamp};
use store::records::identities::{Identity, Login};

use super::plan;

fn login(text: &str) -> Login {
    let (provider, subject) = text.split_once('/').unwrap();
    Login {
        provider: provider.to_owned(),
        subject: subject.to_owned(),
    }
}

/// `name@created: logins`; a `-` before it is a disabled one, a `*` an authenticated one without logins.
fn identity(text: &str) -> Identity {
    let (head, logins) = text.split_once(':').unwrap();
    let (name, created) = head.split_once('@').unwrap();
    let logins: Vec<Login> = logins.split_whitespace().map(login).collect();
    Identity {
        pool: IdentityPoolId::new("eu-west-1:0"),
        identity: IdentityId::new(name.trim_start_matches(['-', '*'])),
        created: Timestamp::from_secs(created.parse().unwrap()),
        modified: Timestamp::from_secs(0),
        enabled: !name.starts_with('-'),
        authenticated: !logins.is_empty() || name.starts_with('*'),
        version: 1,
        logins,
    }
}

/// `survivor: its logins | retired | claimed`, or the refusal's code.
fn outcome(named: Option<&str>, owners: &[&str], given: &str) -> String {
    let given: Vec<Login> = given.split_whitespace().map(login).collect();
    let owners = owners.iter().map(|text| identity(text)).collect();
    let spelled = |logins: &[Login]| {
        let texts: Vec<String> = logins.iter().map(|l| format!("{}/{}", l.provider, l.subject)).collect();
        texts.join(" ")
    };
    match plan(named.map(identity), owners, &given, identity("new@9:")) {
        Err(refusal) => refusal.code().0.to_owned(),
        Ok(plan) => {
            let retired: Vec<&str> = plan.retired.iter().map(|identity| identity.identity.as_str()).collect();
            assert_eq!(plan.is_new, plan.survivor.identity.as_str() == "new");
            assert_eq!(plan.survivor.authenticated, !plan.survivor.logins.is_empty());
            format!(
                "{}: {} | {} | {}",
                plan.survivor.identity,
                spelled(&plan.survivor.logins),
                retired.join(" "),
                spelled(&plan.claimed)
            )
        }
    }
}

#[test]
fn without_a_named_identity_the_logins_decide() {
    assert_eq!(outcome(None, &[], ""), "new:  |  | ");
    assert_eq!(outcome(None, &[], "p/1 q/2"), "new: p/1 q/2 |  | p/1 q/2");
    assert_eq!(outcome(None, &["b@1: p/1"], "p/1"), "b: p/1 |  | ");
    assert_eq!(outcome(None, &["b@1: p/1"], "p/1 q/2"), "b: p/1 q/2 |  | q/2");
    // Two owners are merged into the older.
    assert_eq!(
        outcome(None, &["c@5: q/2", "b@1: p/1"], "p/1 q/2"),
        "b: p/1 q/2 | c | q/2"
    );
    assert_eq!(
        outcome(None, &["c@1: q/2", "b@1: p/1"], "p/1 q/2"),
        "b: p/1 q/2 | c | q/2"
    );
}

#[test]
fn a_guest_becomes_somebody_or_gives_way() {
    assert_eq!(outcome(Some("g@3:"), &[], "p/1"), "g: p/1 |  | p/1");
    assert_eq!(outcome(Some("g@3:"), &["b@5: p/1"], "p/1"), "b: p/1 | g | ");
    assert_eq!(
        outcome(Some("g@3:"), &["c@7: q/2", "b@5: p/1"], "p/1 q/2"),
        "b: p/1 q/2 | c g | q/2"
    );
}

#[test]
fn somebody_elses_identity_is_never_joined() {
    let forbidden = "NotAuthorizedException";
    assert_eq!(outcome(Some("a@1: p/1"), &[], "q/2"), forbidden);
    assert_eq!(outcome(Some("a@1: p/1"), &[], "p/2"), forbidden);
    assert_eq!(outcome(Some("a@1: p/1"), &["b@5: q/2"], "q/2"), forbidden);
    assert_eq!(outcome(Some("a@1: p/1"), &[], ""), forbidden);
    assert_eq!(outcome(Some("*a@1:"), &[], "p/1"), forbidden);
    assert_eq!(outcome(Some("-a@1:"), &[], "p/1"), forbidden);
    assert_eq!(outcome(Some("-a@1: p/1"), &[], "p/1"), forbidden);
}

#[test]
fn the_named_identity_takes_in_what_its_owner_has_elsewhere() {
    assert_eq!(outcome(Some("a@8: p/1"), &[], "p/1"), "a: p/1 |  | ");
    assert_eq!(outcome(Some("a@8: p/1"), &[], "p/1 q/2"), "a: p/1 q/2 |  | q/2");
    // The named one stays, although the other is older.
    assert_eq!(
        outcome(Some("a@8: p/1"), &["b@1: q/2 r/3"], "p/1 q/2"),
        "a: p/1 q/2 r/3 | b | q/2 r/3"
    );
}

#[test]
fn one_subject_a_provider() {
    let conflict = "ResourceConflictException";
    assert_eq!(outcome(None, &[], "p/1 p/2"), conflict);
    assert_eq!(outcome(Some("a@1: p/1"), &["b@5: q/2 p/9"], "p/1 q/2"), conflict);
    assert_eq!(outcome(Some("a@1: p/1"), &["b@5: p/2"], "p/1 p/2"), conflict);
    // A second subject beside the one that proves the identity is somebody else.
    let forbidden = "NotAuthorizedException";
    assert_eq!(outcome(Some("a@1: p/1"), &[], "p/1 p/2"), forbidden);
    assert_eq!(outcome(None, &["b@1: p/1"], "p/1 p/2"), forbidden);
}

#[test]
fn twenty_logins_are_the_most() {
    let logins = |n: usize| (0..n).map(|i| format!("p{i}/1")).collect::<Vec<_>>().join(" ");
    assert!(outcome(None, &[], &logins(20)).starts_with("new: "));
    assert_eq!(outcome(None, &[], &logins(21)), "ResourceConflictException");
}
