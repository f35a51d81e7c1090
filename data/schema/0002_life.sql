-- Customers that were merged into another one: its history is told with theirs, and their numbers lead to it.
CREATE TABLE merged_customer (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL,
  into_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX merged_customer_into ON merged_customer (into_id);

-- A contact whose modules are limited uses, of the customer's, only those in contact_module. The mark stands by itself:
-- one whose last module is deleted must not get all.
ALTER TABLE contact ADD COLUMN is_limited INTEGER NOT NULL DEFAULT 0 CHECK (is_limited IN (0, 1));

CREATE TABLE contact_module (
  contact_id INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  module_id INTEGER NOT NULL REFERENCES module (id) ON DELETE CASCADE,
  PRIMARY KEY (contact_id, module_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_module_module ON contact_module (module_id, contact_id);

-- The admin's personal line in a mail, until the mail is done with.
ALTER TABLE welcome ADD COLUMN message TEXT;

-- Each time a contact came into the HUB: by a login link, or as the portal told.
CREATE TABLE login (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('link', 'portal')),
  ip TEXT
) STRICT;
CREATE INDEX login_contact ON login (contact_id, at);
CREATE INDEX login_at ON login (at);
