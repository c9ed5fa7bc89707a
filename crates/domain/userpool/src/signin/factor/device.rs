//! DEVICE_PASSWORD_VERIFIER: SRP with the device's secret in the place of a password, its group in the place of the pool. Reference:
//! user-pools 5.3, 10.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{ApiError, CpuPool, Cx};
use store::records::devices::{Device, DevicesOf};
use vault::{
    Keyring,
    srp::{self, ClientPublic, Identity, ServerEphemeral},
};

use super::{secret_block::SecretBlock, srp::ServerAnswer};
use crate::{
    device::{
        browser::BrowserDevice,
        secret::{DeviceSecret, group_key},
    },
    errors,
    password::kept::Owner,
    signin::{
        method::Method,
        proof::{Change, Proof},
        protocol::Claim,
    },
};

/// Errors: InvalidParameter for an SRP_A that SRP forbids.
pub(in crate::signin) fn public_value(srp_a: &str) -> Result<ClientPublic, ApiError> {
    ClientPublic::parse(srp_a).map_err(|e| errors::srp_a_not_valid().because(e))
}

/// Errors: those of [`public_value`].
pub(in crate::signin) async fn challenge(
    (keyring, cpu): (&Arc<Keyring>, &CpuPool),
    cx: &Cx,
    owner: &Owner,
    device: &Device,
    srp_a: &str,
) -> Result<ServerAnswer, ApiError> {
    let client_public = public_value(srp_a)?;
    let (of, device) = (of(owner), device.clone());
    let (keyring, rng) = (Arc::clone(keyring), Arc::clone(&cx.env.rng));
    let (salt, ephemeral) = cpu
        .run(move || {
            let known = DeviceSecret::open(&keyring, &of, &device)?;
            Ok::<_, ApiError>((known.salt, ServerEphemeral::new(&known.verifier, rng.as_ref())))
        })
        .await??;
    Ok(ServerAnswer {
        salt: srp::salt_hex(&salt),
        client_public,
        ephemeral,
    })
}

/// None: it is wrong.
pub(in crate::signin) async fn prove(
    (keyring, cpu): (&Arc<Keyring>, &CpuPool),
    owner: &Owner,
    device: &Device,
    block: SecretBlock,
    claim: Claim,
) -> Result<Option<Proof>, ApiError> {
    let (of, device, keyring) = (of(owner), device.clone(), Arc::clone(keyring));
    let right = cpu
        .run(move || {
            let known = DeviceSecret::open(&keyring, &of, &device)?;
            let Some(key) = srp::session_key(&block.client_public, &block.ephemeral, &known.verifier) else {
                return Ok::<_, ApiError>(false);
            };
            let bytes = BASE64_STANDARD.decode(&claim.secret_block).unwrap_or_default();
            let identity = Identity {
                pool_name: &group_key(&of.pool, &device.key),
                user_id: device.key.as_str(),
            };
            Ok(key.check_claim(identity, &bytes, &claim.timestamp, &claim.signature))
        })
        .await??;
    Ok(right.then(|| Proof {
        method: Some(Method::Device),
        change: Change::None,
        turn: cpu.last_step(),
    }))
}

/// By the secret itself, which hosted login has with every request of the browser. None: it is wrong.
pub(in crate::signin) async fn prove_browser(
    (keyring, cpu): (&Arc<Keyring>, &CpuPool),
    owner: &Owner,
    device: &Device,
    kept: &Arc<[BrowserDevice]>,
) -> Result<Option<Proof>, ApiError> {
    let (of, device, keyring, kept) = (of(owner), device.clone(), Arc::clone(keyring), Arc::clone(kept));
    let right = cpu
        .run(move || {
            let known = DeviceSecret::open(&keyring, &of, &device)?;
            let is_it =
                |kept: &BrowserDevice| kept.sub == of.sub && kept.key == device.key && kept.proves(&of.pool, &known);
            Ok::<_, ApiError>(kept.iter().any(is_it))
        })
        .await??;
    Ok(right.then(|| Proof {
        method: Some(Method::Device),
        change: Change::None,
        turn: cpu.last_step(),
    }))
}

fn of(owner: &Owner) -> DevicesOf {
    DevicesOf {
        pool: owner.pool.clone(),
        sub: owner.sub.clone(),
    }
}
