//! Signature, key, issuer: what is verified and what is refused. Reference: user-pools 8.1; decision 12.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, Header};
use vault::jws::Algorithm;

use super::*;
use crate::{Refusal, Unverified};

const A: &str = "eu-west-1_poolA0000";
const B: &str = "eu-west-1_poolB0000";

async fn verified(bed: &Bed, token: &str) -> Result<PoolId, Refusal> {
    let verified = bed.tokens.verify_access(&bed.cx(), token).await;
    verified.map(|access| access.bearer.pool).map_err(refusal)
}

async fn signer(bed: &Bed, role: Role, token: &str) -> Result<PoolId, Refusal> {
    if role == Role::Access {
        return verified(bed, token).await;
    }
    let verified = bed.tokens.verify_id(&bed.cx(), token).await;
    verified.map(|id| id.bearer.pool).map_err(refusal)
}

fn refusal(unverified: Unverified) -> Refusal {
    match unverified {
        Unverified::Refused(refusal) => refusal,
        Unverified::Internal(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_kid_leads_to_its_pool() {
    let bed = Bed::new().await;
    let (a, b) = (bed.pool(A, None).await, bed.pool(B, None).await);
    for pool in [&a, &b] {
        for role in [Role::Id, Role::Access] {
            let token = bed.sign(&bed.cx(), pool.as_str(), role).await;
            assert_eq!(signer(&bed, role, &token).await.as_ref(), Ok(pool));
            // Not from memory, but from the store.
            bed.tokens.forget();
            assert_eq!(signer(&bed, role, &token).await.as_ref(), Ok(pool));
            let refused = bed.tokens.verify_openid(&token).await.map_err(refusal);
            assert_eq!(refused, Err(Refusal::UnknownKey));
        }
    }
}

#[tokio::test]
async fn the_key_set_is_what_stock_libraries_read() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    let jwks: Value = serde_json::from_str(&bed.tokens.jwks(A).await.unwrap().unwrap()).unwrap();
    let keys = jwks["keys"].as_array().unwrap();
    let kids: BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    let (id, access) = (known_key(0), known_key(1));
    assert_eq!(kids, BTreeSet::from([id.kid(), access.kid()]));
    for key in keys {
        let members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
    for (role, kid) in [(Role::Id, id.kid()), (Role::Access, access.kid())] {
        let token = bed.sign(&bed.cx(), A, role).await;
        assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid.as_deref(), Some(kid));
        assert_eq!(read_by_library(&bed, A, &token).await.unwrap()["sub"], "a-sub");
    }
    assert!(bed.tokens.jwks("eu-west-1_nothing00").await.unwrap().is_none());
}

#[tokio::test]
async fn openid_tokens_have_an_owner_and_algorithm_of_their_own() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    bed.tokens.ensure_openid_keys(&bed.cx()).await.unwrap();
    bed.tokens.ensure_openid_keys(&bed.cx()).await.unwrap();
    let token = bed.sign(&bed.cx(), OPENID_OWNER, Role::OpenId).await;
    let claims = bed.tokens.verify_openid(&token).await.unwrap();
    assert_eq!(claims.get("iss"), None, "the caller says what it is");
    assert_eq!(
        read_by_library(&bed, OPENID_OWNER, &token).await.unwrap()["sub"],
        "a-sub"
    );
    // Not to be taken for a user pool's.
    assert_eq!(verified(&bed, &token).await, Err(Refusal::WrongIssuer));
    let known = bed.tokens.jwks(A).await.unwrap();
    assert!(known.is_some() && known != bed.tokens.jwks(OPENID_OWNER).await.unwrap());
}

#[tokio::test]
async fn a_pool_without_keys_issues_nothing() {
    let bed = Bed::new().await;
    let claims = UserClaims {
        id: Some(IdClaims::new(claims())),
        access: AccessClaims::new(&Scopes::default(), claims()),
        binding: Binding::None,
    };
    let turn = bed.tokens.reserve().unwrap();
    let mut lacking = bed.tokens.issue(&bed.cx(), &PoolId::new(A), claims, turn).await.err();
    assert_eq!(lacking.as_mut().unwrap().code().0, "InternalErrorException");
}

#[tokio::test]
async fn a_token_is_of_one_kind() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    let (cx, wrong) = (bed.cx(), Err(Refusal::WrongKind));
    let access = bed.sign(&cx, A, Role::Access).await;
    let verified_access = bed.tokens.verify_access(&cx, &access).await.unwrap();
    assert_eq!(verified_access.bearer.sub.as_str(), "a-sub");
    assert_eq!(verified_access.client.as_str(), "web");
    assert_eq!(verified_access.scopes, Scopes::new("openid photos/read"));
    assert_eq!(signer(&bed, Role::Id, &access).await, wrong);
    let id = bed.sign(&cx, A, Role::Id).await;
    assert_eq!(bed.tokens.verify_id(&cx, &id).await.unwrap().claims.get("scope"), None);
    assert_eq!(verified(&bed, &id).await, wrong);
    for lacking in ["sub", "client_id", "token_use"] {
        let mut claims = claims_of(A);
        claims.remove(lacking);
        let token = forged(&known_key(1), &Value::Object(claims));
        assert_eq!(verified(&bed, &token).await, wrong, "{lacking}");
    }
    let nobodys = json!({"iss": format!("{BASE_URL}/{A}"), "token_use": "id"});
    assert_eq!(signer(&bed, Role::Id, &forged(&known_key(0), &nobodys)).await, wrong);
}

fn claims_of(pool: &str) -> Map<String, Value> {
    let mut claims = claims();
    claims.insert("iss".to_owned(), json!(format!("{BASE_URL}/{pool}")));
    claims
}

#[tokio::test]
async fn a_pool_cannot_speak_for_another() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    bed.pool(B, None).await;
    let as_itself = forged(&known_key(0), &Value::Object(claims_of(A)));
    assert_eq!(verified(&bed, &as_itself).await, Ok(PoolId::new(A)));
    for iss in [
        format!("{BASE_URL}/{B}"),
        format!("{BASE_URL}/{A}/"),
        format!("{BASE_URL}/x/{A}"),
        format!("ftp://localhost/{A}"),
        A.to_owned(),
        String::new(),
    ] {
        let token = forged(&known_key(0), &json!({"iss": iss, "sub": "a-sub"}));
        assert_eq!(verified(&bed, &token).await, Err(Refusal::WrongIssuer), "{iss}");
    }
    let without = forged(&known_key(0), &json!({"sub": "a-sub"}));
    assert_eq!(verified(&bed, &without).await, Err(Refusal::WrongIssuer));
}

#[tokio::test]
async fn only_the_keys_own_algorithm_counts() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    let kid = known_key(0).kid().to_owned();
    let claims = claims_of(A);

    // The public key as an HMAC secret, in the forms an attacker has.
    let jwk = known_key(0).jwk();
    let modulus = BASE64_URL_SAFE_NO_PAD.decode(&jwk.n).unwrap();
    let jwks = bed.tokens.jwks(A).await.unwrap().unwrap();
    for secret in [modulus.as_slice(), jwk.n.as_bytes(), jwks.as_bytes()] {
        let header = Header {
            kid: Some(kid.clone()),
            ..Header::new(jsonwebtoken::Algorithm::HS256)
        };
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap();
        assert_eq!(verified(&bed, &token).await, Err(Refusal::BadSignature));
    }

    let good = forged(&known_key(0), &Value::Object(claims.clone()));
    let mut parts = good.split('.');
    let (_, payload, signature) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
    let head = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    for alg in ["none", "None", "RS512", "PS256", "ES256", ""] {
        let header = head(&format!(r#"{{"kid":"{kid}","alg":"{alg}"}}"#));
        for signature in ["", signature] {
            let token = format!("{header}.{payload}.{signature}");
            assert_eq!(verified(&bed, &token).await, Err(Refusal::BadSignature), "{alg}");
        }
    }

    // The right key with an algorithm that is not its own here.
    let rs512 = known_key(0).with_header(&kid, "JWT", Algorithm::Rs512);
    let token = forged(&rs512, &Value::Object(claims));
    assert_eq!(verified(&bed, &token).await, Err(Refusal::BadSignature));
}

#[tokio::test]
async fn strangers_and_garbage_are_told_apart() {
    let bed = Bed::new().await;
    bed.pool(A, None).await;
    let claims = Value::Object(claims_of(A));
    let stranger = forged(&known_key(7), &claims);
    assert_eq!(verified(&bed, &stranger).await, Err(Refusal::UnknownKey));
    // A stranger's signature under our kid.
    let ours = known_key(0).kid().to_owned();
    let posing = known_key(7).with_header(&ours, "JWT", Algorithm::Rs256);
    assert_eq!(
        verified(&bed, &forged(&posing, &claims)).await,
        Err(Refusal::BadSignature)
    );
    let nameless = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
    let good = forged(&known_key(0), &claims);
    let (_, rest) = good.split_once('.').unwrap();
    assert_eq!(
        verified(&bed, &format!("{nameless}.{rest}")).await,
        Err(Refusal::UnknownKey)
    );
    for garbage in ["", "a", "a.b.c", "....", rest] {
        assert_eq!(verified(&bed, garbage).await, Err(Refusal::Malformed), "{garbage}");
    }
}
