//! A QR code as a picture in the page.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around the code, which scanners want.
const QUIET: usize = 4;

/// An `<svg>` that shows `text`, black on white whatever the page's colours. Empty when `text` is longer than a code can hold.
pub(super) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else {
        return String::new();
    };
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        let mut pen = None;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Runs of one row follow each other by their distance: half as long as places.
                let _ = match pen {
                    None => write!(path, "M{} {}.5h{}", x + QUIET, y + QUIET, run.len()),
                    Some(end) => write!(path, "m{} 0h{}", x - end, run.len()),
                };
                pen = Some(x + run.len());
            }
            x += run.len();
        }
    }
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"presentation\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_every_module() {
        let text = "otpauth://totp/Example:ana?secret=JBSWY3DPEHPK3PXP&issuer=Example";
        let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let drawn: usize = svg(text)
            .split("stroke=\"#000\"")
            .nth(1)
            .unwrap()
            .split('h')
            .skip(1)
            .map(|run| {
                run.chars()
                    .take_while(char::is_ascii_digit)
                    .collect::<String>()
                    .parse::<usize>()
                    .unwrap()
            })
            .sum();
        assert_eq!(drawn, dark);
        assert_eq!(svg(&"x".repeat(3000)), "");
    }
}
