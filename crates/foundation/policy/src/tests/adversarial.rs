//! Documents and requests made to hurt: each must end, with an answer, in work that grows with its size.

use super::scene::*;
use crate::PolicyKind::{Bucket, Identity};
use crate::{Context, Needs, Policies, Policy, Request, evaluate};

const SYNTAX: &str = "Syntax errors in policy.";

#[test]
fn patterns_that_explode_when_tried_again_and_again() {
    let text = "a".repeat(2_000);
    for (pattern, fits) in [
        (format!("{}b", "a*".repeat(900)), false),
        (format!("{}b", "*a".repeat(900)), false),
        (format!("*{}b", "?a*".repeat(500)), false),
        ("*".repeat(1_900), true),
        ("?*".repeat(900), true),
        (format!("*{}", "?".repeat(2_000)), true),
        (format!("*{}", "?".repeat(2_001)), false),
    ] {
        let statement = format!("+s3:GetObject b/{pattern}");
        let decision = case(0)
            .p(&[&statement])
            .asks("s3:GetObject", &format!("b/{text}"))
            .decide();
        assert_eq!(is_allowed(decision), fits, "{pattern:.20}");
    }
}

#[test]
fn nesting_is_refused_without_a_deep_stack() {
    let deep = 200_000;
    let lists = "[".repeat(deep) + &"]".repeat(deep);
    let objects = r#"{"a:b":"#.repeat(deep) + "1" + &"}".repeat(deep);
    for deep in [&lists, &objects] {
        for text in [
            deep.clone(),
            format!(r#"{{"Statement":{deep}}}"#),
            format!(r#"{{"Statement":[{{"Effect":{deep}}}]}}"#),
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":{deep}}}]}}"#),
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{deep}}}]}}"#),
            format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Other":{deep}}}]}}"#),
        ] {
            assert_eq!(
                Policy::parse(&text, Identity).unwrap_err().message(),
                SYNTAX,
                "{text:.80}"
            );
        }
    }
}

#[test]
fn repeated_keys_are_refused_at_every_level() {
    let statement = r#""Effect":"Allow","Action":"*","Resource":"*""#;
    for text in [
        format!(r#"{{"Version":"2012-10-17","Version":"2012-10-17","Statement":{{{statement}}}}}"#),
        format!(r#"{{"Statement":{{{statement}}},"Statement":{{{statement}}}}}"#),
        format!(r#"{{"Statement":{{{statement},"Effect":"Deny"}}}}"#),
        format!(r#"{{"Statement":{{{statement},"\u0045ffect":"Deny"}}}}"#),
        format!(r#"{{"Statement":{{{statement},"Condition":{{"Bool":{{"a:b":"true"}},"Bool":{{"a:b":"false"}}}}}}}}"#),
        format!(r#"{{"Statement":{{{statement},"Condition":{{"Bool":{{"a:b":"true","a:b":"false"}}}}}}}}"#),
    ] {
        assert_eq!(Policy::parse(&text, Identity).unwrap_err().message(), SYNTAX, "{text}");
    }
    let bucket = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"*","AWS":"123456789012"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#;
    assert_eq!(
        Policy::parse(bucket, Bucket).unwrap_err().message(),
        "Invalid policy syntax."
    );
}

#[test]
fn broken_text_is_refused() {
    let good = text(&["+s3:GetObject b/*"]);
    for broken in [
        good.replace("b/*", r"b/\ud800"),
        good.replace("b/*", r"b/\udc00\ud800"),
        good.replace("b/*", r"b/\u12"),
        good.replace("b/*", r"b/\x41"),
        good.replace("b/*", "b/\n"),
        good.replace("b/*", "b/\u{100}"),
        format!("\u{feff}{good}"),
        format!("{good}{good}"),
        format!("{good},"),
        good.replace("Allow", "Allow\0"),
        good[..good.len() - 1].to_owned(),
    ] {
        let error = Policy::parse(&broken, Identity).unwrap_err();
        assert!(
            [SYNTAX, "This policy contains invalid Json"].contains(&error.message()),
            "{broken:?}: {error}"
        );
    }
    assert!(Policy::parse(&good.replace("b/*", r"b/\ud83d\ude00"), Identity).is_ok());
}

#[test]
fn huge_documents_are_read_and_answered() {
    let statements: Vec<String> = (0..5_000)
        .map(|n| format!("+s3:GetObject b{n}/${{aws:username}}/*"))
        .collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let policies = [policy(Identity, &statements)];
    let context = Context::of(&ANN);
    let mut request = Request {
        principal: ANN,
        action: "s3:GetObject",
        resource: "arn:aws:s3:::b4999/Ann/x",
        resource_account: A,
        context: &context,
        needs: Needs::Allow,
    };
    let policies = Policies {
        identity: &policies,
        ..Policies::default()
    };
    assert!(evaluate(&request, &policies).is_allowed());
    request.resource = "arn:aws:s3:::b5000/Ann/x";
    assert!(!evaluate(&request, &policies).is_allowed());
}
