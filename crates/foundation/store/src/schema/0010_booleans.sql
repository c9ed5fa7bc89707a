-- What is true or false is a BOOLEAN. SQL that both engines know can't change a column's type: a new column takes the name.

DROP INDEX users_by_enabled;
ALTER TABLE users ADD COLUMN is_enabled BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE users SET is_enabled = FALSE WHERE enabled = 0;
ALTER TABLE users DROP COLUMN enabled;
ALTER TABLE users RENAME COLUMN is_enabled TO enabled;
CREATE INDEX users_by_enabled ON users (pool, enabled, sub);

ALTER TABLE sessions ADD COLUMN is_revoked BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE sessions SET is_revoked = TRUE WHERE revoked <> 0;
ALTER TABLE sessions DROP COLUMN revoked;
ALTER TABLE sessions RENAME COLUMN is_revoked TO revoked;

ALTER TABLE identities ADD COLUMN is_enabled BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE identities SET is_enabled = FALSE WHERE enabled = 0;
ALTER TABLE identities DROP COLUMN enabled;
ALTER TABLE identities RENAME COLUMN is_enabled TO enabled;

ALTER TABLE identities ADD COLUMN is_authenticated BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE identities SET is_authenticated = TRUE WHERE authenticated <> 0;
ALTER TABLE identities DROP COLUMN authenticated;
ALTER TABLE identities RENAME COLUMN is_authenticated TO authenticated;
