//! Revocation: families, sign-outs, and which token is older. Reference: user-pools 8.6.

use kernel::{ClientId, Sub, Timestamp};
use store::records::{
    sessions::{self, Session},
    users::{self, Doc, User},
};

use super::*;
use crate::{Bearer, Claims, new_jti};

const OUT: i64 = 1_768_478_400_500;

struct Case {
    /// Milliseconds.
    signed_out: Option<i64>,
    family: Family,
    token: Token,
    revoked: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Family {
    Alive,
    Revoked,
    Gone,
    Anothers,
    /// Alive, but the user signed out everywhere since.
    SignedOut,
}

#[derive(Clone, Copy)]
enum Token {
    /// Of a family, issued at this millisecond.
    Revocable(i64),
    /// With nothing but `iat`.
    Plain(i64),
}

impl Token {
    fn claims(self, bed: &Bed) -> Claims {
        let claims = match self {
            Self::Revocable(at) => {
                let at = Timestamp::from_millis(at);
                let jti = new_jti(at, bed.env.rng.as_ref());
                json!({"sub": "a-sub", "origin_jti": "a-family", "jti": jti, "iat": at.secs()})
            }
            Self::Plain(at) => json!({"sub": "a-sub", "iat": Timestamp::from_millis(at).secs()}),
        };
        let Value::Object(claims) = claims else { unreachable!() };
        Claims(claims)
    }
}

#[tokio::test]
async fn the_family_and_the_sign_out_decide() {
    use Family::{Alive, Anothers, Gone, Revoked, SignedOut};
    use Token::{Plain, Revocable};
    let case = |signed_out, family, token, revoked| Case {
        signed_out,
        family,
        token,
        revoked,
    };
    let cases = [
        case(None, Alive, Revocable(OUT), false),
        case(None, Revoked, Revocable(OUT), true),
        case(None, Gone, Revocable(OUT), true),
        case(None, Anothers, Revocable(OUT), true),
        // By the count alone, whatever the clocks say.
        case(None, SignedOut, Revocable(OUT), true),
        // To the millisecond, within one second.
        case(Some(OUT), Alive, Revocable(OUT - 1), true),
        case(Some(OUT), Alive, Revocable(OUT), true),
        case(Some(OUT), Alive, Revocable(OUT + 1), false),
        case(Some(OUT), Revoked, Revocable(OUT + 1), true),
        // To the second: what can't be told apart is older.
        case(None, Gone, Plain(OUT), false),
        case(Some(OUT), Gone, Plain(OUT + 400), true),
        case(Some(OUT), Gone, Plain(OUT + 500), false),
    ];
    for (n, case) in cases.iter().enumerate() {
        let bed = Bed::new().await;
        let pool = bed.pool("eu-west-1_abcDEF123", None).await;
        store_user(&bed, &pool, case.signed_out, case.family).await;
        let bearer = Bearer::of(pool, &case.token.claims(&bed)).unwrap();
        let standing = bed.tokens.standing(&bearer).await.unwrap();
        assert_eq!(standing.revoked, case.revoked, "case {n}");
        assert_eq!(standing.user.unwrap().username, "ana");
    }
}

#[tokio::test]
async fn a_token_without_a_time_is_older_than_any_sign_out() {
    let bed = Bed::new().await;
    let pool = bed.pool("eu-west-1_abcDEF123", None).await;
    store_user(&bed, &pool, Some(OUT), Family::Alive).await;
    let Value::Object(claims) = json!({"sub": "a-sub", "origin_jti": "a-family", "jti": "odd"}) else {
        unreachable!()
    };
    let bearer = Bearer::of(pool, &Claims(claims)).unwrap();
    let standing = bed.tokens.standing(&bearer).await.unwrap();
    assert!(standing.revoked);
}

/// However much later it was made.
#[tokio::test]
async fn an_heir_is_as_old_as_what_it_comes_of() {
    let bed = Bed::new().await;
    let pool = bed.pool("eu-west-1_abcDEF123", None).await;
    store_user(&bed, &pool, Some(OUT), Family::Alive).await;
    for (token, revoked) in [
        (Token::Revocable(OUT), true),
        (Token::Revocable(OUT + 1), false),
        (Token::Plain(OUT), true),
        (Token::Plain(OUT + 500), false),
    ] {
        let bearer = Bearer::of(pool.clone(), &token.claims(&bed)).unwrap();
        let heir = json!({"sub": "a-sub", "jti": bearer.heir_jti(bed.env.rng.as_ref()), "iat": OUT / 1000 + 60});
        let Value::Object(heir) = heir else { unreachable!() };
        let heir = Bearer::of(pool.clone(), &Claims(heir)).unwrap();
        assert_eq!(bed.tokens.standing(&heir).await.unwrap().revoked, revoked);
    }
}

#[tokio::test]
async fn nobody_has_no_standing() {
    let bed = Bed::new().await;
    let pool = bed.pool("eu-west-1_abcDEF123", None).await;
    let bearer = Bearer::of(pool, &Token::Revocable(OUT).claims(&bed)).unwrap();
    let standing = bed.tokens.standing(&bearer).await.unwrap();
    assert!(standing.user.is_none() && standing.revoked);
}

async fn store_user(bed: &Bed, pool: &PoolId, signed_out: Option<i64>, family: Family) {
    let at = Timestamp::from_millis(OUT - 10_000);
    let user = User {
        pool: pool.clone(),
        sub: Sub::new("a-sub"),
        username: "ana".to_owned(),
        status: store::records::status::Status::Confirmed,
        enabled: true,
        created: at,
        modified: at,
        version: 1,
        doc: Doc {
            signed_out_before: signed_out.map(Timestamp::from_millis),
            sign_outs: u32::from(family == Family::SignedOut),
            ..Doc::default()
        },
    };
    let session = Session {
        family: "a-family".to_owned(),
        sub: Sub::new(if family == Family::Anothers { "another" } else { "a-sub" }),
        client: ClientId::new("client"),
        token: vec![1; 32],
        previous_token: None,
        rotated_at: None,
        created: at,
        used_at: at,
        expires: at,
        revoked: false,
        doc: sessions::Doc::default(),
    };
    bed.store
        .write(move |tx| {
            users::insert(tx, &user)?;
            if family != Family::Gone {
                sessions::insert(tx, &user.pool, &session)?;
            }
            if family == Family::Revoked {
                sessions::revoke(tx, &user.pool, &session.family)?;
            }
            Ok(())
        })
        .await
        .unwrap();
}
