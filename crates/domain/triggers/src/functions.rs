//! Which way an ARN leads.

use std::sync::Arc;

use crate::{
    LambdaApi, Webhook,
    function_arn::FunctionArn,
    local::{Child, Local},
};

/// One `[[function]]` of the configuration.
pub struct Function {
    pub named: Named,
    pub way: Way,
}

/// Which ARNs mean it.
pub enum Named {
    /// Those with this function name, in whatever account and region, of whatever version.
    Name(String),
    /// This one; without a qualifier, all its versions too.
    Arn(String),
}

pub enum Way {
    Local(Child),
    Webhook(Webhook),
}

pub(crate) struct Functions {
    known: Vec<(Named, Target)>,
    lambda: Option<LambdaApi>,
}

enum Target {
    Local(Arc<Local>),
    Webhook(Webhook),
}

/// Where an invocation goes.
pub(crate) enum Route<'f> {
    Local(&'f Local),
    Webhook(&'f Webhook),
    Lambda(&'f LambdaApi, FunctionArn<'f>),
    /// Nobody said where.
    Nowhere,
}

impl Functions {
    pub fn new(functions: Vec<Function>, lambda: Option<LambdaApi>) -> Self {
        let known = functions.into_iter().map(|Function { named, way }| {
            let target = match way {
                Way::Local(child) => Target::Local(Arc::new(Local::new(named.short().to_owned(), child))),
                Way::Webhook(webhook) => Target::Webhook(webhook),
            };
            (named, target)
        });
        Self {
            known: known.collect(),
            lambda,
        }
    }

    pub fn local(&self) -> impl Iterator<Item = &Arc<Local>> {
        self.known.iter().filter_map(|(_, target)| match target {
            Target::Local(local) => Some(local),
            Target::Webhook(_) => None,
        })
    }

    /// Local functions before webhooks, both before the Lambda API.
    pub fn route<'f>(&'f self, arn: &'f str) -> Route<'f> {
        let meant = || {
            self.known
                .iter()
                .filter(|(named, _)| named.means(arn))
                .map(|(_, target)| target)
        };
        let local = meant().find_map(|target| match target {
            Target::Local(local) => Some(Route::Local(local)),
            Target::Webhook(_) => None,
        });
        let webhook = || {
            meant().find_map(|target| match target {
                Target::Webhook(webhook) => Some(Route::Webhook(webhook)),
                Target::Local(_) => None,
            })
        };
        let lambda = || Some(Route::Lambda(self.lambda.as_ref()?, FunctionArn::parse(arn)?));
        local.or_else(webhook).or_else(lambda).unwrap_or(Route::Nowhere)
    }
}

impl Named {
    fn means(&self, arn: &str) -> bool {
        let parsed = FunctionArn::parse(arn);
        match self {
            Self::Name(name) => parsed.is_some_and(|arn| arn.name == name),
            Self::Arn(own) => own == arn || parsed.is_some_and(|arn| arn.unqualified() == own),
        }
    }

    /// What it is called in the log and to the function itself.
    pub fn short(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Arn(arn) => FunctionArn::parse(arn).map_or(arn, |arn| arn.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use upstream::Address;

    use super::*;
    use crate::tests::{child, lambda_api};

    const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:check";

    fn functions(lambda: bool, known: Vec<(Named, &str)>) -> Functions {
        let known = known.into_iter().map(|(named, way)| Function {
            named,
            way: match way {
                "local" => Way::Local(child("check")),
                _ => Way::Webhook(Webhook::new(
                    Address::of_operator("http://127.0.0.1:1/").unwrap(),
                    "secret",
                )),
            },
        });
        let api = lambda.then(|| lambda_api("http://127.0.0.1:1"));
        Functions::new(known.collect(), api)
    }

    #[test]
    fn an_arn_leads_the_nearest_way() {
        let name = || Named::Name("check".to_owned());
        let arn = |text: &str| Named::Arn(text.to_owned());
        let live = format!("{ARN}:live");
        let other = ARN.replace("check", "other");
        for (lambda, known, asked, expected) in [
            (false, vec![], ARN, "nowhere"),
            (true, vec![], ARN, "lambda"),
            (true, vec![], "arn:aws:sns:eu-west-1:123456789012:topic", "nowhere"),
            (true, vec![(name(), "webhook")], ARN, "webhook"),
            (true, vec![(name(), "webhook")], &other, "lambda"),
            (true, vec![(name(), "webhook"), (name(), "local")], ARN, "local"),
            (false, vec![(name(), "local")], &live, "local"),
            (false, vec![(arn(ARN), "local")], &live, "local"),
            (false, vec![(arn(&live), "local")], ARN, "nowhere"),
            (
                false,
                vec![(arn(&live), "webhook"), (arn(ARN), "local")],
                &live,
                "local",
            ),
            (false, vec![(arn(ARN), "local")], &other, "nowhere"),
        ] {
            let functions = functions(lambda, known);
            let found = match functions.route(asked) {
                Route::Local(_) => "local",
                Route::Webhook(_) => "webhook",
                Route::Lambda(..) => "lambda",
                Route::Nowhere => "nowhere",
            };
            assert_eq!(found, expected, "{asked}");
        }
    }
}
