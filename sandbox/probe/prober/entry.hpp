#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/probe/prober/submit.hpp"

namespace grader::sandbox::prober {

/// An entry that holds random values.
struct Entry {
  std::string by;  ///< form, api, database
  std::string table;
  std::int64_t row = 0;
  Columns values;  ///< of its row
  Values typed;
  Pairs sent;
  std::optional<Candidate> recipe;  ///< how it was made; nothing where it was put there by ORM
  std::string secret;               ///< as it was sent
  std::vector<std::string> secret_names;  ///< names of fields that it was sent in

  /// The text of its primary key.
  std::string key(const Hints& hints) const;
};

/// Makes an entry of the actor's by the application's own pages or API, with what must be there
/// first; nothing where none of them makes one. `tag` names its values in reports.
std::optional<Entry> create_entry(World& world, const Hints& hints, Actor& actor,
                                  const std::string& tag);

/// The same by a recipe that worked for another.
std::optional<Entry> create_again(World& world, const Hints& hints, Actor& actor,
                                  const Entry& model, const Values& values);

/// A row past the application's own pages, in the model that looks like entries.
std::optional<Entry> place_entry(World& world, const Hints& hints, const Actor& actor,
                                 const std::string& tag);

}  // namespace grader::sandbox::prober
