//! Which AWS service a request is meant for, by what its client signed or by the host it thinks it talks to.

use http::HeaderMap;

use crate::Form;

/// The service in the credential scope (`KEY/date/region/service/aws4_request`) of the Authorization header or of a
/// presigned query. SigV4a scopes carry no region, so the service is counted from the end.
pub(crate) fn signed_service(headers: &HeaderMap, query: &Form) -> Option<String> {
    let header = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let credential = match header.filter(|text| text.starts_with("AWS4-")) {
        Some(text) => {
            let (_, rest) = text.split_once("Credential=")?;
            rest.split([',', ' ']).next()?
        }
        None => query.value("X-Amz-Credential")?,
    };
    let mut parts = credential.rsplit('/');
    let (end, service) = (parts.next()?, parts.next()?);
    (end == "aws4_request" && !service.is_empty()).then(|| service.to_owned())
}

/// The service in an AWS host name such as `cognito-idp.eu-west-1.amazonaws.com` or `sts.amazonaws.com`: what a client
/// with a hard-wired AWS address sends when the network leads that name here (decision 13, alias mode).
pub(crate) fn host_service(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(http::header::HOST)?.to_str().ok()?;
    let name = kernel::authority::host(host);
    let inner = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"]
        .iter()
        .find_map(|zone| name.strip_suffix(zone))?;
    let mut labels = inner.split('.');
    let service = labels.next()?;
    let is_bucket = labels.next().is_some_and(|label| label.starts_with("s3"));
    (!is_bucket).then(|| service.strip_suffix("-fips").unwrap_or(service))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_scope_names_the_service() {
        let signed = |header: &str, query: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", HeaderValue::from_str(header).unwrap());
            signed_service(&headers, &Form::parse(&[query.as_bytes()]).unwrap())
        };
        let v4 = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260115/us-east-1/dynamodb/aws4_request, SignedHeaders=host";
        assert_eq!(signed(v4, "").as_deref(), Some("dynamodb"));
        let tight =
            "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKID/20260115/us-east-1/sts/aws4_request,Signature=ab";
        assert_eq!(signed(tight, "").as_deref(), Some("sts"));
        let v4a = "AWS4-ECDSA-P256-SHA256 Credential=AKID/20260115/sts/aws4_request, SignedHeaders=host";
        assert_eq!(signed(v4a, "").as_deref(), Some("sts"));
        let presigned = "X-Amz-Credential=AKID%2F20260115%2Fus-east-1%2Fs3%2Faws4_request";
        assert_eq!(signed("Bearer Credential=x", presigned).as_deref(), Some("s3"));
        for header in [
            "Basic YTpi",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=a/b",
            "AWS AKID:sig",
        ] {
            assert_eq!(signed(header, ""), None, "{header}");
        }
    }

    #[test]
    fn aws_hosts_name_the_service() {
        let cases = [
            ("cognito-idp.eu-west-1.amazonaws.com", Some("cognito-idp")),
            ("cognito-idp-fips.us-east-1.amazonaws.com:443", Some("cognito-idp")),
            ("sts.amazonaws.com", Some("sts")),
            ("iam.cn-north-1.amazonaws.com.cn", Some("iam")),
            ("sts.us-east-1.api.aws", Some("sts")),
            ("iam.s3.us-east-1.amazonaws.com", None),
            ("localhost:4566", None),
            ("sts.example.com", None),
        ];
        for (host, service) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static(host));
            assert_eq!(host_service(&headers), service, "{host}");
        }
    }
}
