#include <yaml-cpp/yaml.h>

#include "grader/project/requirements.hpp"

namespace grader::project {
namespace {

constexpr std::size_t most_steps = 20'000;
constexpr std::size_t most_levels = 40;
constexpr std::size_t most_bytes = 512U << 10U;

/// Aliases let a small document stand for a huge one: steps are counted, not nodes.
class Walk {
 public:
  std::vector<Leaf> run(const YAML::Node& document) {
    node(document);
    return std::move(leaves_);
  }

 private:
  void node(const YAML::Node& one) {
    if (++steps_ > most_steps || keys_.size() > most_levels) return;
    if (one.IsMap()) {
      for (const auto& pair : one) {
        if (!pair.first.IsScalar()) continue;
        keys_.push_back(pair.first.Scalar());
        node(pair.second);
        keys_.pop_back();
      }
    } else if (one.IsSequence()) {
      std::size_t position = 0;
      for (const auto& item : one) {
        keys_.push_back(std::to_string(position++));
        node(item);
        keys_.pop_back();
      }
    } else if (one.IsScalar()) {
      leaves_.push_back({keys_, one.Scalar(), one.Mark().line + 1});
    }
  }

  std::vector<Leaf> leaves_;
  std::vector<std::string> keys_;
  std::size_t steps_ = 0;
};

}  // namespace

std::optional<std::vector<Leaf>> yaml_leaves(std::string_view text) {
  if (text.size() > most_bytes) return std::nullopt;
  try {
    return Walk().run(YAML::Load(std::string(text)));
  } catch (const YAML::Exception&) {
    return std::nullopt;
  }
}

}  // namespace grader::project
