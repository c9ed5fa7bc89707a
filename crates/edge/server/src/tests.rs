//! Tests of the edge, by the entry that every connection goes through.
