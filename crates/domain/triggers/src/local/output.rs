//! What a process writes, into the log: line by line, under the function's name.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Bytes of a line beyond which the rest of it is dropped.
const LONGEST: usize = 4096;

/// Until the process closes it.
pub(super) async fn log(function: &str, output: impl AsyncRead + Unpin) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        let Ok(bytes) = output.fill_buf().await else { return };
        if bytes.is_empty() {
            say(function, &line);
            return;
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let taken = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
        let room = LONGEST.saturating_sub(line.len());
        line.extend(taken.iter().take(room));
        let used = taken.len() + usize::from(end.is_some());
        output.consume(used);
        if end.is_some() {
            say(function, &line);
            line.clear();
        }
    }
}

fn say(function: &str, line: &[u8]) {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end();
    if !text.is_empty() {
        tracing::info!(target: "function", function, "{text}");
    }
}
