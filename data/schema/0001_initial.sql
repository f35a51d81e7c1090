-- Customers, their contacts, HUB modules, login links, welcome mails, operations.
-- Times are whole seconds since 1970-01-01 UTC. Absent text is NULL.

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last customer number that was given out: a deleted customer's number is not given again.
INSERT INTO setting (key, value) VALUES ('last_customer_number', 1000);

CREATE TABLE module (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  title_da TEXT NOT NULL,
  title_en TEXT NOT NULL
) STRICT;

INSERT INTO module (key, title_da, title_en) VALUES
  ('timesheets', 'Timesedler', 'Timesheets'),
  ('punchcards', 'Klippekort', 'Punch cards'),
  ('projects', 'Projekter', 'Projects'),
  ('invoices', 'Fakturaer', 'Invoices');

CREATE TABLE customer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('private', 'business')),
  name TEXT NOT NULL CHECK (name <> ''),
  cvr TEXT CHECK (cvr IS NULL OR (kind = 'business' AND length(cvr) = 8)),
  email TEXT,
  email_key TEXT,
  phone TEXT,
  address TEXT,
  zip TEXT,
  city TEXT,
  country TEXT NOT NULL CHECK (length(country) = 2),
  language TEXT NOT NULL CHECK (language IN ('da', 'en')),
  website TEXT,
  notes TEXT,
  hub INTEGER NOT NULL CHECK (hub IN (0, 1)),
  hub_changed_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  archived_at INTEGER
) STRICT;

-- Shorter numbers come first, so that 999 stands before 1000: one index for uniqueness, look-up, order and paging.
CREATE UNIQUE INDEX customer_number ON customer (length(number), number);
CREATE INDEX customer_cvr ON customer (cvr) WHERE cvr IS NOT NULL;
CREATE INDEX customer_email ON customer (email_key) WHERE email_key IS NOT NULL;

CREATE TABLE customer_tag (
  customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (customer_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_tag_tag ON customer_tag (tag, customer_id);

CREATE TABLE customer_module (
  customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  module_id INTEGER NOT NULL REFERENCES module (id) ON DELETE CASCADE,
  PRIMARY KEY (customer_id, module_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_module_module ON customer_module (module_id, customer_id);

CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  first_name TEXT,
  last_name TEXT,
  email TEXT,
  email_key TEXT,
  email_changed_at INTEGER NOT NULL,
  phone TEXT,
  title TEXT,
  language TEXT CHECK (language IN ('da', 'en')),
  hub INTEGER NOT NULL CHECK (hub IN (0, 1)),
  hub_changed_at INTEGER NOT NULL,
  is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- An address is unique within a customer only: one bookkeeper may serve ten firms (R12).
CREATE UNIQUE INDEX contact_customer_email ON contact (customer_id, email_key);
CREATE INDEX contact_email ON contact (email_key) WHERE email_key IS NOT NULL;

-- Every generation of a contact's login link. At most one has neither been used nor ended.
CREATE TABLE login_link (
  contact_id INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  generation INTEGER NOT NULL,
  email_key TEXT NOT NULL,
  address TEXT NOT NULL,
  nonce BLOB NOT NULL CHECK (length(nonce) = 16),
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER,
  ended_by TEXT CHECK (ended_by IN ('revoked', 'email_changed', 'rotated', 'expired', 'archived')),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  PRIMARY KEY (contact_id, generation)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX login_link_live ON login_link (contact_id) WHERE used_at IS NULL AND ended_at IS NULL;

CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  host TEXT NOT NULL,
  command TEXT NOT NULL
) STRICT;

-- What an operation created: ranges of ids, so that a bulk insert is one row. customer_id where it is one customer's.
CREATE TABLE operation_created (
  operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
  entity TEXT NOT NULL CHECK (entity IN ('customer', 'contact', 'module', 'welcome')),
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL CHECK (last_id >= first_id),
  customer_id INTEGER,
  PRIMARY KEY (operation_id, entity, first_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_created_customer ON operation_created (customer_id, operation_id) WHERE customer_id IS NOT NULL;
CREATE INDEX operation_created_range ON operation_created (entity, first_id);

-- What an operation changed or deleted, as it was before: the row as a JSON object with all of its columns, a
-- customer's with its tags and modules.
CREATE TABLE operation_before (
  operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
  entity TEXT NOT NULL CHECK (entity IN ('customer', 'contact', 'module', 'welcome')),
  entity_id INTEGER NOT NULL,
  customer_id INTEGER,
  was TEXT NOT NULL,
  PRIMARY KEY (operation_id, entity, entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_before_customer ON operation_before (customer_id, operation_id) WHERE customer_id IS NOT NULL;
CREATE INDEX operation_before_entity ON operation_before (entity, entity_id, operation_id);

-- One row a welcome mail. Neither its text nor its token is kept.
CREATE TABLE welcome (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER REFERENCES contact (id) ON DELETE SET NULL,
  operation_id INTEGER REFERENCES operation (id) ON DELETE SET NULL,
  email_key TEXT NOT NULL,
  address TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL CHECK (language IN ('da', 'en')),
  template_hash TEXT NOT NULL,
  generation INTEGER NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'uncertain', 'failed', 'bounced', 'cancelled')),
  -- While sending: 1, certainly not delivered; 2, the final dot may be out.
  phase INTEGER CHECK (phase IN (1, 2)),
  tries INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  due_at INTEGER,
  -- As printed at the latest try; and at the latest one that may have reached the person.
  link_expires_at INTEGER,
  link_out_until INTEGER,
  sent_at INTEGER,
  changed_at INTEGER NOT NULL,
  reply TEXT,
  CHECK ((state = 'sending') = (phase IS NOT NULL))
) STRICT;
CREATE INDEX welcome_contact ON welcome (contact_id, id);
CREATE UNIQUE INDEX welcome_pending ON welcome (contact_id) WHERE state IN ('queued', 'sending', 'deferred', 'uncertain');
CREATE INDEX welcome_due ON welcome (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX welcome_sending ON welcome (id) WHERE state = 'sending';

-- The server's answer to every try.
CREATE TABLE welcome_try (
  welcome_id INTEGER NOT NULL REFERENCES welcome (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  stage TEXT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (welcome_id, number)
) STRICT, WITHOUT ROWID;
