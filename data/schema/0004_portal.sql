-- An admin may come in, in a contact's place, with a link of their own: the check of login.method learns that.
CREATE TABLE login_wider (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  method TEXT NOT NULL CHECK (method IN ('link', 'portal', 'open')),
  ip TEXT
) STRICT;
INSERT INTO login_wider (id, contact_id, at, method, ip) SELECT id, contact_id, at, method, ip FROM login;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'login')
  WHERE name = 'login_wider' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'login');
DROP TABLE login;
ALTER TABLE login_wider RENAME TO login;
CREATE INDEX login_contact ON login (contact_id, at);
CREATE INDEX login_at ON login (at);

-- Links for an admin to see the HUB as a contact does. The operation tells who asked for it; the customer stays when it is
-- deleted, so that the log can tell it of them.
CREATE TABLE open_link (
  operation_id INTEGER NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
  contact_id INTEGER REFERENCES contact (id) ON DELETE SET NULL,
  customer_id INTEGER NOT NULL,
  nonce BLOB NOT NULL CHECK (length(nonce) = 16),
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX open_link_operation ON open_link (operation_id);
CREATE INDEX open_link_customer ON open_link (customer_id);
CREATE INDEX open_link_live ON open_link (contact_id) WHERE used_at IS NULL AND ended_at IS NULL;

-- Tokens that were never given out, by the network they came from and the minute (Unix time / 60). Rows of other
-- minutes go with the next one.
CREATE TABLE redeem_failure (
  source TEXT NOT NULL,
  minute INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (source, minute)
) STRICT, WITHOUT ROWID;

-- What follows is for portals that read the database themselves. Tables may change; these views, their columns and
-- what they mean may not (kundehub-portal(7)).

CREATE VIEW hub_contact_v1 AS
SELECT contact.id AS contact_id, customer.number AS customer_number, customer.name AS customer_name,
  customer.kind AS customer_kind, contact.first_name, contact.last_name,
  trim(ifnull(contact.first_name, '') || ' ' || ifnull(contact.last_name, '')) AS name,
  contact.email, contact.email_key, contact.phone, contact.title,
  ifnull(contact.language, customer.language) AS language, contact.is_primary,
  customer.archived_at IS NOT NULL AS is_archived
FROM contact JOIN customer ON customer.id = contact.customer_id;

-- Who may log in now: the customer is not archived, both HUB switches are on, and a login link was used under the
-- present address, or one is out to it and valid.
CREATE VIEW hub_login_v1 AS
SELECT contact.id AS contact_id, customer.number AS customer_number, customer.name AS customer_name,
  customer.kind AS customer_kind, contact.first_name, contact.last_name,
  trim(ifnull(contact.first_name, '') || ' ' || ifnull(contact.last_name, '')) AS name,
  contact.email, contact.email_key, ifnull(contact.language, customer.language) AS language,
  EXISTS (SELECT 1 FROM login_link AS link WHERE link.contact_id = contact.id AND link.email_key = contact.email_key
            AND link.used_at IS NOT NULL) AS has_used_link
FROM contact JOIN customer ON customer.id = contact.customer_id
WHERE customer.archived_at IS NULL AND customer.hub = 1 AND contact.hub = 1 AND contact.email_key IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM login_link AS link WHERE link.contact_id = contact.id AND link.email_key = contact.email_key
      AND (link.used_at IS NOT NULL
           OR (link.ended_at IS NULL
               AND (SELECT max(CASE WHEN carrier.phase = 2
                                 THEN max(ifnull(carrier.link_out_until, 0), carrier.link_expires_at)
                                 ELSE carrier.link_out_until END)
                    FROM welcome AS carrier
                    WHERE carrier.contact_id = link.contact_id AND carrier.generation = link.generation
                      AND carrier.state <> 'bounced') > CAST(strftime('%s', 'now') AS INTEGER))));

-- The modules that a contact may use once they are in.
CREATE VIEW hub_module_v1 AS
SELECT contact.id AS contact_id, customer.number AS customer_number, module.key AS module,
  module.title_da, module.title_en
FROM contact JOIN customer ON customer.id = contact.customer_id
  JOIN customer_module ON customer_module.customer_id = customer.id
  JOIN module ON module.id = customer_module.module_id
WHERE contact.is_limited = 0
  OR EXISTS (SELECT 1 FROM contact_module
             WHERE contact_module.contact_id = contact.id AND contact_module.module_id = module.id);
