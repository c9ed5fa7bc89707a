//! The names that passkeys get, for their users to know them again. AWS's are unknown (reference user-pools 7.4): ours are the maker's, which
//! authenticators tell by a number.

use webauthn::{Attachment, Registered};

/// Those that most people have, by AAGUID.
const MAKERS: [(&str, &str); 15] = [
    ("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4", "Google Password Manager"),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "iCloud Keychain"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain (Managed)"),
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
];

/// The maker's name, or what kind of thing it is.
pub(super) fn friendly(registered: &Registered) -> String {
    let number = hex::encode(registered.aaguid);
    let maker = MAKERS.iter().find(|(aaguid, _)| aaguid.replace('-', "") == number);
    let kind = match registered.attachment {
        Some(Attachment::CrossPlatform) => "Security key",
        Some(Attachment::Platform) | None => "Passkey",
    };
    maker.map_or(kind, |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_is_called_by_its_maker_or_its_kind() {
        let named = |aaguid: &str, attachment| {
            let mut bytes = [0; 16];
            hex::decode_to_slice(aaguid.replace('-', ""), &mut bytes).unwrap();
            friendly(&Registered {
                credential_id: "a".to_owned(),
                public_key: Vec::new(),
                counter: 0,
                aaguid: bytes,
                attachment,
                transports: Vec::new(),
                backup_eligible: false,
                backed_up: false,
            })
        };
        for (aaguid, name) in MAKERS {
            assert_eq!(named(aaguid, Some(Attachment::CrossPlatform)), name);
        }
        let unknown = "00000000-0000-0000-0000-000000000000";
        assert_eq!(named(unknown, None), "Passkey");
        assert_eq!(named(unknown, Some(Attachment::Platform)), "Passkey");
        assert_eq!(named(unknown, Some(Attachment::CrossPlatform)), "Security key");
    }
}
