//! One operator on one key. Reference: identity-pools-iam 4.3 (truth rules) and 4.4 (unresolved variables).
//!
//! A single request value is tried against the policy's values and gives yes, no or unknown (wrong type, unresolved
//! variable); only then do negation and quantifier come in. Unknown satisfies neither an operator nor its negation.

use crate::arn::{ArnPattern, ArnText};
use crate::context::{Context, Value};
use crate::error::Fault;
use crate::operator::{Comparison, Operator, Order, Quantifier};
use crate::pattern::{Hit, Key, Pattern, Rules, Variable};
use crate::scalar::{Cidr, Decimal, Instant, address, binary, boolean};

#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) written: Box<str>,
    pub(crate) key: Key,
    pub(crate) operator: Operator,
    wanted: Wanted,
}

/// The policy's values, typed. A value that its operator could never use was refused when the policy was parsed.
#[derive(Clone, Debug)]
enum Wanted {
    Equals(Box<[Pattern]>),
    EqualsIgnoreCase(Box<[Pattern]>),
    Bool(Box<[Pattern]>),
    Arn(Box<[ArnPattern]>),
    Numeric(Order, Box<[Decimal]>),
    Date(Order, Box<[Instant]>),
    Binary(Box<[Vec<u8>]>),
    Ip(Box<[Cidr]>),
    Absent(Box<[bool]>),
}

impl Condition {
    pub(crate) fn new(written: &str, key: &str, values: &[String], variables: bool) -> Result<Self, Fault> {
        let operator = Operator::parse(written).ok_or_else(|| Fault::Operator(written.to_owned()))?;
        let wanted = wanted(operator.comparison, values, variables).ok_or(match operator.comparison {
            Comparison::Ip => Fault::Address,
            _ => Fault::Legacy,
        })?;
        Ok(Self {
            written: written.into(),
            key: Key::new(key),
            operator,
            wanted,
        })
    }

    pub(crate) fn holds(&self, context: &Context<'_>) -> bool {
        let values = context.get(&self.key.folded);
        if let Wanted::Absent(wanted) = &self.wanted {
            return wanted.contains(&values.is_none());
        }
        let Operator {
            quantifier,
            negated,
            if_exists,
            ..
        } = self.operator;
        let Some(values) = values else {
            // Negation must not turn a variable without value into consent.
            if negated && !self.is_resolved(context) {
                return false;
            }
            return if_exists
                || match quantifier {
                    Quantifier::All => true,
                    Quantifier::Any => false,
                    Quantifier::None => negated,
                };
        };
        let passes = |value: &Value<'_>| self.compare(value, context) == if negated { Hit::No } else { Hit::Yes };
        let values = values.as_slice();
        // Unconfirmed: plain operators on multivalued keys take any match, negated ones none.
        match quantifier {
            Quantifier::All => values.iter().all(passes),
            Quantifier::None if negated => values.iter().all(passes),
            Quantifier::Any | Quantifier::None => values.iter().any(passes),
        }
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        let (texts, arns) = self.patterns();
        texts
            .iter()
            .flat_map(Pattern::variables)
            .chain(arns.iter().flat_map(ArnPattern::variables))
    }

    /// Only one of a few fixed values passes: what makes a bucket policy for `*` not public.
    pub(crate) fn pins_its_key(&self) -> bool {
        let Operator {
            quantifier,
            negated,
            if_exists,
            ..
        } = self.operator;
        if negated || if_exists || quantifier == Quantifier::All {
            return false;
        }
        match &self.wanted {
            Wanted::Equals(values) | Wanted::EqualsIgnoreCase(values) => values.iter().all(Pattern::is_fixed),
            Wanted::Arn(values) => values.iter().all(ArnPattern::is_fixed),
            Wanted::Ip(ranges) => !ranges.iter().any(Cidr::is_broad),
            _ => false,
        }
    }

    fn compare(&self, value: &Value<'_>, context: &Context<'_>) -> Hit {
        match &self.wanted {
            Wanted::Equals(patterns) => {
                let text = value.as_text();
                Hit::any(patterns.iter().map(|pattern| pattern.matches(&text, context)))
            }
            Wanted::EqualsIgnoreCase(patterns) => {
                let text = value.as_text();
                Hit::any(
                    patterns
                        .iter()
                        .map(|pattern| pattern.equals_ignoring_case(&text, context)),
                )
            }
            Wanted::Bool(patterns) => {
                let text = value.as_text();
                if boolean(&text).is_none() {
                    return Hit::Unknown;
                }
                Hit::any(
                    patterns
                        .iter()
                        .map(|pattern| pattern.equals_ignoring_case(&text, context)),
                )
            }
            Wanted::Arn(patterns) => {
                let text = value.as_text();
                let arn = ArnText::new(&text);
                if !arn.is_arn() {
                    return Hit::Unknown;
                }
                Hit::any(patterns.iter().map(|pattern| pattern.matches(&arn, context)))
            }
            Wanted::Numeric(order, numbers) => typed(Decimal::of(value), |left| {
                numbers.iter().any(|right| order.holds(left, right))
            }),
            Wanted::Date(order, times) => typed(Instant::of(value), |left| {
                times.iter().any(|right| order.holds(left, right))
            }),
            Wanted::Binary(wanted) => typed(binary(&value.as_text()), |bytes| wanted.contains(bytes)),
            Wanted::Ip(ranges) => typed(address(value), |address| {
                ranges.iter().any(|range| range.contains(*address))
            }),
            Wanted::Absent(_) => Hit::No,
        }
    }

    fn is_resolved(&self, context: &Context<'_>) -> bool {
        let (texts, arns) = self.patterns();
        texts.iter().all(|pattern| pattern.is_resolved(context)) && arns.iter().all(|arn| arn.is_resolved(context))
    }

    fn patterns(&self) -> (&[Pattern], &[ArnPattern]) {
        match &self.wanted {
            Wanted::Equals(texts) | Wanted::EqualsIgnoreCase(texts) | Wanted::Bool(texts) => (texts, &[]),
            Wanted::Arn(arns) => (&[], arns),
            _ => (&[], &[]),
        }
    }
}

fn typed<T>(value: Option<T>, fits: impl FnOnce(&T) -> bool) -> Hit {
    value.map_or(Hit::Unknown, |value| Hit::of(fits(&value)))
}

fn wanted(comparison: Comparison, values: &[String], variables: bool) -> Option<Wanted> {
    let texts = |wildcards| {
        values
            .iter()
            .map(|text| Pattern::new(text, Rules { wildcards, variables }))
            .collect()
    };
    Some(match comparison {
        Comparison::Equals => Wanted::Equals(texts(false)),
        Comparison::Like => Wanted::Equals(texts(true)),
        Comparison::EqualsIgnoreCase => Wanted::EqualsIgnoreCase(texts(false)),
        Comparison::Bool => {
            let patterns: Box<[Pattern]> = texts(false);
            let usable = |(text, pattern): (&String, &Pattern)| !pattern.is_fixed() || boolean(text).is_some();
            if !values.iter().zip(&patterns).all(usable) {
                return None;
            }
            Wanted::Bool(patterns)
        }
        Comparison::Arn => Wanted::Arn(all(values, |text| ArnPattern::condition(text, variables))?),
        Comparison::Numeric(order) => Wanted::Numeric(order, all(values, Decimal::parse)?),
        Comparison::Date(order) => Wanted::Date(order, all(values, Instant::parse)?),
        Comparison::Binary => Wanted::Binary(all(values, binary)?),
        Comparison::Ip => Wanted::Ip(all(values, Cidr::parse)?),
        Comparison::Null => Wanted::Absent(all(values, boolean)?),
    })
}

fn all<T>(values: &[String], parse: impl Fn(&str) -> Option<T>) -> Option<Box<[T]>> {
    values.iter().map(|text| parse(text)).collect()
}
