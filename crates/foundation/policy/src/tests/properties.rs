use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::scene::{A, ANN, BOB, ROOT, SESSION, STRANGER, text};
use super::slow::{self, Name, Rule, Verdict, World};
use crate::condition::Condition;
use crate::pattern::{Hit, Pattern, Rules};
use crate::{Context, Needs, Policies, Policy, PolicyKind, Principal, Request, evaluate, explain};

const KINDS: [PolicyKind; 5] = [
    PolicyKind::Identity,
    PolicyKind::Session,
    PolicyKind::Boundary,
    PolicyKind::Trust,
    PolicyKind::Bucket,
];

fn rule() -> impl Strategy<Value = Rule> {
    let actions = select(vec![
        "s3:*",
        "s3:Get*",
        "S3:getobject",
        "s3:PutObject",
        "s3:?etObject",
        "s3:*Object",
    ]);
    let resources = select(vec!["*", "b/*", "b/a*", "b/*z", "b", "b/?", "c/*"]);
    let names = select(vec![
        Name::Everyone,
        Name::AccountA,
        Name::AccountX,
        Name::Ann,
        Name::Sam,
        Name::Role,
        Name::Session,
    ]);
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    (
        proptest::bool::weighted(0.85),
        proptest::bool::weighted(0.1),
        vec(actions, 1..3),
        proptest::bool::weighted(0.1),
        vec(resources, 1..3),
        vec(names, 1..3),
    )
        .prop_map(
            move |(allow, not_action, actions, not_resource, resources, names)| Rule {
                allow,
                not_action,
                actions: owned(actions),
                not_resource,
                resources: owned(resources),
                names,
            },
        )
}

fn world() -> impl Strategy<Value = World> {
    let rules = || vec(rule(), 1..3);
    (
        vec(rules(), 0..3),
        option::of(rules()),
        option::of(vec(rules(), 0..3)),
        option::of(rules()),
    )
        .prop_map(|(identity, boundary, session, resource)| World {
            identity,
            boundary,
            session,
            resource,
        })
}

fn read(rules: &[Rule], kind: PolicyKind) -> Policy {
    Policy::parse(&slow::document(rules, kind == PolicyKind::Bucket), kind).expect("a drawn policy")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn globs_agree_with_recursion(pattern in "[ab*?é]{0,10}", text in "[abé]{0,12}") {
        let compiled = Pattern::new(&pattern, Rules { wildcards: true, variables: true });
        let hit = compiled.matches(&text, &Context::new());
        prop_assert_eq!(hit == Hit::Yes, slow::glob_text(&pattern, &text));
    }

    #[test]
    fn values_of_variables_are_literal(before in "[a*?]{0,3}", value in "[ab*?$\\{\\}]{0,5}", after in "[a*?]{0,3}", text in "[ab*?]{0,9}") {
        let mut context = Context::new();
        context.set("aws:username", value.as_str());
        let compiled = Pattern::new(&format!("{before}${{aws:username}}{after}"), Rules { wildcards: true, variables: true });
        // The obvious way: every way to cut the text into what stands before, the value, and what stands after.
        let expected = text.match_indices(value.as_str()).any(|(at, _)| {
            slow::glob_text(&before, &text[..at]) && slow::glob_text(&after, &text[at + value.len()..])
        }) || overlapping(&before, &value, &after, &text);
        prop_assert_eq!(compiled.matches(&text, &context) == Hit::Yes, expected);
    }

    #[test]
    fn parts_combine_as_the_reference_says(
        world in world(),
        caller in select(vec![ANN, BOB, ROOT, SESSION, STRANGER, Principal::Anonymous]),
        action in select(vec!["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject"]),
        key in select(vec!["b", "b/a", "b/az", "b/q", "c/a"]),
    ) {
        let identity: Vec<_> = world.identity.iter().map(|rules| read(rules, PolicyKind::Identity)).collect();
        let boundary = world.boundary.as_ref().map(|rules| read(rules, PolicyKind::Boundary));
        let session: Option<Vec<_>> = world.session.as_ref()
            .map(|list| list.iter().map(|rules| read(rules, PolicyKind::Session)).collect());
        let resource = world.resource.as_ref().map(|rules| read(rules, PolicyKind::Bucket));
        let policies = Policies {
            identity: &identity,
            boundary: boundary.as_ref(),
            session: session.as_deref(),
            resource: resource.as_ref(),
        };
        let context = Context::of(&caller);
        let arn = format!("arn:aws:s3:::{key}");
        let request = Request { principal: caller, action, resource: &arn, resource_account: A, context: &context, needs: Needs::Allow };
        let decision = evaluate(&request, &policies);
        prop_assert_eq!(Verdict::from(decision), slow::decide(&world, &caller, action, key));
        prop_assert_eq!(explain(&request, &policies).decision, decision);
    }

    #[test]
    fn quantifiers_agree_with_sets(
        wanted in vec(select(vec!["a", "b", "c"]), 1..3),
        present in option::of(vec(select(vec!["a", "b", "c", "d"]), 0..4)),
        quantifier in select(vec!["", "ForAllValues:", "ForAnyValue:"]),
        negated in any::<bool>(),
        if_exists in any::<bool>(),
    ) {
        let operator = format!(
            "{quantifier}String{}Equals{}", if negated { "Not" } else { "" }, if if_exists { "IfExists" } else { "" });
        let mut context = Context::new();
        let values = present.unwrap_or_default();
        context.set_all("t:k", values.iter().copied());
        let texts: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        let listed = |value: &&str| wanted.contains(value);
        let expected = match (values.is_empty(), quantifier, negated) {
            (true, "ForAllValues:", _) => true,
            (true, "ForAnyValue:", _) => if_exists,
            (true, _, negated) => negated || if_exists,
            (false, "ForAllValues:", false) => values.iter().all(listed),
            (false, "ForAllValues:" | "", true) => !values.iter().any(listed),
            (false, "ForAnyValue:", true) => !values.iter().all(listed),
            (false, _, _) => values.iter().any(listed),
        };
        prop_assert_eq!(Condition::new(&operator, "t:k", &texts, true).unwrap().holds(&context), expected);
    }

    #[test]
    fn any_text_gets_an_answer(document in "\\PC{0,60}", at in 0usize..400, scrap in "[\\[\\]{}\",:\\\\a-z0-9*$]{0,4}") {
        let good = text(&["+s3:GetObject b/${aws:username, 'x'}/* if StringLike s3:prefix ${aws:userid}*", "-!s3:* !b"]);
        let cut = at.min(good.len());
        let spliced = format!("{}{scrap}{}", &good[..cut], &good[(cut + 1).min(good.len())..]);
        for kind in KINDS {
            let _ = Policy::parse(&document, kind);
            if let Ok(policy) = Policy::parse(&spliced, kind) {
                let context = Context::of(&ANN);
                let request = Request {
                    principal: ANN, action: "s3:GetObject", resource: &document, resource_account: A, context: &context, needs: Needs::Allow,
                };
                let policies = [policy];
                let decision = evaluate(&request, &Policies { identity: &policies, ..Policies::default() });
                prop_assert!(decision.is_allowed() || decision.reason("s3:GetObject").is_some());
            }
        }
    }

    #[test]
    fn any_value_gets_an_answer(
        operator in select(vec![
            "StringLike", "StringNotEqualsIgnoreCase", "NumericLessThan", "NumericNotEquals", "DateGreaterThanEquals",
            "DateNotEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnLike", "ArnNotEquals", "Null",
        ]),
        wanted in "[-+0-9a-zA-Z:./*?$\\{\\}=', ]{0,24}",
        value in "[-+0-9a-zA-Z:./*?$=é]{0,24}",
    ) {
        let mut context = Context::new();
        context.set("t:k", value.as_str());
        if let Ok(condition) = Condition::new(operator, "t:k", std::slice::from_ref(&wanted), true) {
            let held = condition.holds(&context);
            // Nothing is both in a list and outside of it.
            let opposite = match operator {
                "NumericNotEquals" => "NumericEquals",
                "DateNotEquals" => "DateEquals",
                "NotIpAddress" => "IpAddress",
                "ArnLike" => "ArnNotLike",
                "ArnNotEquals" => "ArnEquals",
                "StringLike" => "StringNotLike",
                _ => return Ok(()),
            };
            let opposite = Condition::new(opposite, "t:k", &[wanted], true).unwrap();
            prop_assert!(!(held && opposite.holds(&context)));
        }
    }
}

/// `match_indices` leaves overlapping places out.
fn overlapping(before: &str, value: &str, after: &str, text: &str) -> bool {
    (0..=text.len()).any(|at| {
        text[at..]
            .strip_prefix(value)
            .is_some_and(|rest| slow::glob_text(before, &text[..at]) && slow::glob_text(after, rest))
    })
}
