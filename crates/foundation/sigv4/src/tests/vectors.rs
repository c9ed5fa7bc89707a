//! V1-V7 of reference 10.6.

use std::time::Duration;

use super::{KEY, Request, SECRET, TOKEN, at, noon, signer};
use crate::{BodyCheck, Canon, ContentHash, Payload, Rules, Secret, canonical::Reading, sha256};

struct Vector {
    request: Request,
    service: &'static str,
    token: Option<&'static str>,
    canonical_hash: &'static str,
    signature: &'static str,
}

fn header_vectors() -> Vec<Vector> {
    let host = ("host", "localhost:9000");
    vec![
        Vector {
            request: Request::new(
                "POST",
                "/",
                &[
                    host,
                    ("content-type", "application/x-amz-json-1.1"),
                    ("x-amz-target", "AWSCognitoIdentityService.ListIdentityPools"),
                ],
                br#"{"MaxResults":10}"#,
            ),
            service: "cognito-identity",
            token: None,
            canonical_hash: "f426eb0efbc62b6c99edfc1879f1042cc861095f3ef90f33b594d4f826aa4fa3",
            signature: "14e347e2239e56fbba646091445d4db7d810798224f72c4722aa6e5a31eae6d5",
        },
        Vector {
            request: Request::new("GET", "/prod/pets/a%20b?b=2&a=x%20y&a2=", &[host], b""),
            service: "execute-api",
            token: Some(TOKEN),
            canonical_hash: "1f1714e0e7ff21f0a28b910294b1f0b183302f279aeb6c7220110f57e84f8590",
            signature: "eacda5146bde48a755253316006071d165e8beac376a548ab4e0a94d97411f7e",
        },
        Vector {
            request: Request::new(
                "PUT",
                "/mybucket/us-east-1%3A11111111-2222-3333-4444-555555555555/a%20b%2Bc.txt",
                &[host, ("content-type", "text/plain")],
                b"hello",
            ),
            service: "s3",
            token: Some(TOKEN),
            canonical_hash: "096df58c1cb950e4f5ef6a718175082bc0798ba47096ab7fc5c29d432cad93a1",
            signature: "151cdcfa4b456db7b2e923e8727b8e51117408120b8e1c98b1a3380ca9585c57",
        },
        Vector {
            request: Request::new(
                "POST",
                "/",
                &[
                    host,
                    ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ],
                b"Action=GetCallerIdentity&Version=2011-06-15",
            ),
            service: "sts",
            token: None,
            canonical_hash: "13b5bc57f0128a0b8e94f50e32e3cc22ec2d20a423392552f80db956ed37494d",
            signature: "4337dcf07dc37a9699483b5f27c66e3d8a337d904860b81accefb4d6520c50c2",
        },
    ]
}

fn rules(service: &str) -> Rules<'_> {
    if service == "s3" {
        Rules::s3(noon())
    } else {
        Rules::service(service, noon())
    }
}

#[test]
fn v1_v2_v3_v5_are_signed_and_verified() {
    for Vector {
        mut request,
        service,
        token,
        canonical_hash,
        signature,
    } in header_vectors()
    {
        request.sign(&signer(service, token), noon());
        let found = request.find().unwrap();
        assert_eq!(found.signature(), signature, "{service}");
        assert_eq!(found.token.as_ref().map(crate::SessionToken::expose), token);
        assert_eq!(
            (found.access_key.as_str(), found.scope.service.as_str()),
            (KEY, service)
        );

        let canon = rules(service).canon;
        let content = ContentHash::of(&request.body).text();
        let canonical = found
            .canonical_request(&request.parts(), canon, &content, Reading::usual(canon))
            .unwrap();
        assert_eq!(hex::encode(sha256(canonical.as_bytes())), canonical_hash, "{canonical}");

        assert_eq!(request.verify(SECRET, &rules(service)).unwrap().body, BodyCheck::Done);
    }
}

#[test]
fn v4_presigned() {
    let mut signer = signer("s3", Some(TOKEN));
    signer.access_key = kernel::AccessKeyId::new("ASIAEXAMPLEEXAMPLE01");
    let mut request = Request::new("GET", "/mybucket/hello.txt", &[("host", "localhost:9000")], b"");
    let (content, span) = (ContentHash::Unsigned, Duration::from_secs(900));
    request.query = signer.presign(&request.parts(), content, noon(), span).unwrap();

    let found = request.find().unwrap();
    assert_eq!(
        found.signature(),
        "75053a3bb7fad1410b6a79986b909bc73627598709a0eb3f367fbab637d3a979"
    );
    let usual = Reading::usual(Canon::S3);
    let canonical = found
        .canonical_request(&request.parts(), Canon::S3, "UNSIGNED-PAYLOAD", usual)
        .unwrap();
    let hash = hex::encode(sha256(canonical.as_bytes()));
    assert_eq!(hash, "1e4e620739c8a31154e070ac0ba7a40b44bc46f9ca05131c49668bc789e40008");
    assert_eq!(
        request.verify(SECRET, &Rules::s3(noon())).unwrap().body,
        BodyCheck::Unsigned
    );
}

fn streaming(headers: &[(&str, &str)]) -> Request {
    let mut all = vec![
        ("host", "s3.amazonaws.com"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ];
    all.extend_from_slice(headers);
    Request::new("PUT", "/examplebucket/chunkObject.txt", &all, b"")
}

/// The body of V6 and V7: 66560 times `a` in two chunks, and the empty one that ends it.
const CHUNKS: [&[u8]; 3] = [&[b'a'; 65536], &[b'a'; 1024], b""];

#[test]
fn v6_chunks_are_chained_to_the_seed() {
    let mut request = streaming(&[("content-length", "66824")]);
    let day = at("20130524T000000Z");
    let mut signer = signer("s3", None);
    signer.access_key = kernel::AccessKeyId::new("AKIAIOSFODNN7EXAMPLE");
    let target = crate::Target {
        method: &request.method,
        path: &request.path,
        query: &request.query,
    };
    let sent = signer
        .sign(target, &mut request.headers, ContentHash::SignedChunks, day)
        .unwrap();
    assert_eq!(
        sent.text,
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    );

    let found = request.find().unwrap();
    let verified = found
        .verify(&request.parts(), &Secret::new(SECRET), Payload::Unread, &Rules::s3(day))
        .unwrap();
    assert_eq!(verified.body, BodyCheck::SignedChunks { trailer: false });
    let expected = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    let (mut ours, mut theirs) = (found.chunks(&verified), sent.chunks());
    for (chunk, signature) in CHUNKS.iter().zip(expected) {
        assert_eq!(ours.chunk(chunk), signature);
        assert_eq!(theirs.chunk(chunk), signature);
    }
}

#[test]
fn v7_the_trailer_is_chained_to_the_last_chunk() {
    let mut request = streaming(&[("x-amz-trailer", "x-amz-checksum-crc32c")]);
    let day = at("20130524T000000Z");
    let signer = signer("s3", None);
    let target = crate::Target {
        method: &request.method,
        path: &request.path,
        query: &request.query,
    };
    let sent = signer
        .sign(target, &mut request.headers, ContentHash::SignedChunksAndTrailer, day)
        .unwrap();
    assert_eq!(
        sent.text,
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    );

    let found = request.find().unwrap();
    let usual = Reading::usual(Canon::S3);
    let content = ContentHash::SignedChunksAndTrailer.text();
    let canonical = found
        .canonical_request(&request.parts(), Canon::S3, &content, usual)
        .unwrap();
    let hash = hex::encode(sha256(canonical.as_bytes()));
    assert_eq!(hash, "44d48b8c2f70eae815a0198cc73d7a546a73a93359c070abbaa5e6c7de112559");
    let verified = found
        .verify(&request.parts(), &Secret::new(SECRET), Payload::Unread, &Rules::s3(day))
        .unwrap();
    assert_eq!(verified.body, BodyCheck::SignedChunks { trailer: true });

    let mut chunks = found.chunks(&verified);
    for (chunk, signature) in CHUNKS.iter().zip([
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ]) {
        assert_eq!(chunks.chunk(chunk), signature);
    }
    let trailer = chunks.trailer("x-amz-checksum-crc32c:sOO8/Q==\n");
    assert_eq!(
        trailer,
        "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
    );
}
