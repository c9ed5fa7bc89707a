use super::*;

const TYPE: &str = "multipart/form-data; boundary=XyZ";

fn part(disposition: &str, content: &str) -> String {
    format!("--XyZ\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
}

/// Arrives in pieces of `step` bytes.
async fn form(kind: &str, body: &str, step: usize) -> Result<(Fields, Upload)> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
    let pieces: Vec<io::Result<Bytes>> = body
        .as_bytes()
        .chunks(step)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    read(&headers, stream::iter(pieces).boxed()).await
}

async fn file(upload: Upload, sizes: Sizes) -> std::result::Result<Vec<u8>, &'static str> {
    let mut pieces = Box::pin(upload.into_stream(sizes));
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.extend(piece.map_err(|e| e.downcast::<ApiError>().unwrap().code().0)?);
    }
    Ok(all)
}

#[tokio::test]
async fn fields_and_file_whatever_the_pieces() {
    let content = "two\r\nlines\r\n--XyNot a boundary\r";
    let body = format!(
        "{}{}{}{}--XyZ--\r\n",
        part("name=\"key\"", "a/${filename}"),
        part("name=\"X-Amz-Meta-A\"", "é"),
        part("name=\"file\"; filename=\"n.txt\"", content),
        part("name=\"submit\"", "Send")
    );
    for step in [1, 7, 64, 100_000] {
        let (fields, upload) = form(TYPE, &body, step).await.unwrap();
        assert_eq!(fields.names().collect::<Vec<_>>(), ["key", "X-Amz-Meta-A"]);
        assert_eq!(fields.get("x-amz-meta-a"), Some("é"));
        assert_eq!(upload.file_name(), Some("n.txt"));
        assert_eq!(file(upload, Sizes::ANY).await.unwrap(), content.as_bytes(), "{step}");
    }
}

#[tokio::test]
async fn sizes_of_files() {
    let body = format!("{}--XyZ--", part("name=\"file\"", "12345"));
    for (min, max, expected) in [
        (5, 5, Ok(b"12345".to_vec())),
        (0, 4, Err("EntityTooLarge")),
        (6, 9, Err("EntityTooSmall")),
        (6, 4, Err("EntityTooLarge")),
    ] {
        let (_, upload) = form(TYPE, &body, 3).await.unwrap();
        assert_eq!(file(upload, Sizes { min, max }).await, expected, "{min} to {max}");
    }
}

#[tokio::test]
async fn a_form_that_is_not_whole_has_no_file() {
    let start = part("name=\"file\"", "content");
    for (rest, code) in [
        ("", "MalformedPOSTRequest"),
        ("--Xy", "MalformedPOSTRequest"),
        ("--XyZ", "MalformedPOSTRequest"),
        (
            "--XyZ\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\nSend",
            "MalformedPOSTRequest",
        ),
    ] {
        let (_, upload) = form(TYPE, &format!("{start}{rest}"), 10).await.unwrap();
        assert_eq!(file(upload, Sizes::ANY).await, Err(code), "{rest}");
    }
    for (second, code) in [
        (part("name=\"File\"", "b"), "InvalidArgument"),
        (
            part("name=\"submit\"", &"x".repeat(30_000)),
            "MaxPostPreDataLengthExceeded",
        ),
    ] {
        let (_, upload) = form(TYPE, &format!("{start}{second}--XyZ--"), 100).await.unwrap();
        assert_eq!(file(upload, Sizes::ANY).await, Err(code));
    }
}

#[tokio::test]
async fn what_is_no_form() {
    let fine = format!("{}--XyZ--", part("name=\"file\"", "a"));
    let no_file = format!("{}--XyZ--", part("name=\"key\"", "a"));
    let nameless = format!("{}--XyZ--", part("filename=\"a\"", "a"));
    for (kind, body, code) in [
        ("text/html", fine.as_str(), "PreconditionFailed"),
        ("multipart/mixed; boundary=XyZ", &fine, "PreconditionFailed"),
        ("multipart/form-data", &fine, "MalformedPOSTRequest"),
        ("multipart/form-data; boundary=other", &fine, "MalformedPOSTRequest"),
        (TYPE, "", "MalformedPOSTRequest"),
        (TYPE, "no form", "MalformedPOSTRequest"),
        (TYPE, &nameless, "MalformedPOSTRequest"),
        (TYPE, &no_file, "InvalidArgument"),
    ] {
        let refused = form(kind, body, 50).await.err().map(|e| e.code().0);
        assert_eq!(refused, Some(code), "{kind} {body}");
    }
    for kind in [
        "MULTIPART/Form-Data; boundary=\"XyZ\"",
        "multipart/form-data; charset=utf-8; boundary=XyZ",
    ] {
        assert!(form(kind, &fine, 50).await.is_ok(), "{kind}");
    }
}

/// 20,480 bytes up to the first of the file; however large the file is.
#[tokio::test]
async fn fields_are_bounded_and_files_are_not() {
    let file_part = part("name=\"file\"", &"f".repeat(200_000));
    let head = file_part.find("fff").unwrap();
    let frame = part("name=\"x-ignore-a\"", "").len();
    let form_of = |extra: usize| {
        let fill = "x".repeat(MOST_FIELDS - frame - head + extra);
        format!("{}{file_part}--XyZ--", part("name=\"x-ignore-a\"", &fill))
    };
    for step in [1000, 1_000_000] {
        let (_, upload) = form(TYPE, &form_of(0), step).await.unwrap();
        assert_eq!(file(upload, Sizes::ANY).await.unwrap().len(), 200_000);
        let refused = form(TYPE, &form_of(1), step).await.err().unwrap();
        assert_eq!(refused.code().0, "MaxPostPreDataLengthExceeded");
        assert_eq!(refused.members(), [("MaxPostPreDataLengthBytes", "20480".to_owned())]);
    }
}
