//! Headers, read and written.

mod dates;
mod object;
mod request;

pub(crate) use dates::{http_date, to_http_date, to_xml_date};
pub(crate) use object::{describe, set, set_checksum};
pub(crate) use request::{
    ENCRYPTION, SSE_S3, check_text, conditions, copied_version, copy_source, has_grants, object_headers, tags, text,
    write_conditions,
};
