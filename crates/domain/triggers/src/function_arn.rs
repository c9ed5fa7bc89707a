//! ARNs of functions: `arn:aws:lambda:region:account:function:name` and the same with a version or alias behind.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FunctionArn<'a> {
    whole: &'a str,
    pub region: &'a str,
    pub name: &'a str,
    /// A version or an alias.
    pub qualifier: Option<&'a str>,
}

impl<'a> FunctionArn<'a> {
    /// None: it is no function's.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(':');
        let (arn, _partition, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, _account) = (parts.next()?, parts.next()?);
        let (kind, name, qualifier) = (parts.next()?, parts.next()?, parts.next());
        let is_function = arn == "arn" && service == "lambda" && kind == "function";
        (is_function && !name.is_empty() && parts.next().is_none()).then_some(Self {
            whole: text,
            region,
            name,
            qualifier,
        })
    }

    /// Without version or alias.
    pub fn unqualified(&self) -> &'a str {
        let end = self.qualifier.map_or(0, |qualifier| qualifier.len() + 1);
        self.whole.get(..self.whole.len() - end).unwrap_or(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_qualifiers_are_found() {
        let plain = "arn:aws:lambda:eu-west-1:123456789012:function:check";
        let qualified = format!("{plain}:live");
        let arn = FunctionArn::parse(&qualified).unwrap();
        assert_eq!(
            (arn.region, arn.name, arn.qualifier),
            ("eu-west-1", "check", Some("live"))
        );
        assert_eq!(arn.unqualified(), plain);
        let arn = FunctionArn::parse(plain).unwrap();
        assert_eq!((arn.name, arn.qualifier, arn.unqualified()), ("check", None, plain));
        for none in [
            "",
            "check",
            "arn:aws:sns:eu-west-1:123456789012:function:check",
            "arn:aws:lambda:eu-west-1:123456789012:layer:check",
            "arn:aws:lambda:eu-west-1:123456789012:function:",
            "arn:aws:lambda:eu-west-1:123456789012:function:a:b:c",
        ] {
            assert_eq!(FunctionArn::parse(none), None, "{none}");
        }
    }
}
