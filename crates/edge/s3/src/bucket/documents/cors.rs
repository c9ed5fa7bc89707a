//! CORSConfiguration. Reference: identity-pools-iam 11.4.

use kernel::Result;
use objects::{Cors, CorsRule};

use crate::{
    errors,
    xml::{Node, Xml, rooted},
};

const CORS_METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];
const MAX_CORS_RULES: usize = 100;

/// Errors: MalformedXML, InvalidRequest.
pub(crate) fn read_cors(node: &Node) -> Result<Cors> {
    let rules = node.all("CORSRule").map(read_cors_rule).collect::<Result<Vec<_>>>()?;
    if rules.is_empty() || rules.len() > MAX_CORS_RULES {
        return Err(errors::malformed_xml());
    }
    Ok(Cors { rules })
}

fn read_cors_rule(node: &Node) -> Result<CorsRule> {
    let rule = CorsRule {
        id: node.value("ID"),
        allowed_origins: node.values("AllowedOrigin"),
        allowed_methods: node.values("AllowedMethod"),
        allowed_headers: node.values("AllowedHeader"),
        expose_headers: node.values("ExposeHeader"),
        max_age_seconds: match node.value("MaxAgeSeconds") {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| errors::malformed_xml())?),
        },
    };
    if rule.allowed_origins.is_empty() || rule.allowed_methods.is_empty() {
        return Err(errors::malformed_xml());
    }
    if let Some(method) = rule
        .allowed_methods
        .iter()
        .find(|m| !CORS_METHODS.contains(&m.as_str()))
    {
        return Err(errors::invalid_request(format!(
            "Found unsupported HTTP method in CORS config. Unsupported method is {method}"
        )));
    }
    for (kind, values) in [
        ("AllowedOrigin", &rule.allowed_origins),
        ("AllowedHeader", &rule.allowed_headers),
    ] {
        if let Some(value) = values.iter().find(|v| v.matches('*').count() > 1) {
            return Err(errors::invalid_request(format!(
                "{kind} \"{value}\" can not have more than one wildcard."
            )));
        }
    }
    if let Some(header) = rule.expose_headers.iter().find(|h| h.contains('*')) {
        return Err(errors::invalid_request(format!(
            "ExposeHeader \"{header}\" contains wildcard. We currently do not support wildcard for ExposeHeader."
        )));
    }
    Ok(rule)
}

pub(crate) fn cors(cors: &Cors) -> Xml {
    let mut xml = rooted("CORSConfiguration");
    for rule in &cors.rules {
        xml.open("CORSRule").optional("ID", rule.id.as_ref());
        for (name, values) in [
            ("AllowedOrigin", &rule.allowed_origins),
            ("AllowedMethod", &rule.allowed_methods),
            ("AllowedHeader", &rule.allowed_headers),
            ("ExposeHeader", &rule.expose_headers),
        ] {
            for value in values {
                xml.element(name, value);
            }
        }
        xml.optional("MaxAgeSeconds", rule.max_age_seconds.map(|age| age.to_string()))
            .close();
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(xml: Xml, root: &str) -> Node {
        Node::parse(xml.finish().as_bytes(), root).unwrap()
    }

    #[test]
    fn cors_goes_there_and_back() {
        let body = "<CORSConfiguration><CORSRule><ID>a</ID><AllowedOrigin>https://*.example.com</AllowedOrigin>\
            <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>*</AllowedHeader>\
            <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule></CORSConfiguration>";
        let read = read_cors(&Node::parse(body.as_bytes(), "CORSConfiguration").unwrap()).unwrap();
        assert_eq!(read.rules[0].max_age_seconds, Some(300));
        assert_eq!(read_cors(&again(cors(&read), "CORSConfiguration")).unwrap(), read);
        for (from, to, code) in [
            ("GET", "PATCH", "InvalidRequest"),
            ("https://*", "*://*", "InvalidRequest"),
            (">ETag<", ">x-*<", "InvalidRequest"),
            (">300<", ">soon<", "MalformedXML"),
            ("AllowedOrigin", "Origin", "MalformedXML"),
        ] {
            let node = Node::parse(body.replace(from, to).as_bytes(), "CORSConfiguration").unwrap();
            assert_eq!(read_cors(&node).unwrap_err().code().0, code, "{from} -> {to}");
        }
    }
}
