use futures_util::TryStreamExt;
use kernel::Region;
use sigv4::{Scope, Secret, SigningKey, Stamp};

use super::*;

/// The body in pieces of `step` bytes, so that every boundary is met.
async fn run(body: &[u8], step: usize, signer: Option<ChunkSigner>, signed_trailer: bool) -> Result<Vec<u8>, String> {
    let pieces: Vec<_> = body.chunks(step).map(|p| Ok(Bytes::copy_from_slice(p))).collect();
    let decoded = decode(
        stream::iter(pieces).boxed(),
        signer.map(Box::new),
        signed_trailer,
        Trailers::default(),
    );
    decoded
        .try_fold(Vec::new(), |mut all, piece| async move {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
        .map_err(|e| e.downcast::<ApiError>().unwrap().code().0.to_owned())
}

type Case = (&'static [u8], Result<&'static [u8], &'static str>);

#[tokio::test]
async fn unsigned_chunks() {
    let table: &[Case] = &[
        (
            b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
            Ok(b"hello"),
        ),
        (b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", Ok(b"hello")),
        (b"0\r\n\r\n", Ok(b"")),
        (b"0\r\n", Ok(b"")),
        (b"5\r\nhel", Err("IncompleteBody")),
        (b"5\r\nhelloXX0\r\n\r\n", Err("IncompleteBody")),
        (b"zz\r\nhello\r\n0\r\n\r\n", Err("IncompleteBody")),
        (b"5\r\nhello\r\n", Err("IncompleteBody")),
        (b"0\r\nno colon\r\n\r\n", Err("MalformedTrailerError")),
        (b"", Err("IncompleteBody")),
    ];
    for (body, expected) in table {
        for step in [1, 3, 1000] {
            let got = run(body, step, None, false).await;
            assert_eq!(
                got.as_deref().map_err(String::as_str),
                *expected,
                "{} by {step}",
                body.escape_ascii()
            );
        }
    }
}

/// Reference 10.6, V6 and V7.
fn vector_signer(seed: &str) -> ChunkSigner {
    let stamp: Stamp = Stamp::parse("20130524T000000Z").unwrap();
    let scope = Scope {
        date: "20130524".to_owned(),
        region: Region::new("us-east-1"),
        service: "s3".to_owned(),
    };
    let secret = Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    ChunkSigner::new(SigningKey::derive(&secret, &scope), stamp, &scope, seed)
}

fn signed_body(signatures: [&str; 3], trailer: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for (size, signature) in [65536_usize, 1024, 0].into_iter().zip(signatures) {
        body.extend_from_slice(format!("{size:x};chunk-signature={signature}\r\n").as_bytes());
        body.extend_from_slice(&vec![b'a'; size]);
        if size > 0 {
            body.extend_from_slice(b"\r\n");
        }
    }
    body.extend_from_slice(trailer.as_bytes());
    body.extend_from_slice(b"\r\n");
    body
}

#[tokio::test]
async fn signed_chunks() {
    let seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    let signatures = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    let body = signed_body(signatures, "");
    assert_eq!(
        run(&body, 8192, Some(vector_signer(seed)), false)
            .await
            .map(|b| b.len()),
        Ok(66560)
    );
    let mut tampered = body.clone();
    tampered[50_000] = b'b';
    assert_eq!(
        run(&tampered, 8192, Some(vector_signer(seed)), false).await,
        Err("SignatureDoesNotMatch".to_owned())
    );
    let unsigned = b"5\r\nhello\r\n0\r\n\r\n";
    assert_eq!(
        run(unsigned, 99, Some(vector_signer(seed)), false).await,
        Err("SignatureDoesNotMatch".to_owned())
    );
    assert_eq!(
        run(b"FFFFFFFF;chunk-signature=0\r\n", 99, Some(vector_signer(seed)), false).await,
        Err("InvalidChunkSizeError".to_owned())
    );
}

#[tokio::test]
async fn a_signed_trailer() {
    let seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    let signatures = [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ];
    let trailer = |value: &str| {
        format!(
            "x-amz-checksum-crc32c:{value}\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
        )
    };
    let good = signed_body(signatures, &trailer("sOO8/Q=="));
    assert_eq!(
        run(&good, 4096, Some(vector_signer(seed)), true).await.map(|b| b.len()),
        Ok(66560)
    );
    let forged = signed_body(signatures, &trailer("sOO8/g=="));
    assert_eq!(
        run(&forged, 4096, Some(vector_signer(seed)), true).await,
        Err("SignatureDoesNotMatch".to_owned())
    );
}
