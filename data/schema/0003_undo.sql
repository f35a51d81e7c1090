-- An undo is an operation of its own.
ALTER TABLE operation ADD COLUMN undoes INTEGER REFERENCES operation (id) ON DELETE SET NULL;
CREATE INDEX operation_undoes ON operation (undoes) WHERE undoes IS NOT NULL;

-- Persons whose data was erased: the HMAC of the address, made with the link key, so that it can be known again and not
-- read.
CREATE TABLE erased_address (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  operation_id INTEGER NOT NULL REFERENCES operation (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_address_operation ON erased_address (operation_id);
