#include "core/store/sqlite/rule_rows.hpp"

#include <vector>

#include <fmt/format.h>

#include "core/store/sqlite/access_rows.hpp"

namespace kundehub::sqlite {
namespace {

/// A query gives the record, what is wrong with it, and the remedy.
struct Rule {
  const char *name, *sql;
};

// {0}: the customers that are looked at; {1}: has access.
constexpr Rule customer_rules[] = {
    {"R1", R"sql(
      SELECT number, 'a private customer has one contact, and this one has ' || count(contact.id),
        'kundehub customer convert ' || number || ' --to business'
      FROM customer LEFT JOIN contact ON contact.customer_id = customer.id
      WHERE kind = 'private' AND {0} GROUP BY customer.id HAVING count(contact.id) <> 1
    )sql"},
    {"R1", R"sql(
      SELECT number, 'the private customer and its contact are not in step', 'kundehub customer edit ' || number ||
        ' with the right --name, --email, --phone and --language'
      FROM customer JOIN contact ON contact.customer_id = customer.id
      WHERE kind = 'private' AND {0} AND (
        customer.email_key IS NOT contact.email_key OR customer.phone IS NOT contact.phone
        OR customer.language IS NOT ifnull(contact.language, customer.language) OR customer.hub <> contact.hub
        OR customer.name <> trim(ifnull(contact.first_name, '') || ' ' || ifnull(contact.last_name, '')))
    )sql"},
    {"R1", R"sql(
      SELECT number, 'a private customer has no CVR number',
        'kundehub customer edit ' || number || ' --unset cvr' FROM customer WHERE kind = 'private' AND cvr IS NOT NULL AND {0}
    )sql"},
    {"R10", R"sql(
      SELECT number, 'of its contacts ' || sum(is_primary) || ' are primary, and one has to be',
        'kundehub contact edit contact:' || min(contact.id) || ' --primary'
      FROM customer JOIN contact ON contact.customer_id = customer.id
      WHERE {0} GROUP BY customer.id HAVING sum(is_primary) <> 1
    )sql"},
    {"R2", R"sql(
      SELECT 'contact:' || contact.id, 'a contact of a business needs first name, last name and e-mail address',
        'kundehub contact edit contact:' || contact.id || ' --first-name NAME --last-name NAME --email ADDRESS'
      FROM customer JOIN contact ON contact.customer_id = customer.id
      WHERE kind = 'business' AND {0} AND (first_name IS NULL OR last_name IS NULL OR contact.email IS NULL)
    )sql"},
    {"R12", R"sql(
      SELECT number, 'the address ' || min(contact.email) || ' is that of ' || count(*) || ' of its contacts',
        'kundehub contact list ' || number
      FROM customer JOIN contact ON contact.customer_id = customer.id
      WHERE contact.email_key IS NOT NULL AND {0} GROUP BY customer.id, contact.email_key HAVING count(*) > 1
    )sql"},
    {"R12", R"sql(
      SELECT 'contact:' || contact.id, 'the address is kept without the form it is compared in',
        'kundehub contact edit contact:' || contact.id || ' --email OTHER, then --email ' || ifnull(contact.email, 'ADDRESS')
      FROM customer JOIN contact ON contact.customer_id = customer.id
      WHERE ((contact.email IS NULL) <> (contact.email_key IS NULL)
             OR (lower(contact.email) <> contact.email_key AND contact.email NOT GLOB '*[^ -~]*')) AND {0}
    )sql"},
    {"R12", R"sql(
      SELECT number, 'the address is kept without the form it is compared in',
        'kundehub customer edit ' || number || ' --unset email, then --email ' || ifnull(email, 'ADDRESS')
      FROM customer
      WHERE ((email IS NULL) <> (email_key IS NULL)
             OR (lower(email) <> email_key AND email NOT GLOB '*[^ -~]*')) AND {0}
    )sql"},
    {"R5", R"sql(
      SELECT 'contact:' || contact.id, 'a login link of an earlier address is alive',
        'kundehub welcome send contact:' || contact.id || ' --link rotate'
      FROM customer JOIN contact ON contact.customer_id = customer.id
      JOIN login_link AS link ON link.contact_id = contact.id AND used_at IS NULL AND ended_at IS NULL
      WHERE link.email_key IS NOT contact.email_key AND {0}
    )sql"},
    {"R13", R"sql(
      SELECT 'contact:' || contact.id, 'a login link is alive although the contact has no access',
        'kundehub hub revoke ' || number || ' --contact contact:' || contact.id
      FROM customer JOIN contact ON contact.customer_id = customer.id
      JOIN login_link AS link ON link.contact_id = contact.id AND used_at IS NULL AND ended_at IS NULL
      WHERE NOT {1} AND link.email_key IS contact.email_key AND {0}
    )sql"},
    {"R6", R"sql(
      SELECT 'contact:' || contact.id, 'a welcome mail waits although the contact has no access',
        'kundehub welcome cancel contact:' || contact.id
      FROM customer JOIN contact ON contact.customer_id = customer.id
      JOIN welcome ON welcome.contact_id = contact.id AND welcome.state IN ('queued', 'deferred', 'uncertain')
      WHERE (NOT {1} OR welcome.email_key <> contact.email_key) AND {0}
    )sql"},
    {"R14", R"sql(
      SELECT number, 'no operation tells where this customer came from', 'kundehub db restore FILE'
      FROM customer WHERE {0}
        AND ifnull((SELECT last_id FROM operation_created WHERE entity = 'customer' AND first_id <= customer.id
                    ORDER BY first_id DESC LIMIT 1), -1) < customer.id
    )sql"},
};

constexpr Rule loose_rules[] = {
    {"R4", R"sql(
      SELECT 'contact:' || id, 'the contact belongs to no customer', 'kundehub db restore FILE' FROM contact
      WHERE customer_id NOT IN (SELECT id FROM customer)
    )sql"},
    {"R7", R"sql(
      SELECT 'contact:' || contact_id, count(*) || ' welcome mails wait for one contact',
        'kundehub welcome cancel contact:' || contact_id
      FROM welcome WHERE contact_id IS NOT NULL AND state IN ('queued', 'sending', 'deferred', 'uncertain')
      GROUP BY contact_id HAVING count(*) > 1
    )sql"},
    {"queue", R"sql(
      SELECT '', 'the welcome mail to ' || address || ' waits for nobody: its contact is deleted', 'kundehub db restore FILE'
      FROM welcome WHERE contact_id IS NULL AND state IN ('queued', 'deferred')
    )sql"},
    {"queue", R"sql(
      SELECT 'contact:' || welcome.contact_id, 'the login link of a waiting welcome mail does not exist',
        'kundehub welcome cancel contact:' || welcome.contact_id
      FROM welcome WHERE state IN ('queued', 'deferred', 'uncertain') AND contact_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM login_link AS link
                        WHERE link.contact_id = welcome.contact_id AND link.generation = welcome.generation)
    )sql"},
};

template <std::size_t Size>
void visit_all(Connection& database, const Rule (&rules)[Size], const std::string& customers,
               const std::function<void(const RuleBreach&)>& visit) {
  for (const Rule& rule : rules) {
    Statement statement(database, fmt::format(fmt::runtime(rule.sql), customers, has_access));
    std::vector<RuleBreach> breaches;  // told with no statement open, so that no writer waits for a reader
    while (statement.executeStep()) {
      breaches.push_back({.rule = rule.name,
                          .record = statement.getColumn(0).getString(),
                          .text = statement.getColumn(1).getString(),
                          .remedy = statement.getColumn(2).getString()});
    }
    for (const RuleBreach& breach : breaches) visit(breach);
  }
}

}  // namespace

void each_breach(Connection& database, const std::string& customers,
                 const std::function<void(const RuleBreach&)>& visit) {
  visit_all(database, customer_rules, customers, visit);
}

void each_loose_breach(Connection& database, const std::function<void(const RuleBreach&)>& visit) {
  visit_all(database, loose_rules, "TRUE", visit);
}

}  // namespace kundehub::sqlite
