//! The yardsticks: what the unavoidable cryptography costs on this machine, now.

use std::{thread, time::Duration};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey},
};
use kernel::SystemRng;
use vault::{
    jws::SigningKey,
    srp::{self, ClientPublic, Identity, ServerEphemeral, Verifier},
};

#[derive(Default)]
pub struct Primitives {
    /// One 3072-bit exponentiation with a 256-bit exponent, by aws-lc's general constant-time routine.
    pub exponentiation: Duration,
    /// The same of SRP's generator, from the server's table of its powers: what checking a password is.
    pub from_table: Duration,
    /// One RSA-2048 signature.
    pub signature: Duration,
    /// One verification of a P-256 signature.
    pub verification: Duration,
}

/// Repeats for a quarter of a second of this thread's CPU time; the mean. CPU time, like the server's: others may be at work.
fn mean(mut act: impl FnMut() -> Result<(), String>) -> Result<Duration, String> {
    let begun = thread_time();
    let mut times = 0u32;
    while thread_time().saturating_sub(begun) < Duration::from_millis(250) {
        act()?;
        times += 1;
    }
    Ok(thread_time().saturating_sub(begun) / times.max(1))
}

fn thread_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(now.tv_sec), u32::try_from(now.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanoseconds.unwrap_or(0))
}

/// On all cores at once, as the server runs them under load: two hardware threads of one core slow each other down.
pub fn measure() -> Result<Primitives, String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(alone)).collect();
    let mut sum = Primitives::default();
    for thread in threads {
        let measured = thread.join().map_err(|_| "a measuring thread panicked")??;
        sum.exponentiation += measured.exponentiation;
        sum.from_table += measured.from_table;
        sum.signature += measured.signature;
        sum.verification += measured.verification;
    }
    let cores = u32::try_from(cores).unwrap_or(1).max(1);
    Ok(Primitives {
        exponentiation: sum.exponentiation / cores,
        from_table: sum.from_table / cores,
        signature: sum.signature / cores,
        verification: sum.verification / cores,
    })
}

fn alone() -> Result<Primitives, String> {
    let rng = SystemRng;
    let identity = Identity {
        pool_name: "bench",
        user_id: "bench",
    };
    let salt = srp::draw_salt(&rng);
    let verifier = Verifier::new(identity, "Passw0rd!", &salt);
    let client = srp::Client::new(&rng);
    let public = ClientPublic::parse(&client.public_hex()).map_err(|error| format!("{error:?}"))?;
    let ephemeral = ServerEphemeral::new(&verifier, &rng);
    // A session key is two general exponentiations, u's and b's, and next to nothing beside them.
    let two = mean(|| {
        srp::session_key(&public, &ephemeral, &verifier)
            .map(drop)
            .ok_or_else(|| "no key".to_owned())
    })?;
    let from_table = mean(|| {
        srp::check_password(identity, "Passw0rd!", &salt, &verifier)
            .then_some(())
            .ok_or_else(|| "the password was wrong".to_owned())
    })?;
    let key = SigningKey::generate().map_err(|error| error.to_string())?;
    let payload = vec![b'x'; 700];
    let signature = mean(|| key.sign(&payload).map(drop).map_err(|error| error.to_string()))?;
    Ok(Primitives {
        exponentiation: two / 2,
        from_table,
        signature,
        verification: verification()?,
    })
}

fn verification() -> Result<Duration, String> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(|error| error.to_string())?;
    // An authenticator signs its data of 37 bytes and a digest.
    let message = [b'x'; 69];
    let signed = pair
        .sign(&SystemRandom::new(), &message)
        .map_err(|error| error.to_string())?;
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key().as_ref());
    mean(|| {
        key.verify(&message, signed.as_ref())
            .map_err(|_| "the signature was wrong".to_owned())
    })
}
