#pragma once

#include <vector>

#include "grader/project/flow/flow.hpp"
#include "grader/project/queries/row_reads.hpp"

namespace grader::project {

/// Relations that templates read on every row of a loop. https://docs.djangoproject.com/
/// en/stable/topics/db/optimization/#retrieve-everything-at-once-if-you-know-you-will-need-it
void find_page_rows(const Project& project, const flow::Flow& flow,
                    std::vector<RepeatedQuery>& found);

}  // namespace grader::project
