//! One PostgreSQL connection: statements on it, prepared once each.

use std::{collections::HashMap, error::Error as StdError};

use bytes::BytesMut;
use postgres::{
    Client, Statement,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use super::{
    fault::{self, Fault},
    role::Role,
};
use crate::{FromRow, Row, StoreError, Value, row::Source};

/// Spells "poolhous": any number that others are unlikely to lock.
const SCHEMA_LOCK: i64 = 0x706f_6f6c_686f_7573;

pub(crate) struct Connection {
    pub(super) client: Client,
    role: Role,
    statements: HashMap<&'static str, Statement>,
    /// What went wrong first in the closure under way. After it PostgreSQL refuses every further statement.
    pub(super) fault: Option<Fault>,
}

impl Connection {
    pub(super) fn new(client: Client, role: Role) -> Self {
        Self {
            client,
            role,
            statements: HashMap::new(),
            fault: None,
        }
    }

    pub fn rows<R: FromRow>(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<R>, StoreError> {
        let rows = self.with(sql, |client, statement| client.query(statement, &arguments(values)))?;
        let read = rows
            .iter()
            .map(|row| {
                R::from_row(&Row {
                    sql,
                    cells: Source::Postgres(row),
                })
            })
            .collect();
        if Result::is_err(&read) {
            self.fault = Some(Fault::Statement);
        }
        read
    }

    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        self.with(sql, |client, statement| client.execute(statement, &arguments(values)))
    }

    fn with<T>(
        &mut self,
        sql: &'static str,
        act: impl FnOnce(&mut Client, &Statement) -> Result<T, postgres::Error>,
    ) -> Result<T, StoreError> {
        if self.fault.is_some() {
            return Err(StoreError::IgnoredFailure);
        }
        let prepared_before = self.statements.contains_key(sql);
        let outcome = self
            .prepared(sql)
            .and_then(|statement| act(&mut self.client, &statement));
        outcome.map_err(|error| {
            if prepared_before && fault::is_stale_statement(&error) {
                self.fault = Some(Fault::LostConnection);
                return fault::unavailable(&error);
            }
            self.failed(sql, &error)
        })
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    fn failed(&mut self, sql: &str, error: &postgres::Error) -> StoreError {
        let fault = if self.client.is_closed() {
            Fault::LostConnection
        } else {
            fault::of(error, self.role)
        };
        self.fault = Some(fault);
        match fault {
            Fault::LostRace => StoreError::Contention,
            Fault::LostConnection => fault::unavailable(error),
            Fault::Statement => StoreError::Statement {
                sql: sql.to_owned(),
                cause: fault::text(error),
            },
        }
    }

    /// Several statements without arguments.
    pub fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| self.failed(sql, &error))
    }

    /// Must come first: what this transaction then reads includes all that the last holder of the lock did, which a
    /// serializable snapshot, taken before waiting for the lock, would not.
    pub fn lock_schema(&mut self) -> Result<(), StoreError> {
        self.script(&format!(
            "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0;
             SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"
        ))
    }

    /// Without sequential scans and sorts, which small tables would get whatever indexes there are.
    pub fn explain(&mut self, sql: &str, values: &[Value]) -> Result<Vec<String>, StoreError> {
        self.script("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")?;
        let sql = format!("EXPLAIN (COSTS OFF) {sql}");
        let rows = self
            .client
            .query(&sql, &arguments(values))
            .map_err(|error| self.failed(&sql, &error))?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(|error| self.failed(&sql, &error)))
            .collect()
    }
}

fn arguments(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

type ConversionError = Box<dyn StdError + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, ConversionError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(b) if *wanted == Type::BOOL => b.to_sql(wanted, out),
            Self::Int(n) => integer(*n, wanted, out),
            Self::Text(text) if <&str as ToSql>::accepts(wanted) => text.to_sql(wanted, out),
            Self::Bytes(bytes) if *wanted == Type::BYTEA => bytes.to_sql(wanted, out),
            other => Err(unfit(other.kind(), wanted)),
        }
    }

    /// Which types fit is known once the value is: see `to_sql`.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// PostgreSQL infers INTEGER where a placeholder meets a literal.
fn integer(n: i64, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, ConversionError> {
    match *wanted {
        Type::INT8 => n.to_sql(wanted, out),
        Type::INT4 => i32::try_from(n)?.to_sql(wanted, out),
        Type::INT2 => i16::try_from(n)?.to_sql(wanted, out),
        _ => Err(unfit("number", wanted)),
    }
}

fn unfit(kind: &str, wanted: &Type) -> ConversionError {
    format!("a {kind} was given where {wanted} is wanted").into()
}
