//! Of several faults in one document IAM names one: the first in the order in which it asks. Reference: identity-pools-iam 3.3.

use crate::Policy;
use crate::PolicyKind::Trust;

const GOOD: &str = r#""Action":"s3:GetObject","Resource":"*""#;

/// From the first question to the last: what makes a document fail it, as members of the document and of two statements.
const FAULTS: [(&str, [&str; 3]); 9] = [
    (
        "Syntax errors in policy.",
        ["", r#""Effect":"Maybe""#, r#""Effect":"Allow""#],
    ),
    (
        "Policy document must be version 2012-10-17 or greater.",
        [
            r#""Version":"2008-10-17","#,
            r#""Effect":"Allow""#,
            r#""Effect":"Allow""#,
        ],
    ),
    (
        "The policy failed legacy parsing",
        [
            r#""Version":"2012-10-17","#,
            r#""Effect":"Allow""#,
            r#""Effect":"allow""#,
        ],
    ),
    (
        "Statement IDs (SID) in a single policy must be unique.",
        [
            r#""Version":"2012-10-17","#,
            r#""Effect":"Allow","Sid":"A""#,
            r#""Effect":"Allow","Sid":"A""#,
        ],
    ),
    (
        "Policy document should not specify a principal.",
        [
            r#""Version":"2012-10-17","#,
            r#""Effect":"Allow""#,
            r#""Effect":"Allow","Principal":"*""#,
        ],
    ),
    ("Policy statement must contain actions.", [CURRENT, ALLOW, ALLOW]),
    ("Policy statement must contain resources.", [CURRENT, ALLOW, ALLOW]),
    (
        "Resource vendor must be fully qualified and cannot contain regexes.",
        [CURRENT, ALLOW, ALLOW],
    ),
    (
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        [CURRENT, ALLOW, ALLOW],
    ),
];
const CURRENT: &str = r#""Version":"2012-10-17","#;
const ALLOW: &str = r#""Effect":"Allow""#;

/// What the first statement says beside its effect, to fail one of the last four questions.
const BODIES: [&str; 4] = [
    r#""Resource":"*""#,
    r#""Action":"s3:GetObject""#,
    r#""Action":"s3:GetObject","Resource":"arn:aws""#,
    r#""Action":"GetObject","Resource":"*""#,
];

#[test]
fn an_earlier_question_goes_before_every_later_one() {
    for (earlier, (sentence, [version, first, second])) in FAULTS.iter().enumerate() {
        for (body, text) in BODIES.iter().enumerate() {
            let later = body + FAULTS.len() - BODIES.len();
            if later < earlier {
                continue;
            }
            // The later fault stands in the first statement, the earlier one as far behind as it can.
            let own = earlier.checked_sub(FAULTS.len() - BODIES.len());
            let last = own.map_or(GOOD, |own| BODIES[own]);
            let document = format!(r#"{{{version}"Statement":[{{{first},{text}}},{{{second},{last}}}]}}"#);
            assert_eq!(
                Policy::parse_managed(&document).unwrap_err().message(),
                *sentence,
                "{document}"
            );
        }
    }
}

#[test]
fn the_shape_of_conditions_comes_before_what_actions_say() {
    let cases = [
        (r#""Condition":{"StringSame":{"a:b":"c"}}"#, "Syntax errors in policy."),
        (r#""Condition":{"StringEquals":"a"}"#, "Syntax errors in policy."),
        (
            r#""Condition":{"DateEquals":{"a:b":"soon"}}"#,
            "The policy failed legacy parsing",
        ),
    ];
    for (condition, sentence) in cases {
        let document =
            format!(r#"{{{CURRENT}"Statement":{{{ALLOW},"Action":"GetObject","Resource":"*",{condition}}}}}"#);
        assert_eq!(
            Policy::parse_managed(&document).unwrap_err().message(),
            sentence,
            "{document}"
        );
    }
}

#[test]
fn principals_are_looked_at_last() {
    let trust = r#""Principal":{"AWS":"nobody"}"#;
    let cases = [
        ("", "Policy statement must contain actions."),
        (
            r#","Action":"s3:GetObject""#,
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        (
            r#","Action":"s3:GetObject","Resource":"*""#,
            "Has prohibited field Resource",
        ),
        (
            r#","Action":"sts:AssumeRole""#,
            r#"Invalid principal in policy: "AWS":"nobody""#,
        ),
    ];
    for (rest, sentence) in cases {
        let document = format!(r#"{{"Statement":{{{ALLOW},{trust}{rest}}}}}"#);
        assert_eq!(
            Policy::parse(&document, Trust).unwrap_err().message(),
            sentence,
            "{document}"
        );
    }
}
