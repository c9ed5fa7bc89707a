use insta::assert_snapshot;
use kernel::Code;

use super::*;

/// As it goes over the wire, but for the lower case of HTTP/1 header names.
fn printed(response: &Response<Vec<u8>>) -> String {
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    let (headers, body) = (headers.collect::<String>(), String::from_utf8_lossy(response.body()));
    format!("{}\n{headers}\n{body}", response.status())
}

fn failed(format: Format, service: Option<&Service>, error: &ApiError) -> String {
    printed(&failure(
        format,
        service,
        error,
        &RequestId::new("4f1d3c0a-0000-4000-8000-000000000001"),
    ))
}

fn query(service: &Service) -> Format {
    Format::Query {
        namespace: service.xml_namespace.unwrap(),
    }
}

#[test]
fn a_json_refusal() {
    let error = ApiError::new(Code::InvalidParameter, "Invalid phone number format.")
        .with_member("reasonCode", "PHONE")
        .because("only for the log");
    assert_snapshot!(failed(Format::Json, Some(&model::COGNITO_IDP), &error), @r#"
    400 Bad Request
    content-type: application/x-amz-json-1.1
    x-amzn-requestid: 4f1d3c0a-0000-4000-8000-000000000001
    x-amzn-errortype: InvalidParameterException:
    x-amzn-errormessage: Invalid phone number format.

    {"__type":"InvalidParameterException","message":"Invalid phone number format.","reasonCode":"PHONE"}
    "#);
}

#[test]
fn a_query_refusal() {
    let error = ApiError::new(Code::NoSuchEntity, "The role with name <a&b> cannot be found.");
    assert_snapshot!(failed(query(&model::IAM), Some(&model::IAM), &error), @r#"
    404 Not Found
    content-type: text/xml
    x-amzn-requestid: 4f1d3c0a-0000-4000-8000-000000000001

    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name &lt;a&amp;b&gt; cannot be found.</Message></Error><RequestId>4f1d3c0a-0000-4000-8000-000000000001</RequestId></ErrorResponse>
    "#);
}

#[test]
fn what_failed_inside_says_nothing_outside() {
    let error = ApiError::internal("disk full");
    assert_snapshot!(failed(query(&model::STS), Some(&model::STS), &error), @r#"
    500 Internal Server Error
    content-type: text/xml
    x-amzn-requestid: 4f1d3c0a-0000-4000-8000-000000000001

    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>An internal error occurred.</Message></Error><RequestId>4f1d3c0a-0000-4000-8000-000000000001</RequestId></ErrorResponse>
    "#);
    for service in model::SERVICES {
        let format = if service.target_prefix.is_some() {
            Format::Json
        } else {
            query(service)
        };
        let text = failed(format, Some(service), &error);
        assert!(text.starts_with("500") && !text.contains("disk"), "{text}");
    }
}

#[test]
fn the_forms_of_services_that_are_not_ours() {
    let error = ApiError::new(Code::UnknownOperation, "Not here.");
    assert_snapshot!(failed(Format::Ec2, None, &error), @"
    400 Bad Request
    content-type: text/xml
    x-amzn-requestid: 4f1d3c0a-0000-4000-8000-000000000001

    <Response><Errors><Error><Code>InvalidAction</Code><Message>Not here.</Message></Error></Errors><RequestID>4f1d3c0a-0000-4000-8000-000000000001</RequestID></Response>
    ");
    assert!(failed(Format::Query { namespace: "" }, None, &error).contains("<ErrorResponse><Error>"));

    let cbor = failure(Format::Cbor, None, &error, &RequestId::new("r"));
    assert_eq!(cbor.headers().get("smithy-protocol").unwrap(), "rpc-v2-cbor");
    assert_eq!(cbor.headers().get("content-type").unwrap(), "application/cbor");
    assert_eq!(
        cbor.body(),
        b"\xa2\x66__type\x78\x19UnknownOperationException\x67message\x69Not here."
    );
    let long = failure(
        Format::Cbor,
        None,
        &ApiError::new(Code::UnknownOperation, "x".repeat(300)),
        &RequestId::new("r"),
    );
    assert!(long.body().windows(5).any(|head| head == b"\x7a\0\0\x01\x2c"));
}

#[test]
fn a_message_cannot_break_its_header() {
    let header = |message: &str| {
        let error = ApiError::new(Code::InvalidParameter, message);
        let response = failure(Format::Json, Some(&model::COGNITO_IDP), &error, &RequestId::new("r"));
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(body["message"], message);
        response
            .headers()
            .get(ERROR_MESSAGE)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(header("one\r\nSet-Cookie: a=b"), "one  Set-Cookie: a=b");
    assert_eq!(header("naïve\tname\0\u{7f} ünd 😀"), "na?ve name   ?nd ?");
    assert_eq!(header(""), "");
    assert_eq!(header(&"x".repeat(5000)).len(), LONGEST_HEADER);
}
